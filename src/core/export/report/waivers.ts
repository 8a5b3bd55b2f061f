/**
 * The waivers report: who excused what until when, what that excuses now, and which exceptions have lapsed or are about
 * to. It must never judge whether an exception is right; its approvals did.
 */
import { compareBytes } from "../../model/json.ts";
import type { Entry } from "../../model/registry.ts";
import { isExpired } from "../../policy/waivers.ts";
import { chosenBy, ownerOf, titleOf } from "./chosen.ts";
import { daysUntil } from "./clock.ts";
import {
  column,
  countFact,
  defineReport,
  sectionOf,
  type ReportInput,
  type Row,
  type SectionShape,
} from "./define.ts";

const waiversShape: SectionShape = {
  key: "waivers",
  title: "Waivers",
  note: "What lapsed first, then what ends soonest.",
  none: "There are no waivers.",
  columns: [
    column("waiver", "Waiver", "ref", "The waiver.", "brief"),
    column("title", "Title", "text", "What people call it."),
    column(
      "status",
      "Status",
      "status",
      "`lapsed`: it has ended and covers nothing. `lapsing`: it ends soon. `idle`: it is in force and excuses nothing. `live`: it is in force.",
      "brief",
    ),
    column("policy", "Policy", "ref", "The policy it makes an exception from."),
    column("rule", "Rule", "text", "The one rule that is waived; empty = all rules of the policy."),
    column("covers", "Covers", "list", "Its selector: what it is an exception for."),
    column("excuses", "Excuses", "count", "How many violations it covers now.", "brief"),
    column("reason", "Reason", "text", "Why, in the words of whoever asked for it."),
    column("owner", "Owner", "ref", "Whom it names to ask."),
    column(
      "grantedBy",
      "Granted by",
      "ref",
      "Who landed it, as the commit claims; `unknown` where no identity fits.",
    ),
    column(
      "approvedBy",
      "Approved by",
      "list",
      "Who agreed to what it says now, as the evidence or standing signatures tell; empty where neither does. That it is true is proved by `assent audit verify`.",
    ),
    column("grantedAt", "Granted", "instant", "When it landed. Empty where no history tells it."),
    column("expires", "Ends", "instant", "From this instant on it covers nothing.", "brief"),
    column("days", "Days left", "days", "Whole days until then; negative where it has ended.", "brief"),
  ],
};

const excusedShape: SectionShape = {
  key: "excused",
  title: "What they excuse",
  note: "Every violation that a waiver covers now.",
  none: "No waiver covers anything now.",
  columns: [
    column("waiver", "Waiver", "ref", "The waiver.", "brief"),
    column("entry", "Entry", "ref", "The entry that is excused.", "brief"),
    column(
      "environment",
      "Environment",
      "text",
      "Where; `everywhere` where it makes no difference.",
      "brief",
    ),
    column("rule", "Rule", "text", "The rule that it does not meet.", "brief"),
    column("severity", "Severity", "status", "How bad the policy says that is.", "brief"),
    column("message", "What is wrong", "text", "The policy's own words."),
    column("expires", "Ends", "instant", "When the excuse ends."),
  ],
};

/** The report. */
export const waivers = defineReport({
  name: "waivers",
  title: "Waivers",
  summary: "who excused what until when; what has lapsed and what is about to",
  shapes: [waiversShape, excusedShape],
  main: "waivers",
  make(input) {
    const { registry } = input;
    const excused = excusedRows(input);
    const counts = new Map<string, number>();
    for (const { waiver } of excused) counts.set(String(waiver), (counts.get(String(waiver)) ?? 0) + 1);
    const rows = waiverRows(input, counts);
    const count = (status: string): number => rows.filter((row) => row["status"] === status).length;
    const [lapsed, lapsing] = [count("lapsed"), count("lapsing")];
    return {
      facts: [
        countFact("waivers", "In force", rows.length - lapsed),
        countFact("excused", "Violations excused", excused.length, excused.length > 0 ? "info" : "neutral"),
        countFact("lapsing", `Ending within ${input.within} days`, lapsing, lapsing > 0 ? "warn" : "neutral"),
        countFact("lapsed", "Lapsed", lapsed, lapsed > 0 ? "bad" : "neutral"),
        countFact("idle", "Idle", count("idle")),
      ],
      charts: [
        {
          type: "bars",
          title: "Waivers by the month in which they end",
          series: [
            { name: "In force", tone: "good" },
            { name: "Lapsing", tone: "warn" },
            { name: "Lapsed", tone: "bad" },
          ],
          rows: monthsOf(rows),
        },
      ],
      sections: [sectionOf(waiversShape, rows), sectionOf(excusedShape, excused)],
      notes: [
        `A waiver that ends within ${input.within} days is lapsing; --within sets another number.`,
        "A waiver that was removed is no longer here; `assent history` tells of it.",
        ...(input.environment === null && input.usecase === null
          ? []
          : ["Only waivers that excuse something of what was asked about are listed."]),
        ...(registry.ofKind("Waiver").length > 0 && input.past === null
          ? ["There is no history here, so nothing is known of who granted a waiver and when."]
          : []),
      ],
    };
  },
});

function excusedRows({ registry, environment, usecase, compliance }: ReportInput): readonly Row[] {
  const isChosen = chosenBy(registry, usecase);
  const wanted = environment === null ? null : `environment:${environment}`;
  const rows = compliance().flatMap((answer) => {
    if (!isChosen(answer.ref) || (wanted !== null && (answer.environment ?? wanted) !== wanted)) return [];
    return answer.violations.flatMap(({ waivers, rule, severity, message }) =>
      waivers.map((waiver): Row => ({
        waiver,
        entry: answer.ref,
        environment: answer.environment?.slice("environment:".length) ?? "everywhere",
        rule,
        severity,
        message,
        expires: (registry.get(waiver) as Entry<"Waiver"> | undefined)?.value.expires ?? null,
      })),
    );
  });
  // The same rule is broken everywhere and in an environment with its own bindings: it is one excuse.
  const own = new Set(rows.filter((row) => row["environment"] === "everywhere").map((row) => keyOf(row)));
  return rows
    .filter((row) => row["environment"] === "everywhere" || !own.has(keyOf(row)))
    .sort((a, b) => compareBytes(orderOf(a), orderOf(b)));
}

function keyOf({ waiver, entry, rule }: Row): string {
  return `${String(waiver)} ${String(entry)} ${String(rule)}`;
}

function orderOf(row: Row): string {
  return `${keyOf(row)} ${String(row["environment"])}`;
}

function waiverRows(
  { registry, asOf, within, past, environment, usecase }: ReportInput,
  counts: ReadonlyMap<string, number>,
): readonly Row[] {
  const all = environment === null && usecase === null;
  return registry
    .ofKind("Waiver")
    .filter(({ ref }) => all || counts.has(ref))
    .sort((a, b) => compareBytes(a.value.expires, b.value.expires) || compareBytes(a.ref, b.ref))
    .map((waiver): Row => {
      const { policy, rule, selector, reason, expires } = waiver.value;
      const days = daysUntil(expires, asOf);
      const excuses = counts.get(waiver.ref) ?? 0;
      const landed = past?.registered(waiver.ref);
      const isLapsing = days !== null && days <= within;
      const status = isExpired(waiver, asOf)
        ? "lapsed"
        : isLapsing
          ? "lapsing"
          : excuses === 0 && all
            ? "idle"
            : "live";
      return {
        waiver: waiver.ref,
        title: titleOf(waiver),
        status,
        policy,
        rule: rule ?? null,
        covers: spelled(selector),
        excuses,
        reason,
        owner: ownerOf(waiver),
        grantedBy: landed?.by ?? null,
        approvedBy: past?.approvers(waiver.ref) ?? [],
        grantedAt: landed?.at ?? null,
        expires,
        days,
      };
    });
}

/** A selector as it would be said: `kinds Model`, `refs model:a/b@1.0.0`. */
function spelled(selector: Entry<"Waiver">["value"]["selector"]): readonly string[] {
  const parts = Object.entries(selector).map(([key, value]) => {
    const values = Array.isArray(value)
      ? value.map(String)
      : Object.entries(value ?? {}).map(([name, text]) => `${name}=${String(text)}`);
    return `${key} ${values.join(", ")}`;
  });
  return parts.length === 0 ? ["everything"] : parts;
}

function monthsOf(rows: readonly Row[]) {
  const months = new Map<string, [number, number, number]>();
  for (const { expires, status } of rows) {
    const month = String(expires).slice(0, 7);
    const sums = months.get(month) ?? [0, 0, 0];
    sums[status === "lapsed" ? 2 : status === "lapsing" ? 1 : 0]++;
    months.set(month, sums);
  }
  return [...months].slice(0, 24).map(([label, values]) => ({ label, values }));
}
