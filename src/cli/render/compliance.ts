/** What policies say of an entry, in lines: status and since when, each rule that is not met, the score with its formula. */
import type { ShownCompliance } from "../../app/show.ts";
import { wrap } from "./text.ts";
import type { DatedCompliance, DatedViolation } from "../../app/compliance.ts";

/** Lines of at most `width` without colours; whoever shows them escapes them. */
export function complianceText({ answers, score, formula }: ShownCompliance, width: number): string {
  const lines = answers
    .flatMap((answer) => [headOf(answer), ...answer.violations.flatMap(violationLines)])
    .flatMap((line) => {
      const indent = /^ */.exec(line)?.[0] ?? "";
      const [first = "", ...rest] = wrap(line.trimStart(), width - indent.length - 2);
      return [indent + first, ...rest.map((each) => `${indent}  ${each}`)];
    });
  if (score.value === null) return lines.join("\n");
  const waived = score.waived === 0 ? "" : `, ${score.withoutWaivers} without waivers`;
  return [
    ...lines,
    `score ${score.value}${waived}`,
    ...(score.value === 1 ? [] : wrap(`(${formula})`, width)),
  ].join("\n");
}

function headOf({ environment, status, since, policies }: DatedCompliance): string {
  const where = environment === null ? "" : ` in ${environment.replace("environment:", "")}`;
  const bound = policies.map(({ policy, mode }) => (mode === "warn" ? `${policy} (warns)` : policy));
  return `${status}${where}${sinceText(since)}: ${bound.join(", ")}`;
}

function violationLines(violation: DatedViolation): readonly string[] {
  const { rule, severity, message, remediation, waivers, isPending, error, since } = violation;
  const covered = waivers.length === 0 ? "" : `, covered by ${waivers.join(", ")}`;
  const pending = isPending ? ", evidence is missing" : "";
  const failed = error === null ? "" : ` It cannot be answered: ${error}.`;
  return [
    `  ${rule} (${severity}${pending}${sinceText(since)}${covered}): ${message}${failed}`,
    ...(remediation === null || waivers.length > 0 ? [] : [`    ${remediation}`]),
  ];
}

function sinceText(since: string | null): string {
  return since === null ? "" : ` since ${since}`;
}
