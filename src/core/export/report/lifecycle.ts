/**
 * The lifecycle report: versions by state and how long they have been in it, what is deprecated and still in use, and
 * which retirements are coming. It must never move anything.
 */
import { needsOf } from "../../compile/references.ts";
import { kinds } from "../../kinds/index.ts";
import { compareBytes } from "../../model/json.ts";
import type { Entry, Registry } from "../../model/registry.ts";
import { isAtItsEnd, stateOf } from "../../validate/states.ts";
import { chosenBy, ownerOf, titleOf } from "./chosen.ts";
import { daysSince, daysUntil } from "./clock.ts";
import {
  column,
  countFact,
  defineReport,
  sectionOf,
  type ReportInput,
  type Row,
  type SectionShape,
} from "./define.ts";
import { useOf, type Use } from "./use.ts";

const fadingShape: SectionShape = {
  key: "deprecated",
  title: "Deprecated and still in use",
  note: "What is to go, and who still stands on it: the nearest end first.",
  none: "Nothing that is in use is deprecated.",
  columns: [
    column("entry", "Entry", "ref", "The deprecated version.", "brief"),
    column("title", "Title", "text", "What people call it."),
    column("owner", "Owner", "ref", "Whom it names to ask."),
    column(
      "sunset",
      "Last day",
      "date",
      "The last day on which it should be used; `unknown` where nobody has said.",
      "brief",
    ),
    column("days", "Days left", "days", "Whole days until then; negative where the day has passed.", "brief"),
    column("replacedBy", "Use instead", "ref", "What it says to use instead."),
    column(
      "usedBy",
      "Used by",
      "count",
      "How many entries that have not come to their end name it as needed.",
      "brief",
    ),
    column("live", "Live in", "list", "Scopes whose bundle reaches it, at once or through others.", "brief"),
    column("reason", "Reason", "text", "Why it was deprecated, in the entry's own words."),
  ],
};

const comingShape: SectionShape = {
  key: "retirements",
  title: "Retirements coming",
  note: "Every version that names a day on which it goes, the nearest first, in use or not.",
  none: "No version names a day on which it goes.",
  columns: [
    column("entry", "Entry", "ref", "The version.", "brief"),
    column("state", "State", "status", "Its state now.", "brief"),
    column("sunset", "Last day", "date", "The last day on which it should be used.", "brief"),
    column("days", "Days left", "days", "Whole days until then; negative where the day has passed.", "brief"),
    column(
      "status",
      "When",
      "status",
      "`overdue`: the day has passed and it is not retired. `due`: it comes soon. `planned`: later.",
      "brief",
    ),
    column("replacedBy", "Use instead", "ref", "What it says to use instead."),
    column("live", "Live in", "count", "How many scopes reach it.", "brief"),
  ],
};

const statesShape: SectionShape = {
  key: "states",
  title: "Versions by kind and state",
  note: "Kinds in their order, states in the order of their lifecycle.",
  none: "There are no versions.",
  columns: [
    column("kind", "Kind", "text", "The kind.", "brief"),
    column("state", "State", "status", "The state.", "brief"),
    column("entries", "Versions", "count", "How many versions are in it.", "brief"),
    column("live", "In use", "count", "How many of them something live reaches.", "brief"),
    column("oldest", "Longest", "days", "Days that the longest of them has been in it.", "brief"),
    column("median", "Median", "days", "Half of them have been in it for so many days or fewer.", "brief"),
  ],
};

const entriesShape: SectionShape = {
  key: "entries",
  title: "Every version",
  note: "Longest in their state first; what has come to its end is left out.",
  none: "There are no versions.",
  columns: [
    column("entry", "Entry", "ref", "The version.", "brief"),
    column("title", "Title", "text", "What people call it."),
    column("state", "State", "status", "Its state.", "brief"),
    column(
      "since",
      "Since",
      "instant",
      "When it landed in this state. Empty where no history tells it.",
      "brief",
    ),
    column("days", "Days", "days", "Whole days since then.", "brief"),
    column("by", "By", "ref", "Who landed that, as the commit claims."),
    column("reason", "Reason", "text", "Why, in the entry's own words."),
    column("owner", "Owner", "ref", "Whom it names to ask."),
    column("live", "Live in", "count", "How many scopes reach it.", "brief"),
  ],
};

/** The report. */
export const lifecycle = defineReport({
  name: "lifecycle",
  title: "Lifecycle",
  summary: "versions by state and age, what is deprecated and still in use, retirements coming",
  shapes: [fadingShape, comingShape, statesShape, entriesShape],
  main: "entries",
  make(input) {
    const { registry, within } = input;
    const isChosen = chosenBy(registry, input.usecase);
    const use = useOf(registry, input.environment);
    const versions = registry.entries.filter((entry) => stateOf(entry) !== null && isChosen(entry.ref));
    const fading = fadingRows(versions, use, input);
    const coming = comingRows(versions, use, input);
    const states = stateRows(versions, use, input);
    const overdue = coming.filter(({ status }) => status === "overdue").length;
    const due = coming.filter(({ status }) => status === "due").length;
    const reached = fading.filter(({ live }) => Array.isArray(live) && live.length > 0).length;
    return {
      facts: [
        countFact("versions", "Versions", versions.length),
        countFact("inUse", "In use", versions.filter(({ ref }) => use.scopes(ref).length > 0).length),
        countFact(
          "deprecatedInUse",
          "Deprecated, still needed",
          fading.length,
          fading.length > 0 ? "warn" : "good",
        ),
        countFact("deprecatedLive", "Deprecated, still live", reached, reached > 0 ? "bad" : "good"),
        countFact("due", `Going within ${within} days`, due, due > 0 ? "warn" : "neutral"),
        countFact("overdue", "Overdue", overdue, overdue > 0 ? "bad" : "neutral"),
      ],
      charts: chartsOf(states),
      sections: [
        sectionOf(fadingShape, fading),
        sectionOf(comingShape, coming),
        sectionOf(statesShape, states),
        sectionOf(entriesShape, entryRows(versions, use, input)),
      ],
      notes: [
        "In use = the bundle, or the fallback, of a scope is it or reaches it.",
        ...(input.environment === null ? [] : [`Only scopes of ${input.environment} count as in use.`]),
        ...(input.past === null ? ["There is no history here, so nothing is known of since when."] : []),
      ],
    };
  },
});

function fadingRows(versions: readonly Entry[], use: Use, { registry, asOf }: ReportInput): readonly Row[] {
  const needed = neededBy(registry);
  const rows = versions.flatMap((entry): Row[] => {
    if (stateOf(entry) !== "deprecated") return [];
    const usedBy = needed.get(entry.ref) ?? 0;
    const live = use.scopes(entry.ref);
    if (usedBy === 0 && live.length === 0) return [];
    const { sunset, replacedBy, reason } = fieldsOf(entry);
    return [
      {
        entry: entry.ref,
        title: titleOf(entry),
        owner: ownerOf(entry),
        sunset,
        days: daysUntil(sunset, asOf),
        replacedBy,
        usedBy,
        live,
        reason,
      },
    ];
  });
  return rows.sort(byDays);
}

function comingRows(versions: readonly Entry[], use: Use, { asOf, within }: ReportInput): readonly Row[] {
  const rows = versions.flatMap((entry): Row[] => {
    const { sunset, replacedBy } = fieldsOf(entry);
    const days = daysUntil(sunset, asOf);
    if (days === null || isAtItsEnd(entry)) return [];
    const status = days < 0 ? "overdue" : days <= within ? "due" : "planned";
    const live = use.scopes(entry.ref).length;
    return [{ entry: entry.ref, state: stateOf(entry), sunset, days, status, replacedBy, live }];
  });
  return rows.sort(byDays);
}

function byDays(a: Row, b: Row): number {
  const [left, right] = [a["days"], b["days"]].map((days) => (typeof days === "number" ? days : Infinity));
  if (left !== right) return (left ?? 0) < (right ?? 0) ? -1 : 1;
  return compareBytes(String(a["entry"]), String(b["entry"]));
}

function stateRows(versions: readonly Entry[], use: Use, { past, asOf }: ReportInput): readonly Row[] {
  return kinds.flatMap(({ name, lifecycle }) =>
    (lifecycle?.states ?? []).flatMap((state): Row[] => {
      const here = versions.filter((entry) => entry.kind === name && stateOf(entry) === state);
      if (here.length === 0) return [];
      const ages = here
        .flatMap(({ ref }) => daysSince(past?.stateSince(ref)?.at, asOf) ?? [])
        .sort((a, b) => a - b);
      return [
        {
          kind: name,
          state,
          entries: here.length,
          live: here.filter(({ ref }) => use.scopes(ref).length > 0).length,
          oldest: ages.at(-1) ?? null,
          median: ages[Math.floor((ages.length - 1) / 2)] ?? null,
        },
      ];
    }),
  );
}

function entryRows(versions: readonly Entry[], use: Use, { past, asOf }: ReportInput): readonly Row[] {
  const rows = versions.flatMap((entry): Row[] => {
    if (isAtItsEnd(entry)) return [];
    const mark = past?.stateSince(entry.ref);
    return [
      {
        entry: entry.ref,
        title: titleOf(entry),
        state: stateOf(entry),
        since: mark?.at ?? null,
        days: daysSince(mark?.at, asOf),
        by: mark?.by ?? null,
        reason: fieldsOf(entry).reason,
        owner: ownerOf(entry),
        live: use.scopes(entry.ref).length,
      },
    ];
  });
  const age = (row: Row): number => (typeof row["days"] === "number" ? row["days"] : -1);
  return rows.sort((a, b) => age(b) - age(a) || compareBytes(String(a["entry"]), String(b["entry"])));
}

/** How many entries that have not come to their end need an entry. */
function neededBy(registry: Registry): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const entry of registry.entries) {
    if (isAtItsEnd(entry) || entry.kind === "Evaluation" || entry.kind === "Activation") continue;
    for (const ref of new Set(needsOf(entry, registry))) counts.set(ref, (counts.get(ref) ?? 0) + 1);
  }
  return counts;
}

function fieldsOf({ value }: Entry) {
  const text = (key: "sunset" | "replacedBy" | "reason"): string | null => {
    const found = (value as Readonly<Record<string, unknown>>)[key];
    return typeof found === "string" ? found : null;
  };
  return { sunset: text("sunset"), replacedBy: text("replacedBy"), reason: text("reason") };
}

/** A bar for each kind; states that mean the same to a reader share a colour, and their names stand beside it. */
function chartsOf(states: readonly Row[]) {
  const rows = kinds.flatMap(({ name }) => {
    const own = states.filter((row) => row["kind"] === name);
    if (own.length === 0) return [];
    const sum = (...wanted: readonly string[]): number =>
      own.reduce(
        (total, row) => total + (wanted.includes(String(row["state"])) ? Number(row["entries"]) : 0),
        0,
      );
    const begun = sum("draft", "candidate", "experimental", "beta");
    const used = sum("active", "approved", "production", "paused");
    const fading = sum("deprecated");
    const all = own.reduce((total, row) => total + Number(row["entries"]), 0);
    return [{ label: name, values: [used, begun, fading, all - used - begun - fading] }];
  });
  return [
    {
      type: "bars" as const,
      title: "Versions by kind",
      series: [
        { name: "For use (active, approved, production, paused)", tone: "good" as const },
        { name: "On its way (draft, candidate, experimental, beta)", tone: "info" as const },
        { name: "Deprecated", tone: "warn" as const },
        { name: "At its end", tone: "neutral" as const },
      ],
      rows,
    },
  ];
}
