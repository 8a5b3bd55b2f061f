/** version/breaking-without-major: what may break its users says so in its version (DESIGN 4). */
import { at, defineChangeRule } from "../rule.ts";
import { isObject, type Pointer } from "../../model/json.ts";
import type { Entry, Registry } from "../../model/registry.ts";
import { compareVersions } from "../../model/version.ts";
import { compareEntries } from "../../resolve/compat.ts";

export const versionBreakingWithoutMajor = defineChangeRule({
  code: "version/breaking-without-major",
  severity: "error",
  category: "invalid",
  summary: "A new version breaks users of the one before it without a new major version.",
  why: "Ranges such as `^1.2.0` let users move to it by themselves, and they would stop working without anybody having decided so.",
  fix: "Raise the major version, or keep what the older version promised. `assent compat <old> <new>` lists every difference.",
  example: {
    bad: "# models/acme/scorer/1.3.0.yaml: an input is required that 1.2.0 did not need",
    good: "# the same content as models/acme/scorer/2.0.0.yaml",
  },
  findChange({ after, inBase }, { base }, report) {
    if (after === undefined || inBase || after.version === null) return;
    const before = highestLower(base, after, after.version);
    if (before === undefined || majorOf(before.version) < majorOf(after.version)) return;
    const comparison = compareEntries(before, after, "spec");
    if (comparison.breaking !== true) return;
    const breaking = comparison.changes.filter((change) => change.impact === "breaking");
    const [first] = breaking;
    if (first === undefined) return;
    const more = breaking.length === 1 ? "" : ` (and ${breaking.length - 1} more)`;
    report({
      message: `${after.version} breaks users of ${before.version}: ${first.why}${more}`,
      hint: `Publish it as ${majorOf(before.version) + 1}.0.0, or keep what ${before.version} promised.`,
      at: at(after, ...standing(after.value, first.pointer)),
      subject: after.ref,
      related: [
        { message: "the version before it", at: at(before, ...standing(before.value, first.pointer)) },
      ],
    });
  },
});

/** Nothing is promised by a pre-release, so a release is compared with the release before it. */
function highestLower(base: Registry, after: Entry, version: string): Entry | undefined {
  return base
    .versions(after.kind, `${after.ns}/${after.name}`)
    .findLast(
      (entry) => entry.version?.includes("-") === false && compareVersions(entry.version, version) < 0,
    );
}

function majorOf(version: string | null): number {
  return Number.parseInt(version ?? "0", 10);
}

/** As much of a pointer as leads somewhere. */
function standing(value: unknown, pointer: Pointer): Pointer {
  let current: unknown = value;
  const steps: (string | number)[] = [];
  for (const step of pointer) {
    const next: unknown = Array.isArray(current)
      ? current[Number(step)]
      : isObject(current)
        ? current[step]
        : undefined;
    if (next === undefined) break;
    steps.push(step);
    current = next;
  }
  return steps;
}
