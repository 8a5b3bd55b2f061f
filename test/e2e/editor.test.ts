/** What a person sees in an editor: fields and references completed, sentences on hover, wrong keys marked. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { editorSchemas, editorSettings, globsOf } from "../../src/core/export/editor-schemas.ts";
import { kinds } from "../../src/core/kinds/index.ts";
import { parseRef } from "../../src/core/source/reference.ts";
import { fitting } from "../core/schema-examples.ts";
import { startLanguageServer, type LanguageServer } from "./language-server.ts";

const binary = join(import.meta.dirname, "../../node_modules/yaml-language-server/bin/yaml-language-server");
const entries = [
  "provider:openai",
  "provider:anthropic",
  "role:ml-platform",
  "model:openai/gpt-4o@1.0.0",
  "model:openai/gpt-4o@1.1.0",
  "bundle:fraud/score@1.4.0",
].map((ref) => parseRef(ref)!);

let folder: string;
let server: LanguageServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "assent-editor-"));
  mkdirSync(join(folder, ".vscode"));
  for (const { file, schema } of editorSchemas(entries)) {
    writeFileSync(join(folder, ".vscode", file), JSON.stringify(schema));
  }
  const settings = Object.entries(editorSettings(join(folder, ".vscode")));
  const schemas = Object.fromEntries(settings.map(([file, globs]) => [pathToFileURL(file).href, globs]));
  server = await startLanguageServer(binary, folder, schemas);
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Opens a text with a caret `|` in it and returns where the caret stood. */
async function openAt(path: string, marked: string): Promise<readonly [number, number]> {
  const before = marked.slice(0, marked.indexOf("|"));
  await server.open(path, marked.replace("|", ""));
  const lines = before.split("\n");
  return [lines.length - 1, lines.at(-1)!.length];
}

const labels = async (path: string, marked: string): Promise<string[]> => {
  const [line, character] = await openAt(path, marked);
  return (await server.complete(path, line, character)).map(({ label }) => label);
};

describe("an editor", () => {
  it("completes the fields of a block", async () => {
    const found = await labels("registry/models/a/b/1.0.0.yaml", "spec:\n  provider: provider:openai\n  |\n");
    expect(found).toEqual(expect.arrayContaining(["type", "upstreamId", "artifact", "datasets"]));
    expect(found).not.toContain("facts");
  });

  it("completes references to entries that exist", async () => {
    const provider = await labels("registry/models/a/b/1.0.1.yaml", "spec:\n  provider: |\n");
    expect(provider).toEqual(expect.arrayContaining(["provider:openai", "provider:anthropic"]));
    expect(provider).not.toContain("role:ml-platform");
    const owner = await labels("registry/usecases/a/b.yaml", "owner: |\n");
    expect(owner).toContain("role:ml-platform");
    const range = await labels("registry/models/a/b/1.0.2.yaml", "spec:\n  dependencies:\n    - ref: |\n");
    expect(range).toContain("model:openai/gpt-4o");
    expect(range).not.toContain("model:openai/gpt-4o@1.0.0");
    const live = await labels("registry/live/prod/fraud/score/acme.yaml", "bundle: |\n");
    expect(live.map((label) => label.replaceAll('"', ""))).toContain("1.4.0");
  });

  it("completes the words of a field", async () => {
    const found = await labels("registry/usecases/a/c.yaml", "riskTier: |\n");
    expect(found).toEqual(expect.arrayContaining(["low", "medium", "high", "critical"]));
  });

  it("explains a field on hover", async () => {
    const path = "registry/models/a/b/1.0.3.yaml";
    const [line, character] = await openAt(path, "spec:\n  upstr|eamId: gpt-4o\n");
    expect(await server.hover(path, line, character)).toContain("The provider's own id, letter by letter");
  });

  it("marks a key that is no field, where it stands", async () => {
    const text = "spec:\n  provider: provider:openai\n  type: image\n  tpye: image\n";
    const diagnostics = await server.open("registry/models/a/b/1.0.4.yaml", text);
    expect(diagnostics.map(({ message, range }) => [message, range.start])).toEqual([
      ["Property tpye is not allowed.", { line: 3, character: 2 }],
    ]);
  });

  it("accepts references to entries that are not there yet, and marks those that are none", async () => {
    const text = (provider: string): string => `spec:\n  provider: ${provider}\n  type: image\n`;
    expect(await server.open("registry/models/a/b/1.0.5.yaml", text("provider:new"))).toEqual([]);
    const [wrong] = await server.open("registry/models/a/b/1.0.6.yaml", text("openai"));
    expect(wrong?.range.start).toEqual({ line: 1, character: 12 });
  });

  it("finds nothing wrong with a full example of any kind", async () => {
    const samples: Record<string, string> = {
      Registry: "registry/registry.yaml",
      Model: "registry/models/x/y/1.0.0.yaml",
      Aliases: "registry/models/x/y/aliases.yaml",
      Activation: "registry/live/prod/x/y.yaml",
      UseCase: "registry/usecases/x/y.yaml",
      Evaluation: "registry/evaluations/x/y/z.yaml",
    };
    const found = await Promise.all(
      kinds.map(({ name, folder: below, shape }) => {
        const path = samples[name] ?? `registry/${below}/${shape === "versioned" ? "x/y/2.0.0" : "x"}.yaml`;
        return server.open(path, JSON.stringify(fitting[name], undefined, 2));
      }),
    );
    expect(kinds.map(({ name }, i) => [name, found[i]])).toEqual(kinds.map(({ name }) => [name, []]));
  });

  it("knows the kind of every file by its path", async () => {
    const found = await Promise.all(
      kinds
        .filter(({ shape }) => shape !== "singleton")
        .map(async ({ name, folder: below, shape }) => {
          const ends: Partial<Record<typeof shape, string>> = {
            versioned: "v/w/2.0.0",
            namespaced: "v/w",
            run: "v/w/z",
            scope: "prod/v/w",
          };
          const path =
            shape === "aliases"
              ? "registry/pipelines/v/w/aliases.yaml"
              : `registry/${below}/${ends[shape] ?? "v"}.yaml`;
          const text = JSON.stringify({ ...fitting[name], strange: 1 }, undefined, 2);
          return [name, (await server.open(path, text)).map(({ message }) => message)];
        }),
    );
    expect(found.length).toBe(kinds.length - 1);
    expect(found.filter(([, messages]) => String(messages) !== "Property strange is not allowed.")).toEqual(
      [],
    );
  });
});

describe("editor schemas", () => {
  it("are the same whatever the order of entries", () => {
    expect(JSON.stringify(editorSchemas([...entries].reverse()))).toBe(
      JSON.stringify(editorSchemas(entries)),
    );
  });

  it("are for the files of every kind, each file for one kind", () => {
    expect(Object.keys(editorSettings("schemas"))).toEqual(kinds.map(({ schema }) => `schemas/${schema}`));
    const all = kinds.flatMap(globsOf);
    expect(new Set(all).size).toBe(all.length);
  });
});
