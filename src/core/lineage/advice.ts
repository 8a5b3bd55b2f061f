/** What to do about a hit, in words, with the command to type where there is one. It must never do it. */
import type { Entry, Registry } from "../model/registry.ts";
import { isAtItsEnd, stateOf } from "../validate/states.ts";
import type { Hit, Impact } from "./impact.ts";
import type { Migration } from "./migrate.ts";

export interface Advice {
  readonly do: string;
  readonly command: string | null;
}

/** What to do about one hit. */
export function adviceOf(
  hit: Hit,
  impact: Impact,
  migration: Migration | null,
  registry: Registry,
): readonly Advice[] {
  const { subject, replacement } = impact;
  const say = (words: string, command: string | null = null): readonly Advice[] => [{ do: words, command }];
  if (hit.severity === "info" && hit.verdict !== "non-breaking")
    return say(hit.live ? "Keep an eye on it." : "Nothing: it is at its end and nothing live uses it.");
  const patch = `assent impact ${subject.ref} --to ${replacement?.ref ?? "<entry>"} --format patch | git apply`;
  const successor = successorOf(hit, impact, migration, registry);
  if (hit.kind === "Activation") {
    if (hit.verdict === "non-breaking")
      return say("Nothing has to change; look at what it answers after the move.");
    const [environment = "", ns = "", name = "", tenant, scenario] = hit.ref
      .slice("scope:".length)
      .split("/");
    if (hit.path.at(-1)?.field === "fallback") return say(fallbackAdvice(hit, successor, registry));
    const bundle = successor?.ref.slice("bundle:".length) ?? `${ns}/${name}@<version>`;
    const where = [
      `--to ${environment}`,
      ...(tenant === undefined || tenant === "default" ? [] : [`--tenant ${tenant}`]),
      ...(scenario === undefined ? [] : [`--scenario ${scenario}`]),
    ].join(" ");
    return say(
      `Promote ${successor?.ref ?? "a version that does without it"} before it goes.`,
      `assent promote ${bundle} ${where} --reason <why>`,
    );
  }
  if (migration === null && hit.verdict !== "non-breaking")
    return say("Choose what takes its place.", `assent impact ${subject.ref} --to <entry>`);
  const left = migration?.open.filter(({ ref }) => ref === hit.ref) ?? [];
  if (left.length > 0) return left.map(({ why }) => ({ do: why, command: null }));
  if (hit.kind === "Aliases") {
    const moved = migration?.aliases.some(({ ref }) => ref === hit.ref) === true;
    return moved
      ? say("The patch moves it.", patch)
      : say("Move the alias, or take it away: people and services use it.");
  }
  if (successor?.how === "drafted") return say(`The patch drafts ${successor.ref}.`, patch);
  if (successor?.how === "asked")
    return say(
      `Measure ${successor.ref} and publish it; its spec is in the plan.`,
      "assent publish <request.json>",
    );
  if (successor?.how === "there") return say(`Move its users to ${successor.ref}, which does without it.`);
  if (hit.verdict === "non-breaking") return say("Nothing has to change.");
  return say(
    hit.path.at(-1)?.type === "validates"
      ? "Evaluate it again before its next promotion."
      : "Look at it before the move.",
  );
}

/** A promotion keeps the fallback as it is, so what is only hit there is edited by hand. */
function fallbackAdvice(hit: Hit, successor: Successor | undefined, registry: Registry): string {
  const entry = registry.get(hit.ref) as Entry<"Activation"> | undefined;
  if (entry === undefined) return "Change its fallback.";
  const { bundle, fallback } = entry.value;
  const next = successor?.ref.slice(successor.ref.lastIndexOf("@") + 1);
  const line = `fallback: "${fallback}"`;
  if (next === undefined) return `Take the line \`${line}\` out of ${entry.path}, or name another version.`;
  if (next === bundle)
    return `Take the line \`${line}\` out of ${entry.path}: ${bundle}, which is live there, does without it.`;
  return `Write \`fallback: "${next}"\` for \`${line}\` in ${entry.path}, or take the line out.`;
}

interface Successor {
  readonly ref: string;
  readonly how: "drafted" | "asked" | "there";
}

/** The version that would do without the subject: a planned one, or a higher one that is not hit. */
function successorOf(
  hit: Hit,
  { hits }: Impact,
  migration: Migration | null,
  registry: Registry,
): Successor | undefined {
  if (migration === null || hit.verdict === "non-breaking") return undefined;
  const using = hit.kind === "Activation" ? hits.find(({ ref }) => ref === hit.path.at(-2)?.ref) : hit;
  const entry = using === undefined ? undefined : registry.get(using.ref);
  if (entry === undefined || entry.version === null) return undefined;
  const name = entry.ref.slice(0, -entry.version.length);
  const drafted = migration.drafts.find(({ ref }) => ref.startsWith(name));
  if (drafted !== undefined) return { ref: drafted.ref, how: "drafted" };
  const asked = migration.requests.find(({ ref }) => ref.startsWith(name));
  if (asked !== undefined) return { ref: asked.ref, how: "asked" };
  const isHit = new Set(hits.map(({ ref }) => ref));
  const versions = registry.versions(entry.kind, `${entry.ns}/${entry.name}`);
  const free = versions
    .slice(versions.indexOf(entry) + 1)
    .filter((other) => !isHit.has(other.ref) && !isAtItsEnd(other));
  const best = free.findLast((other) => usable.has(stateOf(other) ?? "")) ?? free.at(-1);
  return best === undefined ? undefined : { ref: best.ref, how: "there" };
}

/** States in which a version may be moved to at once. */
const usable = new Set(["approved", "active", "production"]);
