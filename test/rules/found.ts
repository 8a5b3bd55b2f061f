/** Runs one rule and spells its findings so that a table can hold them: `code severity file pointer`. */
import type { Instant } from "../../src/core/model/instant.ts";
import type { Registry } from "../../src/core/model/registry.ts";
import { lintRegistry } from "../../src/core/validate/lint.ts";
import type { EntryChange, Rule } from "../../src/core/validate/rule.ts";

export const asOf = "2026-07-01T00:00:00Z" as Instant;

/** The findings of a rule, sorted; warnings and information say so. */
export function foundBy(rule: Rule, registry: Registry, base?: Registry): string[] {
  const options = { asOf, rules: [rule] };
  const findings = lintRegistry(
    registry,
    base === undefined
      ? options
      : { ...options, base: { registry: base, changes: changesBetween(base, registry) } },
  );
  return findings
    .map(({ definition, severity = definition.severity, at }) => {
      const pointer =
        at.pointer === undefined ? "" : ` /${at.pointer.join("/")}${at.part === "key" ? " (key)" : ""}`;
      return `${definition.code}${severity === "error" ? "" : ` ${severity}`} ${at.file}${pointer}`;
    })
    .sort();
}

function changesBetween(base: Registry, head: Registry): EntryChange[] {
  const paths = new Set([...base.entries, ...head.entries].map((entry) => entry.path));
  return [...paths].map((path) => {
    const before = base.entries.find((entry) => entry.path === path);
    const after = head.entries.find((entry) => entry.path === path);
    return {
      path,
      inBase: before !== undefined,
      inHead: after !== undefined,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
  });
}
