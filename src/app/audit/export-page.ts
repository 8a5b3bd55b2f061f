/** The tables of the page that an auditor opens first, from what was proven. Nothing is decided here. */
import type { AuditReport, AuditedTransition } from "../../core/audit/verify.ts";
import type { Access, Duty } from "../../core/export/auditor-access.ts";
import { renderPage } from "../../core/export/auditor-page.ts";
import type { Landing } from "../../core/model/landing.ts";

export interface PageInput {
  readonly manifest: {
    readonly registry: string;
    readonly tip: string;
    readonly from: string | null;
    readonly to: string | null;
    readonly sample: number | null;
    readonly seed: string | null;
  };
  readonly report: AuditReport;
  readonly decisions: readonly AuditedTransition[];
  readonly landings: ReadonlyMap<number, Landing>;
  readonly access: readonly Access[];
  readonly duties: readonly Duty[];
}

/** `index.html`. */
export function auditorPage({ manifest, report, decisions, landings, access, duties }: PageInput): string {
  const { registry, tip, from, to, sample, seed } = manifest;
  const { ok, assurance, anchor, trust, violations, observed, healed, overrides } = report;
  const spans = (all: AuditReport["healed"]): string =>
    all.map(([a, b]) => (a === b ? `${a}` : `${a} to ${b}`)).join(", ") || "none";
  return renderPage({
    title: `Audit of ${registry}`,
    facts: [
      [
        "Result",
        ok
          ? "Verified: every judged landing was agreed to under the rules then in force."
          : `Not verified: ${violations.length} violations.`,
      ],
      ["Landings and records", `${report.landings} and ${report.records}; the last landing is ${tip}`],
      ["Assurance", assurance],
      [
        "Trust",
        anchor === null
          ? "nothing is enforced yet"
          : `${trust === "pinned" ? "pinned from outside" : "on first use"}: landing ${anchor.sequence}, ${anchor.landing}`,
      ],
      ["Period", `${from ?? "the beginning"} to ${to ?? "the end"}`],
      ["Sample", sample === null ? "everything" : `${sample} drawn with the seed ${seed ?? ""}`],
      ["Observed only", spans(observed)],
      ["Healed", spans(healed)],
      [
        "Live by an emergency",
        overrides.map(({ scope, since }) => `${scope} since ${since}`).join(", ") || "nothing",
      ],
    ],
    tables: [
      {
        title: "Violations",
        note: "What does not hold. There should be none.",
        columns: ["Landing", "What", "Commit"],
        rows: violations.map(({ sequence, code, message, commit }) => [
          String(sequence ?? ""),
          `${code}: ${message}`,
          commit ?? "",
        ]),
      },
      {
        title: "Decisions",
        note: "Each transition of the period or of the sample, who agreed to it in which role, and under which rules.",
        columns: [
          "Landing",
          "Time",
          "Action",
          "Subject",
          "From",
          "To",
          "Agreed",
          "Decision",
          "Assurance",
          "Rules",
          "Reason",
        ],
        rows: decisions.map((each) => [
          String(each.sequence),
          landings.get(each.sequence)?.time ?? "",
          each.action,
          each.scope ?? each.subject,
          each.from ?? "",
          each.to ?? "",
          each.approvedBy.map(({ identity, roles }) => `${identity} (${roles.join(", ")})`).join("; "),
          each.decision ?? "observed",
          each.level,
          each.policyRevision.slice("sha256:".length, "sha256:".length + 16),
          landings.get(each.sequence)?.subject ?? "",
        ]),
      },
      {
        title: "Segregation of duties",
        note: "Who made landings and whose approval counted. Nobody may have done both for the same landing.",
        columns: ["Who", "Made", "Agreed to", "Both, which may not be"],
        rows: duties.map(({ identity, made, approved, both }) => [
          identity,
          String(made),
          String(approved),
          both.join(", "),
        ]),
      },
      {
        title: "Access",
        note: "Who could have agreed to what, for each set of rules that was in force.",
        columns: ["Rules", "Since landing", "Who", "Roles", "Owns", "Policies that ask for it"],
        rows: access.map(({ policyRevision, since, identity, roles, owns, approves }) => [
          policyRevision.slice("sha256:".length, "sha256:".length + 16),
          String(since),
          identity,
          roles.join(", "),
          owns.join(", "),
          approves.join(", "),
        ]),
      },
    ],
  });
}
