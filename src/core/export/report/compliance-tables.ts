/** The tables of the compliance report: their columns, and what stands in them. */
import { complianceStatuses, type ComplianceStatus } from "../../policy/compliance.ts";
import { SCORE_FORMULA } from "../../policy/score.ts";
import { column, type SectionShape } from "./define.ts";

export const violationsShape: SectionShape = {
  key: "violations",
  title: "What does not comply",
  note: "One row for each rule that an entry does not meet: open ones first, the most severe first.",
  none: "No entry breaks a rule of a policy that is bound to it.",
  columns: [
    column(
      "environment",
      "Environment",
      "text",
      "Where it does not comply; `everywhere` where the policy is bound to no environment in particular.",
      "brief",
    ),
    column("entry", "Entry", "ref", "The entry that breaks the rule.", "brief"),
    column("title", "Title", "text", "What people call the entry."),
    column("owner", "Owner", "ref", "Whom the entry names to ask."),
    column(
      "status",
      "Status",
      "status",
      "`non-compliant`: nobody has excused it. `pending`: the rule asks for evidence, and there is none yet. `exempt`: a waiver covers it.",
      "brief",
    ),
    column("policy", "Policy", "ref", "The policy whose rule it is."),
    column("rule", "Rule", "text", "The rule's id within the policy.", "brief"),
    column("severity", "Severity", "status", "How bad the policy says it is.", "brief"),
    column(
      "mode",
      "Mode",
      "text",
      "`enforce`: a change that touches the entry is denied. `warn`: it is only told.",
    ),
    column("message", "What is wrong", "text", "The policy's own words."),
    column("remediation", "What to do", "text", "What the policy advises."),
    column(
      "since",
      "Since",
      "instant",
      "From when on the rule was not met without interruption, waived or not. Empty where no history tells it.",
    ),
    column("days", "Days", "days", "Whole days since then."),
    column("waivedBy", "Waived by", "list", "The waivers that cover it now."),
    column(
      "grantedBy",
      "Granted by",
      "list",
      "Who landed each of these waivers, as the commit claims; `unknown` where no identity fits.",
    ),
    column(
      "approvedBy",
      "Approved by",
      "list",
      "Who agreed to these waivers, as the evidence or signatures tell.",
    ),
    column("waivedUntil", "Waived until", "instant", "When the last of these waivers ends."),
  ],
};

const meanings: Readonly<Record<ComplianceStatus, string>> = {
  "non-compliant": "Entries with a violation that nothing excuses.",
  pending: "Entries that only lack evidence.",
  exempt: "Entries whose violations are all waived.",
  compliant: "Entries that meet every rule bound to them.",
  unknown: "Entries that no policy is bound to.",
};

export const environmentsShape: SectionShape = {
  key: "environments",
  title: "By environment",
  note: "Every entry as it stands in each environment, in the order of ranks.",
  none: "There is no environment.",
  columns: [
    column("environment", "Environment", "text", "The environment.", "brief"),
    column("score", "Score", "share", `By the formula: ${SCORE_FORMULA}.`, "brief"),
    column(
      "withoutWaivers",
      "Without waivers",
      "share",
      "The same score as if there were no waivers.",
      "brief",
    ),
    ...complianceStatuses.map((status) =>
      column(keyOf(status), titleOfStatus(status), "count", meanings[status], "brief"),
    ),
  ],
};

export const policiesShape: SectionShape = {
  key: "policies",
  title: "By policy",
  note: "Every policy that is bound to something, the one with most open violations first.",
  none: "No policy is bound to anything.",
  columns: [
    column("policy", "Policy", "ref", "The policy.", "brief"),
    column("title", "Title", "text", "What people call it."),
    column("judged", "Judged", "count", "How many entries it is bound to.", "brief"),
    column("open", "Open", "count", "Violations that nothing excuses.", "brief"),
    column("pending", "Pending", "count", "Violations for lack of evidence.", "brief"),
    column("waived", "Waived", "count", "Violations that a waiver covers.", "brief"),
  ],
};

/** A status as a key of a row. */
export function keyOf(status: ComplianceStatus): string {
  return status === "non-compliant" ? "nonCompliant" : status;
}

/** A status as people read it. */
export function titleOfStatus(status: ComplianceStatus): string {
  return `${status.slice(0, 1).toUpperCase()}${status.slice(1)}`;
}
