/**
 * What a service asks, looked at before it is answered. Types do not reach programs without them, and an answer to
 * something that was not said is worse than none: a capability read out of a string, a degrade mode under another name.
 * This module must never throw, whatever it is given.
 */
import { ERROR_FORMAT, type WireError } from "../core/model/snapshot.ts";
import { isName } from "../core/model/ref.ts";
import type { ResolverQuery } from "./resolver.ts";

const isTextOrNone = (value: unknown): boolean => value == null || typeof value === "string";

/** What is wrong with a question before anybody looks for an answer; undefined where it can be asked. */
export function faultOf(query: ResolverQuery): WireError | undefined {
  // Types are only a promise here.
  const asked: unknown = query;
  if (typeof asked !== "object" || asked === null)
    return malformed(`${shown(asked)} is no question.`, 'Ask { usecase: "<namespace>/<name>" }.');
  for (const key in query) {
    switch (key) {
      case "usecase":
      case "environment":
      case "tenant":
      case "scenario":
      case "degradeMode":
      case "featureGroups":
      case "capabilities":
        continue;
      default:
        return malformed(`Nothing is known of ${shown(key)} in a question.`, KNOWN);
    }
  }
  const { usecase, environment, tenant, scenario, degradeMode, featureGroups, capabilities } = query;
  if (environment !== undefined && typeof environment !== "string")
    return malformed(`${shown(environment)} is no environment.`, "Give its name, or leave it out.");
  if (typeof usecase !== "string" || !isTextOrNone(tenant) || !isTextOrNone(scenario)) return misspelt(query);
  if (!isTextOrNone(degradeMode))
    return malformed(
      `${shown(degradeMode)} is no degrade mode.`,
      "Give its name, or leave it out for NORMAL.",
    );
  if (capabilities !== undefined && !Array.isArray(capabilities))
    return malformed(`capabilities cannot be ${shown(capabilities)}.`, "Give a list of names.");
  if (featureGroups !== undefined && !areGroups(featureGroups))
    return malformed(
      `featureGroups cannot be ${shown(featureGroups)}.`,
      'Give versions by feature group: { core: ["v1"] }.',
    );
  return undefined;
}

const KNOWN =
  "A question has usecase, environment, tenant, scenario, degradeMode, featureGroups and capabilities.";

function areGroups(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((versions) => typeof versions === "string" || Array.isArray(versions));
}

/** Whether all names in a question could be names of some registry. */
export function isWellFormed({ usecase, tenant, scenario }: ResolverQuery): boolean {
  const [ns, name, more] = usecase.split("/");
  const isNameOrNone = (text: string | null | undefined): boolean => text == null || isName(text);
  return (
    ns !== undefined &&
    name !== undefined &&
    more === undefined &&
    isName(ns) &&
    isName(name) &&
    isNameOrNone(tenant) &&
    isNameOrNone(scenario)
  );
}

/** A wider scope must not answer for a misspelt one. */
export function misspelt({ usecase, tenant, scenario }: ResolverQuery): WireError {
  const asked = [usecase, ...[tenant, scenario].filter((part) => part != null)].map(shown);
  return malformed(
    `${asked.join(", ")} cannot be a use case, a tenant or a scenario of any registry.`,
    "A use case is <namespace>/<name> without a version; names are lower-case letters, digits, dots, dashes, underscores.",
  );
}

function malformed(message: string, hint: string): WireError {
  return {
    format: ERROR_FORMAT,
    code: "client/malformed-query",
    category: "invalid",
    retryable: false,
    message,
    hint,
  };
}

/** For messages: JSON where there is such a thing, and no more than a line of it. */
export function shown(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    text = undefined;
  }
  text ??= typeof value;
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
