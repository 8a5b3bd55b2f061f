/** new, clone and edit through the front door: what is filled in, what is asked for, what is refused. */
import { describe, expect, it } from "vitest";
import { kinds } from "../../src/core/kinds/index.ts";
import { digestOfBytes } from "../../src/core/model/digest.ts";
import { git } from "../repository-on-disk.ts";
import { expectClean, json, newRegistry, put, run, snapshotOf, textOf } from "./author-folder.ts";

interface Asked {
  readonly path: string;
  readonly type: string;
  readonly choices: readonly string[];
}

/** What a refused command asks for: the paths, and what to type. */
async function asked(folder: string, ...argv: readonly string[]): Promise<readonly string[]> {
  const before = snapshotOf(folder);
  const { code, answer } = await json(folder, ...argv);
  expect({ code, outcome: answer["outcome"], files: answer["files"] }).toEqual({
    code: 1,
    outcome: "refused",
    files: [],
  });
  expect(snapshotOf(folder)).toEqual(before);
  return (answer["missing"] as readonly Asked[]).map(({ type }) => type);
}

async function written(
  folder: string,
  ...argv: readonly string[]
): Promise<Readonly<Record<string, unknown>>> {
  const { code, answer } = await json(folder, ...argv);
  expect({ code, outcome: answer["outcome"], diagnostics: answer["diagnostics"] }).toMatchObject({
    code: 0,
    outcome: "written",
  });
  return answer;
}

/** The code and the hint of what stopped a command before it did anything. */
async function failed(folder: string, ...argv: readonly string[]): Promise<string> {
  const { code, answer } = await json(folder, ...argv);
  expect(code).toBe(2);
  return `${String(answer["code"])}: ${String(answer["hint"])}`;
}

describe("assent new", () => {
  it("writes what has one right answer, and asks for the rest with what to type", async () => {
    const folder = await newRegistry();
    expect((await written(folder, "new", "environment", "live"))["files"]).toEqual([
      { path: "registry/governance/environments/live.yaml", change: "added" },
    ]);
    expect(textOf(folder, "registry/governance/environments/live.yaml")).toBe("title: Live\nrank: 40\n");
    // The role that owns the path, the only identity, the provider of the namespace.
    await written(folder, "new", "role", "readers", "--set", "githubTeam=@acme/readers");
    expect(textOf(folder, "registry/governance/roles/readers.yaml")).toBe(
      'title: Readers\nmembers: [identity:registry-owner]\ngithubTeam: "@acme/readers"\n',
    );

    expect(await asked(folder, "new", "usecase", "support/triage")).toEqual([
      "--set 'purpose=<text>'",
      "--set riskTier=low",
    ]);
    await written(
      folder,
      "new",
      "usecase",
      "support/triage",
      "--set",
      "purpose=Sort what comes in.",
      "--set",
      "riskTier=low",
    );
    expect(textOf(folder, "registry/usecases/support/triage.yaml")).toBe(
      "title: Triage\nowner: role:maintainers\npurpose: Sort what comes in.\nriskTier: low\n",
    );

    expect(await asked(folder, "new", "model", "openai/gpt-5@1.0.0")).toEqual(["--set spec.type=completion"]);
    expect(
      await asked(folder, "new", "model", "openai/gpt-5@1.0.0", "--set", "spec.type=completion"),
    ).toEqual(["--set facts.capabilities.contextLength=128000"]);
    await written(
      folder,
      "new",
      "model",
      "openai/gpt-5@1.0.0",
      "--set",
      "spec.type=completion",
      "--set",
      "facts.capabilities.contextLength=400000",
      "--set",
      "spec.upstreamId=gpt-5",
    );
    expect(textOf(folder, "registry/models/openai/gpt-5/1.0.0.yaml")).toBe(`title: Gpt 5
owner: role:maintainers
state: experimental
spec:
  provider: provider:openai
  upstreamId: gpt-5
  type: completion
facts:
  capabilities: { contextLength: 400000 }
`);
    await expectClean(folder);
  });

  it("never makes up a digest, and asks for each missing field only once", async () => {
    const folder = await newRegistry();
    const all = [];
    for (const { prefix, shape } of kinds) {
      if (shape === "run" || shape === "singleton") continue;
      const id = {
        named: "x",
        namespaced: "x/y",
        versioned: "x/y@1.0.0",
        aliases: "model/openai/gpt-4o-mini",
        scope: "stage/support/reply",
      }[shape];
      const { answer } = await json(folder, "new", prefix, id, "--dry-run");
      const types = ((answer["missing"] ?? []) as readonly Asked[]).map(({ type }) => type);
      expect({ prefix, twice: types.length - new Set(types).size }).toEqual({ prefix, twice: 0 });
      all.push(...types);
    }
    expect(all.filter((type) => /sha256:[0-9a-f]{10}/.test(type))).toEqual([]);
    expect(all).toContain("--set 'spec.digest=sha256:<64 hex digits, from sha256sum>'");
  });

  it("starts from an older version: state, reason, receipt and changelog stay behind, a text file becomes inline", async () => {
    const folder = await newRegistry();
    await written(
      folder,
      "new",
      "usecase",
      "support/triage",
      "--set",
      "purpose=Sort.",
      "--set",
      "riskTier=low",
    );
    put(folder, "prompt.txt", "Sort the question.\n");
    const first = [
      "new",
      "bundle",
      "support/triage@1.0.0",
      "--artifact",
      "prompt=prompt.txt",
      "--set",
      "spec.provenance.codeRevision=abc",
      "--set",
      "spec.changelog=First.",
    ];
    await written(folder, ...first);
    const path = "registry/bundles/support/triage/1.0.0.yaml";
    expect(textOf(folder, path)).toBe(`title: Triage 1.0.0
owner: role:maintainers
state: candidate
spec:
  artifacts:
    - role: prompt
      text: |
        Sort the question.
  provenance: { codeRevision: abc }
  changelog: First.
gateReceipt: { decision: PASS, gates: [] }
`);
    expect(await json(folder, ...first)).toMatchObject({ code: 0, answer: { outcome: "unchanged" } });
    await written(folder, "transition", "bundle:support/triage@1.0.0", "approved", "--reason", "Read");
    put(folder, "prompt.txt", "Sort the question well.\n");
    expect(await failed(folder, ...first)).toBe(
      "author/exists: Choose a new version, and start from this one: --from bundle:support/triage@1.0.0.",
    );
    const answer = await written(
      folder,
      "new",
      "bundle",
      "support/triage@1.1.0",
      "--from",
      "support/triage",
      "--artifact",
      "prompt=prompt.txt",
    );
    expect(answer["next"]).toEqual([
      "assent show bundle:support/triage@1.1.0",
      "assent lint --base HEAD",
      "assent transition bundle:support/triage@1.1.0 approved --reason <why>",
    ]);
    expect(textOf(folder, "registry/bundles/support/triage/1.1.0.yaml")).toBe(
      textOf(folder, path)
        .replace("1.0.0", "1.1.0")
        .replace("state: approved\nreason: Read\n", "state: candidate\n")
        .replace("question.", "question well.")
        .replace("  changelog: First.\n", ""),
    );
    await expectClean(folder);
  });

  it("computes digest and size of other files and asks where they are, and what trained them", async () => {
    const folder = await newRegistry();
    await written(
      folder,
      "new",
      "usecase",
      "support/rank",
      "--set",
      "purpose=Rank.",
      "--set",
      "riskTier=low",
    );
    await written(
      folder,
      "new",
      "dataset",
      "support/clicks@1.0.0",
      "--set",
      "spec.uri=s3://data/clicks/",
      "--set",
      `spec.digest=${digestOfBytes("clicks")}`,
    );
    const bytes = new Uint8Array([0, 255, 1]);
    put(folder, "rank.onnx", bytes);
    const first = ["new", "bundle", "support/rank@1.0.0", "--artifact", "model_weights=rank.onnx"];
    expect(await asked(folder, ...first)).toEqual([
      "--set spec.artifacts.0.uri=s3://models/fraud/scorer-2.1.0.onnx",
      "--set spec.provenance.trainingRun=run-1.4.0",
    ]);
    await written(
      folder,
      ...first,
      "--set",
      "spec.artifacts.0.uri=s3://w/1.onnx",
      "--set",
      "spec.provenance.trainingRun=run-1",
    );
    const text = textOf(folder, "registry/bundles/support/rank/1.0.0.yaml");
    expect(text).toContain(`uri: s3://w/1.onnx\n      digest: ${digestOfBytes(bytes)}\n      size: 3\n`);
    // The only dataset there is was the one answer; another file of weights asks for its own run.
    expect(text).toContain("provenance: { trainingRun: run-1, datasets: [dataset:support/clicks@1.0.0] }");
    put(folder, "rank.onnx", "other");
    const second = ["new", "bundle", "support/rank@1.1.0", "--from", "support/rank"];
    expect(
      await asked(
        folder,
        ...second,
        "--artifact",
        "model_weights=rank.onnx",
        "--set",
        "spec.artifacts.0.uri=s3://w/2.onnx",
      ),
    ).toEqual(["--set spec.provenance.trainingRun=run-1.4.0"]);
    // The same bytes are where they were.
    put(folder, "rank.onnx", bytes);
    await written(folder, ...second, "--artifact", "model_weights=rank.onnx");
    expect(textOf(folder, "registry/bundles/support/rank/1.1.0.yaml")).toContain("uri: s3://w/1.onnx\n");
    second[2] = "support/rank@1.2.0";
    // An address that changed alone leaves no digest behind that was another file's.
    expect(
      await asked(
        folder,
        ...second,
        "--set",
        "spec.artifacts.0.uri=s3://w/2.onnx",
        "--set",
        "spec.provenance.trainingRun=run-2",
      ),
    ).toEqual(["--set 'spec.artifacts.0.digest=sha256:<64 hex digits, from sha256sum>'"]);
  });

  it("leaves a bundle with gates to publish, and runs to evaluation add", async () => {
    const folder = await newRegistry();
    expect(await asked(folder, "new", "bundle", "support/reply@1.1.0", "--from", "support/reply")).toEqual([
      "assent publish <request.json>",
    ]);
    expect(
      await asked(folder, "new", "bundle", "support/nothing@1.0.0", "--from", "bundle:support/reply@1.0.0"),
    ).toEqual(["assent new usecase support/nothing"]);
    expect(await failed(folder, "new", "evaluation", "support/reply/x")).toContain(
      "usage/tool-writes-it: Record its result: assent evaluation add",
    );
  });

  it("reads values as the field wants them", async () => {
    const folder = await newRegistry();
    const sets = [
      "spec.upstreamId=42", // a text, although JSON says number
      "serving.pricing.currency=USD",
      "serving.pricing.inputPerMillionTokens=2.50", // the digits stay
      "facts.capabilities.contextLength=unknown", // number or word
      "facts.openWeights=false",
      'tags=["a","b"]',
      "tags.2=c",
      "labels.team\\.name=core",
      'title="In quotes"',
      "facts.capabilities.modalities.input.0=text",
    ].flatMap((set) => ["--set", set]);
    await written(folder, "new", "model", "openai/m@1.0.0", "--set", "spec.type=completion", ...sets);
    expect(textOf(folder, "registry/models/openai/m/1.0.0.yaml")).toBe(`title: In quotes
owner: role:maintainers
labels: { team.name: core }
tags: [a, b, c]
state: experimental
spec:
  provider: provider:openai
  upstreamId: "42"
  type: completion
facts:
  capabilities: { contextLength: unknown, modalities: { input: [text] } }
  openWeights: false
serving:
  pricing:
    currency: USD
    inputPerMillionTokens: "2.50"
`);
  });

  it.each([
    [["new", "modle", "x/y@1.0.0"], "usage/unknown-kind: Did you mean model?"],
    [
      ["new", "model", "x/y"],
      "usage/id: Write the version as well: x/y@1.0.0. Names are lower-case letters, digits, dots, dashes and underscores.",
    ],
    [
      ["new", "model", "../../etc@1.0.0"],
      "usage/id: Write <namespace>/<name>@<version>, such as fraud/score@1.0.0. Names are lower-case letters, digits, dots, dashes and underscores.",
    ],
    [["new", "model", "x/y@1.0.0", "--set", "spec.provder=1"], "usage/path: Did you mean spec.provider?"],
    [["new", "model", "x/y@1.0.0", "--set", "upstreamId=1"], "usage/path: Did you mean spec.upstreamId?"],
    [["new", "model", "x/y@1.0.0", "--set", "tags.1=x"], "usage/path: Write tags.0 to add one."],
    [["new", "model", "x/y@1.0.0", "--set", "title.x=1"], "usage/path: title holds a single value."],
    [
      ["new", "model", "x/y@1.0.0", "--set", "spec.interface.input.__proto__.x=1"],
      "usage/path: Write the keys from the outside in, divided by dots, such as spec.artifacts.0.uri.",
    ],
    [
      ["new", "model", "x/y@1.0.0", "--set", "title"],
      "usage/set: Write --set title='Fraud score', for example.",
    ],
    [
      ["new", "bundle", "support/reply@2.0.0", "--artifact", "promt=registry/registry.yaml"],
      "usage/artifact: Did you mean prompt?",
    ],
    [
      ["new", "bundle", "support/reply@2.0.0", "--artifact", "prompt=registry"],
      "file/unreadable: Check the path and that you may read the file.",
    ],
    [
      ["new", "bundle", "support/reply@2.0.0", "--artifact", "prompt=none.txt"],
      "file/unreadable: Check the path and that you may read the file.",
    ],
    [
      ["new", "provider", "x", "--artifact", "prompt=registry/registry.yaml"],
      "usage/artifact: Bundles, models and configs have; elsewhere use --set.",
    ],
    [
      ["new", "model", "x/y@1.0.0", "--from", "openai/gpt-4o-mny@1.0.0"],
      "usage/unknown-entry: Did you mean openai/gpt-4o-mini@1.0.0?",
    ],
    [
      ["edit", "model", "--set", "title=x", "--reason", "r"],
      "usage/where-missing: Add --where <cel>; --where true means all of them.",
    ],
    [
      ["edit", "model", "--where", "true", "--reason", "r"],
      "usage/set: Add --set path=value or --unset path.",
    ],
    [
      ["edit", "model", "--where", "spec.provder == 'x'", "--set", "title=x", "--reason", "r"],
      "usage/where: ",
    ],
  ])("refuses %j and says what to type instead", async (argv, told) => {
    const folder = await newRegistry();
    const before = snapshotOf(folder);
    expect((await failed(folder, ...argv)).slice(0, told.length)).toBe(told);
    expect(snapshotOf(folder)).toEqual(before);
  });

  it("shows in words what is missing, and escapes what stands in the registry", async () => {
    const folder = await newRegistry();
    const { code, stdout } = await run(["new", "usecase", "support/triage", "--set", "purpose=Sort."], {
      cwd: folder,
    });
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: `refused  usecase:support/triage
  Nothing was written.

Still missing:
  --set riskTier=low
      How much harm a wrong answer does. Approval policies ask for more as it rises.
      one of low, medium, high, critical
`,
    });
    const wrong = await run(
      ["new", "usecase", "support/triage", "--set", "purpose=\u001b[31mred", "--set", "riskTier=low"],
      { cwd: folder },
    );
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).not.toContain("\u001b");
  });
});

describe("assent clone", () => {
  it("copies what an entry says, not where it stands", async () => {
    const folder = await newRegistry();
    await written(folder, "clone", "suite:support/prompt-checks@1.0.0", "support/tone@1.0.0");
    const [from, to] = ["prompt-checks", "tone"].map((name) =>
      textOf(folder, `registry/suites/support/${name}/1.0.0.yaml`),
    );
    expect(to).toContain("title: Tone\nowner: role:maintainers\nstate: draft\nspec:\n");
    // Comments belong to the file, the content to the entry.
    expect(to?.slice(to.indexOf("spec:"))).toBe(from?.slice(from.indexOf("spec:")));
    await expectClean(folder);
  });

  it("refuses a copy that could be taken for the original", async () => {
    const folder = await newRegistry();
    const model = await json(folder, "clone", "model:openai/gpt-4o-mini@1.0.0", "openai/other@1.0.0");
    expect(model).toMatchObject({
      code: 1,
      answer: { outcome: "refused", diagnostics: [{ code: "model/duplicate" }] },
    });
  });
});

describe("assent edit", () => {
  const path = "registry/models/openai/gpt-4o-mini/1.0.0.yaml";

  it("changes every entry that the expression chooses, keeps comments and lines, and commits as one", async () => {
    const folder = await newRegistry();
    await written(
      folder,
      "new",
      "model",
      "openai/embed@1.0.0",
      "--set",
      "spec.type=embedding",
      "--set",
      "spec.upstreamId=embed",
    );
    git(folder, ["add", "-A"]);
    git(folder, ["commit", "-qm", "More"]);
    const before = textOf(folder, path);
    const edit = [
      "edit",
      "model",
      "--where",
      'spec.provider == "provider:openai"',
      "--set",
      "labels.tier=gold",
      "--reason",
      "They count",
    ];
    expect(await written(folder, ...edit, "--commit")).toMatchObject({
      matched: 2,
      refs: ["model:openai/embed@1.0.0", "model:openai/gpt-4o-mini@1.0.0"],
      committed: { branch: "main" },
    });
    expect(textOf(folder, path)).toBe(
      before.replace("owner: role:maintainers\n", "owner: role:maintainers\nlabels: { tier: gold }\n"),
    );
    expect(git(folder, ["log", "-1", "--format=%B"])).toBe(
      'Edit 2 entries of kind Model\n\nThey count\n\nWhere spec.provider == "provider:openai": labels.tier=gold.\n\n',
    );
    expect(git(folder, ["status", "--porcelain"])).toBe("");
    expect(await json(folder, ...edit)).toMatchObject({
      code: 0,
      answer: { outcome: "unchanged", matched: 2, refs: [] },
    });
    await written(
      folder,
      "edit",
      "model",
      "--where",
      'spec.type == "completion"',
      "--unset",
      "labels",
      "--reason",
      "Enough",
    );
    expect(textOf(folder, path)).toBe(before);
  });

  it("is refused as a whole when one entry would become invalid or landed content would change", async () => {
    const folder = await newRegistry();
    await written(
      folder,
      "new",
      "usecase",
      "support/triage",
      "--set",
      "purpose=Sort.",
      "--set",
      "riskTier=low",
    );
    const before = snapshotOf(folder);
    const frozen = await json(
      folder,
      "edit",
      "bundle",
      "--where",
      "true",
      "--set",
      "spec.changelog=New",
      "--reason",
      "r",
    );
    expect(frozen).toMatchObject({ code: 1, answer: { outcome: "refused" } });
    expect(frozen.answer["diagnostics"]).toContainEqual(
      expect.objectContaining({ code: "change/frozen", file: "registry/bundles/support/reply/1.0.0.yaml" }),
    );
    const invalid = await json(
      folder,
      "edit",
      "usecase",
      "--where",
      "true",
      "--set",
      "riskTier=huge",
      "--reason",
      "r",
    );
    expect(invalid).toMatchObject({ code: 1, answer: { outcome: "refused", matched: 2 } });
    expect(snapshotOf(folder)).toEqual(before);
  });

  it("gives the reason where the entry itself states one", async () => {
    const folder = await newRegistry();
    await written(
      folder,
      "edit",
      "model",
      "--where",
      "true",
      "--set",
      "state=beta",
      "--reason",
      "Tried for a month",
    );
    expect(textOf(folder, path)).toContain("state: beta\nreason: Tried for a month\n");
    await written(folder, "edit", "usecase", "--where", "true", "--unset", "expected", "--reason", "None");
    await written(
      folder,
      "edit",
      "activation",
      "--where",
      "true",
      "--set",
      "bundle=none",
      "--reason",
      "Paused",
    );
    expect(textOf(folder, "registry/live/dev/support/reply.yaml")).toContain(
      'bundle: "none"\nreason: Paused\n',
    );
  });

  it("takes away what is there, and nothing where nothing is", async () => {
    const folder = await newRegistry();
    const before = snapshotOf(folder);
    const edit = [
      "edit",
      "model",
      "--where",
      "true",
      "--unset",
      "serving.pricing.currency",
      "--unset",
      "labels.x",
      "--reason",
      "r",
    ];
    expect(await json(folder, ...edit)).toMatchObject({
      code: 0,
      answer: { outcome: "unchanged", matched: 1, refs: [], unreadable: 0 },
    });
    expect(snapshotOf(folder)).toEqual(before);
    await written(
      folder,
      "clone",
      "model:openai/gpt-4o-mini@1.0.0",
      "openai/small@1.0.0",
      "--set",
      "spec.upstreamId=small",
      "--unset",
      "facts.capabilities.modalities",
    );
    expect(textOf(folder, "registry/models/openai/small/1.0.0.yaml")).toContain(
      "facts:\n  capabilities: { contextLength: 128000, maxOutputTokens: 16384 }\n",
    );
  });

  it("says when nothing matches", async () => {
    const folder = await newRegistry();
    const { code, stdout } = await run(
      ["edit", "model", "--where", "false", "--set", "title=x", "--reason", "r"],
      { cwd: folder },
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: "unchanged  no entry matches\n" });
  });
});
