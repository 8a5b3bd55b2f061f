/**
 * Lineage, impact and exports as people use them, on this repository's own registry: drawings that other programs read,
 * an exchange that is planned, applied with git and lints clean, and exports held against the official schemas.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, it } from "vitest";
import { run } from "../cli.ts";
import { readXml, type Element } from "../core/xml.ts";
import { git, plainEnvironment } from "../repository-on-disk.ts";
import { commitAll } from "./registry-folder.ts";

const root = join(import.meta.dirname, "../..");
let folder = "";

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "assent-lineage-")));
  git(folder, ["init", "-q", "-b", "main", "."]);
  for (const name of ["registry", "CODEOWNERS"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  commitAll(folder, "Begin");
  return () => rmSync(folder, { recursive: true, force: true });
});

const out = async (...argv: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await run(argv, { cwd: folder });
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
};

/** Back to what was committed, for the next test. */
function restore(): void {
  git(folder, ["reset", "-q", "--hard", "HEAD"]);
  git(folder, ["clean", "-fdq"]);
}

const bundle = "bundle:support/assistant@1.1.0";
const old = "model:anthropic/claude-sonnet-5@1.0.0";
const next = "model:openai/gpt-5.5@1.0.0";

async function nodesOf(ref: string): Promise<number> {
  const { nodes } = JSON.parse(await out("lineage", ref, "--format", "json")) as {
    readonly nodes: unknown[];
  };
  return nodes.length;
}

describe("lineage", () => {
  it("is two trees; what stands in several places is opened once", async () => {
    expect(await out("lineage", "pipeline:support/answer@1.0.0")).toMatchInlineSnapshot(`
      "pipeline:support/answer@1.0.0  active

      comes from
      ├─ configured by config:support/assistant-prompt@1.1.0  active
      ├─ uses model:anthropic/claude-sonnet-5@1.0.0  production
      │  └─ uses provider:anthropic
      └─ uses model:openai/text-embedding-3-small@1.0.0  production
         └─ uses provider:openai

      goes into
      ├─ needed by bundle:support/assistant@1.0.0  approved
      │  └─ used by scope:prod/support/assistant
      └─ needed by bundle:support/assistant@1.1.0  approved
         ├─ used by scope:dev/support/assistant
         └─ used by scope:stage/support/assistant
      "
    `);
  });

  it("shows the past, and what came and went since", async () => {
    const path = "registry/bundles/support/assistant/1.1.0.yaml";
    const text = readFileSync(join(folder, path), "utf8");
    writeFileSync(join(folder, path), text.replace(`${old}, `, ""));
    const difference = await out("lineage", bundle, "--up", "--depth", "1", "--diff", "HEAD..");
    expect(difference).toContain(`- depends on ${old}`);
    expect(difference).not.toContain("+ ");
    expect(await out("lineage", bundle, "--at", "HEAD", "--up", "--depth", "1")).toContain(
      `depends on ${old}`,
    );
    expect(await out("lineage", bundle, "--up", "--depth", "1")).not.toContain(old);
    restore();
  });

  it.each([
    [["lineage"], "usage/no-entry"],
    [["lineage", "usecase:support/assistant"], "usage/no-lineage"],
    [["lineage", bundle, "--diff", "HEAD"], "usage/diff"],
    [["lineage", bundle, "--diff", "HEAD..HEAD", "--at", "HEAD"], "usage/diff-at"],
    [["lineage", bundle, "--depth", "x"], "usage/number"],
    [["lineage", bundle, "--orphans"], "usage/orphans"],
    [["impact", old, "--to", old], "usage/replacement"],
    [["impact", old, "--to", bundle], "usage/replacement"],
    [["export", "cyclondx", bundle], "usage/export-format"],
    [["export", "cyclonedx"], "usage/export-subject"],
    [["export", "cyclonedx", old], "usage/export-subject"],
    [["export", "openlineage", "usecase:support/assistant"], "usage/export-subject"],
  ])("%j is exit 2, %s", async (argv, code) => {
    const ran = await run([...argv, ...(argv.includes("--orphans") ? [] : ["--format", "json"])], {
      cwd: folder,
    });
    expect(ran.code).toBe(2);
    expect(ran.stdout + ran.stderr).toContain(code);
  });

  const hasDot = spawnSync("dot", ["-V"]).status === 0;
  it.skipIf(!hasDot)("dot: Graphviz draws it (needs graphviz)", async () => {
    const dot = await out("lineage", "provider:openai", "--format", "dot");
    const drawn = execFileSync("dot", ["-Tplain"], { input: dot, encoding: "utf8" });
    expect(drawn.split("\n").filter((line) => line.startsWith("node ")).length).toBe(
      await nodesOf("provider:openai"),
    );
    expect(drawn).toContain("openai/gpt-5.4-mini@1.0.0");
  });

  it("mermaid: every line is one of a flowchart's, and every name in it is declared", async () => {
    const [head, ...lines] = (await out("lineage", "provider:openai", "--format", "mermaid"))
      .trimEnd()
      .split("\n");
    expect(head).toBe("flowchart LR");
    const label = /^"[A-Za-z0-9 :/@._+#;<>-]*"$/;
    const nodes = new Set<string>();
    const classes = new Set(lines.flatMap((line) => /^ {2}classDef ([a-z-]+) /.exec(line)?.[1] ?? []));
    for (const line of lines) {
      const node = /^ {2}(n\d+)(?:\[|\(\[|\[\()(".*")(?:\]|\]\)|\)\]):::([a-z-]+)$/.exec(line);
      const edge = /^ {2}(n\d+) (?:-->|==>|-\.->)\|[a-z_]+\| (n\d+)$/.exec(line);
      if (node !== null) {
        nodes.add(node[1]!);
        expect([label.test(node[2]!), classes.has(node[3]!)]).toEqual([true, true]);
      } else if (edge !== null) expect([nodes.has(edge[1]!), nodes.has(edge[2]!)]).toEqual([true, true]);
      else
        expect(line).toMatch(
          /^ {2}(?:style n\d+ stroke-width:3px|classDef [a-z-]+ [a-z]+:#[0-9a-f]+(?:,[a-z-]+:#?\w+)*)$/,
        );
    }
    expect(nodes.size).toBe(await nodesOf("provider:openai"));
  });

  it("graphml: keys, nodes and edges as its schema wants them", async () => {
    const document = readXml(await out("lineage", bundle, "--format", "graphml"));
    expect([document.name, document.attributes["xmlns"]]).toEqual([
      "graphml",
      "http://graphml.graphdrawing.org/xmlns",
    ]);
    const keys = document.children.filter(({ name }) => name === "key");
    const graph = document.children.at(-1)!;
    expect(document.children.map(({ name }) => name)).toEqual([...keys.map(() => "key"), "graph"]);
    expect(graph.attributes["edgedefault"]).toBe("directed");
    const nodes = new Set(
      graph.children.filter(({ name }) => name === "node").map(({ attributes }) => attributes["id"]),
    );
    expect(nodes.size).toBe(await nodesOf(bundle));
    const types = { string: /^/, int: /^-?\d+$/, boolean: /^(?:true|false)$/ };
    for (const part of graph.children) {
      if (part.name === "edge")
        expect(nodes.has(part.attributes["source"]!) && nodes.has(part.attributes["target"]!)).toBe(true);
      for (const data of part.children) {
        const key = keys.find(({ attributes }) => attributes["id"] === data.attributes["key"])!.attributes;
        expect(["all", part.name]).toContain(key["for"]);
        expect(data.text).toMatch(types[key["attr.type"] as keyof typeof types]);
      }
    }
  });

  it("svg: well-formed, closed in itself, the same bytes again, hostile titles escaped", async () => {
    const path = join(folder, "registry/models/openai/gpt-5.4-mini/1.0.0.yaml");
    const title = `</title><script>alert("1")</script> & \\u202e`;
    writeFileSync(
      path,
      readFileSync(path, "utf8").replace(/^title: .*$/m, `title: ${JSON.stringify(title)}`),
    );
    const svg = await out("lineage", "provider:openai", "--format", "svg");
    expect(await out("lineage", "provider:openai", "--format", "svg")).toBe(svg);
    const names = new Set<string>();
    const visit = (element: Element): void => {
      names.add(element.name);
      for (const key of Object.keys(element.attributes)) expect(key).not.toMatch(/^(?:on|href|xlink)/);
      element.children.forEach(visit);
    };
    visit(readXml(svg));
    expect([...names].sort()).toEqual([
      "defs",
      "g",
      "marker",
      "path",
      "rect",
      "style",
      "svg",
      "text",
      "title",
    ]);
    expect(svg).toContain("&lt;script&gt;");
    for (const format of ["dot", "mermaid", "graphml", "text", "json"])
      expect(await out("lineage", "provider:openai", "--format", format)).not.toMatch(/\u202e/);
    restore();
  });
});

describe("impact", () => {
  interface Answer {
    readonly counts: Readonly<Record<string, number>>;
    readonly migration: {
      readonly drafts: readonly { readonly ref: string }[];
      readonly requests: readonly {
        readonly ref: string;
        readonly spec: { readonly models: readonly string[] };
      }[];
      readonly aliases: readonly unknown[];
      readonly open: readonly { readonly ref: string }[];
      readonly patch: string;
    };
  }
  const answer = async (...argv: readonly string[]) =>
    JSON.parse(await out("impact", ...argv, "--format", "json")) as Answer;

  /** Applies what `--format patch` prints, and asks the linter about the change. */
  async function apply(...argv: readonly string[]): Promise<string> {
    const { code, stdout } = await run(["impact", ...argv, "--format", "patch"], { cwd: folder });
    expect(code).toBe(0);
    execFileSync("git", ["apply", "--check", "-"], { cwd: folder, env: plainEnvironment, input: stdout });
    execFileSync("git", ["apply", "-"], { cwd: folder, env: plainEnvironment, input: stdout });
    const linted = await run(["lint", "--base", "HEAD", "--format", "json"], { cwd: folder });
    const { counts } = JSON.parse(linted.stdout) as { readonly counts: { readonly error: number } };
    expect([linted.code, counts.error]).toEqual([0, 0]);
    return stdout;
  }

  it("a model is exchanged: the pipeline is drafted, the bundle waits to be measured", async () => {
    const { migration, counts } = await answer(old, "--to", next);
    expect(counts).toEqual({ breaking: 7, unknown: 0, "non-breaking": 0 });
    expect(migration.drafts.map(({ ref }) => ref)).toEqual(["pipeline:support/answer@1.1.0"]);
    expect(migration.requests.map(({ ref, spec }) => [ref, spec.models])).toEqual([
      ["bundle:support/assistant@1.2.0", [next, "model:openai/gpt-5.4-mini@1.0.0"]],
    ]);
    const steps = (await out("impact", old, "--to", next)).match(/^ {2}promote .*$/gm);
    expect(steps).toEqual(
      ["dev", "stage", "prod"].map((environment) => `  promote  ${environment}/support/assistant`),
    );
    expect(await apply(old, "--to", next)).toBe(migration.patch);
    expect(await out("lineage", "pipeline:support/answer@1.1.0", "--up", "--depth", "1")).toContain(
      `uses ${next}`,
    );
    restore();
  });

  it("a bundle whose use case has no gates is drafted as well, and pins the drafted pipeline", async () => {
    const path = join(folder, "registry/usecases/support/assistant.yaml");
    writeFileSync(path, readFileSync(path, "utf8").replace(/^gates:\n(?: .*\n)+/m, ""));
    commitAll(folder, "Ask for nothing");
    const { migration } = await answer(old, "--to", next);
    expect(migration.drafts.map(({ ref }) => ref)).toEqual([
      "pipeline:support/answer@1.1.0",
      "bundle:support/assistant@1.2.0",
    ]);
    await apply(old, "--to", next);
    expect(await out("lineage", "bundle:support/assistant@1.2.0", "--up", "--depth", "1")).toContain(
      "pipeline:support/answer@1.1.0",
    );
    restore();
    git(folder, ["reset", "-q", "--hard", "HEAD~1"]);
  });

  it("a new version of a model: its alias moves too, and weights are left to people", async () => {
    const path = join(folder, "registry/models/fraud/card-scorer/3.1.0.yaml");
    writeFileSync(
      path.replace("3.1.0.yaml", "3.2.0.yaml"),
      readFileSync(path, "utf8").replaceAll("3fa3507b", "4fa3507b").replaceAll("3.1.0", "3.2.0"),
    );
    commitAll(folder, "Publish 3.2.0");
    const { migration } = await answer(
      "model:fraud/card-scorer@3.1.0",
      "--to",
      "model:fraud/card-scorer@3.2.0",
    );
    expect(migration.aliases).toEqual([{ ref: "aliases:model/fraud/card-scorer", names: ["stable"] }]);
    expect(migration.open.map(({ ref }) => ref)).toEqual(migration.requests.map(({ ref }) => ref));
    await apply("model:fraud/card-scorer@3.1.0", "--to", "model:fraud/card-scorer@3.2.0");
    expect(readFileSync(join(folder, "registry/models/fraud/card-scorer/aliases.yaml"), "utf8")).toContain(
      'stable: "3.2.0"',
    );
    restore();
    git(folder, ["reset", "-q", "--hard", "HEAD~1"]);
  });

  it("where a newer version does without it, users move there and nothing is written", async () => {
    const text = await out("impact", "model:fraud/card-scorer@3.0.0");
    expect(text).toContain("Move its users to bundle:fraud/card-score@1.4.0, which does without it.");
    expect(text).toContain("assent promote fraud/card-score@1.4.0 --to prod --reason <why>");
    // Acme has 1.4.0 already; only its fallback is hit, which no promotion changes.
    expect(text).not.toContain("--tenant acme");
    expect(text).toContain(
      '  by hand  Take the line `fallback: "1.3.0"` out of registry/live/prod/fraud/card-score/acme.yaml:',
    );
    expect(await out("impact", "model:fraud/card-scorer@3.0.0", "--format", "patch")).toBe("");
  });
});

describe("exports", () => {
  const read = (path: string): object =>
    JSON.parse(readFileSync(join(root, "test/data", path), "utf8")) as object;
  const registries = ["registry", "../shared/examples/registry"].filter((path) =>
    existsSync(join(root, path)),
  );
  const bundlesOf = (at: string): readonly string[] =>
    readdirSync(join(root, at, "bundles"), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".yaml"))
      .map((path) => path.slice(0, -".yaml".length).replace(/\/([^/]*)$/, "@$1"));

  it("cyclonedx: every bundle's bill fits CycloneDX's own schema, and names each part once", async () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addFormat("iri-reference", (text) => URL.canParse(text, "https://example.com"));
    ajv.addFormat("idn-email", true);
    for (const schema of ["spdx.schema.json", "jsf-0.82.schema.json"])
      ajv.addSchema(read(`cyclonedx/${schema}`));
    const validate = ajv.compile(read("cyclonedx/bom-1.6.schema.json"));
    let bills = 0;
    for (const at of registries) {
      for (const id of bundlesOf(at)) {
        const argv = ["export", "cyclonedx", `bundle:${id}`, "-C", join(root, at, "..")];
        const text = await out(...argv);
        const bill = JSON.parse(text) as {
          readonly components: readonly { readonly "bom-ref": string }[];
          readonly services?: readonly { readonly "bom-ref": string }[];
          readonly metadata: { readonly component: { readonly "bom-ref": string } };
          readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
        };
        validate(bill);
        expect(validate.errors ?? []).toEqual([]);
        expect(await out(...argv)).toBe(text);
        const refs = [bill.metadata.component, ...bill.components, ...(bill.services ?? [])].map(
          (part) => part["bom-ref"],
        );
        expect(new Set(refs).size).toBe(refs.length);
        expect(bill.dependencies.map(({ ref }) => ref).sort()).toEqual([...refs].sort());
        for (const { dependsOn } of bill.dependencies)
          for (const ref of dependsOn) expect(refs).toContain(ref);
        bills++;
      }
    }
    expect(bills).toBeGreaterThan(4);
    expect(validate({ bomFormat: "CycloneDX", specVersion: "1.6", components: [{ name: "x" }] })).toBe(false);
  });

  it("openlineage: every event and every facet fits OpenLineage's own schemas", async () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const facets = readdirSync(join(root, "test/data/openlineage")).filter(
      (name) => name !== "OpenLineage.json",
    );
    ajv.addSchema(read("openlineage/OpenLineage.json"));
    for (const facet of facets) ajv.addSchema(read(`openlineage/${facet}`));
    const validate = ajv.getSchema("https://openlineage.io/spec/2-0-2/OpenLineage.json")!;
    const seen = new Set<string>();
    for (const at of registries) {
      const lines = (await out("export", "openlineage", "-C", join(root, at, ".."))).trimEnd().split("\n");
      for (const line of lines) {
        const event = JSON.parse(line) as Readonly<
          Record<string, { readonly facets?: Readonly<Record<string, { readonly _schemaURL: string }>> }>
        >;
        validate(event);
        expect(validate.errors ?? []).toEqual([]);
        for (const facet of Object.values({ ...event["job"]?.facets, ...event["dataset"]?.facets })) {
          seen.add(facet._schemaURL);
          const fits = ajv.getSchema(facet._schemaURL)!;
          fits(facet);
          expect(fits.errors ?? []).toEqual([]);
        }
      }
      expect(lines.length).toBeGreaterThan(10);
    }
    expect(seen.size).toBe(facets.length);
    expect(validate({ eventTime: "x", job: {} })).toBe(false);
  });

  it("model-card: every model has one, with nothing left open and nothing of its text as markup", async () => {
    expect(await out("export", "model-card", "fraud/card-scorer@3.1.0", "--as-of", "2026-07-02T00:00:00Z"))
      .toMatchInlineSnapshot(`
      "# Card fraud scorer 3.1.0

      |  |  |
      |---|---|
      | Reference | \`model:fraud/card-scorer@3.1.0\` |
      | Digest | \`sha256:b9755153fae29946231311ce28ef32c961d1567d0df90ffec050894506c12f5f\` |
      | Type | classification |
      | Provider | In\\-house models |
      | Owner | \`role:fraud\` |
      | Licence | \`LicenseRef-in-house\` |
      | Size | small |
      | Weights | \`s3://payments-models/fraud/card-scorer-3.1.0.onnx\` |
      | Weights' digest | \`sha256:3fa3507b3397007c788bc4fcd9a909ca36b59edfb9640a14b6f8d8b82b90c7de\` |

      ## Status

      |  |  |
      |---|---|
      | State | production |
      | Because | Passed the June review. |

      ## Intended use

      - \`fraud/card-score\`: Decide whether a card payment is let through, stepped up or refused. (risk tier high)  
        in \`bundle:fraud/card-score@1.3.0\`, \`bundle:fraud/card-score@1.4.0\`, \`bundle:fraud/card-score@1.5.0\`

      ## Abilities and limits

      None are written down.

      ## Made from

      - the data \`dataset:fraud/card-payments@2.0.0\`: Labelled card payments to June 2026, 4700000 records, confidential, active

      ## What was measured

      | Of | Suite | Metric | Value | Run | At |
      |---|---|---|---|---|---|
      | \`bundle:fraud/card-score@1.3.0\` | \`suite:fraud/backtest@1.0.0\` | auc\\_roc | 0.921 | passed | 2026-04-14T09:00:00Z |
      | \`bundle:fraud/card-score@1.3.0\` | \`suite:fraud/backtest@1.0.0\` | precision\\_at\\_50 | 0.69 | passed | 2026-04-14T09:00:00Z |
      | \`bundle:fraud/card-score@1.4.0\` | \`suite:fraud/backtest@1.0.0\` | auc\\_roc | 0.948 | passed | 2026-06-18T09:00:00Z |
      | \`bundle:fraud/card-score@1.4.0\` | \`suite:fraud/backtest@1.0.0\` | precision\\_at\\_50 | 0.72 | passed | 2026-06-18T09:00:00Z |
      | \`bundle:fraud/card-score@1.5.0\` | \`suite:fraud/backtest@1.0.0\` | auc\\_roc | 0.941 | passed | 2026-06-29T09:00:00Z |
      | \`bundle:fraud/card-score@1.5.0\` | \`suite:fraud/backtest@1.0.0\` | precision\\_at\\_50 | 0.71 | passed | 2026-06-29T09:00:00Z |

      ## Where it is live

      - \`dev/fraud/card-score\`
      - \`prod/fraud/card-score\`
      - \`prod/fraud/card-score/acme\`
      - \`stage/fraud/card-score\`

      Made by assent 0.0.0 from the work tree, as of 2026-07-02T00:00:00Z.
      "
    `);
    const path = join(folder, "registry/models/openai/gpt-5.5/1.0.0.yaml");
    const hostile = "<img src=x onerror=alert(1)> [a](javascript:x) | @team\\n# Big";
    writeFileSync(
      path,
      readFileSync(path, "utf8").replace(
        /^title: .*$/m,
        `title: "${hostile.replace("\\n", "")}"\ndescription: "${hostile}"`,
      ),
    );
    const card = await out("export", "model-card", "openai/gpt-5.5@1.0.0");
    expect(card).not.toMatch(/<(?!!)/);
    expect(card).not.toMatch(/\]\(|@team|^# Big/m);
    expect(card.match(/^# /gm)).toHaveLength(1);
    restore();
  });

  it("writes a file when told to, and says its digest as JSON", async () => {
    const text = await out("export", "cyclonedx", bundle);
    expect(await out("export", "cyclonedx", bundle, "--out", "bom.json")).toContain(
      `${Buffer.byteLength(text)} bytes`,
    );
    expect(readFileSync(join(folder, "bom.json"), "utf8")).toBe(text);
    const answer = JSON.parse(await out("export", "cyclonedx", bundle, "--format", "json")) as {
      readonly text: string;
    };
    expect(answer.text).toBe(text);
    restore();
  });
});
