/**
 * The audit report as programs read it: `assent.audit/v1` (CLI.md, schemas/wire/audit.schema.json), spelled out key by
 * key and in order, so that equal reports give equal bytes.
 */
import type { JsonObject } from "../model/json.ts";
import { anchorDocument } from "./anchor.ts";
import { spelledPath } from "../model/path.ts";
import type { AuditReport } from "./verify.ts";

export const AUDIT_FORMAT = "assent.audit/v1";

/** The wire value of a report. */
export function auditDocument(report: AuditReport): JsonObject {
  const span = ([from, to]: readonly [number, number]): JsonObject => ({ from, to });
  return {
    format: AUDIT_FORMAT,
    ok: report.ok,
    assurance: report.assurance,
    anchor: report.anchor === null ? null : anchorDocument(report.anchor),
    trust: report.trust,
    landings: report.landings,
    records: report.records,
    remembered: report.remembered,
    transitions: report.transitions.map((each) => ({
      commit: each.commit,
      sequence: each.sequence,
      subject: spelledPath(each.subject),
      action: each.action,
      from: each.from,
      to: each.to,
      ...(each.scope !== undefined && { scope: each.scope }),
      decision: each.decision,
      approvedBy: each.approvedBy.map(({ identity, roles }) => ({ identity, roles })),
      level: each.level,
      policyRevision: each.policyRevision,
    })),
    violations: report.violations.map(({ code, commit, sequence, message }) => ({
      code,
      commit,
      sequence,
      message,
    })),
    healed: report.healed.map(span),
    observed: report.observed.map(span),
    overrides: report.overrides.map(({ scope, since }) => ({ scope, since })),
  };
}
