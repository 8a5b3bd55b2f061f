/** Reports as values: what each says of a small registry, row by row, and how it is spelled as CSV, JSON and HTML. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Past, Report, ReportInput, Row, Section } from "../../src/core/export/report/define.ts";
import { reports } from "../../src/core/export/report/index.ts";
import { drawingOf } from "../../src/core/export/report/render/chart.ts";
import { renderCsv } from "../../src/core/export/report/render/csv.ts";
import { renderHtml } from "../../src/core/export/report/render/html.ts";
import { renderJson } from "../../src/core/export/report/render/json.ts";
import { factText, lineText } from "../../src/core/export/report/render/words.ts";
import { spread, withTrend } from "../../src/core/export/report/trend.ts";
import { escapeCsv } from "../../src/core/export/escape.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { compliance } from "../../src/core/policy/compliance.ts";
import { registryOfValues } from "../registry-of-values.ts";

const asOf = "2026-07-01T00:00:00Z" as Instant;
const since = "2026-06-21T12:00:00Z" as Instant;

const bundle = (models: readonly string[], more: object = {}) => ({
  owner: "role:fraud",
  state: "approved",
  spec: { artifacts: [], models, provenance: { codeRevision: "abc" }, ...more },
});
const model = (state: string, more: object = {}) => ({
  title: "A model",
  owner: "role:ml",
  state,
  spec: { provider: "provider:openai", type: "completion" },
  facts: {},
  ...more,
});

const values: Readonly<Record<string, object>> = {
  "registry/registry.yaml": { id: "tried", mode: "enforce" },
  "registry/governance/environments/dev.yaml": { rank: 10 },
  "registry/governance/environments/prod.yaml": {
    rank: 30,
    platform: { featureGroups: { velocity: ["2"] } },
    degradeProfiles: { NO_VELOCITY: { featureGroups: [], posture: "REVIEW" } },
  },
  "registry/policies/core/current/1.0.0.yaml": {
    title: "Current models",
    state: "active",
    spec: {
      appliesTo: ["Model"],
      rules: [
        {
          id: "current",
          assert: 'state != "deprecated"',
          severity: "high",
          message: "It must be current.",
          remediation: "Take another.",
        },
        { id: "titled", assert: 'title != "x"', severity: "low", message: "It needs a title." },
      ],
    },
  },
  "registry/governance/policy-bindings/everywhere.yaml": {
    selector: {},
    policies: ["policy:core/current@1.0.0"],
  },
  "registry/governance/waivers/old.yaml": {
    title: "Until the new one is measured",
    policy: "policy:core/current@1.0.0",
    rule: "current",
    selector: { refs: ["model:openai/old@1.0.0"] },
    reason: "The new one is not measured yet.",
    expires: "2026-07-11T00:00:00Z",
  },
  "registry/governance/waivers/spent.yaml": {
    policy: "policy:core/current@1.0.0",
    selector: { kinds: ["Model"], labels: { tier: "a" } },
    reason: "Past.",
    expires: "2026-06-01T00:00:00Z",
  },
  "registry/governance/waivers/idle.yaml": {
    policy: "policy:core/current@1.0.0",
    selector: {},
    rule: "titled",
    reason: "Never needed.",
    expires: "2027-01-01T00:00:00Z",
  },
  "registry/models/openai/old/1.0.0.yaml": model("deprecated", {
    sunset: "2026-07-15",
    replacedBy: "model:openai/new@1.0.0",
    reason: "Replaced.",
  }),
  "registry/models/openai/gone/1.0.0.yaml": model("deprecated", { sunset: "2026-06-30" }),
  "registry/models/openai/new/1.0.0.yaml": model("production"),
  "registry/models/openai/past/1.0.0.yaml": model("retired"),
  "registry/usecases/fraud/score.yaml": {
    purpose: "Score payments",
    owner: "role:fraud",
    riskTier: "high",
    reviewBy: "2026-06-30",
    expected: ["dev", "prod", "prod/acme"],
    euAiAct: { category: "high-risk" },
  },
  "registry/usecases/help/reply.yaml": {
    purpose: "Reply",
    owner: "role:help",
    riskTier: "critical",
    reviewBy: "2026-07-20",
  },
  "registry/bundles/fraud/score/1.0.0.yaml": bundle(["model:openai/old@1.0.0"]),
  "registry/bundles/fraud/score/1.1.0.yaml": bundle(["model:openai/new@1.0.0"], {
    compatibility: { featureGroups: { velocity: "2" } },
  }),
  "registry/live/dev/fraud/score.yaml": { bundle: "1.1.0", reason: "Try." },
  "registry/live/prod/fraud/score.yaml": {
    bundle: "1.1.0",
    fallback: "1.0.0",
    reason: "Go.",
    emergency: true,
  },
  "registry/live/prod/fraud/score/acme.yaml": { bundle: "none", reason: "Stop." },
};

const past: Past = {
  approvers: (ref) => (ref === "waiver:old" ? ["identity:carol", "identity:dave"] : []),
  registered: () => ({ at: since, by: "identity:ada" }),
  stateSince: (ref) => (ref.includes("new") ? undefined : { at: since, by: "identity:ben" }),
  unmetSince: () => since,
};

async function made(name: string, more: Partial<ReportInput> = {}, further = {}): Promise<Report> {
  const registry = registryOfValues({ ...values, ...further });
  const { title, make, main } = await reports[name]!();
  const input: ReportInput = {
    registry,
    asOf,
    environment: null,
    usecase: null,
    within: 30,
    past,
    compliance: () => compliance(registry, asOf),
    ...more,
  };
  const { environment, usecase } = input;
  return {
    name,
    title,
    main,
    registry: "tried",
    commit: null,
    sequence: null,
    asOf,
    environment,
    usecase,
    ...make(input),
  };
}

const section = (report: Report, key: string): Section => report.sections.find((each) => each.key === key)!;
const cells = (report: Report, key: string, ...keys: readonly string[]): unknown[][] =>
  section(report, key).rows.map((row) => keys.map((each) => row[each]));
const fact = (report: Report, key: string): unknown => report.facts.find((each) => each.key === key)?.value;

describe("compliance", () => {
  it("lists every violation, open ones first, with since when and who waived it until when", async () => {
    const report = await made("compliance");
    expect(section(report, "violations").rows).toEqual([
      {
        environment: "everywhere",
        entry: "model:openai/gone@1.0.0",
        title: "A model",
        owner: "role:ml",
        status: "non-compliant",
        policy: "policy:core/current@1.0.0",
        rule: "current",
        severity: "high",
        mode: "enforce",
        message: "It must be current.",
        remediation: "Take another.",
        since,
        days: 9,
        waivedBy: [],
        grantedBy: [],
        approvedBy: [],
        waivedUntil: null,
      },
      expect.objectContaining({
        entry: "model:openai/old@1.0.0",
        status: "exempt",
        waivedBy: ["waiver:old"],
        grantedBy: ["identity:ada"],
        approvedBy: ["identity:carol", "identity:dave"],
        waivedUntil: "2026-07-11T00:00:00Z",
      }),
    ]);
    expect(cells(report, "policies", "judged", "open", "pending", "waived")).toEqual([[4, 1, 0, 1]]);
    // Four models are asked 4 + 1 each; 4 are unmet, 4 waived.
    expect([fact(report, "score"), section(report, "environments").rows[0]!["withoutWaivers"]]).toEqual([
      0.8, 0.6,
    ]);
  });

  it("tells apart what only an environment forbids, and says once what holds everywhere", async () => {
    const further = {
      "registry/governance/policy-bindings/everywhere.yaml": {
        selector: { refs: ["model:openai/gone@1.0.0"] },
        policies: ["policy:core/current@1.0.0"],
      },
      "registry/governance/policy-bindings/prod.yaml": {
        selector: { environments: ["environment:prod"] },
        policies: ["policy:core/current@1.0.0"],
      },
    };
    const violations = cells(
      await made("compliance", {}, further),
      "violations",
      "environment",
      "entry",
      "status",
    );
    expect(violations).toEqual([
      ["everywhere", "model:openai/gone@1.0.0", "non-compliant"],
      ["prod", "model:openai/old@1.0.0", "exempt"],
    ]);
    const dev = await made("compliance", { environment: "dev" }, further);
    expect(cells(dev, "violations", "entry")).toEqual([["model:openai/gone@1.0.0"]]);
    expect(cells(dev, "environments", "environment", "nonCompliant", "exempt")).toEqual([["dev", 1, 0]]);
    const prod = await made("compliance", { environment: "prod" }, further);
    expect(cells(prod, "environments", "environment", "nonCompliant", "exempt")).toEqual([["prod", 1, 1]]);
  });

  it("keeps to what a use case needs", async () => {
    const report = await made("compliance", { usecase: "fraud/score" });
    expect(cells(report, "violations", "entry")).toEqual([["model:openai/old@1.0.0"]]);
    expect(cells(await made("compliance", { usecase: "help/reply" }), "violations", "entry")).toEqual([]);
  });

  it("says where nothing is known of since when", async () => {
    const report = await made("compliance", { past: null });
    expect(cells(report, "violations", "since", "days", "grantedBy")).toEqual([
      [null, null, []],
      [null, null, ["unknown"]],
    ]);
    expect(report.notes.join(" ")).toContain("no history here");
  });
});

describe("waivers", () => {
  it("tells lapsed, lapsing, idle and live apart, and what each excuses", async () => {
    const report = await made("waivers");
    expect(cells(report, "waivers", "waiver", "status", "excuses", "covers", "days", "grantedBy")).toEqual([
      ["waiver:spent", "lapsed", 0, ["kinds Model", "labels tier=a"], -30, "identity:ada"],
      ["waiver:old", "lapsing", 1, ["refs model:openai/old@1.0.0"], 10, "identity:ada"],
      ["waiver:idle", "idle", 0, ["everything"], 184, "identity:ada"],
    ]);
    expect(cells(report, "excused", "waiver", "entry", "rule")).toEqual([
      ["waiver:old", "model:openai/old@1.0.0", "current"],
    ]);
    expect(cells(await made("waivers", { within: 9 }), "waivers", "status")).toEqual([
      ["lapsed"],
      ["live"],
      ["idle"],
    ]);
    expect(cells(await made("waivers", { usecase: "fraud/score" }), "waivers", "waiver")).toEqual([
      ["waiver:old"],
    ]);
  });
});

describe("lifecycle", () => {
  it("names what is deprecated and in use, and what goes when", async () => {
    const report = await made("lifecycle");
    expect(cells(report, "deprecated", "entry", "sunset", "days", "usedBy", "live")).toEqual([
      ["model:openai/old@1.0.0", "2026-07-15", 14, 1, ["prod/fraud/score"]],
    ]);
    expect(cells(report, "retirements", "entry", "days", "status", "live")).toEqual([
      ["model:openai/gone@1.0.0", -1, "overdue", 0],
      ["model:openai/old@1.0.0", 14, "due", 1],
    ]);
    expect(cells(report, "states", "kind", "state", "entries", "live", "oldest", "median")).toEqual([
      ["Model", "production", 1, 1, null, null],
      ["Model", "deprecated", 2, 1, 9, 9],
      ["Model", "retired", 1, 0, 9, 9],
      ["Policy", "active", 1, 0, 9, 9],
      ["Bundle", "approved", 2, 2, 9, 9],
    ]);
    // What has come to its end is no longer listed; what never landed is last.
    expect(cells(report, "entries", "entry").flat()).not.toContain("model:openai/past@1.0.0");
    expect(cells(report, "entries", "entry", "since").at(-1)).toEqual(["model:openai/new@1.0.0", null]);
    expect([fact(report, "deprecatedLive"), fact(report, "due"), fact(report, "overdue")]).toEqual([1, 1, 1]);
  });

  it("counts as in use what one environment has, where one is asked about", async () => {
    const report = await made("lifecycle", { environment: "dev" });
    expect(cells(report, "deprecated", "entry", "usedBy", "live")).toEqual([
      ["model:openai/old@1.0.0", 1, []],
    ]);
  });
});

describe("inventory", () => {
  it("lists use cases by risk with what is live, what is missing and whether their review is due", async () => {
    const report = await made("inventory");
    expect(
      cells(report, "usecases", "usecase", "tier", "live", "missing", "days", "review", "euAiAct"),
    ).toEqual([
      ["usecase:help/reply", "critical", [], [], 19, "due", null],
      ["usecase:fraud/score", "high", ["dev 1.1.0", "prod 1.1.0"], ["prod/acme"], -1, "overdue", "high-risk"],
    ]);
    expect(cells(report, "scopes", "scope", "bundle", "state", "emergency", "models", "by")).toEqual([
      ["scope:dev/fraud/score", "1.1.0", "approved", null, ["model:openai/new@1.0.0"], "identity:ben"],
      [
        "scope:prod/fraud/score",
        "1.1.0",
        "approved",
        "emergency",
        ["model:openai/new@1.0.0"],
        "identity:ben",
      ],
      ["scope:prod/fraud/score/acme", "none", null, null, [], "identity:ben"],
    ]);
    expect([fact(report, "liveScopes"), fact(report, "emergency"), fact(report, "overdue")]).toEqual([
      2, 1, 1,
    ]);
    const dev = await made("inventory", { environment: "dev" });
    expect(cells(dev, "usecases", "live", "missing").at(-1)).toEqual([["dev 1.1.0"], []]);
  });
});

describe("degrade matrix", () => {
  it("says what resolution answers in each scope and mode", async () => {
    const report = await made("degrade-matrix");
    expect(section(report, "matrix").columns.map(({ key }) => key)).toEqual([
      "scope",
      "bundle",
      "fallback",
      "NORMAL",
      "NO_VELOCITY",
    ]);
    expect(cells(report, "matrix", "scope", "NORMAL", "NO_VELOCITY")).toEqual([
      ["scope:dev/fraud/score", "fail-closed", undefined],
      ["scope:prod/fraud/score", "resolved", "fallback"],
      ["scope:prod/fraud/score/acme", "fail-closed", "fail-closed"],
    ]);
    const rows = cells(report, "answers", "scope", "mode", "outcome", "answer", "posture");
    expect(rows).toContainEqual([
      "scope:prod/fraud/score",
      "NO_VELOCITY",
      "fallback",
      "bundle:fraud/score@1.0.0",
      "REVIEW",
    ]);
    expect(rows.map(([, , outcome]) => outcome)).toEqual([
      "fail-closed",
      "fail-closed",
      "fail-closed",
      "fallback",
      "resolved",
    ]);
  });

  it("answers with slices by tenant as with slices by environment", async () => {
    const sliced = { "registry/registry.yaml": { id: "tried", mode: "enforce", slices: "tenant" } };
    const rows = async (further: object) =>
      section(await made("degrade-matrix", {}, further), "answers").rows;
    expect(await rows(sliced)).toEqual(await rows({}));
  });
});

describe("coverage", () => {
  it("takes every share apart into names", async () => {
    const report = await made("coverage");
    expect(section(report, "measures").rows.length).toBeGreaterThanOrEqual(5);
    const [models] = section(report, "measures").rows;
    expect([models!["share"], models!["part"], models!["whole"], models!["missing"]]).toEqual([0, 0, 2, 2]);
    expect(cells(report, "missing", "what").slice(0, 2)).toEqual([
      ["model:openai/new@1.0.0"],
      ["model:openai/old@1.0.0"],
    ]);
    expect(new Set(cells(report, "subjects", "status").flat())).toEqual(new Set(["uncovered"]));
  });
});

describe("every report", () => {
  const names = Object.keys(reports);

  it.each(names)(
    "%s: rows have the columns' keys and nothing else, and are the same in any order",
    async (name) => {
      const report = await made(name);
      for (const { columns, rows } of report.sections) {
        const keys = new Set(columns.map(({ key }) => key));
        expect(keys.size).toBe(columns.length);
        for (const row of rows) expect(Object.keys(row).filter((key) => !keys.has(key))).toEqual([]);
      }
      const { main, shapes } = await reports[name]!();
      expect(shapes.map(({ key }) => key)).toEqual(report.sections.map(({ key }) => key));
      expect(shapes.map(({ key }) => key)).toContain(main);
      const reversed = registryOfValues(Object.fromEntries(Object.entries(values).toReversed()));
      const again = await made(name, { registry: reversed, compliance: () => compliance(reversed, asOf) });
      expect(renderJson(again)).toBe(renderJson(report));
    },
  );

  it.each(names)("%s: says of an empty registry what is not there", async (name) => {
    const empty = registryOfValues({});
    const report = await made(name, { registry: empty, compliance: () => [] });
    for (const { rows, none } of report.sections.filter(({ key }) => key !== "measures"))
      expect([rows, none === ""]).toEqual([[], false]);
    expect(renderHtml(report)).not.toContain("NaN");
  });
});

describe("trends", () => {
  it("stand beside now, oldest first, unknown values left open", async () => {
    const now = await made("compliance");
    const earlier = { ...now.facts[0]!, value: null };
    const report = withTrend(now, [
      {
        label: "v1",
        commit: "c".repeat(40),
        sequence: 3,
        at: since,
        facts: [earlier, ...now.facts.slice(1)],
      },
    ]);
    expect(cells(report, "trend", "moment", "at", "score", "nonCompliant")).toEqual([
      ["v1", since, null, 1],
      ["now", asOf, 0.8, 1],
    ]);
    const lines = report.charts.filter(({ type }) => type === "lines");
    expect(lines.map(({ title }) => title)).toEqual(["Trend in percent", "Trend"]);
    expect(drawingOf(lines[0]!, 700)?.says).toContain("Score from unknown to 80");
  });

  it("spread evenly and keep both ends", () => {
    const check = fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 2, max: 30 }),
      (count, most) => {
        const all = Array.from({ length: count }, (_, index) => index);
        const some = spread(all, most);
        expect([some[0], some.at(-1), some.length]).toEqual([0, count - 1, Math.min(count, most)]);
        expect([...some].sort((a, b) => a - b)).toEqual(some);
        expect(new Set(some).size).toBe(some.length);
      },
    );
    fc.assert(check);
  });
});

describe("charts", () => {
  it("never leave their frame and never speak by colour alone", async () => {
    for (const name of Object.keys(reports)) {
      for (const chart of (await made(name)).charts) {
        const drawing = drawingOf(chart, 500);
        for (const mark of drawing?.marks ?? []) {
          if (mark.type !== "box") continue;
          expect([
            mark.x >= 0,
            mark.x + mark.width <= 500,
            mark.y + mark.height <= drawing!.height,
          ]).not.toContain(false);
        }
        const words = (drawing?.marks ?? []).flatMap((mark) => (mark.type === "word" ? [mark.text] : []));
        if (drawing !== undefined) expect(words.length).toBeGreaterThan(0);
      }
    }
  });
});

describe("CSV", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\tx", "'\tx"],
    ["\nx", `"'\nx"`],
    ["  =1", "'  =1"],
    ['"=1', `"'""=1"`],
    ["\uff1d1", "'\uff1d1"],
    ['=HYPERLINK("http://x";"y")', `"'=HYPERLINK(""http://x"";""y"")"`],
    ["a,b", '"a,b"'],
    ["a\nb", '"a\nb"'],
    ["a\rb", '"a\rb"'],
    ["model:a/b@1.0.0", "model:a/b@1.0.0"],
    ["", ""],
    ["a\u202eb", "a\\u{202e}b"],
  ])("%j becomes %j", (text, cell) => {
    expect(escapeCsv(text)).toBe(cell);
  });

  it("never begins a formula, whatever is written", () => {
    const sign = fc.constantFrom(
      "=",
      "+",
      "-",
      "@",
      "\t",
      "\n",
      "\r",
      " ",
      '"',
      "'",
      ",",
      ";",
      "\uff1d",
      "a",
      "1",
    );
    const check = fc.property(fc.array(sign, { maxLength: 6 }), (signs) => {
      const cell = escapeCsv(signs.join(""));
      const shown = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
      expect(shown).not.toMatch(/^[\s"]*[=+\-@\uff1d]/);
    });
    fc.assert(check, { numRuns: 1_000 });
  });

  it("holds keys, instants in full, shares as numbers and lists whole", async () => {
    const report = await made("waivers");
    const lines = renderCsv(section(report, "waivers")).split("\r\n");
    expect(lines[0]).toBe(
      "waiver,title,status,policy,rule,covers,excuses,reason,owner,grantedBy,approvedBy,grantedAt,expires,days",
    );
    expect(lines[1]).toBe(
      `waiver:spent,,lapsed,policy:core/current@1.0.0,,"kinds Model; labels tier=a",0,Past.,,identity:ada,,${since},2026-06-01T00:00:00Z,-30`,
    );
    expect(lines.at(-1)).toBe("");
  });
});

describe("HTML", () => {
  const evil = `<img src=x onerror=alert(1)>"'&\u202e</td><script>alert(2)</script>`;

  it("shows every text as text", async () => {
    const further = {
      "registry/models/openai/gone/1.0.0.yaml": model("deprecated", {
        title: evil,
        reason: evil,
        sunset: "2026-06-30",
      }),
      "registry/governance/waivers/old.yaml": {
        ...values["registry/governance/waivers/old.yaml"],
        title: evil,
        reason: evil,
      },
      "registry/usecases/fraud/score.yaml": {
        ...values["registry/usecases/fraud/score.yaml"],
        purpose: evil,
        title: evil,
      },
    };
    for (const name of Object.keys(reports)) {
      const page = renderHtml(await made(name, {}, further));
      expect(page).not.toMatch(/<script|<img|onerror=alert\(1\)>"/);
      expect(page).not.toContain("\u202e");
      expect(page).not.toMatch(/(?:src|href)="(?!#)/);
      expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'`);
    }
    expect(renderHtml(await made("compliance", {}, further))).toContain("&lt;img src=x onerror=alert(1)&gt;");
  });

  it("says how many rows and which columns it leaves out", async () => {
    const page = renderHtml(await made("lifecycle"), 1);
    expect(page).toContain(
      "The first 1 of 6 rows. All of them: --limit 0, or --format csv --section entries.",
    );
    expect(page.match(/<tbody>\n<tr>/g)?.length).toBe(4);
    expect(renderHtml(await made("waivers", { past: null }))).toContain(
      "No row has a value for Owner, Granted by, Approved by, Granted.",
    );
  });
});

it.each([
  [{ type: "share", value: 0.9996 }, "99.9 %"],
  [{ type: "share", value: 1 }, "100 %"],
  [{ type: "share", value: null }, "\u2013"],
  [{ type: "count", value: 5276 }, "5276"],
] as const)("a fact %j reads %s", (given, text) => {
  expect(factText({ key: "x", title: "X", tone: "neutral", followed: false, ...given })).toBe(text);
});

it.each([
  ["2026-07-01T09:00:59.123Z", "instant", "2026-07-01 09:00"],
  [["a", "b"], "list", "a, b"],
  [null, "text", ""],
  [0, "count", "0"],
] satisfies readonly (readonly [Row[string], Parameters<typeof lineText>[1], string])[])(
  "a cell %j of type %s reads %s",
  (cell, type, text) => {
    expect(lineText(cell, type)).toBe(text);
  },
);
