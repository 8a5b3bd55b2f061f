/**
 * The compliance report: every entry that does not meet a policy, per environment, with who excused it until when, and
 * the score by its declared formula. It must never judge; core/policy has, at the same asOf.
 */
import type { Instant } from "../../model/instant.ts";
import { compareBytes } from "../../model/json.ts";
import type { Entry, Registry } from "../../model/registry.ts";
import { environmentOf } from "../../policy/bindings.ts";
import {
  complianceStatuses,
  type ComplianceStatus,
  type EntryCompliance,
  type Violation,
} from "../../policy/compliance.ts";
import { SCORE_FORMULA, scoreOf } from "../../policy/score.ts";
import { chosenBy, ownerOf, titleOf } from "./chosen.ts";
import { daysSince } from "./clock.ts";
import {
  environmentsShape,
  keyOf,
  policiesShape,
  titleOfStatus,
  violationsShape,
} from "./compliance-tables.ts";
import {
  countFact,
  defineReport,
  sectionOf,
  type Fact,
  type Past,
  type ReportBody,
  type ReportInput,
  type Row,
  type Tone,
} from "./define.ts";

/** The report; `complianceOf` of the input has judged. */
export const compliance = defineReport({
  name: "compliance",
  title: "Compliance",
  summary: "what does not comply, since when, and who excused it until when",
  shapes: [environmentsShape, policiesShape, violationsShape],
  main: "violations",
  make(input): ReportBody {
    const { registry, asOf } = input;
    const isChosen = chosenBy(registry, input.usecase);
    const found = input.compliance().filter(({ ref }) => isChosen(ref));
    const places = placesOf(found, registry, input.environment);
    const overall = input.environment === null ? judgedAnywhere(found) : (places[0]?.answers ?? []);
    const rows = violationRows(input, overall);
    const score = scoreOf(overall, registry);
    const counts = countsOf(overall);
    const byPlace = places.map(({ environment, answers }): Row => {
      const here = countsOf(answers);
      const { value, withoutWaivers } = scoreOf(answers, registry);
      const numbers = complianceStatuses.map((status) => [keyOf(status), here[status]] as const);
      return { environment, score: value, withoutWaivers, ...Object.fromEntries(numbers) };
    });
    const byPolicy = policyRows(overall, registry);
    return {
      facts: factsOf(score.value, counts),
      charts: [
        {
          type: "bars",
          title: "Entries by status and environment",
          series: complianceStatuses.map((status) => ({
            name: titleOfStatus(status),
            tone: toneOfStatus[status],
          })),
          rows: places.map(({ environment, answers }) => {
            const here = countsOf(answers);
            return { label: environment, values: complianceStatuses.map((status) => here[status]) };
          }),
        },
        {
          type: "bars",
          title: "Violations by policy",
          series: [
            { name: "Open", tone: "bad" },
            { name: "Pending", tone: "warn" },
            { name: "Waived", tone: "info" },
          ],
          rows: byPolicy.slice(0, 15).map(({ policy, open, pending, waived }) => ({
            label: String(policy).replace(/^policy:/, ""),
            values: [Number(open), Number(pending), Number(waived)],
          })),
        },
      ],
      sections: [
        sectionOf(environmentsShape, byPlace),
        sectionOf(policiesShape, byPolicy),
        sectionOf(violationsShape, rows),
      ],
      notes: notesOf(input.past, asOf),
    };
  },
});

/** A violation where it is found, and whether something excuses it. */
interface Placed {
  readonly answer: EntryCompliance;
  readonly violation: Violation;
}

/** An entry's own answer and those of environments; what the own answer says already is not said again. */
function violationRows({ registry, past, asOf }: ReportInput, found: readonly EntryCompliance[]): Row[] {
  const own = new Map<string, EntryCompliance>();
  for (const answer of found) if (answer.environment === null) own.set(answer.ref, answer);
  const placed: Placed[] = [];
  for (const answer of found) {
    const said = answer.environment === null ? undefined : own.get(answer.ref);
    for (const violation of answer.violations)
      if (said === undefined || !said.violations.some((each) => isSame(each, violation)))
        placed.push({ answer, violation });
  }
  placed.sort(
    (a, b) =>
      openness(a.violation) - openness(b.violation) ||
      severities.indexOf(a.violation.severity) - severities.indexOf(b.violation.severity) ||
      compareBytes(placeOf(a.answer, registry), placeOf(b.answer, registry)) ||
      compareBytes(a.answer.ref, b.answer.ref) ||
      compareBytes(a.violation.policy, b.violation.policy),
  );
  return placed.map(({ answer, violation }): Row => {
    const entry = registry.get(answer.ref);
    const since = past?.unmetSince(answer.ref, answer.environment, violation.policy, violation.rule) ?? null;
    const ends = violation.waivers.map(
      (ref) => (registry.get(ref) as Entry<"Waiver"> | undefined)?.value.expires ?? "",
    );
    return {
      environment: placeOf(answer, registry),
      entry: answer.ref,
      title: titleOf(entry),
      owner: ownerOf(entry),
      status: statusOf(violation),
      policy: violation.policy,
      rule: violation.rule,
      severity: violation.severity,
      mode: violation.mode,
      message: violation.error === null ? violation.message : `${violation.message} (${violation.error})`,
      remediation: violation.remediation,
      since,
      days: daysSince(since, asOf),
      waivedBy: violation.waivers,
      grantedBy: violation.waivers.map((ref) => past?.registered(ref)?.by ?? "unknown"),
      approvedBy: [...new Set(violation.waivers.flatMap((ref) => past?.approvers(ref) ?? []))],
      waivedUntil: ends.toSorted(compareBytes).at(-1) ?? null,
    };
  });
}

const severities: readonly string[] = ["critical", "high", "medium", "low"];

function isSame(a: Violation, b: Violation): boolean {
  return (
    a.policy === b.policy &&
    a.rule === b.rule &&
    a.mode === b.mode &&
    statusOf(a) === statusOf(b) &&
    a.waivers.join(" ") === b.waivers.join(" ")
  );
}

function statusOf({ waivers, isPending }: Violation): ComplianceStatus {
  return waivers.length > 0 ? "exempt" : isPending ? "pending" : "non-compliant";
}

function openness(violation: Violation): number {
  return complianceStatuses.indexOf(statusOf(violation));
}

function placeOf({ ref, environment }: EntryCompliance, registry: Registry): string {
  const entry = registry.get(ref);
  const where = environment ?? (entry === undefined ? null : environmentOf(entry));
  return where === null ? "everywhere" : where.slice("environment:".length);
}

interface Place {
  readonly environment: string;
  readonly answers: readonly EntryCompliance[];
}

/** What holds in each environment: the answer that is special there, else the entry's own. Activations are in one only. */
function placesOf(
  found: readonly EntryCompliance[],
  registry: Registry,
  only: string | null,
): readonly Place[] {
  const environments = [...registry.ofKind("Environment")].sort(
    (a, b) => a.value.rank - b.value.rank || compareBytes(a.name, b.name),
  );
  const names = environments.map(({ name }) => name).filter((name) => only === null || name === only);
  return names.map((environment) => {
    const ref = `environment:${environment}`;
    const here = new Map<string, EntryCompliance>();
    for (const answer of found) {
      if (answer.environment === ref) here.set(answer.ref, answer);
      else if (answer.environment === null && !here.has(answer.ref)) {
        const entry = registry.get(answer.ref);
        const own = entry === undefined ? null : environmentOf(entry);
        if (own === null || own === ref) here.set(answer.ref, answer);
      }
    }
    return { environment, answers: [...here.values()] };
  });
}

/** Every entry with a policy once, and again for each environment in which it is judged separately. */
function judgedAnywhere(found: readonly EntryCompliance[]): readonly EntryCompliance[] {
  const special = new Set(found.flatMap(({ ref, environment }) => (environment === null ? [] : [ref])));
  return found.filter(
    ({ ref, environment, status }) => !(environment === null && status === "unknown" && special.has(ref)),
  );
}

function countsOf(found: readonly EntryCompliance[]): Record<ComplianceStatus, number> {
  const counts = { "non-compliant": 0, pending: 0, exempt: 0, compliant: 0, unknown: 0 };
  for (const { status } of found) counts[status]++;
  return counts;
}

function policyRows(found: readonly EntryCompliance[], registry: Registry): readonly Row[] {
  const byPolicy = new Map<string, { judged: Set<string>; open: number; pending: number; waived: number }>();
  for (const { ref, policies, violations } of found) {
    for (const { policy } of policies) {
      let sum = byPolicy.get(policy);
      if (sum === undefined)
        byPolicy.set(policy, (sum = { judged: new Set(), open: 0, pending: 0, waived: 0 }));
      sum.judged.add(ref);
    }
    for (const violation of violations) {
      const sum = byPolicy.get(violation.policy);
      if (sum === undefined) continue;
      const status = statusOf(violation);
      if (status === "exempt") sum.waived++;
      else if (status === "pending") sum.pending++;
      else sum.open++;
    }
  }
  return [...byPolicy]
    .sort(([a, left], [b, right]) => right.open - left.open || compareBytes(a, b))
    .map(([policy, { judged, open, pending, waived }]) => ({
      policy,
      title: titleOf(registry.get(policy)),
      judged: judged.size,
      open,
      pending,
      waived,
    }));
}

function factsOf(score: number | null, counts: Record<ComplianceStatus, number>): readonly Fact[] {
  const tone: Tone = score === null ? "neutral" : score >= 0.95 ? "good" : score >= 0.8 ? "warn" : "bad";
  return [
    { key: "score", title: "Score", type: "share", value: score, tone, followed: true },
    ...complianceStatuses.map((status) =>
      countFact(
        keyOf(status),
        titleOfStatus(status),
        counts[status],
        counts[status] === 0 ? "neutral" : toneOfStatus[status],
      ),
    ),
  ];
}

function notesOf(past: Past | null, asOf: Instant): readonly string[] {
  return [
    `Score: ${SCORE_FORMULA}.`,
    `Waivers are judged at ${asOf}; one that has ended by then covers nothing.`,
    "An entry that an environment judges separately counts once for each such environment.",
    ...(past === null ? ["There is no history here, so nothing is known of since when."] : []),
  ];
}

const toneOfStatus: Readonly<Record<ComplianceStatus, Tone>> = {
  "non-compliant": "bad",
  pending: "warn",
  exempt: "info",
  compliant: "good",
  unknown: "neutral",
};
