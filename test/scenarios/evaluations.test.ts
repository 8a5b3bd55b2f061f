/**
 * Evidence through the front door: results of other programs recorded, signed and shown; what is too large, wrong or not
 * signed refused; promotions refused for want of it; a policy that asks for signatures, in the plan.
 */
import { truncateSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { coverageOf } from "../../src/core/find/coverage.ts";
import { readXml } from "../../src/core/author/runs/xml.ts";
import { digestOfBytes } from "../../src/core/model/digest.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { treeOfTexts } from "../../src/core/model/tree.ts";
import { loadTree } from "../../src/app/read.ts";
import { privateKeyOf, signingKeyOf } from "../attested-run.ts";
import { run } from "../cli.ts";
import { startSigstore, type SigstoreStandIn } from "../sigstore-stand-in.ts";
import { newKey } from "../ssh.ts";
import { expectClean, json, newRegistry, put, snapshotOf, textOf } from "./author-folder.ts";
import { commitAll } from "./registry-folder.ts";

const bundle = "bundle:support/reply@1.0.0";
const suite = "suite:support/prompt-checks@1.0.0";
const onBundle = ["--suite", suite, "--target", bundle];
const runFile = (time: string): string =>
  `registry/evaluations/support/reply/1.0.0-prompt-checks-${time}.yaml`;
const report = (cases: string): string =>
  `<testsuites><testsuite timestamp="2026-07-01T09:00:00Z" time="2.5"><properties><property name="metric:checks_passed" value="1"/></properties>${cases}</testsuite></testsuites>`;
const both =
  '<testcase classname="t" name="hands-over" time="0.5"/><testcase classname="t" name="asks-for-no-secrets"/>';
const noon = { now: 1_782_950_400, git: {} };
const own = (more: object): string =>
  JSON.stringify({
    suite,
    target: bundle,
    executedAt: "2026-07-01T09:00:00Z",
    status: "passed",
    metrics: { checks_passed: 1 },
    ...more,
  });
const codes = (answer: Record<string, unknown>): readonly string[] =>
  (answer["diagnostics"] as readonly { readonly code: string }[]).map(({ code }) => code);

describe("assent evaluation add", () => {
  it("records a JUnit report with what flags say, once", async () => {
    const folder = await newRegistry();
    put(folder, "report.xml", report(both));
    put(folder, "out.log", "x".repeat(1000));
    const argv = [
      "evaluation",
      "add",
      "report.xml",
      ...onBundle,
      "--metric",
      "cost_usd=0.02",
      "--artifact",
      "out.log=s3://runs/out.log",
    ];
    const { code, answer } = await json(folder, ...argv);
    expect([code, answer["outcome"], answer["files"]]).toEqual([
      0,
      "written",
      [{ path: runFile("20260701t090000z"), change: "added" }],
    ]);
    const text = textOf(folder, runFile("20260701t090000z"));
    expect(text.replace(/targetDigest: .*/, "targetDigest: ...")).toBe(`sources:
  - digest: ${digestOfBytes(new TextEncoder().encode(report(both)))}
    path: report.xml
    note: Results as junit.
suite: ${suite}
target: ${bundle}
targetDigest: ...
executedAt: "2026-07-01T09:00:00Z"
duration: PT2.5S
status: passed
cases:
  - { id: hands-over, status: passed, duration: PT0.5S }
  - { id: asks-for-no-secrets, status: passed }
summary: { total: 2, passed: 2, failed: 0, errors: 0, skipped: 0 }
metrics: { checks_passed: 1, pass_rate: 1, cost_usd: 0.02 }
artifacts:
  - name: out.log
    uri: s3://runs/out.log
    digest: ${digestOfBytes(new TextEncoder().encode("x".repeat(1000)))}
    size: 1000
`);
    await expectClean(folder);
    expect((await json(folder, ...argv)).answer["outcome"]).toBe("unchanged");
  });

  it("takes a status from the suite's benchmarks, where all of them were measured", async () => {
    const folder = await newRegistry();
    const results = (value: number): string =>
      JSON.stringify({ results: { checks: { "passed,none": value } }, versions: {}, date: 1_782_900_000 });
    put(folder, "results.json", results(0.5));
    const argv = ["evaluation", "add", "results.json", ...onBundle];
    const without = await json(folder, ...argv);
    expect([without.code, codes(without.answer)]).toEqual([1, ["request/shape"]]);
    const { code } = await json(folder, ...argv, "--metric", "checks_passed=0.5");
    expect(code).toBe(0);
    expect(textOf(folder, runFile("20260701t100000z"))).toContain(
      "status: failed\nmetrics: { checks/passed: 0.5, checks_passed: 0.5 }\n",
    );
  });

  it("never takes a run for passed that missed a benchmark of its suite, whatever it says", async () => {
    const folder = await newRegistry();
    put(folder, "run.json", own({ metrics: { checks_passed: 0.5 } }));
    const stated = await json(folder, "evaluation", "add", "run.json");
    expect([stated.code, codes(stated.answer)]).toEqual([1, ["request/disagrees"]]);
    expect(JSON.stringify(stated.answer)).toContain("checks_passed is 0.5, and the suite asks for");
    // All cases passed, and the number did not: the run is recorded as what it is.
    put(folder, "report.xml", report(both).replace('value="1"', 'value="0.5"'));
    const { code } = await json(folder, "evaluation", "add", "report.xml", ...onBundle);
    expect(code).toBe(0);
    expect(textOf(folder, runFile("20260701t090000z"))).toContain("status: failed\n");
  });

  it.each<[string, Readonly<Record<string, string>>, readonly string[], readonly string[], string]>([
    [
      "what no flag says",
      { "r.xml": report(both) },
      ["r.xml"],
      ["request/shape", "request/shape"],
      "Say it with --target",
    ],
    [
      "a case that the suite does not have",
      { "r.xml": report('<testcase name="other"/>') },
      ["r.xml", ...onBundle],
      ["evaluation/unknown-case"],
      'has no case "other"',
    ],
    [
      "a document type",
      { "r.xml": '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x"><x/>' },
      ["r.xml", ...onBundle],
      ["request/results"],
      "declares a document type",
    ],
    ["no run at all", { "r.json": "[]" }, ["r.json"], ["request/shape"], "The list holds no run."],
    [
      "another format than it is said to be",
      { "r.xml": report(both) },
      ["r.xml", "--from", "lm-eval", ...onBundle],
      ["request/results"],
      "No JSON value begins here",
    ],
    [
      "flags that disagree with the file",
      { "r.json": own({}) },
      ["r.json", "--issuer", "identity:x", "--status", "failed"],
      ["request/disagrees"],
      'status is given as "failed"',
    ],
    [
      "a metric that is none",
      { "r.json": own({}) },
      ["r.json", "--metric", "x"],
      ["request/shape"],
      "--metric x is no name and number",
    ],
    [
      "bytes that are no text",
      { "r.xml": "<a>\xff</a>" },
      ["r.xml", ...onBundle],
      ["request/results"],
      "is no report",
    ],
    [
      "a secret in what a test said",
      {
        "r.xml": report(
          `<testcase name="hands-over"><failure message="got ghp_${"a1B2".repeat(9)}"/></testcase>`,
        ),
      },
      ["r.xml", ...onBundle],
      ["secret/token"],
      "",
    ],
  ])("refuses %s, and writes nothing", async (_, files, argv, expected, says) => {
    const folder = await newRegistry();
    for (const [path, text] of Object.entries(files)) put(folder, path, text);
    const before = snapshotOf(folder);
    const { code, answer } = await json(folder, "evaluation", "add", ...argv);
    const found = answer["diagnostics"] as readonly { readonly message: string; readonly hint: string }[];
    expect([code, codes(answer)]).toEqual([1, expected]);
    expect(found.map(({ message, hint }) => `${message} ${hint}`).join(" ")).toContain(says);
    expect(snapshotOf(folder)).toEqual(before);
  });

  it("leaves out what tests said when told to", async () => {
    const folder = await newRegistry();
    put(
      folder,
      "r.xml",
      report('<testcase name="hands-over"><failure message="jane.roe@bank.example"/></testcase>'),
    );
    const { code } = await json(folder, "evaluation", "add", "r.xml", ...onBundle, "--without-messages");
    expect([code, textOf(folder, runFile("20260701t090000z")).includes("jane")]).toEqual([0, false]);
  });

  it("refuses files of 100 MB with the limit, reads no more of them, and pins them by digest instead", async () => {
    const folder = await newRegistry();
    for (const name of ["big.xml", "big.json"]) {
      put(folder, name, "<testsuite>");
      truncateSync(join(folder, name), 100 * 1024 * 1024);
      const { code, answer } = await json(folder, "evaluation", "add", name, ...onBundle);
      const [found] = answer["diagnostics"] as readonly { readonly code: string; readonly message: string }[];
      expect([code, found?.code, found?.message]).toEqual([
        1,
        "request/results",
        "It has 104857600 bytes; at most 16777216 are read.",
      ]);
    }
    put(folder, "mid.json", `[${own({})}]${" ".repeat(5 * 1024 * 1024)}`);
    const mid = await json(folder, "evaluation", "add", "mid.json");
    expect(JSON.stringify(mid.answer["diagnostics"])).toContain("at most 4194304 are read of runs as JSON");
    put(folder, "r.json", own({}));
    const { code } = await json(
      folder,
      "evaluation",
      "add",
      "r.json",
      "--artifact",
      "big.json=https://runs.example/big.json",
    );
    expect(code).toBe(0);
    expect(textOf(folder, runFile("20260701t090000z"))).toContain("size: 104857600\n");
  });

  it("keeps a summary of more cases than an entry holds", async () => {
    const folder = await newRegistry();
    const cases = Array.from(
      { length: 3000 },
      (_, i) => `<testcase name="c${i}">${i % 3 === 0 ? "<failure/>" : ""}</testcase>`,
    );
    put(folder, "r.xml", report(cases.join("")));
    expect((await json(folder, "evaluation", "add", "r.xml", ...onBundle)).code).toBe(0);
    const text = textOf(folder, runFile("20260701t090000z"));
    expect(text).toContain("summary: { total: 3000, passed: 2000, failed: 1000, errors: 0, skipped: 0 }");
    expect(text).toContain("Its 3000 cases are more than an entry holds");
    await expectClean(folder);
  });
});

describe("attested runs", () => {
  const bot = (more: string): string =>
    `title: A runner\ntype: bot\ncontroller: identity:maintainer\n${more}`;
  const runner = "registry/governance/identities/runner.yaml";
  const withIssuer = async (more: string): Promise<string> => {
    const folder = await newRegistry();
    const people = Object.keys(snapshotOf(folder)).filter((path) =>
      path.startsWith("registry/governance/identities/"),
    );
    const human = people[0]?.replace(/^.*\/|\.yaml$/g, "") ?? "";
    put(folder, runner, bot(more).replace("identity:maintainer", `identity:${human}`));
    put(folder, "r.json", own({ issuer: "identity:runner" }));
    return folder;
  };
  const attesting = ["evaluation", "add", "r.json", "--attest"];
  const path = runFile("20260701t090000z");
  const signedBy = async (folder: string): Promise<unknown> => {
    const { answer } = await json(folder, "results", bundle);
    const runs = answer["runs"] as readonly { readonly run: string; readonly attestedBy: unknown }[];
    return runs.find(({ run: ref }) => ref.endsWith("20260701t090000z"))?.attestedBy;
  };
  let sigstore: SigstoreStandIn;
  beforeAll(async () => {
    sigstore = await startSigstore();
  });
  afterAll(() => sigstore.stop());

  it("by a key in the environment, as any verifier of DSSE would check it", async () => {
    const folder = await withIssuer(`keys:\n  - sshPublicKey: ${signingKeyOf("ci").publicKey.text}\n`);
    const host = { ...noon, git: { ASSENT_ISSUER_KEY: privateKeyOf("ci") } };
    expect((await run(attesting, { cwd: folder, host })).code).toBe(0);
    expect(await signedBy(folder)).toBe("identity:runner");
    await expectClean(folder);
    expect((await run([...attesting, "--format", "json"], { cwd: folder, host })).stdout).toContain(
      '"unchanged"',
    );
  });

  it("by a person's key through ssh-keygen", async () => {
    const folder = await withIssuer("");
    const key = newKey(folder, "issuer");
    put(folder, runner, `${textOf(folder, runner)}keys:\n  - sshPublicKey: ${key.publicKey}\n`);
    expect((await run([...attesting, "--key", "issuer"], { cwd: folder })).code).toBe(0);
    expect(await signedBy(folder)).toBe("identity:runner");
    await expectClean(folder);
  });

  it("by a workflow's certificate, and only by the one that is named", async () => {
    const claims = { iss: "https://token.example", sub: "https://x.example/workflow" };
    const named = `sigstore: { issuer: ${claims.iss}, identity: ${claims.sub} }\n`;
    const folder = await withIssuer(named);
    const host = (sub: string) => ({ ...noon, git: { ...sigstore.withToken({ ...claims, sub }) } });
    const without = await run(attesting, { cwd: folder, host: host(claims.sub) });
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining("holds no trusted root")]);
    put(folder, ".github/assent/sigstore-root.json", sigstore.trustedRoot);
    const other = await run(attesting, { cwd: folder, host: host("https://x.example/other") });
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("who is not identity:runner")]);
    const signed = await run(attesting, { cwd: folder, host: host(claims.sub) });
    expect([signed.code, signed.stdout]).toEqual([0, expect.stringContaining("written")]);
    expect(await signedBy(folder)).toBe("identity:runner");
    await expectClean(folder);
    put(folder, path, textOf(folder, path).replace("checks_passed: 1", "checks_passed: 2"));
    expect(await signedBy(folder)).toBe(null);
  });

  it.each<[string, string, Readonly<Record<string, string>>, string]>([
    [
      "a key that is not the issuer's",
      `keys:\n  - sshPublicKey: ${signingKeyOf("ci").publicKey.text}\n`,
      { ASSENT_ISSUER_KEY: privateKeyOf("mallory") },
      "keys/not-in-force",
    ],
    [
      "a key that was revoked",
      `keys:\n  - sshPublicKey: ${signingKeyOf("ci").publicKey.text}\n    revoked: { reason: Lost., since: 1 }\n`,
      { ASSENT_ISSUER_KEY: privateKeyOf("ci") },
      "keys/not-in-force",
    ],
    ["what is no key", "", { ASSENT_ISSUER_KEY: "secret" }, "keys/unusable"],
    ["no key at all", "", {}, "keys/not-found"],
  ])("refuses %s before anything is written, and shows no secret", async (_, more, env, code) => {
    const folder = await withIssuer(more);
    const before = snapshotOf(folder);
    const ran = await run(attesting, { cwd: folder, host: { ...noon, git: { HOME: folder, ...env } } });
    expect([
      ran.code,
      ran.stderr.includes(code),
      ran.stderr.includes("PRIVATE") || ran.stderr.includes("secret"),
    ]).toEqual([2, true, false]);
    expect(snapshotOf(folder)).toEqual(before);
  });

  it("refuses a signature on what is recorded already, and one by nobody", async () => {
    const folder = await withIssuer("");
    expect((await json(folder, "evaluation", "add", "r.json")).code).toBe(0);
    const again = await json(folder, ...attesting);
    expect([again.code, codes(again.answer)]).toEqual([1, ["request/conflict"]]);
    put(folder, "r.json", own({ executedAt: "2026-07-01T10:00:00Z" }));
    const nobody = await run(attesting, { cwd: folder });
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining("usage/issuer")]);
    const key = await run(["evaluation", "add", "r.json", "--key", "x"], { cwd: folder });
    expect([key.code, key.stderr]).toEqual([2, expect.stringContaining("usage/key")]);
  });

  it("a policy that asks for them: the plan refuses a promotion, says why, and lets it pass once a run is signed", async () => {
    const folder = await withIssuer(`keys:\n  - sshPublicKey: ${signingKeyOf("ci").publicKey.text}\n`);
    const policy = "registry/governance/approval-policies/signed-runs.yaml";
    put(
      folder,
      policy,
      "title: Runs are signed\nmatch: { actions: [promote, activate], environments: [environment:stage] }\nrequire: { attestedEvaluations: true }\n",
    );
    put(
      folder,
      "registry/registry.yaml",
      textOf(folder, "registry/registry.yaml").replace("mode: observe", "mode: enforce"),
    );
    const base = commitAll(folder, "Rules");
    const promote = ["promote", "support/reply@1.0.0", "--to", "stage", "--reason", "A try."];
    const refused = await json(folder, ...promote);
    expect([refused.code, codes(refused.answer)]).toEqual([1, ["govern/evaluation-stale"]]);
    expect(JSON.stringify(refused.answer["diagnostics"])).toContain(
      "it is not attested: it has no attestation",
    );
    const live = "registry/live/stage/support/reply.yaml";
    put(folder, live, 'bundle: "1.0.0"\nreason: A try.\n');
    const head = commitAll(folder, "By hand");
    const planned = await json(folder, "plan", "--base", base, "--head", head);
    expect(codes(planned.answer)).toContain("govern/evaluation-stale");
    // A run that is signed, landed first.
    const host = { ...noon, git: { ASSENT_ISSUER_KEY: privateKeyOf("ci") } };
    expect((await run(attesting, { cwd: folder, host })).code).toBe(0);
    const withRun = commitAll(folder, "Measured");
    const passed = await json(folder, "plan", "--base", base, "--head", withRun);
    expect(codes(passed.answer)).not.toContain("govern/evaluation-stale");
  });
});

describe("a promotion", () => {
  it("is refused with every reason before it is written; while a registry observes, it is warned", async () => {
    const folder = await newRegistry();
    put(folder, "r.json", own({ status: "failed", metrics: { checks_passed: 0.5 } }));
    expect((await json(folder, "evaluation", "add", "r.json")).code).toBe(0);
    const promote = ["promote", "support/reply@1.0.0", "--to", "stage", "--reason", "A try.", "--dry-run"];
    const warned = await json(folder, ...promote);
    expect([warned.code, codes(warned.answer)]).toEqual([0, ["govern/gate-unmet"]]);
    put(
      folder,
      "registry/registry.yaml",
      textOf(folder, "registry/registry.yaml").replace("mode: observe", "mode: enforce"),
    );
    const refused = await json(folder, ...promote);
    expect([refused.code, refused.answer["outcome"], codes(refused.answer)]).toEqual([
      1,
      "refused",
      ["govern/gate-unmet"],
    ]);
    expect(JSON.stringify(refused.answer["diagnostics"])).toContain(
      "does not meet checks_passed >= 1: evaluation:support/reply/1.0.0-prompt-checks-20260701t090000z measured 0.5",
    );
  });
});

describe("assent results, assent trend", () => {
  const world = async (): Promise<string> => {
    const folder = await newRegistry();
    put(folder, "a.xml", report(both));
    put(
      folder,
      "b.xml",
      report(
        `${both.replace("<testcase classname", "<testcase  classname").replace('name="hands-over" time="0.5"/>', 'name="hands-over"><failure message="no &lt;b&gt; here"/></testcase>')}`,
      )
        .replaceAll("T09", "T12")
        .replace('"1"/>', '"0.5"/>'),
    );
    for (const name of ["a.xml", "b.xml"])
      expect((await json(folder, "evaluation", "add", name, ...onBundle)).code).toBe(0);
    return folder;
  };

  it("show every run, the gates, and that the best was picked", async () => {
    const folder = await world();
    const { stdout } = await run(["results", "support/reply@1.0.0"], { cwd: folder });
    const digest = /sha256:[0-9a-f]{64}/.exec(stdout)?.[0] ?? "";
    expect(stdout.replace(digest, "<digest>").replaceAll(/ +$/gm, ""))
      .toBe(`bundle:support/reply@1.0.0  Reply 1.0.0
<digest>  3 runs

EXECUTED          SUITE                        STATUS  CASES   checks_passed  pass_rate  SIGNED BY
2026-07-02 00:00  support/prompt-checks@1.0.0  passed  2 of 2  1                         -
2026-07-01 12:00  support/prompt-checks@1.0.0  failed  1 of 2  0.5            0.5        -
2026-07-01 09:00  support/prompt-checks@1.0.0  passed  2 of 2  1              1          -

GATE                WHERE                NEWEST  WORST  BEST  RUNS THAT MEET IT
checks_passed >= 1  everywhere  NOT MET  1       0.5    1     2 of 3
  checks_passed >= 1: 1 run missed it. Every run counts, whichever is the best.

CASE        FAILED IN    OTHER VERSIONS  SAID
hands-over  1 of 3 runs  -               no <b> here
`);
    expect(stdout.split("\n").every((line) => line.length <= 100)).toBe(true);
  });

  it("draw a trend that stands alone, the same bytes each time, with everything escaped", async () => {
    const folder = await world();
    const trend = ["trend", "checks_passed", "--usecase", "support/reply"];
    const draw = async (): Promise<string> =>
      (await run([...trend, "--format", "svg"], { cwd: folder })).stdout;
    const svg = await draw();
    expect(await draw()).toBe(svg);
    const read = readXml(svg);
    expect("root" in read && read.root.name).toBe("svg");
    expect(svg).not.toMatch(/href|script|url\(|http:\/\/(?!www\.w3\.org)/);
    expect([svg.match(/class="good"/g)?.length, svg.match(/class="bad"/g)?.length]).toEqual([2, 1]);
    const text = await run(trend, { cwd: folder });
    expect(text.stdout).toContain(
      "checks_passed of support/reply  3 runs\n█▁█  0.5 to 1\ngate >= 1 everywhere\n",
    );
    const csv = await run([...trend, "--format", "csv"], { cwd: folder });
    expect(csv.stdout.split("\r\n")[2]).toBe(
      `support/reply,checks_passed,2026-07-01T12:00:00Z,1.0.0,0.5,false,${suite},evaluation:support/reply/1.0.0-prompt-checks-20260701t120000z,dev/support/reply`,
    );
  });

  it.each([
    [["results", "role:maintainers"], "usage/no-results"],
    [["results", "support/nothing@1.0.0"], "usage/unknown-entry"],
    [["trend", "check_passed", "--usecase", "support/reply"], "Did you mean checks_passed?"],
    [["trend", "checks_passed"], "usage/missing-flag"],
    [
      ["trend", "checks_passed", "--usecase", "support/reply", "--suite", "support/other@1.0.0"],
      "usage/unknown-entry",
    ],
  ])("%j: %s", async (argv, says) => {
    const { code, stderr } = await run(argv, { cwd: await newRegistry() });
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
  });

  it("coverage: what is in use, and what of it was measured", async () => {
    const folder = await world();
    const texts = Object.fromEntries(
      Object.entries(snapshotOf(folder)).filter(([path]) => path.startsWith("registry/")),
    );
    const { registry } = await loadTree(treeOfTexts(texts));
    const of = (asOf: string): unknown =>
      Object.fromEntries(
        coverageOf(registry, { asOf: asOf as Instant, environment: null, usecase: null }).measures.map(
          ({ id, part, whole, missing }) => [id, [part, whole, ...missing]],
        ),
      );
    const runs = ["20260701t090000z", "20260701t120000z", "20260702t000000z"].map(
      (time) => `evaluation:support/reply/1.0.0-prompt-checks-${time}`,
    );
    const model = "model:openai/gpt-4o-mini@1.0.0";
    const expected = {
      "models-evaluated": [0, 1, model],
      "models-passing": [0, 1, model],
      "bundles-evaluated": [1, 1],
      fresh: [1, 2, model],
      "scopes-gated": [1, 1],
      "gates-measured": [1, 1],
      "gates-met": [0, 1, "scope:dev/support/reply checks_passed >= 1"],
      "suites-used": [1, 1],
      "cases-run": [2, 2],
      "runs-attested": [0, 3, ...runs],
    };
    expect(of("2026-07-02T00:00:00Z")).toEqual(expected);
    expect(of("2027-07-02T00:00:00Z")).toEqual({ ...expected, fresh: [0, 2, bundle, model] });
    expect(of("2026-07-01T00:00:00Z")).toEqual({ ...expected, fresh: [0, 2, bundle, model] });
  });
});

describe("HiveLLM's model test", () => {
  const points = {
    connectivity: 14,
    "command-and-tool-use": 12,
    "cursor-file-operations": 22,
    "task-completeness": 22,
    "compliance-and-safety": 8,
    stability: 8,
  };
  const model = "model:openai/gpt-4o-mini@1.0.0";
  const tested = (more: object): string =>
    JSON.stringify({
      suite: "suite:hivellm/model-test@1.0.0",
      target: model,
      executedAt: "2026-07-01T09:00:00Z",
      cases: Object.keys(points).map((id) => ({ id, status: "passed" })),
      metrics: points,
      ...more,
    });

  it("computes score and class from the points, and refuses others", async () => {
    const folder = await newRegistry();
    expect((await json(folder, "policy", "add", "hivellm-model-test")).code).toBe(0);
    put(folder, "r.json", tested({ class: "contributor" }));
    const refused = await json(folder, "evaluation", "add", "r.json");
    expect([refused.code, codes(refused.answer)]).toEqual([1, ["request/disagrees"]]);
    put(folder, "r.json", tested({ metrics: { ...points, score: 99 } }));
    expect(codes((await json(folder, "evaluation", "add", "r.json")).answer)).toEqual(["request/disagrees"]);
    const { stability: _, ...five } = points;
    put(folder, "r.json", tested({ metrics: five }));
    expect(codes((await json(folder, "evaluation", "add", "r.json")).answer)).toEqual(["request/shape"]);
    put(folder, "r.json", tested({}));
    expect((await json(folder, "evaluation", "add", "r.json")).code).toBe(0);
    const path = "registry/evaluations/openai/gpt-4o-mini/1.0.0-model-test-20260701t090000z.yaml";
    expect(textOf(folder, path)).toContain("score: 86\nclass: general\n");
    await expectClean(folder);
    put(folder, path, textOf(folder, path).replace("stability: 8", "stability: 6"));
    const { answer } = await json(folder, "lint");
    expect(codes(answer)).toEqual(["evaluation/score", "evaluation/score"]);
  });
});
