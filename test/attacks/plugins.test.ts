/**
 * Plugins that attack: whoever runs them, and the verdict. Each is run in the real sandbox, and what it does to itself
 * reaches nobody else. What the attacker has: every byte of the plugin, and of the entries that it is asked about.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openSandbox } from "../../src/adapters/sandbox/open.ts";
import { verifyPush } from "../../src/app/verify-push.ts";
import { digestOfBytes } from "../../src/core/model/digest.ts";
import { Failure } from "../../src/core/model/failure.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import type { LoadedPlugin } from "../../src/core/model/plugin.ts";
import { landHere, now, type Land } from "../no-forge-land.ts";
import { paths } from "../govern-world.ts";

const sandbox = openSandbox();

function load(source: string): LoadedPlugin {
  const loaded = sandbox.load(source);
  if ("fault" in loaded) throw new Error(loaded.fault.message);
  return loaded;
}

/** What a function body answers when it is called once, and what the same plugin says after it. */
function answered(body: string): readonly [answer: unknown, after: unknown] {
  const plugin = load(`plugin({ f(x) { ${body} }, g() { return "well"; } });`);
  const [answer] = plugin.call(["f"], ["[1]"]);
  const [after] = plugin.call(["g"], ["[]"]);
  return [
    answer === undefined ? undefined : "fault" in answer ? answer.fault.reason : JSON.parse(answer.json),
    after !== undefined && "json" in after ? JSON.parse(after.json) : after,
  ];
}

describe("a plugin that", { timeout: 30_000 }, () => {
  it.each([
    ["never ends", "for (;;);", "steps"],
    ["never ends, and catches whatever stops it", "for (;;) try { for (;;); } catch {}", "steps"],
    ["tries a pattern that backtracks for ever", 'return /(a+)+$/.test("a".repeat(60) + "b");', "steps"],
    ["takes all memory", "const a = []; for (;;) a.push(new Array(1e5).fill(1));", "memory"],
    ["asks for one huge text", 'return "x".repeat(2 ** 28).length;', "memory"],
    ["calls itself without end", "return (function f() { return f() + 1; })();", "stack"],
    ["nests JSON too deeply", 'return JSON.parse("[".repeat(1e5));', "stack"],
    ["answers more than anybody reads", 'return "x".repeat(2e6);', "answer"],
    ["answers very many values", "return new Array(2e5).fill(0);", "answer"],
    ["answers in a circle", "const a = []; a[0] = { a }; return a;", "answer"],
    ["answers with a getter", "return { get a() { return 1; } };", "answer"],
    ["answers with a function", "return () => 1;", "answer"],
    ["answers nothing", "", "answer"],
    ["answers a number that JSON has not", "return [NaN];", "answer"],
    ["answers a big integer", "return 1n;", "answer"],
    ["answers a symbol as a key", "return { [Symbol()]: 1 };", "answer"],
    ["answers a key that reaches into JavaScript", "return JSON.parse('{\"__proto__\": 1}');", "answer"],
    ["answers an array with gaps", "return [1, , 2];", "answer"],
    ["answers an object of a class of its own", "return new (class X {})();", "answer"],
    ["answers half a character", 'return "\\ud800";', "answer"],
    ["answers a proxy that throws", "return new Proxy({}, { ownKeys() { throw 1; } });", "answer"],
    ["throws", 'throw new Error("no");', "threw"],
    ["throws what cannot be read", "throw { get message() { for (;;); } };", "threw"],
    ["asks for the clock", "return new Date();", "threw"],
    ["asks for chance", "return Math.random();", "threw"],
    ["asks for a module", 'return import("node:fs");', "threw"],
    ["asks for the process", "return process.env;", "threw"],
    ["asks for the network", 'return fetch("https://example.com");', "threw"],
    ["asks for a locale", 'return "a".localeCompare("b");', "threw"],
    ["waits for something", "return (async () => 1)();", "threw"],
    ["asks when memory was cleared", "return new WeakRef({}).deref();", "threw"],
  ])("%s fails, and nothing else does", (_, body, reason) => {
    expect(answered(body)).toEqual([reason, "well"]);
  });

  it("changes what all objects inherit answers what it answers, and changes nothing else", () => {
    const body = `Object.prototype.toJSON = () => "hacked"; Array.prototype.toJSON = () => 2;
      JSON.stringify = () => "3"; Array.prototype.push = () => { throw 4; };
      Object.defineProperty(Object.prototype, "a", { set() { throw 5; } });
      return { a: ["s"], b: { c: null } };`;
    expect(answered(body)).toEqual([{ a: ["s"], b: { c: null } }, "well"]);
    expect(({} as Record<string, unknown>)["toJSON"]).toBeUndefined();
  });

  it("remembers what it was asked before is asked for the first time, every time", () => {
    const plugin = load(
      "let n = 0; const seen = []; plugin({ f(x) { seen.push(x); return [++n, seen]; } });",
    );
    const answers = plugin.call(["f"], ["[1]", "[2]", "[3]"]);
    expect(answers).toEqual([1, 2, 3].map((x) => ({ json: `[1,[${x}]]` })));
    // Failing leaves nothing behind either: the same state, the same steps that are left.
    const counting =
      "plugin({ f(n) { let s = 0; for (let i = 0; i < n; i++) s += i; return s; }, x() { for (;;); } });";
    const limit = (p: LoadedPlugin): readonly boolean[] =>
      [1e4, 1e8].map((n) => "json" in (p.call(["f"], [`[${n}]`])[0] ?? {}));
    const counted = load(counting);
    const before = limit(counted);
    counted.call(["x"], ["[]"]);
    expect([before, limit(counted), limit(load(`${counting} `))]).toEqual([before, before, before]);
    expect([before[0], before.at(-1)]).toEqual([true, false]);
  });

  it.each([
    ["is no JavaScript", "x = (", "source"],
    ["does not say what it is", "1;", "source"],
    ["says it twice", "plugin({}); plugin({});", "source"],
    ["says it with a getter", "plugin({ get rules() { return 1; } });", "source"],
    ["is a module", 'import fs from "node:fs"; plugin({});', "source"],
    ["never ends while it is read", "for (;;);", "steps"],
    ["takes all memory while it is read", "const a = []; for (;;) a.push(new Array(1e5).fill(1));", "memory"],
  ])("%s is not run at all", (_, source, reason) => {
    const loaded = sandbox.load(source);
    expect("fault" in loaded && loaded.fault.reason).toBe(reason);
  });

  it("hangs where nobody counts is ended, and no verdict comes of it", () => {
    const impatient = openSandbox({ patience: 1_500 });
    const hanging = impatient.load(
      "plugin({ f() { return Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1); } });",
    );
    if ("fault" in hanging) throw new Error(hanging.fault.message);
    const failure = (): unknown => {
      try {
        return hanging.call(["f"], ["[]"]);
      } catch (error) {
        return error;
      }
    };
    const failed = failure();
    expect(failed instanceof Failure && [failed.code, failed.category, failed.retryable]).toEqual([
      "plugin/sandbox",
      "unavailable",
      true,
    ]);
    // Whoever asks next gets a sandbox that works.
    const next = impatient.load("plugin({ f() { return 1; } });");
    expect("fault" in next ? next : next.call(["f"], ["[]"])).toEqual([{ json: "1" }]);
  });
});

describe("a sandbox whose thread cannot start", { timeout: 15_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "assent-thread-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "throws.mjs"), 'throw new Error("no");\n');
  writeFileSync(join(folder, "leaves.mjs"), "process.exit(0);\n");
  writeFileSync(join(folder, "imports.mjs"), 'import "./nowhere.mjs";\n');

  it.each(["gone", "throws", "leaves", "imports"])("says so at once: %s", (name) => {
    // Longer than the test may take: nobody waits for it.
    const broken = openSandbox({ patience: 600_000, file: join(folder, `${name}.mjs`) });
    for (const _ of ["first", "again"])
      expect(() => broken.load("plugin({});")).toThrow(
        "The sandbox of plugins failed: its thread ended before it answered.",
      );
  });
});

describe("the gate", { timeout: 60_000 }, () => {
  const path = ".github/assent/plugins/guard.js";
  const rule = (body: string): string =>
    `plugin({ api: "assent.plugin/v1", summary: "Guards.", rules: { no: {
      kinds: ["Bundle"], severity: "error", summary: "No.", why: "No.", fix: "No.",
      check(entry) { ${body} } } } });`;
  const refusing = rule(`return [{ message: "never " + entry.ref }];`);
  const allowing = rule("return [];");
  const pin = (source: string, hooks = "[rules]"): string =>
    `plugins:\n  - name: guard\n    digest: ${digestOfBytes(new TextEncoder().encode(source))}\n    api: assent.plugin/v1\n    hooks: ${hooks}\n`;
  const landWith = (source: string, hooks?: string): Land =>
    landHere({ [path]: () => source, [paths.registry]: (text) => text + pin(source, hooks) });
  const title = { [paths.bundle("1.0.0")]: "title: Another title\n" };

  /** What the hook says to a commit on top of main, and the plugins' findings. */
  async function pushed(land: Land, to: string): Promise<readonly string[]> {
    const verdict = await verifyPush(
      [{ ref: "refs/heads/main", from: land.main(), to }],
      { folder: land.folder, asOf: now as Instant },
      land.ports,
    );
    const found = verdict.landings.at(-1)?.diagnostics ?? [];
    const own = found.filter(({ code }) => code.startsWith("plugin/"));
    return [verdict.outcome, ...new Set(own.map(({ code, severity }) => `${severity} ${code}`))];
  }
  const edited = (land: Land): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.keys(title).map((each) => [each, `# looked at\n${land.text(each)}`]));

  it("denies what a plugin of the base finds", async () => {
    const land = landWith(refusing);
    expect(await pushed(land, land.commit("alice", edited(land)))).toEqual([
      "denied",
      "error plugin/guard/no",
    ]);
  });

  it("denies by what a change touches, so that a plugin that finds errors in what stands can be taken back", async () => {
    const land = landWith(refusing);
    const settings = land.text(paths.registry).replace(pin(refusing), "");
    const [outcome, ...codes] = await pushed(
      land,
      land.commit("alice", { [path]: null, [paths.registry]: settings }),
    );
    expect([outcome, codes]).toEqual(["pending", []]);
  });

  it("never runs a plugin of the head: a change that brings a kinder one is judged by the stricter", async () => {
    const land = landWith(refusing);
    const settings = land.text(paths.registry).replace(pin(refusing), pin(allowing));
    const head = land.commit("alice", { [path]: allowing, [paths.registry]: settings, ...edited(land) });
    expect(await pushed(land, head)).toEqual(["denied", "error plugin/guard/no"]);
  });

  it("runs nothing of a file that changed without its pin, and says so", async () => {
    const land = landWith(allowing);
    const head = land.commit("alice", { [path]: rule("for (;;);") });
    expect(await pushed(land, head)).toEqual(["denied", "error plugin/digest"]);
  });

  it("takes a plugin that fails for a no, but lets its owners replace it", async () => {
    const throwing = landWith(rule('throw new Error("broken");'));
    expect(await pushed(throwing, throwing.commit("alice", edited(throwing)))).toEqual([
      "denied",
      "error plugin/failed",
    ]);
    const broken = "plugin({});\n";
    const land = landWith(broken);
    expect(await pushed(land, land.commit("alice", edited(land)))).toEqual(["denied", "error plugin/failed"]);
    const settings = land.text(paths.registry).replace(pin(broken), pin(allowing));
    const head = land.commit("alice", { [path]: allowing, [paths.registry]: settings });
    expect(await pushed(land, head)).toEqual(["pending", "warning plugin/failed"]);
  });

  it("lets a plugin object to a transition, and allows nothing that it is silent about", async () => {
    const objecting = `plugin({ api: "assent.plugin/v1", summary: "Objects.",
      onBeforeTransition({ action, subject }) { return [{ message: "no " + action + " of " + subject }]; } });`;
    const land = landWith(objecting, "[onBeforeTransition]");
    const head = land.commit("alice", edited(land));
    const [outcome, ...codes] = await pushed(land, head);
    expect([outcome, codes]).toEqual(["denied", ["error plugin/before-transition"]]);
    const silent = `plugin({ api: "assent.plugin/v1", summary: "Silent.",
      onBeforeTransition() { return [{ message: "fine", severity: "info" }]; } });`;
    const other = landWith(silent, "[onBeforeTransition]");
    // Nobody approved it, and a plugin that is content is no approval.
    expect(await pushed(other, other.commit("alice", edited(other)))).toEqual([
      "pending",
      "info plugin/before-transition",
    ]);
  });
});
