/** ref/range: a dependency's range is met by a version that is not at its end (DESIGN 2.2). */
import { resolveDependency } from "../../compile/references.ts";
import { kindOfPrefix } from "../../kinds/index.ts";
import { isRange } from "../../model/version.ts";
import { at, defineReferenceRule } from "../rule.ts";

export const refRange = defineReferenceRule({
  code: "ref/range",
  severity: "error",
  category: "invalid",
  summary: "No version fits a dependency's range, or the range is none.",
  why: "The snapshot records the exact version a range means; without one, the entry cannot work.",
  fix: "Widen the range, name a pre-release if one is meant, or add a version that fits. An optional dependency says `required: false`.",
  findReference({ ref, range, required, pointer }, _target, entry, { registry }, report) {
    if (range === null) return;
    const place = at(entry, ...pointer, "version");
    if (!isRange(range)) {
      report({
        message: `"${range}" is no version range.`,
        hint: 'Write one such as ">=1.0.0 <2.0.0" or "^1.4.0".',
        at: place,
        subject: entry.ref,
      });
      return;
    }
    if (resolveDependency(ref, range, registry) !== undefined) return;
    const kind = kindOfPrefix(ref.slice(0, ref.indexOf(":")));
    const versions = kind === undefined ? [] : registry.versions(kind.name, ref.slice(ref.indexOf(":") + 1));
    const found = versions.map(
      ({ version, value }) => `${version}${"state" in value ? ` (${String(value.state)})` : ""}`,
    );
    report({
      message: `No version of ${ref} fits "${range}".`,
      ...(found.length === 0
        ? { hint: `${ref} has no version at all.` }
        : { hint: `Its versions are ${found.slice(-8).join(", ")}.` }),
      at: place,
      subject: entry.ref,
      ...(required ? {} : { severity: "info" as const }),
    });
  },
});
