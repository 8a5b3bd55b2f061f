/** What `assent audit` says on a terminal. */
import type { ExportResult } from "../../app/audit/export.ts";
import type { RecordResult } from "../../app/audit/record.ts";
import type { AuditReport } from "../../core/audit/verify.ts";
import type { Style } from "../command.ts";
import { escapeLine } from "./escape.ts";
import { renderTable } from "./table.ts";

interface Place {
  readonly style: Style;
  readonly columns: number;
}

/** A report: the answer, what is wrong, every transition with who agreed to it, and what the proof stands on. */
export function renderAuditText(report: AuditReport, { style, columns }: Place): string {
  const {
    ok,
    violations,
    transitions,
    anchor,
    trust,
    assurance,
    landings,
    records,
    remembered,
    healed,
    observed,
    overrides,
  } = report;
  const answer = ok
    ? style.green("verified")
    : style.red(`${violations.length} ${violations.length === 1 ? "violation" : "violations"}`);
  const rows = transitions.map((each) => [
    String(each.sequence),
    escapeLine(`${each.action} ${each.scope ?? each.subject}`),
    escapeLine(`${each.from ?? "-"} -> ${each.to ?? "-"}`),
    escapeLine(
      each.approvedBy
        .map(
          ({ identity, roles }) =>
            `${identity.replace(/^identity:/, "")} (${roles.map((role) => role.replace(/^role:/, "")).join(", ")})`,
        )
        .join("; ") || "-",
    ),
    each.decision ?? "observed",
    each.level,
    each.policyRevision.slice(7, 15),
  ]);
  const stands =
    anchor === null
      ? "Nothing is enforced yet, so nothing is judged."
      : trust === "pinned"
        ? `The anchor pins landing ${anchor.sequence}, ${anchor.landing}.`
        : `Trust on first use: judging starts at landing ${anchor.sequence}, ${anchor.landing}, as this repository says. Pin it with --trust.`;
  const spans = (all: AuditReport["healed"]): string =>
    all.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(", ");
  const parts = [
    violations.map(
      ({ code, commit, message }) =>
        `${style.red(code)}  ${escapeLine(message)}${commit === null ? "" : `\n    ${commit}`}`,
    ),
    rows.length === 0
      ? []
      : renderTable(
          ["LANDING", "WHAT", "FROM -> TO", "AGREED", "DECISION", "ASSURANCE", "RULES"],
          rows,
          columns,
          style,
        ),
    [
      `${answer}  ${landings} landings, ${records} records, assurance ${assurance}`,
      stands,
      ...(remembered === null
        ? []
        : [`Landings up to ${remembered} were verified before; --afresh verifies them again.`]),
      ...(observed.length === 0 ? [] : [`Observed only: ${spans(observed)}.`]),
      ...(healed.length === 0 ? [] : [`Healed: ${spans(healed)}.`]),
      ...overrides.map(({ scope, since }) =>
        style.yellow(`OVERRIDE: ${escapeLine(scope)} is live by an emergency since ${since}.`),
      ),
    ],
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n")}\n`;
}

/** What was recorded. */
export function renderRecordText(
  { recorded, records, unhealed }: RecordResult,
  { style, columns }: Place,
): string {
  const rows = recorded.map(({ sequence, subject, decision, reasons }) => [
    String(sequence),
    escapeLine(subject),
    decision === "VIOLATION" ? style.red(decision) : (decision ?? "observed"),
    reasons.join(", "),
  ]);
  const lines =
    rows.length === 0
      ? []
      : [...renderTable(["LANDING", "", "DECISION", "BECAUSE"], rows, columns, style), ""];
  const last =
    recorded.length === 0 ? "Every landing has its record already." : `${recorded.length} recorded.`;
  const doubt =
    unhealed.length === 0
      ? []
      : [
          style.red(
            `Landing ${unhealed.join(", ")} does not stand: only a heal may land (assent explain audit/violation).`,
          ),
        ];
  return [...lines, `${last} ${records} records in all.`, ...doubt, ""].join("\n");
}

/** What was exported. */
export function renderExportText(
  { path, digest, files, decisions, ok }: ExportResult,
  { style }: Place,
): string {
  const warning = ok ? [] : [style.red("The history does not verify; the archive says so as well.")];
  return [
    `${style.green("written")}  ${escapeLine(path)}`,
    `${files} files, ${decisions} decisions, ${digest}`,
    ...warning,
    "Unpack it and run: python3 verify.py",
    "",
  ].join("\n");
}
