/** SemVer 2.0 order and ranges, in the words of the registry. It must never choose a version by time. */
import compare from "semver/functions/compare.js";
import satisfies from "semver/functions/satisfies.js";
import valid from "semver/functions/valid.js";
import maxSatisfying from "semver/ranges/max-satisfying.js";
import validRange from "semver/ranges/valid.js";

/** Orders two strict versions, lowest first. */
export function compareVersions(a: string, b: string): number {
  return compare(a, b);
}

/** Whether a text is a version range that semver understands and that says something (the empty range matches all). */
export function isRange(text: string): boolean {
  return text.trim() !== "" && validRange(text) !== null;
}

/** The highest version within a range, no pre-releases unless the range names one; undefined = none (DESIGN 2.2). */
export function highestWithin(versions: readonly string[], range: string): string | undefined {
  return maxSatisfying(versions, range) ?? undefined;
}

/** Whether a version is within a range; a pre-release only where the range names one. */
export function isWithin(version: string, range: string): boolean {
  return satisfies(version, range);
}

/** Whether a text is a strict SemVer 2.0 version, spelled as itself. */
export function isVersion(text: string): boolean {
  return valid(text) === text;
}
