/**
 * Plugins as values: what one says it is, what its rules find and where, what expressions, reports, imports, transitions
 * and landings get of it, and that the same registry always has the same findings. Attacks stand in test/attacks.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSandbox } from "../../src/adapters/sandbox/open.ts";
import { digestOfBytes } from "../../src/core/model/digest.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import type { Registry } from "../../src/core/model/registry.ts";
import { compliance } from "../../src/core/policy/compliance.ts";
import { parseCases, runCases } from "../../src/core/plugin/cases.ts";
import { pluginFindings } from "../../src/core/plugin/findings.ts";
import { landingEvents } from "../../src/core/plugin/landings.ts";
import { parseManifest } from "../../src/core/plugin/manifest.ts";
import { pluginsOf, readPlugin, withPlugins } from "../../src/core/plugin/pinned.ts";
import { choosePart, readForeign, renderReport } from "../../src/core/plugin/texts.ts";
import { transitionFindings } from "../../src/core/plugin/transitions.ts";
import { treeOfTexts } from "../../src/core/model/tree.ts";
import { loadRegistry, scanTree } from "../../src/core/source/load.ts";
import { parseStrict } from "../../src/core/source/strict.ts";

const sandbox = openSandbox();
const asOf = "2026-07-01T00:00:00Z" as Instant;
const encoder = new TextEncoder();
const api = 'api: "assent.plugin/v1", summary: "Tries."';

type Plugins = Readonly<Record<string, { readonly source: string; readonly hooks: string }>>;

/** A registry that pins these plugins, with more files beside. */
function registryWith(plugins: Plugins, files: Readonly<Record<string, string>> = {}): Registry {
  const pins = Object.entries(plugins).map(
    ([name, { source, hooks }]) =>
      `  - { name: ${name}, digest: "${digestOfBytes(encoder.encode(source))}", api: assent.plugin/v1, hooks: [${hooks}] }\n`,
  );
  const sources = Object.entries(plugins).map(
    ([name, { source }]) => [`.github/assent/plugins/${name}.js`, source] as const,
  );
  const tree = treeOfTexts({
    "registry/registry.yaml": `id: test\n${pins.length === 0 ? "" : `plugins:\n${pins.join("")}`}`,
    ...Object.fromEntries(sources),
    ...files,
  });
  const { registry, findings } = loadRegistry(scanTree(tree), parseStrict);
  expect(findings).toEqual([]);
  return registry;
}

const model = (name: string, more = ""): Readonly<Record<string, string>> => ({
  [`registry/models/acme/${name}/1.0.0.yaml`]: `title: ${name}\n${more}spec: { provider: provider:acme, type: classification }\n`,
});

const told = (registry: Registry, asks?: (file: string) => boolean): readonly string[] =>
  pluginFindings(registry, asks).map(
    ({ definition, severity = definition.severity, message, at }) =>
      `${severity} ${definition.code} ${at.file} /${(at.pointer ?? []).join("/")} ${message}`,
  );

const rule = (body: string, more = ""): string =>
  `${more} plugin({ ${api}, rules: { named: { kinds: ["Model"], severity: "warning",
    summary: "S.", why: "W.", fix: "F.", check(entry) { ${body} } } } });`;

describe("what a plugin says it is", () => {
  it.each([
    ["no interface", "{}", 'api is null; this program speaks "assent.plugin/v1"'],
    ["a newer interface", '{ api: "assent.plugin/v2" }', 'api is "assent.plugin/v2"'],
    ["nothing that it can do", `{ ${api} }`, "it has no hook"],
    ["a misspelt hook", `{ ${api}, rule: {} }`, 'the unknown key "rule" (rules?)'],
    ["a rule without a check", `{ ${api}, rules: { a: {} } }`, "rules.a has no function check"],
    [
      "a rule of no kind",
      `{ ${api}, rules: { a: { kinds: ["Modl"], severity: "error", summary: "S", why: "W", fix: "F", check() {} } } }`,
      'there is no kind "Modl"',
    ],
    [
      "a rule of another severity",
      `{ ${api}, rules: { a: { kinds: ["Model"], severity: "fatal", summary: "S", why: "W", fix: "F", check() {} } } }`,
      "rules.a.severity is none of error, warning, info",
    ],
    [
      "a name that is none",
      `{ ${api}, functions: { "A/B": { apply() {} } } }`,
      '"A/B" in functions is no name',
    ],
    ["a hook that is no function", `{ ${api}, onAfterLanding: 1 }`, "onAfterLanding is no function"],
    ["two lines", '{ api: "assent.plugin/v1", summary: "a\\nb", onAfterLanding() {} }', "plugin().summary"],
    ["a number", "7", "plugin() is given no object"],
  ])("is wrong with %s", (_, definition, clause) => {
    const read = readPlugin("tried", encoder.encode(`plugin(${definition});`), sandbox);
    expect("faults" in read && read.faults.join("; ")).toContain(clause);
  });

  it("is read whatever JSON it is, and never throws", () => {
    fc.assert(
      fc.property(fc.json(), (description) => {
        const parsed = parseManifest("tried", description);
        expect("faults" in parsed && parsed.faults.length > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("is bounded, and UTF-8", () => {
    const wrong = (bytes: Uint8Array): unknown => {
      const read = readPlugin("tried", bytes, sandbox);
      return "faults" in read && read.faults[0];
    };
    expect(wrong(new Uint8Array(300_000))).toBe("it has 300000 bytes; at most 262144 are read");
    expect(wrong(Uint8Array.of(0x2f, 0x2f, 0xff))).toBe("it is not valid UTF-8");
  });
});

describe("rules of plugins", () => {
  const source = rule(
    'if (entry.value.labels) return []; return [{ message: entry.ref + " has no labels.", hint: "Add some.", at: ["title", "x"] }];',
  );

  it("find what they find, at the entry, as far as the pointer leads", () => {
    const registry = registryWith(
      { labels: { source, hooks: "rules" } },
      { ...model("a"), ...model("b", "labels: { x: y }\n"), ...model("c") },
    );
    expect(told(withPlugins(registry, sandbox))).toEqual(
      ["a", "c"].map(
        (name) =>
          `warning plugin/labels/named registry/models/acme/${name}/1.0.0.yaml /title model:acme/${name}@1.0.0 has no labels.`,
      ),
    );
  });

  it("cost nothing and say nothing where none is pinned", () => {
    const registry = registryWith({}, model("a"));
    const never = { load: () => expect.unreachable("nothing is to be run") };
    expect(withPlugins(registry, never)).toBe(registry);
    expect(told(registry)).toEqual([]);
  });

  it("are missed where nobody ran them", () => {
    const registry = registryWith({ labels: { source, hooks: "rules" } }, model("a"));
    expect(told(registry)).toEqual([
      "error plugin/not-run registry/registry.yaml /plugins Nobody ran labels.",
    ]);
  });

  it("of importers alone start nothing", () => {
    const registry = registryWith({ labels: { source, hooks: "importers" } }, model("a"));
    const never = { load: () => expect.unreachable("nothing is to be run") };
    expect(told(withPlugins(registry, never))).toEqual([]);
  });

  it.each([
    [
      "throws",
      'throw new TypeError("no " + entry.id);',
      "named: it threw TypeError: no acme/a@1.0.0 (asked about model:acme/a@1.0.0)",
    ],
    ["answers no list", "return {};", "named: it does not answer a list (asked about model:acme/a@1.0.0)"],
    [
      "answers no message",
      "return [{}];",
      'named: its answer has no line "message" of 1 to 1000 characters (asked about model:acme/a@1.0.0)',
    ],
    [
      "answers an unknown key",
      'return [{ message: "m", severity: "info" }];',
      'named: its answer has the unknown key "severity" (asked about model:acme/a@1.0.0)',
    ],
    [
      "hides what it writes",
      'return [{ message: "a\\u202eb" }];',
      'named: its answer has no line "message" of 1 to 1000 characters (asked about model:acme/a@1.0.0)',
    ],
    [
      "points nowhere",
      'return [{ message: "m", at: [1.5] }];',
      'named: "at" in its answer is no list of keys and indexes (asked about model:acme/a@1.0.0)',
    ],
    [
      "finds too much",
      'return new Array(101).fill({ message: "m" });',
      "named: it answers 101 things; at most 100 are read (asked about model:acme/a@1.0.0)",
    ],
  ])("are an error where one %s", (_, body, clause) => {
    const registry = registryWith({ bad: { source: rule(body), hooks: "rules" } }, model("a"));
    expect(told(withPlugins(registry, sandbox))).toEqual([
      `error plugin/failed registry/registry.yaml /plugins/0/name The plugin bad cannot judge: ${clause}.`,
    ]);
  });

  it("are an error where the plugin is not what is pinned, or has more than its pin grants", () => {
    const granted = registryWith({ bad: { source, hooks: "functions, rules" } }, model("a"));
    expect(told(withPlugins(granted, sandbox)).length).toBe(1);
    const more = `plugin({ ${api}, rules: { a: { kinds: ["Model"], severity: "info", summary: "S", why: "W", fix: "F", check() { return []; } } }, onAfterLanding() { return []; } });`;
    const tooMuch = registryWith({ bad: { source: more, hooks: "rules" } }, model("a"));
    expect(told(withPlugins(tooMuch, sandbox))[0]).toContain("its pin does not grant onAfterLanding");
    const other = withPlugins(
      registryWith({ bad: { source, hooks: "rules" } }, { ".github/assent/plugins/bad.js": "1;" }),
      sandbox,
    );
    expect(told(other)[0]).toContain(".github/assent/plugins/bad.js is not the file that is pinned");
  });

  it(
    "find the same in any order, however much is asked for, and whatever was asked before",
    { timeout: 60_000 },
    () => {
      const counting = rule(
        'n++; return entry.name.length % 2 === 0 ? [{ message: "asked " + n + " times, " + entry.name }] : [];',
        "let n = 0;",
      );
      fc.assert(
        fc.property(
          fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 12 }),
          fc.func(fc.boolean()),
          (names, chosen) => {
            const files = names.map((name) => model(name));
            const make = (order: typeof files): Registry =>
              withPlugins(
                registryWith({ count: { source: counting, hooks: "rules" } }, Object.assign({}, ...order)),
                sandbox,
              );
            const all = told(make(files));
            expect(told(make(files.toReversed()))).toEqual(all);
            const asks = (file: string): boolean => chosen(file) === true;
            expect(told(make(files), asks)).toEqual(all.filter((line) => asks(line.split(" ")[2] ?? "")));
          },
        ),
        { numRuns: 25 },
      );
    },
  );
});

describe("functions of plugins in expressions", () => {
  const source = `plugin({ ${api}, functions: {
    family: { apply(name) { return name.split("-")[0]; } },
    sum: { apply(...all) { return all.flat().reduce((a, b) => a + b, 0); } },
    broken: { apply() { throw new Error("no"); } } } });`;
  const judged = (assert: string, plugins: Plugins = { names: { source, hooks: "functions" } }) => {
    const registry = registryWith(plugins, {
      ...model("gpt-4o"),
      "registry/policies/core/p/1.0.0.yaml": `state: active\nspec:\n  appliesTo: [Model]\n  rules:\n    - { id: r, severity: high, message: M, assert: '${assert}' }\n`,
      "registry/governance/policy-bindings/b.yaml":
        "selector: { kinds: [Model] }\npolicies: [policy:core/p@1.0.0]\nmode: enforce\n",
    });
    const entry = registry.get("model:acme/gpt-4o@1.0.0");
    if (entry === undefined) throw new Error("no model");
    const own = compliance(withPlugins(registry, sandbox), asOf).find(({ ref }) => ref === entry.ref);
    const { status, violations } = own ?? { status: "unknown", violations: [] };
    return [status, ...violations.map(({ error }) => error)];
  };

  it.each([
    ["compute", 'plugin("names/family", name) == "gpt"', ["compliant"]],
    ["take several arguments and lists", 'plugin("names/sum", 1, [2, 3]) == 6', ["compliant"]],
    ["say no as anything does", 'plugin("names/family", name) == "claude"', ["non-compliant", null]],
    [
      "that fail are no yes",
      'plugin("names/broken", name) == true',
      ["non-compliant", "names/broken: it threw Error: no"],
    ],
    [
      "that nobody has are no yes",
      'plugin("names/other", name) == 1',
      ["non-compliant", 'the plugin names has no function "other"'],
    ],
    [
      "of nobody are no yes",
      'plugin("else/family", name) == 1',
      ["non-compliant", 'no plugin is pinned that has the function "else/family"'],
    ],
  ])("%s", (_, assert, answer) => {
    expect(judged(assert)).toEqual(answer);
  });

  it("have no answer where nobody brought them", () => {
    expect(judged('plugin("names/family", name) == "gpt"', {})).toEqual([
      "non-compliant",
      "plugins are not asked here",
    ]);
  });
});

describe("what else plugins do", () => {
  it("object to transitions, each said at its subject, and are silent about what they do not mind", () => {
    const source = `plugin({ ${api}, onBeforeTransition({ action, subject, to, entry }) {
      return action === "retire" ? [{ message: "not " + subject + " (" + to + ", " + entry.value.title + ")" }] : []; } });`;
    const registry = registryWith({ slow: { source, hooks: "onBeforeTransition" } }, model("a"));
    const { plugins } = withPlugins(registry, sandbox);
    const subject = "model:acme/a@1.0.0";
    const moves = [
      { subject, action: "retire", from: "beta", to: "retired" },
      { subject, action: "edit", from: null, to: null },
    ] as const;
    expect(
      transitionFindings(plugins, moves, registry).map(({ message, at, severity }) => [
        severity,
        message,
        at.file,
      ]),
    ).toEqual([["error", "slow: not model:acme/a@1.0.0 (retired, a)", "registry/models/acme/a/1.0.0.yaml"]]);
    expect(transitionFindings(undefined, moves, registry)).toEqual([]);
  });

  it("tell of landings, in words of their own, and bounded", () => {
    const source = (type: string) =>
      `plugin({ ${api}, onAfterLanding({ sequence, events }) { return events.map((e) => ({ type: "${type}", data: { of: e.type, n: sequence } })); } });`;
    const landing = { sequence: 3, commit: "c".repeat(40), events: [{ type: "model_registered" }] };
    const tell = (type: string): readonly unknown[] => {
      const registry = registryWith({ pager: { source: source(type), hooks: "onAfterLanding" } });
      const failed: string[] = [];
      const events = landingEvents(pluginsOf(registry, sandbox), [landing], (_, fault) => failed.push(fault));
      return [events, failed];
    };
    expect(tell("paged")).toEqual([
      [
        {
          plugin: "pager",
          sequence: 3,
          commit: "c".repeat(40),
          type: "paged",
          data: { of: "model_registered", n: 3 },
        },
      ],
      [],
    ]);
    expect(tell("Bad Type")).toEqual([
      [],
      ["onAfterLanding: an event has no type of lower-case letters, digits and _ (landing 3)"],
    ]);
  });

  it("render reports and read foreign texts", () => {
    const source = `plugin({ ${api},
      reports: { wiki: { summary: "As a wiki has it.", render(report) { return "= " + report.title + " =\\n"; } } },
      importers: { lines: { summary: "Lines.", read(text) { return text.split("\\n").map((ref) => ({ ref })); } } } });`;
    const plugins = pluginsOf(registryWith({ both: { source, hooks: "reports, importers" } }), sandbox);
    const chosen = choosePart(plugins, "reports", "both");
    if ("fault" in chosen) throw new Error(chosen.fault);
    expect(renderReport(chosen.plugin, chosen.part, { title: "T" })).toEqual({ value: "= T =\n" });
    expect(readForeign(chosen.plugin, "lines", "model:a/b@1.0.0\nx")).toEqual({
      value: [{ ref: "model:a/b@1.0.0" }, { ref: "x" }],
    });
    expect(choosePart(plugins, "importers", "both/line")).toEqual({
      fault: "no pinned plugin has it",
      names: ["both/lines"],
    });
  });

  it("are tried by cases that must say what they mean", () => {
    const source = `plugin({ ${api}, functions: { twice: { apply(n) { return n * 2; } } } });`;
    const read = readPlugin("tried", encoder.encode(source), sandbox);
    if ("faults" in read) throw new Error(read.faults.join());
    const call = "functions.twice";
    const parsed = parseCases({
      cases: [
        { name: "two", call, given: [1], expect: 2 },
        { call, given: [2], expect: 5 },
        { call, given: ["x"], fails: true },
        { call: "functions.thrice", given: [1], expect: 3 },
      ],
    });
    if ("faults" in parsed) throw new Error(parsed.faults.join());
    const results = runCases(parsed.cases, read.loaded, read.manifest);
    expect(results.map(({ name, passed, got, fault }) => [name, passed, got, fault])).toEqual([
      ["two", true, 2, null],
      ["case 2", false, 4, null],
      ["case 3", true, null, "the answer holds a number that JSON has not"],
      ["case 4", false, null, "it has no functions.thrice"],
    ]);
    expect(
      parseCases({
        cases: [
          { call, given: 1 },
          { call, given: 1, expect: 1, fails: true, x: 1 },
        ],
      }),
    ).toEqual({
      faults: [
        "case 1 of its tests says neither what to expect nor fails: true, or both",
        'case 2 of its tests has the unknown key "x"',
        "case 2 of its tests says neither what to expect nor fails: true, or both",
      ],
    });
    expect(parseCases([])).toEqual({ faults: ["its tests have no list of cases"] });
  });
});
