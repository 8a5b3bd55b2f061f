/**
 * What is live where, what is on its way, what it waits for, and the next command: the value behind `assent status`.
 * It must never judge a change; it tells what stands.
 */
import type { Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import { parseScope } from "../model/scope.ts";
import { compareVersions } from "../model/version.ts";

/** One Activation. */
export interface LiveScope {
  readonly scope: string;
  readonly environment: string;
  readonly usecase: string;
  /** A version, `none` or `inherit`. */
  readonly bundle: string;
  readonly fallback: string | null;
  readonly reason: string;
  readonly emergency: boolean;
}

/** A bundle that is registered or approved and newer than what is live. */
export interface OnItsWay {
  readonly ref: string;
  readonly state: string;
  /** The lowest environment that does not have it yet; null while it is no candidate for any. */
  readonly nextEnvironment: string | null;
  readonly waitsFor: string;
  readonly command: string;
}

/** Something that needs a person's eye. */
export interface Attention {
  readonly subject: string;
  readonly message: string;
}

export interface Status {
  readonly live: readonly LiveScope[];
  readonly onItsWay: readonly OnItsWay[];
  readonly attention: readonly Attention[];
}

/** Everything, or only what belongs to one use case (`<ns>/<name>`). `asOf` decides what has expired. */
export function statusOf(registry: Registry, asOf: Instant, usecase?: string): Status {
  const ladder = [...registry.ofKind("Environment")].sort(
    (a, b) => a.value.rank - b.value.rank || compareBytes(a.ref, b.ref),
  );
  const rankOf = new Map(ladder.map(({ name }, index) => [name, index]));
  const live = registry
    .ofKind("Activation")
    .map(liveScope)
    .filter((scope) => usecase === undefined || scope.usecase === usecase)
    .sort(
      (a, b) =>
        compareBytes(a.usecase, b.usecase) ||
        (rankOf.get(a.environment) ?? 0) - (rankOf.get(b.environment) ?? 0) ||
        compareBytes(a.scope, b.scope),
    );
  const names = [...new Set(registry.ofKind("Bundle").map(({ ns, name }) => `${ns}/${name}`))];
  const onItsWay = names
    .filter((name) => usecase === undefined || name === usecase)
    .flatMap((name) => waiting(name, registry, live, environmentsOf(name, registry, ladder)));
  return { live, onItsWay, attention: attentionOf(registry, live, asOf, usecase) };
}

function liveScope(entry: Entry<"Activation">): LiveScope {
  const { bundle, fallback, reason, emergency } = entry.value;
  const scope = parseScope(entry.id);
  return {
    scope: entry.id,
    environment: scope?.environment ?? "",
    usecase: scope?.usecase ?? "",
    bundle,
    fallback: fallback ?? null,
    reason,
    emergency: emergency ?? false,
  };
}

/** The environments a use case says it is for; all of the ladder where it says nothing. */
function environmentsOf(name: string, registry: Registry, ladder: readonly Entry<"Environment">[]): string[] {
  const usecase = registry.get(`usecase:${name}`);
  const expected = usecase?.kind === "UseCase" ? ((usecase as Entry<"UseCase">).value.expected ?? []) : [];
  const all = ladder.map((environment) => environment.name);
  return expected.length === 0 ? all : all.filter((environment) => expected.includes(environment));
}

/** The versions above the highest one that any default scope has. */
function waiting(
  name: string,
  registry: Registry,
  live: readonly LiveScope[],
  ladder: readonly string[],
): OnItsWay[] {
  const inDefault = new Map(
    ladder.map((environment) => [
      environment,
      live.find(({ scope }) => scope === `${environment}/${name}`)?.bundle,
    ]),
  );
  return registry.versions("Bundle", name).flatMap((bundle): OnItsWay[] => {
    const { state } = bundle.value;
    const version = bundle.version ?? "";
    const ref = bundle.ref;
    if (state === "candidate") {
      const command = `assent transition ${ref} approved --reason <why>`;
      return [{ ref, state, nextEnvironment: null, waitsFor: "approval", command }];
    }
    if (state !== "approved") return [];
    const next = ladder.find((environment) => isBehind(inDefault.get(environment), version));
    if (next === undefined) return [];
    // Only the newest approved version is on its way; the older ones have been passed.
    const newer = registry
      .versions("Bundle", name)
      .some((other) => other.value.state === "approved" && compareVersions(other.version ?? "", version) > 0);
    if (newer) return [];
    const command = `assent promote ${ref} --to ${next} --reason <why>`;
    return [{ ref, state, nextEnvironment: next, waitsFor: `promotion to ${next}`, command }];
  });
}

function isBehind(current: string | undefined, version: string): boolean {
  if (current === undefined || current === "none" || current === "inherit") return true;
  return compareVersions(current, version) < 0;
}

function attentionOf(
  registry: Registry,
  live: readonly LiveScope[],
  asOf: Instant,
  usecase: string | undefined,
): Attention[] {
  const found: Attention[] = [];
  for (const scope of live) {
    if (scope.emergency)
      found.push({ subject: `scope:${scope.scope}`, message: "is live by an emergency override" });
  }
  for (const entry of registry.ofKind("UseCase")) {
    if (usecase !== undefined && entry.id !== usecase) continue;
    const { reviewBy } = entry.value;
    if (reviewBy !== undefined && reviewBy < asOf.slice(0, 10))
      found.push({ subject: entry.ref, message: `was to be reviewed by ${reviewBy}` });
  }
  if (usecase !== undefined) return found;
  for (const entry of registry.ofKind("Waiver")) {
    if (Date.parse(entry.value.expires) <= Date.parse(asOf))
      found.push({ subject: entry.ref, message: `expired at ${entry.value.expires}` });
  }
  return found;
}
