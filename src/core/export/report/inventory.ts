/**
 * The inventory: what is used for what. Use cases with their risk tier, who answers for them, what is live in each
 * environment, and by when somebody has to look again. It must never resolve; it lists what activations say.
 */
import { reachOf } from "../../compile/reach.ts";
import { compareBytes } from "../../model/json.ts";
import type { Entry, Registry } from "../../model/registry.ts";
import { parseScope } from "../../model/scope.ts";
import { chosenBy, liveBundle, titleOf } from "./chosen.ts";
import { daysUntil } from "./clock.ts";
import {
  column,
  countFact,
  defineReport,
  sectionOf,
  type ReportInput,
  type Row,
  type SectionShape,
  type Tone,
} from "./define.ts";

const usecasesShape: SectionShape = {
  key: "usecases",
  title: "Use cases",
  note: "The highest risk first.",
  none: "There are no use cases.",
  columns: [
    column("usecase", "Use case", "ref", "The use case.", "brief"),
    column("title", "Title", "text", "What people call it."),
    column("purpose", "Purpose", "text", "What it is for."),
    column("tier", "Tier", "status", "How much harm a wrong answer can do, as the use case says.", "brief"),
    column("owner", "Owner", "ref", "Who answers for it.", "brief"),
    column("euAiAct", "EU AI Act", "text", "The category it names. A field, no legal opinion."),
    column(
      "live",
      "Live",
      "list",
      "What each environment has without a tenant, in the order of ranks: `prod 1.4.0`.",
      "brief",
    ),
    column("scopes", "Scopes", "count", "How many scopes it has, tenants and scenarios included."),
    column("missing", "Not live", "list", "Places where it says it is expected and nothing is live."),
    column("reviewBy", "Review by", "date", "By when somebody has to look at it again.", "brief"),
    column("days", "Days left", "days", "Whole days until then; negative where it is overdue."),
    column(
      "review",
      "Review",
      "status",
      "`overdue`: the day has passed. `due`: it comes soon. `planned`: later. Empty where no day is named.",
      "brief",
    ),
  ],
};

const scopesShape: SectionShape = {
  key: "scopes",
  title: "What is live",
  note: "Every activation, by use case and rank of environments.",
  none: "Nothing is live.",
  columns: [
    column("scope", "Scope", "ref", "Where: environment, use case, tenant, scenario.", "brief"),
    column("environment", "Environment", "text", "The environment."),
    column("usecase", "Use case", "text", "The use case."),
    column("tenant", "Tenant", "text", "The tenant; empty = everybody."),
    column("scenario", "Scenario", "text", "The scenario; empty = always."),
    column("bundle", "Bundle", "text", "The version that is live, `none` or `inherit`.", "brief"),
    column("fallback", "Fallback", "text", "The version that is used where the live one does not fit."),
    column("state", "State", "status", "The bundle's state.", "brief"),
    column("models", "Models", "list", "Every model version that the bundle reaches."),
    column("emergency", "Emergency", "status", "`emergency` where it is live by an override.", "brief"),
    column(
      "since",
      "Since",
      "instant",
      "When the activation changed last. Empty where no history tells it.",
      "brief",
    ),
    column("by", "By", "ref", "Who landed that, as the commit claims."),
    column("reason", "Reason", "text", "Why, in the words of whoever activated it."),
  ],
};

const tiers: readonly string[] = ["critical", "high", "medium", "low"];

/** The report. */
export const inventory = defineReport({
  name: "inventory",
  title: "Inventory of use cases",
  summary: "use cases with risk tier, owner, what is live where, and when they are to be reviewed",
  shapes: [usecasesShape, scopesShape],
  main: "usecases",
  make(input) {
    const { registry, within } = input;
    const scopes = scopeRows(input);
    const usecases = usecaseRows(input, scopes);
    const count = (key: string, value: string): number => usecases.filter((row) => row[key] === value).length;
    const [overdue, due, emergency] = [
      count("review", "overdue"),
      count("review", "due"),
      scopes.filter((row) => row["emergency"] !== null).length,
    ];
    const toneOfTier: Readonly<Record<string, Tone>> = {
      critical: "bad",
      high: "warn",
      medium: "info",
      low: "good",
    };
    return {
      facts: [
        countFact("usecases", "Use cases", usecases.length),
        countFact("highRisk", "High or critical", count("tier", "critical") + count("tier", "high")),
        countFact("liveScopes", "Live scopes", scopes.filter(({ state }) => state !== null).length),
        countFact("overdue", "Review overdue", overdue, overdue > 0 ? "bad" : "good"),
        countFact("due", `Review within ${within} days`, due, due > 0 ? "warn" : "neutral"),
        countFact("emergency", "Live by override", emergency, emergency > 0 ? "bad" : "neutral"),
      ],
      charts: [
        {
          type: "bars",
          title: "Use cases by risk tier",
          series: [{ name: "Use cases", tone: "info" }],
          rows: tiers.map((tier) => ({ label: tier, values: [count("tier", tier)] })),
        },
        {
          type: "bars",
          title: "Live scopes by environment and risk tier",
          series: tiers.map((tier) => ({ name: tier, tone: toneOfTier[tier] ?? "neutral" })),
          rows: ladderOf(registry, input.environment).map(({ name }) => ({
            label: name,
            values: tiers.map(
              (tier) =>
                scopes.filter(
                  ({ environment, state, usecase }) =>
                    environment === name && state !== null && tierOf(registry, String(usecase)) === tier,
                ).length,
            ),
          })),
        },
      ],
      sections: [sectionOf(usecasesShape, usecases), sectionOf(scopesShape, scopes)],
      notes: [
        `A review within ${within} days is due; --within sets another number.`,
        ...(input.past === null ? ["There is no history here, so nothing is known of since when."] : []),
      ],
    };
  },
});

function ladderOf(registry: Registry, only: string | null): readonly Entry<"Environment">[] {
  return [...registry.ofKind("Environment")]
    .filter(({ name }) => only === null || name === only)
    .sort((a, b) => a.value.rank - b.value.rank || compareBytes(a.ref, b.ref));
}

function tierOf(registry: Registry, usecase: string): string | null {
  const entry = registry.get(`usecase:${usecase}`);
  return entry?.kind === "UseCase" ? (entry as Entry<"UseCase">).value.riskTier : null;
}

function usecaseRows(input: ReportInput, scopes: readonly Row[]): readonly Row[] {
  const { registry, asOf, within, environment, usecase } = input;
  const ladder = ladderOf(registry, environment).map(({ name }) => name);
  const isLive = (id: string): boolean =>
    scopes.some(({ scope, state }) => scope === `scope:${id}` && state !== null);
  const rows = registry.ofKind("UseCase").flatMap((entry): Row[] => {
    if (usecase !== null && entry.id !== usecase) return [];
    const own = scopes.filter((row) => row["usecase"] === entry.id);
    const live = ladder.flatMap((name) => {
      const row = own.find(({ scope }) => scope === `scope:${name}/${entry.id}`);
      return row === undefined ? [] : [`${name} ${String(row["bundle"])}`];
    });
    const { purpose, riskTier, owner, reviewBy, euAiAct, expected = [] } = entry.value;
    const missing = expected.filter((place) => {
      const [name = "", tenant] = place.split("/");
      const id = tenant === undefined ? `${name}/${entry.id}` : `${name}/${entry.id}/${tenant}`;
      return ladder.includes(name) && !isLive(id);
    });
    const days = daysUntil(reviewBy, asOf);
    return [
      {
        usecase: entry.ref,
        title: titleOf(entry),
        purpose,
        tier: riskTier,
        owner,
        euAiAct: euAiAct?.category ?? null,
        live,
        scopes: own.length,
        missing,
        reviewBy: reviewBy ?? null,
        days,
        review: days === null ? null : days < 0 ? "overdue" : days <= within ? "due" : "planned",
      },
    ];
  });
  return rows.sort(
    (a, b) =>
      tiers.indexOf(String(a["tier"])) - tiers.indexOf(String(b["tier"])) ||
      compareBytes(String(a["usecase"]), String(b["usecase"])),
  );
}

function scopeRows({ registry, environment, usecase, past }: ReportInput): readonly Row[] {
  const isChosen = chosenBy(registry, usecase);
  const rank = new Map(registry.ofKind("Environment").map(({ name, value }) => [name, value.rank]));
  const rows = registry.ofKind("Activation").flatMap((entry): Row[] => {
    const scope = parseScope(entry.id);
    if (scope === undefined || !isChosen(entry.ref)) return [];
    if (environment !== null && scope.environment !== environment) return [];
    const bundle = liveBundle(entry, registry);
    const mark = past?.stateSince(entry.ref);
    return [
      {
        scope: entry.ref,
        ...scope,
        bundle: entry.value.bundle,
        fallback: entry.value.fallback ?? null,
        state: bundle?.value.state ?? null,
        models: bundle === undefined ? [] : modelsOf(bundle, registry),
        emergency: entry.value.emergency === true ? "emergency" : null,
        since: mark?.at ?? null,
        by: mark?.by ?? null,
        reason: entry.value.reason,
      },
    ];
  });
  return rows.sort(
    (a, b) =>
      compareBytes(String(a["usecase"]), String(b["usecase"])) ||
      (rank.get(String(a["environment"])) ?? 0) - (rank.get(String(b["environment"])) ?? 0) ||
      compareBytes(String(a["scope"]), String(b["scope"])),
  );
}

function modelsOf(bundle: Entry<"Bundle">, registry: Registry): readonly string[] {
  return reachOf(bundle, registry).flatMap(({ kind, ref }) => (kind === "Model" ? [ref] : []));
}
