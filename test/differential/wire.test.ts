/**
 * The published wire formats against real answers: what commands print, what a snapshot holds, and the contracts that
 * other systems speak. Each schema must be closed enough that a key too many or too few is refused.
 */
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
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it } from "vitest";
import { readHistory } from "../../src/app/history.ts";
import { runProgram } from "../../src/cli/program.ts";
import { joinPorts } from "../../src/join.ts";
import { checkpointPayload } from "../../src/core/audit/checkpoint.ts";
import { digestOfBytes } from "../../src/core/model/digest.ts";
import {
  errorResponse,
  promoteResponse,
  publishBundleResponse,
  registryEvent,
  resolveActiveResponse,
} from "../../src/core/export/mpr.ts";
import type { Manifest, Resolution, WireError } from "../../src/core/model/snapshot.ts";
import { git, makeHistory, newRepository, plainEnvironment } from "../repository-on-disk.ts";

const root = join(import.meta.dirname, "../..");
const examples = join(root, "../shared/examples");
const schemas = join(root, "schemas/wire");

type Wire = Readonly<Record<string, unknown>>;

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
const published = readdirSync(schemas).map(
  (file) => JSON.parse(readFileSync(join(schemas, file), "utf8")) as Wire & { readonly $id: string },
);
for (const schema of published) ajv.addSchema(schema);

/** The schema of a format, or of one of its definitions: `catalogue#Line`. */
function schemaNamed(name: string): ValidateFunction {
  const [file = "", definition] = name.split("#");
  const id = published.find(({ $id }) => $id.endsWith(`/${file}.schema.json`))?.$id;
  if (id === undefined) throw new Error(`no schema ${file}`);
  const found = ajv.getSchema(definition === undefined ? id : `${id}#/$defs/${definition}`);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function expectFits(name: string, value: unknown): void {
  const validate = schemaNamed(name);
  validate(value);
  expect({ name, errors: validate.errors ?? [] }).toEqual({ name, errors: [] });
}

const formatOf = (value: Wire): string => /^assent\.([a-z-]+)\/v1$/.exec(String(value["format"]))?.[1] ?? "";

const ports = joinPorts({ env: plainEnvironment, seconds: () => 1_782_950_400 });

interface Ran {
  readonly code: number;
  readonly out: string;
}

async function run(cwd: string, ...argv: readonly string[]): Promise<Ran> {
  let out = "";
  const plain = (text: string): string => text;
  const style = {
    bold: plain,
    dim: plain,
    red: plain,
    yellow: plain,
    green: plain,
    blue: plain,
    cyan: plain,
  };
  const code = await runProgram(argv, {
    cwd,
    env: {},
    out: (text) => void (out += text),
    err: () => {},
    readStdin: () => Promise.resolve(new Uint8Array()),
    outIsTerminal: false,
    errIsTerminal: false,
    columns: 100,
    version: "0.0.0",
    style: () => Promise.resolve(style),
    ports,
  });
  return { code, out };
}

describe("the schemas themselves", () => {
  it("are valid, closed, and describe every property", () => {
    for (const schema of published) {
      expect(ajv.validateSchema(schema)).toBe(true);
      for (const [path, part] of objectsIn(schema, schema.$id)) {
        expect(part).toHaveProperty("additionalProperties");
        for (const [key, property] of Object.entries((part["properties"] ?? {}) as Record<string, Wire>)) {
          expect([`${path}.${key}`, typeof property["title"], typeof property["description"]]).toEqual([
            `${path}.${key}`,
            "string",
            "string",
          ]);
        }
      }
    }
  });

  it("hold every contract that issue and neighbours name", () => {
    const contracts = published.find(({ $id }) => $id.endsWith("/mpr_public_contracts_v0.schema.json"));
    expect(Object.keys(contracts?.["$defs"] as object)).toEqual(
      expect.arrayContaining([
        "BundleId",
        "BundleVersion",
        "ScopeKey",
        "ModelBundleRef",
        "GateReceiptRefOrEmbed",
        "PublishBundleRequest",
        "PublishBundleResponse",
        "LifecycleState",
        "RegistryEventType",
        "RegistryEvent",
        "PromoteRequest",
        "PromoteResponse",
        "ResolveActiveRequest",
        "ResolveActiveResponse",
        "ErrorResponse",
      ]),
    );
  });
});

describe.skipIf(!existsSync(examples))("real answers of the examples (needs ../shared)", () => {
  let folder = "";
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "assent-wire-")));
    git(folder, ["init", "-q", "-b", "main", "."]);
    cpSync(join(examples, "registry"), join(folder, "registry"), { recursive: true });
    cpSync(join(examples, "CODEOWNERS"), join(folder, "CODEOWNERS"));
    const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
      (path) => path === "CODEOWNERS" || path.endsWith(".yaml"),
    );
    makeHistory(folder, [
      {
        parents: [],
        files: Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path))])),
        message: "Begin",
      },
    ]);
    git(folder, ["reset", "-q"]);
    return () => rmSync(folder, { recursive: true, force: true });
  });

  /** Judged after the runs that the examples hold: evidence from the future is none. */
  const promotion = ["promote", "fraud/score@1.4.0", "--to", "prod", "--reason", "Soaked."];
  const commands: readonly (readonly [string, number, readonly string[]])[] = [
    ["lint", 0, ["lint"]],
    ["codes", 0, ["explain"]],
    ["code", 0, ["explain", "model/duplicate"]],
    ["compile", 0, ["compile"]],
    ["compile", 0, ["compile", "--history"]],
    ["compile", 0, ["compile", "--work-tree"]],
    ["resolution", 0, ["resolve", "prod/fraud/score"]],
    ["resolution", 0, ["resolve", "prod/fraud/score/acme/night", "--capability", "model_primary"]],
    ["resolution", 1, ["resolve", "prod/fraud/score", "--degrade-mode", "FAIL_CLOSED"]],
    ["resolution", 1, ["resolve", "prod/fraud/rules"]],
    ["error", 2, ["resolve", "qa/fraud/score"]],
    ["error", 2, ["resolve", "prod/fraud/score", "--degrade-mode", "X"]],
    ["error", 2, ["resolve", "prod"]],
    ["error", 2, ["resolve", "prod/fraud/score", "--snapshot", "."]],
    ["list", 0, ["list", "model"]],
    ["list", 0, ["search", "fraud"]],
    ["entry", 0, ["show", "bundle:fraud/score@1.4.0"]],
    ["entry", 0, ["show", "scope:prod/fraud/score"]],
    ["diff", 0, ["diff", "bundle:fraud/score@1.3.0", "bundle:fraud/score@1.4.0"]],
    ["compat", 1, ["compat", "bundle:fraud/score@1.3.0", "bundle:fraud/score@1.4.0"]],
    ["results", 0, ["results", "bundle:fraud/score@1.4.0"]],
    ["trend", 0, ["trend", "auc_roc", "--usecase", "fraud/score"]],
    ["lineage", 0, ["lineage", "model:fraud/scorer@2.1.0"]],
    ["lineage", 0, ["lineage", "bundle:fraud/score@1.4.0", "--up", "--depth", "1", "--diff", "HEAD..HEAD"]],
    ["orphans", 0, ["lineage", "--orphans"]],
    ["impact", 0, ["impact", "model:fraud/scorer@2.1.0"]],
    ["impact", 0, ["impact", "model:openai/gpt-4o@1.0.0", "--to", "model:fraud/scorer@2.1.0"]],
    ["export", 0, ["export", "openlineage", "bundle:fraud/score@1.4.0"]],
    ["report", 0, ["report", "compliance", "--as-of", "2026-07-02T00:00:00Z"]],
    ["report", 0, ["report", "degrade-matrix", "--as-of", "2026-07-02T00:00:00Z"]],
    ["status", 0, ["status"]],
    ["rules", 0, ["rules"]],
    ["backtest", 0, ["backtest", "registry/governance/policy-bindings/generals.yaml"]],
    ["rules", 0, ["rules", "prod"]],
    ["history", 0, ["history", "prod/fraud/score"]],
    ["fmt", 0, ["fmt", "--check"]],
    ["write", 0, [...promotion, "--dry-run", "--as-of", "2026-07-02T00:00:00Z"]],
  ];
  it.each(commands)("%s (exit %i): %j", async (format, exit, argv) => {
    const { code, out } = await run(folder, ...argv, "--format", "json");
    const value = JSON.parse(out) as Wire;
    expect([code, formatOf(value), Object.keys(value)[0]]).toEqual([exit, format, "format"]);
    expectFits(format, value);
    const validate = schemaNamed(format);
    const [second = ""] = Object.keys(value).slice(1);
    expect(validate(Object.fromEntries(Object.entries(value).filter(([key]) => key !== second)))).toBe(false);
    if (format !== "write") expect(validate({ ...value, surprise: 1 })).toBe(false);
  });

  /** Golden answers: accepted anew with `npm run bless` when a format changes on purpose. */
  const golden = commands.filter(([format]) => !["codes", "code", "status", "write"].includes(format));
  it.each(golden)("golden %s (exit %i): %j", async (format, _, argv) => {
    const { out } = await run(folder, ...argv, "--format", "json");
    const name = argv.join(" ").replace(/[^a-z0-9.]+/gi, "-");
    await expect(`${JSON.stringify(JSON.parse(out), null, 2)}\n`).toMatchFileSnapshot(
      join("golden", `${format}.${name}.json`),
    );
  });

  it("lint: a broken registry", async () => {
    const broken = newRepository();
    cpSync(join(folder, "registry"), join(broken, "registry"), { recursive: true });
    writeFileSync(join(broken, "registry/models/openai/gpt-4o/1.0.0.yaml"), "title: [\nspec: 1\n");
    const { code, out } = await run(broken, "lint", "--format", "json");
    const value = JSON.parse(out) as { readonly diagnostics: readonly unknown[] };
    expect(code).toBe(1);
    expect(value.diagnostics.length).toBeGreaterThan(0);
    expectFits("lint", value);
  });

  it("event: every line of assent events", async () => {
    const { out } = await run(folder, "events", "--format", "json");
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Wire);
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expectFits("event", line);
    await expect(out).toMatchFileSnapshot(join("golden", "event.events.jsonl"));
  });

  it("every file and every line of a snapshot with its history", async () => {
    await run(folder, "compile", "--out", "snapshot", "--history");
    const at = (path: string): string => readFileSync(join(folder, "snapshot", path), "utf8");
    const rows = (path: string): Wire[] =>
      at(path)
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Wire);
    const manifest = JSON.parse(at("manifest.json")) as Manifest;
    expectFits("manifest", manifest);
    for (const { path } of manifest.slices) expectFits("slice", JSON.parse(at(path)));
    const history = JSON.parse(at("history.json")) as {
      readonly marks: string;
      readonly events: readonly { readonly path: string }[];
    };
    expectFits("history-manifest", history);
    for (const { path } of history.events) for (const line of rows(path)) expectFits("event", line);
    const tables = [
      ["catalogue", manifest.catalogue],
      ["dependents", manifest.dependents],
      ["compliance", manifest.compliance],
      ["marks", history.marks],
    ] as const;
    for (const [table, path] of tables) {
      const top = JSON.parse(at(path)) as {
        readonly entries: number;
        readonly lists: readonly { readonly digest: string }[];
      };
      expectFits(table, top);
      const inFolder = (digest: unknown): string =>
        `${path.slice(0, path.indexOf("/"))}/${String(digest).slice("sha256:".length)}.jsonl`;
      const shards = top.lists.flatMap(({ digest }) => rows(inFolder(digest)));
      for (const shard of shards) expectFits(`${table}#Shard`, shard);
      const lines = shards.flatMap(({ digest }) => rows(inFolder(digest)));
      expect(lines.length).toBe(top.entries);
      for (const line of lines) expectFits(`${table}#Line`, line);
    }
  });

  it("one snapshot, one answer: from a folder, from a commit in memory, and as a contract", async () => {
    await run(folder, "compile", "--out", "answers");
    const argv = ["resolve", "prod/fraud/score/acme", "--format", "json"];
    const stored = await run(folder, ...argv, "--snapshot", "answers", "--unsigned");
    expect(stored).toEqual(await run(folder, ...argv, "--at", "HEAD"));
    const answer = JSON.parse(stored.out) as Resolution;
    const manifest = JSON.parse(readFileSync(join(folder, "answers/manifest.json"), "utf8")) as Manifest;
    const contract = resolveActiveResponse(answer, manifest.asOf);
    expectFits("mpr_public_contracts_v0#ResolveActiveResponse", contract);
    expect(contract).toEqual({
      scope: { environment: "prod", usecase: "fraud/score", tenant: "acme", scenario: null },
      active_bundle_ref: {
        bundle_id: "fraud/score",
        bundle_version: "1.4.0",
        digest: "sha256:3bab186c63c0d185986218367abacd787bf748da7c4e4ff593c7ae1d5b5b8bb5",
      },
      resolved_at_utc: manifest.asOf,
      outcome: "resolved",
      reasons: ["ACTIVE_BUNDLE_RESOLVED"],
    });
  });

  it("contracts: events, errors, requests and their answers", async () => {
    const repository = await ports.openRepository(folder);
    if (repository === undefined) throw new Error("no repository");
    const events = (await readHistory({ repository, sandbox: ports.sandbox })).events.flatMap(
      (event) => registryEvent(event) ?? [],
    );
    expect(events.map(({ event_type }) => event_type)).toContain("bundle_registered");
    expect(events.map(({ event_type }) => event_type)).toContain("bundle_activated");
    for (const event of events) expectFits("mpr_public_contracts_v0#RegistryEvent", event);
    const { out } = await run(folder, "resolve", "qa/fraud/score", "--format", "json");
    const error = JSON.parse(out) as WireError;
    expectFits("mpr_public_contracts_v0#ErrorResponse", errorResponse(error));
    const request = JSON.parse(readFileSync(join(examples, "publish-request.json"), "utf8")) as Wire;
    expectFits("mpr_public_contracts_v0#PublishBundleRequest", request);
    expect(
      schemaNamed("mpr_public_contracts_v0#PublishBundleRequest")({ ...request, bundle_version: "latest" }),
    ).toBe(false);
    expectFits(
      "mpr_public_contracts_v0#PublishBundleResponse",
      publishBundleResponse("fraud/score", "1.5.0", "REJECTED", [error]),
    );
    const scope = { environment: "prod", usecase: "fraud/score", tenant: null, scenario: null };
    expectFits("mpr_public_contracts_v0#PromoteRequest", {
      bundle_id: "fraud/score",
      bundle_version: "1.4.0",
      scope,
      reason: "Soaked.",
    });
    expectFits("mpr_public_contracts_v0#PromoteResponse", promoteResponse(scope, "1.4.0", "DUPLICATE"));
    expectFits("mpr_public_contracts_v0#ResolveActiveRequest", {
      scope,
      degrade_mode: "NORMAL",
      feature_groups: { velocity: "v2" },
    });
  });
});

/** Every object schema with properties, with the way to it. */
function objectsIn(part: unknown, path: string): (readonly [string, Wire])[] {
  if (typeof part !== "object" || part === null) return [];
  const here = part as Wire;
  const own: (readonly [string, Wire])[] = here["type"] === "object" ? [[path, here]] : [];
  return [...own, ...Object.entries(here).flatMap(([key, inner]) => objectsIn(inner, `${path}/${key}`))];
}

it("publishes what a witness signs as a checkpoint", () => {
  const digest = digestOfBytes(new TextEncoder().encode("a"));
  const payload = checkpointPayload({
    registry: "payments",
    ref: "refs/heads/main",
    sequence: 7,
    landing: "a".repeat(40),
    record: digest,
    tree: digest,
  });
  const statement = JSON.parse(new TextDecoder().decode(payload)) as Wire & { readonly predicate: Wire };
  expectFits("checkpoint", statement);
  const lacking = { ...statement, predicate: { ...statement.predicate, tree: undefined } };
  expect(schemaNamed("checkpoint")(JSON.parse(JSON.stringify(lacking)))).toBe(false);
  expect(schemaNamed("checkpoint")({ ...statement, more: 1 })).toBe(false);
});
