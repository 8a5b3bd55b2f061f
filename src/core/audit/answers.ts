/**
 * What policies say of an entry, as history keeps it from one judgement to the next: the status and the unmet rules, each
 * with since when, and what else than the entry can change them. It must never judge; it is handed what was found.
 */
import type { Instant } from "../model/instant.ts";
import type { Entry } from "../model/registry.ts";
import type { EntryCompliance, Judge } from "../policy/compliance.ts";
import type { LiveRegistry } from "./live-registry.ts";
import { ruleKey, type Answer } from "./watch.ts";

/** What is said of an environment; where nothing special is bound there, what is said everywhere. */
export function answerIn<T extends { readonly environment: string | null }>(
  environment: string | null,
  answers: readonly T[],
): T | undefined {
  return (
    answers.find((each) => each.environment === environment) ??
    answers.find((each) => each.environment === null)
  );
}

/** What is said now, and since when: what was said before goes on. */
export function answerOf(
  found: EntryCompliance,
  before: Answer | undefined,
  asOf: Instant,
  registry: LiveRegistry,
): Answer {
  const { environment, status, violations } = found;
  const unmet = violations.map((violation) => {
    const key = ruleKey(violation);
    return [key, before?.unmet[key] ?? asOf] as const;
  });
  return {
    environment,
    status,
    moves: movesOf(found, registry),
    since: before?.status === status ? before.since : asOf,
    unmet: Object.fromEntries(unmet),
  };
}

/** An entry's own answer, then one for each environment in which a binding reaches it. */
export function complianceOf(entry: Entry, judge: Judge): readonly EntryCompliance[] {
  return [null, ...judge.environmentsOf(entry)].map((environment) => judge.judge(entry, environment));
}

function movesOf({ policies, violations }: EntryCompliance, registry: LiveRegistry): string {
  const texts = policies.map(({ policy }) => textOf(registry.get(policy)));
  return [
    texts.some((text) => /\basOf\b/.test(text)) ? "c" : "",
    violations.some(({ waivers }) => waivers.length > 0) ? "w" : "",
    texts.some((text) => /\b(?:dependencies|ancestors)\b/.test(text)) ? "o" : "",
  ].join("");
}

const texts = new WeakMap<Entry, string>();

/** All expressions of a policy. */
function textOf(entry: Entry | undefined): string {
  if (entry?.kind !== "Policy") return "";
  let text = texts.get(entry);
  if (text === undefined) {
    const { rules } = (entry as Entry<"Policy">).value.spec;
    text = rules.map(({ when = "", assert }) => `${when} ${assert}`).join(" ");
    texts.set(entry, text);
  }
  return text;
}
