/**
 * Publishing and recording runs through the front door: what is computed, what is refused and why, and that doing it
 * again does nothing.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { requestCodes } from "../../src/core/author/codes.ts";
import { digestOfBytes } from "../../src/core/model/digest.ts";
import { git } from "../repository-on-disk.ts";
import {
  exampleRegistry,
  examples,
  examplesMissing,
  expectClean,
  json,
  newRegistry,
  put,
  run,
  snapshotOf,
  textOf,
} from "./author-folder.ts";

type Request = Record<string, unknown>;

const evaluation = {
  suite: "suite:support/prompt-checks@1.0.0",
  executedAt: "2026-07-01T09:00:00Z",
  status: "passed",
  metrics: { checks_passed: 1 },
};
const gate = { metric: "checks_passed", operator: ">=", threshold: 1 };

/** A request for a new registry, with nothing in it that can be computed. */
const request = (): Request => ({
  bundle_id: "support/reply",
  bundle_version: "1.1.0",
  bundle: {
    artifacts: [{ role: "prompt", text: "Answer politely.\n" }],
    models: ["model:openai/gpt-4o-mini@1.0.0"],
    provenance: { codeRevision: "abc123" },
  },
  gate_receipt: { gates: [gate] },
  evaluations: [evaluation],
});

const path = "registry/bundles/support/reply/1.1.0.yaml";
const runPath = "registry/evaluations/support/reply/1.1.0-prompt-checks-20260701t090000z.yaml";

async function publish(folder: string, value: Request | string, ...flags: readonly string[]) {
  put(folder, "request.json", typeof value === "string" ? value : JSON.stringify(value));
  return json(folder, "publish", "request.json", ...flags);
}

describe("assent publish", () => {
  it.skipIf(examplesMissing !== undefined)(
    `publish-idempotent${examplesMissing === undefined ? "" : ` (${examplesMissing})`}`,
    async () => {
      const folder = exampleRegistry();
      const file = join(examples, "publish-request.json");
      const digest = "sha256:b614c6427ae2b7c96abbb9c5ae3fd0a7080385a6bb6c7710a034bdfcc449eae0";
      const files = [
        "registry/bundles/fraud/score/1.5.0.yaml",
        "registry/evaluations/fraud/score/1.5.0-regression-20260701t090000z.yaml",
      ];
      const subject = {
        format: "assent.publish/v1",
        bundle_id: "fraud/score",
        bundle_version: "1.5.0",
        digest,
        reasons: [],
        committed: null,
      };
      const first = await json(folder, "publish", file);
      expect(first).toEqual({
        code: 0,
        answer: {
          ...subject,
          status: "ACCEPTED",
          files,
          next: ["assent transition bundle:fraud/score@1.5.0 approved --reason <why>"],
        },
      });
      await expectClean(folder);
      const after = snapshotOf(folder);
      expect(after[files[1] ?? ""]).toBe(`suite: suite:fraud/regression@1.0.0
target: bundle:fraud/score@1.5.0
targetDigest: ${digest}
executedAt: "2026-07-01T09:00:00Z"
status: passed
metrics: { auc_roc: 0.951, precision_at_50: 0.74 }
`);

      const duplicate = { code: 0, answer: { ...subject, status: "DUPLICATE", files: [], next: [] } };
      expect(await json(folder, "publish", file)).toEqual(duplicate);
      expect(snapshotOf(folder)).toEqual(after);
      // Also once it has moved on: what counts is the frozen content.
      expect(
        (
          await run(["transition", "bundle:fraud/score@1.5.0", "approved", "--reason", "Read"], {
            cwd: folder,
          })
        ).code,
      ).toBe(0);
      expect(await json(folder, "publish", file)).toEqual(duplicate);

      const other = JSON.parse(readFileSync(file, "utf8")) as Request;
      put(
        folder,
        "other.json",
        JSON.stringify({
          ...other,
          gate_receipt: { ...(other["gate_receipt"] as Request), issuedAt: "2026-07-01T10:00:01Z" },
        }),
      );
      const rejected = await json(folder, "publish", "other.json");
      expect(rejected).toMatchObject({
        code: 1,
        answer: {
          status: "REJECTED",
          files: [],
          reasons: [{ code: "request/conflict", category: "conflict", retryable: true }],
        },
      });
      expect(String((rejected.answer["reasons"] as Request[])[0]?.["message"])).toContain(digest);
    },
  );

  it("computes what follows: title, state, digests, run names, the receipt's numbers", async () => {
    const folder = await newRegistry();
    expect(await publish(folder, request())).toMatchObject({
      code: 0,
      answer: { status: "ACCEPTED", files: [path, runPath] },
    });
    const digest = /targetDigest: (\S+)/.exec(textOf(folder, runPath))?.[1];
    expect(textOf(folder, path)).toBe(`title: reply 1.1.0
state: candidate
spec:
  artifacts:
    - role: prompt
      text: |
        Answer politely.
  models: [model:openai/gpt-4o-mini@1.0.0]
  provenance: { codeRevision: abc123 }
gateReceipt:
  decision: PASS
  gates:
    - { metric: checks_passed, operator: ">=", threshold: 1, observed: 1, passed: true }
  evaluations: [evaluation:support/reply/1.1.0-prompt-checks-20260701t090000z]
`);
    expect((await json(folder, "show", "bundle:support/reply@1.1.0")).answer["digest"]).toBe(digest);
    await expectClean(folder);
    // Stating all of it, rightly, is the same request.
    const stated = {
      ...request(),
      digest,
      title: "reply 1.1.0",
      state: "candidate",
      evaluations: [
        {
          ...evaluation,
          target: "bundle:support/reply@1.1.0",
          targetDigest: digest,
          run: "1.1.0-prompt-checks-20260701t090000z",
        },
      ],
      gate_receipt: {
        decision: "PASS",
        gates: [{ ...gate, observed: 1, passed: true }],
        evaluations: ["evaluation:support/reply/1.1.0-prompt-checks-20260701t090000z"],
      },
    };
    expect(await publish(folder, stated)).toMatchObject({ code: 0, answer: { status: "DUPLICATE", digest } });
  });

  it("writes datasets that are listed and missing, and refuses one that is not listed", async () => {
    const folder = await newRegistry();
    const weights = {
      role: "model_weights",
      uri: "s3://bundles/reply.onnx",
      digest: digestOfBytes("weights"),
    };
    const provenance = {
      trainingRun: "run-1",
      codeRevision: "abc",
      datasets: ["dataset:support/tickets@1.0.0"],
    };
    const trained = {
      ...request(),
      bundle: { artifacts: [weights, { role: "prompt", text: "x" }], provenance },
    };
    expect(await publish(folder, trained)).toMatchObject({
      code: 1,
      answer: { status: "REJECTED", reasons: [{ code: "ref/missing" }] },
    });
    const datasets = [
      {
        ref: "dataset:support/tickets@1.0.0",
        uri: "s3://data/tickets/",
        digest: digestOfBytes("data"),
        records: 12,
      },
    ];
    const dataset = "registry/datasets/support/tickets/1.0.0.yaml";
    expect(await publish(folder, { ...trained, datasets })).toMatchObject({
      code: 0,
      answer: { status: "ACCEPTED", files: [path, dataset, runPath] },
    });
    expect(textOf(folder, dataset)).toBe(`title: tickets 1.0.0
state: draft
spec:
  uri: s3://data/tickets/
  digest: ${digestOfBytes("data")}
  records: 12
`);
    // The request need not repeat what the dataset says beyond it.
    const less = datasets.map(({ ref, uri, digest }) => ({ ref, uri, digest }));
    expect(await publish(folder, { ...trained, datasets: less })).toMatchObject({
      answer: { status: "DUPLICATE" },
    });
    const moved = [{ ...datasets[0], digest: digestOfBytes("other data") }];
    expect(await publish(folder, { ...trained, datasets: moved })).toMatchObject({
      code: 1,
      answer: { reasons: [{ code: "request/conflict" }] },
    });
  });

  it("reads the bundle and the receipt from files beside the request, by relative and file: names", async () => {
    const folder = await newRegistry();
    const { bundle, gate_receipt: receipt, ...rest } = request();
    put(folder, "parts/bundle 1.json", JSON.stringify(bundle));
    put(folder, "receipt.json", JSON.stringify(receipt));
    const named = {
      ...rest,
      bundle_ref: { uri: "parts/bundle%201.json", digest: digestOfBytes(JSON.stringify(bundle)) },
      gate_receipt: { uri: `file://${folder}/receipt.json`, digest: digestOfBytes(JSON.stringify(receipt)) },
    };
    expect(await publish(folder, named)).toMatchObject({ code: 0, answer: { status: "ACCEPTED" } });
    expect(await publish(folder, request())).toMatchObject({ answer: { status: "DUPLICATE" } });
    // Beside the request and below, and nowhere else, whatever digest a stranger knows.
    for (const uri of [
      "../parts/bundle 1.json",
      "%2e%2e/parts/bundle 1.json",
      `file://${folder}/parts/bundle 1.json`,
      `${folder}/parts/bundle 1.json`,
    ]) {
      put(
        folder,
        "in/request.json",
        JSON.stringify({ ...named, gate_receipt: receipt, bundle_ref: { ...named.bundle_ref, uri } }),
      );
      const { code, answer } = await json(folder, "publish", "in/request.json");
      expect({ uri, code, answer }).toMatchObject({
        uri,
        code: 1,
        answer: { reasons: [{ code: "request/unavailable" }] },
      });
    }
  });

  it("plans with --dry-run, commits to a branch with --branch, and names who submitted", async () => {
    const folder = await newRegistry();
    const sent = {
      ...request(),
      submitted_by: "identity:registry-owner",
      submitted_at_utc: "2026-07-01T10:05:00Z",
    };
    const before = snapshotOf(folder);
    expect(await publish(folder, sent, "--dry-run")).toMatchObject({
      code: 0,
      answer: { status: "ACCEPTED", files: [path, runPath], committed: null, next: [] },
    });
    const committed = await publish(folder, sent, "--branch", "publish/reply");
    expect(committed).toMatchObject({
      code: 0,
      answer: { status: "ACCEPTED", committed: { branch: "publish/reply" } },
    });
    const { "request.json": _, ...rest } = snapshotOf(folder);
    expect(rest).toEqual(before);
    expect(git(folder, ["log", "-1", "--format=%B", "publish/reply"])).toBe(
      "Publish bundle:support/reply@1.1.0\n\nSubmitted by identity:registry-owner at 2026-07-01T10:05:00Z.\n\n",
    );
    expect(git(folder, ["diff", "--name-only", "main", "publish/reply"])).toBe(`${path}\n${runPath}\n`);
  });

  const requestWith = (more: Request): Request => ({ ...request(), ...more });
  const receiptWith = (more: Request): Request => requestWith({ gate_receipt: { gates: [gate], ...more } });
  const runWith = (more: Request): Request => requestWith({ evaluations: [{ ...evaluation, ...more }] });
  const zeros = `sha256:${"0".repeat(64)}`;
  const refused: readonly (readonly [
    what: string,
    request: Request | string,
    codes: readonly string[],
    category: string,
  ])[] = [
    ["no JSON", "not json", ["request/unreadable"], "invalid"],
    ["a key that stands twice", '{"bundle_id":"a/b","bundle_id":"a/c"}', ["request/unreadable"], "invalid"],
    ["a key that reaches into JavaScript", '{"__proto__":{"x":1}}', ["request/unreadable"], "invalid"],
    ["endless nesting", `${'{"a":'.repeat(100)}1${"}".repeat(100)}`, ["request/unreadable"], "invalid"],
    ["a number without end", '{"a":1e999}', ["request/unreadable"], "invalid"],
    ["a text that turns the reading order", `{"a":"\u202e"}`, ["request/unreadable"], "invalid"],
    [
      "more than 4 MiB",
      JSON.stringify({ a: "x".repeat(4 * 1024 * 1024) }),
      ["request/unreadable"],
      "invalid",
    ],
    ["a list", "[]", ["request/shape"], "invalid"],
    ["nothing in it", {}, ["request/shape", "request/shape", "request/shape", "request/shape"], "invalid"],
    ["a misspelt key", requestWith({ evaluatons: [] }), ["request/shape"], "invalid"],
    [
      "an id that leads elsewhere",
      requestWith({ bundle_id: "../../etc/passwd" }),
      ["request/shape"],
      "invalid",
    ],
    [
      "a version with build metadata",
      requestWith({ bundle_version: "1.1.0+1" }),
      ["request/shape"],
      "invalid",
    ],
    ["another title", requestWith({ title: "Reply" }), ["request/disagrees"], "invalid"],
    ["another state", requestWith({ state: "approved" }), ["request/disagrees"], "invalid"],
    ["another digest", requestWith({ digest: zeros }), ["request/disagrees"], "invalid"],
    ["another digest of the target", runWith({ targetDigest: zeros }), ["request/disagrees"], "invalid"],
    ["another name of the run", runWith({ run: "1.1.0-x" }), ["request/disagrees"], "invalid"],
    [
      "another sum of the cases",
      runWith({
        cases: [{ id: "a", status: "passed" }],
        summary: { total: 2, passed: 2, failed: 0, errors: 0, skipped: 0 },
      }),
      ["request/disagrees"],
      "invalid",
    ],
    ["a stranger", requestWith({ submitted_by: "identity:mallory" }), ["request/submitter"], "auth"],
    [
      "a file on the network",
      requestWith({ bundle: undefined, bundle_ref: { uri: "https://example.com/b.json", digest: zeros } }),
      ["request/unavailable"],
      "unavailable",
    ],
    [
      "a file of the machine",
      requestWith({ bundle: undefined, bundle_ref: { uri: "file:///etc/passwd", digest: zeros } }),
      ["request/unavailable"],
      "unavailable",
    ],
    [
      "a file above",
      requestWith({ bundle: undefined, bundle_ref: { uri: "%2e%2e/outside.json", digest: zeros } }),
      ["request/unavailable"],
      "unavailable",
    ],
    [
      "a file that is not there",
      requestWith({ gate_receipt: { uri: "none.json", digest: zeros } }),
      ["request/unavailable"],
      "unavailable",
    ],
    [
      "a file of another digest",
      requestWith({ gate_receipt: { uri: "registry/registry.yaml", digest: zeros } }),
      ["request/digest"],
      "invalid",
    ],
    [
      "a bundle and where it is",
      requestWith({ bundle_ref: { uri: "x.json", digest: zeros } }),
      ["request/shape"],
      "invalid",
    ],
    [
      "a gate that failed",
      requestWith({
        gate_receipt: { gates: [gate] },
        evaluations: [{ ...evaluation, status: "failed", metrics: { checks_passed: 0.5 } }],
      }),
      ["bundle/receipt-not-pass"],
      "gate",
    ],
    [
      "a PASS against its own numbers",
      receiptWith({ decision: "PASS", gates: [{ ...gate, observed: 0.5, passed: false }] }),
      ["bundle/receipt-disagrees", "bundle/receipt-observed"],
      "gate",
    ],
    [
      "numbers that nobody measured",
      receiptWith({ gates: [{ ...gate, observed: 2 }] }),
      ["bundle/receipt-observed"],
      "gate",
    ],
    [
      "no gates where the use case has some",
      requestWith({ gate_receipt: { decision: "PASS", gates: [] } }),
      ["bundle/receipt-vacuous"],
      "gate",
    ],
    ["no use case", requestWith({ bundle_id: "support/nothing" }), ["bundle/usecase-missing"], "invalid"],
    [
      "a suite that does not exist",
      runWith({ suite: "suite:support/none@1.0.0" }),
      ["ref/missing"],
      "invalid",
    ],
    [
      "two contents for one run",
      requestWith({
        evaluations: [evaluation, { ...evaluation, status: "failed", metrics: { checks_passed: 0 } }],
      }),
      ["request/conflict"],
      "conflict",
    ],
  ];

  it("refuses what is wrong, with the reason, and writes nothing", async () => {
    const folder = await newRegistry();
    const before = snapshotOf(folder);
    const seen = new Set<string>();
    for (const [what, value, codes, category] of refused) {
      const { code, answer } = await publish(folder, value);
      const reasons = answer["reasons"] as {
        readonly code: string;
        readonly category: string;
        readonly retryable: boolean;
      }[];
      expect({
        what,
        code,
        status: answer["status"],
        codes: reasons.map((each) => each.code).sort(),
      }).toEqual({ what, code: 1, status: "REJECTED", codes });
      expect({ what, categories: new Set(reasons.map((each) => each.category)) }).toEqual({
        what,
        categories: new Set([category]),
      });
      const retryable = category === "conflict" || category === "unavailable";
      expect({ what, retryable: reasons.every((each) => each.retryable === retryable) }).toEqual({
        what,
        retryable: true,
      });
      for (const each of codes) seen.add(each);
      const { "request.json": _, ...rest } = snapshotOf(folder);
      expect({ what, rest }).toEqual({ what, rest: before });
    }
    // Results of other programs are tried in evaluations.test.ts.
    const rest = requestCodes.map((each) => each.code).filter((each) => !seen.has(each));
    expect(rest).toEqual(["request/results"]);
  });

  it("points into the request, and escapes what a stranger wrote", async () => {
    const folder = await newRegistry();
    put(
      folder,
      "request.json",
      `{\n  "bundle_id": "support/reply",\n  "bundle_version": "1.1.0",\n  "\\u001b[31mred": 1\n}\n`,
    );
    const { code, stdout } = await run(["publish", "request.json"], { cwd: folder });
    expect(code).toBe(1);
    expect(stdout).not.toContain("\u001b");
    put(
      folder,
      "request.json",
      `{\n  "bundle_id": "support/reply",\n  "bundle_version": "1.1.0",\n  "gate_reciept": {}\n}\n`,
    );
    const told = (await run(["publish", "request.json"], { cwd: folder })).stdout;
    expect(told).toContain("request.json:4:");
    expect(told).toContain("Did you mean gate_receipt?");
    expect(told).toContain("REJECTED  support/reply 1.1.0\n  Nothing was written.");
  });
});

describe("assent evaluation add", () => {
  const target = "bundle:support/reply@1.0.0";
  const recorded = "registry/evaluations/support/reply/1.0.0-prompt-checks-20260701t090000z.yaml";
  const cases = [
    { id: "hands-over", status: "passed" },
    { id: "asks-for-no-secrets", status: "skipped" },
  ];
  const ran = {
    target,
    suite: evaluation.suite,
    executedAt: evaluation.executedAt,
    metrics: evaluation.metrics,
    cases,
  };

  async function add(folder: string, value: unknown, ...flags: readonly string[]) {
    put(folder, "run.json", typeof value === "string" ? value : JSON.stringify(value));
    return json(folder, "evaluation", "add", "run.json", ...flags);
  }

  it("fills in digest, summary, status and name; the same run again changes nothing", async () => {
    const folder = await newRegistry();
    const digest = (await json(folder, "show", target)).answer["digest"];
    const refs = ["evaluation:support/reply/1.0.0-prompt-checks-20260701t090000z"];
    expect(await add(folder, ran)).toMatchObject({
      code: 0,
      answer: {
        format: "assent.write/v1",
        outcome: "written",
        refs,
        files: [{ path: recorded, change: "added" }],
      },
    });
    expect(textOf(folder, recorded)).toBe(`suite: suite:support/prompt-checks@1.0.0
target: bundle:support/reply@1.0.0
targetDigest: ${String(digest)}
executedAt: "2026-07-01T09:00:00Z"
status: passed
cases:
  - { id: hands-over, status: passed }
  - { id: asks-for-no-secrets, status: skipped }
summary: { total: 2, passed: 1, failed: 0, errors: 0, skipped: 1 }
metrics: { checks_passed: 1 }
`);
    await expectClean(folder);
    expect(await add(folder, [ran, ran])).toMatchObject({
      code: 0,
      answer: { outcome: "unchanged", files: [] },
    });
    expect(await add(folder, { ...ran, metrics: { checks_passed: 0 } })).toMatchObject({
      code: 1,
      answer: { outcome: "refused", diagnostics: [{ code: "request/conflict" }] },
    });
  });

  it.each([
    [
      "the worst case decides",
      [
        { id: "hands-over", status: "failed" },
        { id: "asks-for-no-secrets", status: "error" },
      ],
      "error",
    ],
    [
      "a failed case fails the run",
      [
        { id: "hands-over", status: "failed" },
        { id: "asks-for-no-secrets", status: "passed" },
      ],
      "failed",
    ],
    ["nothing but skipped cases", [{ id: "hands-over", status: "skipped" }], "skipped"],
  ])("%s", async (_what, given, status) => {
    const folder = await newRegistry();
    expect((await add(folder, { ...ran, cases: given, metrics: {} })).code).toBe(0);
    expect(textOf(folder, recorded)).toContain(`\nstatus: ${status}\n`);
  });

  it("refuses what is wrong, all of it at once, and writes none of the runs", async () => {
    const folder = await newRegistry();
    const before = snapshotOf(folder);
    const wrong = [
      { ...ran, target: "bundle:support/reply@9.9.9" },
      { ...ran, targetDigest: `sha256:${"0".repeat(64)}` },
      { ...ran, executedAt: "yesterday" },
      "no object",
      { ...ran, executedAt: "2026-07-01T09:00:01Z" },
    ];
    const { code, answer } = await add(folder, wrong);
    expect({ code, outcome: answer["outcome"] }).toEqual({ code: 1, outcome: "refused" });
    const codes = (answer["diagnostics"] as { readonly code: string }[]).map((each) => each.code).sort();
    expect(codes).toEqual(["request/disagrees", "request/shape", "request/shape", "request/shape"]);
    expect(await add(folder, { ...ran, metrics: undefined })).toMatchObject({
      code: 1,
      answer: { diagnostics: [{ code: "schema/required" }] },
    });
    const { "run.json": _, ...rest } = snapshotOf(folder);
    expect(rest).toEqual(before);
  });
});
