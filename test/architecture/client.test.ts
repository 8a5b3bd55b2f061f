/**
 * What services install: small, without dependencies, and without anything that only the registry's side needs. The
 * import graph is walked as it is written, and the built package is used as a stranger would.
 */
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildClient, clientExports } from "../../scripts/build/client.ts";
import { buildLibrary, libraryExports } from "../../scripts/build/library.ts";
import { at, live as activation } from "../compiled.ts";
import { publisher, release, writeRelease } from "../client-world.ts";

const root = resolve(import.meta.dirname, "../..");

/** Every module that a module imports, statically, dynamically or by `export from`; types too. */
function importsOf(path: string): readonly string[] {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
}

const values = {
  [at("")]: activation("1.0.0"),
  "registry/providers/acme.yaml": {
    title: "Acme",
    baseUrl: "https://api.acme.example/v1",
    env: [{ name: "ACME_KEY", required: true }],
  },
  "registry/models/acme/large/1.0.0.yaml": {
    title: "A model",
    state: "production",
    spec: { provider: "provider:acme", type: "completion" },
    facts: { capabilities: { contextLength: 8000, functions: true } },
  },
  "registry/models/acme/large/aliases.yaml": { aliases: { stable: "1.0.0" } },
};

describe("the import graph of the client", () => {
  const modules = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    if (modules.has(path)) return;
    modules.add(path);
    for (const specifier of importsOf(path)) {
      if (specifier.startsWith(".")) visit(join(dirname(path), specifier));
      else packages.add(specifier);
    }
  };
  visit(join(root, "src/client/index.ts"));

  it("has TUF's models, canonical JSON and Node in it, and no YAML, no Ajv, no git", () => {
    const strange = [...packages].filter(
      (name) => !name.startsWith("node:") && !["@tufjs/models", "@tufjs/canonical-json"].includes(name),
    );
    expect(strange).toEqual([]);
    expect([...packages]).not.toContain("node:child_process");
  });

  it("stays within the client, the vocabulary, resolution and trust", () => {
    const folders = new Set(
      [...modules].map((path) => relative(join(root, "src"), path).split("/").slice(0, 2).join("/")),
    );
    const outside = [...folders].filter(
      (path) => !path.startsWith("client/") && !["core/model", "core/resolve", "core/trust"].includes(path),
    );
    expect(outside).toEqual([]);
  });
});

describe("the package that services install", () => {
  const place = mkdtempSync(join(tmpdir(), "assent-client-package-"));
  const installed = join(place, "node_modules/assent");
  const folder = join(installed, "client");
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  let inputs: readonly string[] = [];
  beforeAll(async () => {
    mkdirSync(installed, { recursive: true });
    const built = await buildClient(root, installed);
    inputs = built.flatMap((metafile) => Object.keys(metafile.inputs));
    const manifest = { name: "assent", version: "0.0.0", exports: { "./client": clientExports } };
    writeFileSync(join(installed, "package.json"), JSON.stringify(manifest));
    const by = publisher();
    release(by, { sequence: 1, values, expires: "2999-01-01T00:00:00Z" });
    writeRelease(by.files, join(place, "release"));
    writeFileSync(join(place, "root.json"), by.root);
  });

  it("is at most 150 KB, verification and every kind of source included", () => {
    const files = readdirSync(folder).filter((name) => /\.[cm]js$/.test(name));
    expect(files.sort()).toEqual(["index.cjs", "index.mjs", "rest.cjs"]);
    const bytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(150_000);
  });

  it("holds no parser of YAML, no Ajv, no git and no other package than TUF's", () => {
    const packages = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
    expect(new Set(packages)).toEqual(new Set(["@tufjs/models", "@tufjs/canonical-json"]));
    expect(inputs.filter((path) => /adapters|core\/(?:source|validate|govern)|generated/.test(path))).toEqual(
      [],
    );
  });

  it("asks for nothing but Node's own modules", () => {
    const asked = ["index.cjs", "rest.cjs"].flatMap((name) => [
      ...readFileSync(join(folder, name), "utf8").matchAll(/require\("([^"]+)"\)/g),
    ]);
    const names = new Set(asked.map((match) => (match[1] ?? "").replace(/^node:/, "")));
    expect([...names].filter((name) => !builtinModules.includes(name) && !name.startsWith("./"))).toEqual([]);
  });

  const program = `createResolver({ source: "release", trust: "root.json", environment: "prod", cacheDir: "cache" })
    .then((resolver) => {
      const answer = resolver.resolve({ usecase: "fraud/score" });
      console.log(answer.bundle.ref, resolver.status().state, Failure.name !== undefined);
      resolver.close();
    });`;

  it.each([
    ["CommonJS", "service.cjs", `const { createResolver, Failure } = require("assent/client");`],
    ["ES modules", "service.mjs", `import { createResolver, Failure } from "assent/client";`],
  ])("works from %s, from the release and then from the cache alone", (_, name, load) => {
    writeFileSync(join(place, name), `${load}\n${program}`);
    rmSync(join(place, "cache"), { recursive: true, force: true });
    const run = (file: string) => spawnSync(process.execPath, [file], { cwd: place, encoding: "utf8" });
    expect(run(name)).toMatchObject({ stdout: "bundle:fraud/score@1.0.0 fresh true\n", stderr: "" });
    writeFileSync(join(place, `gone-${name}`), `${load}\n${program.replace('"release"', '"gone"')}`);
    expect(run(`gone-${name}`)).toMatchObject({
      stdout: "bundle:fraud/score@1.0.0 fresh true\n",
      stderr: "",
    });
  });

  it("stands beside a library for programs that have a registry's files in hand", async () => {
    await buildLibrary(root, installed);
    const exports = { ".": libraryExports, "./client": clientExports };
    writeFileSync(
      join(installed, "package.json"),
      JSON.stringify({ name: "assent", version: "0.0.0", exports }),
    );
    const code = `(async () => {
      const parsed = await parse({ "registry/registry.yaml": "id: a\\ntitle: [\\n" });
      console.log(parsed.diagnostics.map(({ code }) => code).join());
      const { snapshot } = await compile(await parse({ "registry/registry.yaml": "id: a\\n" }), { asOf: "2026-07-01T00:00:00Z" });
      console.log(resolverOf(snapshot).resolve({ environment: "prod", usecase: "a/b" }).code);
    })();`;
    writeFileSync(
      join(place, "library.cjs"),
      `const { compile, parse, resolverOf } = require("assent");\n${code}`,
    );
    writeFileSync(
      join(place, "library.mjs"),
      `import { compile, parse, resolverOf } from "assent";\n${code}`,
    );
    for (const file of ["library.cjs", "library.mjs"]) {
      const { stdout, stderr } = spawnSync(process.execPath, [file], { cwd: place, encoding: "utf8" });
      expect([
        stdout.split("\n")[1],
        stdout.startsWith("yaml/") || stdout.startsWith("syntax/"),
        stderr,
      ]).toEqual(["resolve/unknown-environment", true, ""]);
    }
  });

  it("a Failure of one module system is a Failure of the other", () => {
    const code = `import { Failure } from "assent/client"; import { createRequire } from "node:module";
      console.log(createRequire(import.meta.url)("assent/client").Failure === Failure);`;
    writeFileSync(join(place, "same.mjs"), code);
    const { stdout } = spawnSync(process.execPath, ["same.mjs"], { cwd: place, encoding: "utf8" });
    expect(stdout).toBe("true\n");
  });

  it("does what its README shows", () => {
    const page = readFileSync(join(root, "src/client/README.md"), "utf8");
    const shown = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
    const said = shown.map((code, index) => {
      writeFileSync(join(place, `shown-${index}.mjs`), code);
      const { stdout, stderr } = spawnSync(process.execPath, [`shown-${index}.mjs`], {
        cwd: place,
        encoding: "utf8",
      });
      return `${stdout}${stderr}`;
    });
    expect(said).toEqual([
      "resolved bundle:fraud/score@1.0.0 ACTIVE_BUNDLE_RESOLVED,SCOPE_INHERITED\n",
      "model:acme/large@1.0.0 https://api.acme.example/v1 ACME_KEY\nmodel:acme/large@1.0.0\n",
    ]);
  });

  it("has types that a strict stranger compiles against, in both module systems", () => {
    symlinkSync(join(root, "node_modules/@types"), join(place, "node_modules/@types"));
    symlinkSync(join(root, "node_modules/undici-types"), join(place, "node_modules/undici-types"));
    symlinkSync(join(root, "node_modules/@opentelemetry"), join(place, "node_modules/@opentelemetry"));
    const service = (load: string): string => `${load}
      import { metrics } from "@opentelemetry/api";
      import { lint, parse, type Diagnostic } from "assent";
      export const lintOf = async (text: string): Promise<readonly Diagnostic[]> =>
        (await lint(await parse({ "registry/registry.yaml": text }), { asOf: "2026-07-01T00:00:00Z" })).diagnostics;
      export async function live(): Promise<string> {
        const resolver: Resolver = await createResolver({
          source: ["https://a.example", { address: "b", read: async () => undefined }],
          trust: "root.json", environment: "prod", onStale: { serveLastGood: "P1D" },
          meter: metrics.getMeter("service"),
        });
        resolver.on("update", ({ release }) => void release?.sequence?.toFixed());
        const answer = resolver.resolve({ usecase: "a/b" });
        // @ts-expect-error an answer must be looked at before its bundle is used
        answer.bundle;
        return answer.format === "assent.resolution/v1" ? String(answer.bundle?.ref) : answer.code;
      }`;
    const names = `{ createResolver, type Resolver }`;
    writeFileSync(join(place, "typed.mts"), service(`import ${names} from "assent/client";`));
    writeFileSync(join(place, "typed.cts"), service(`import ${names} from "assent/client";`));
    const flags =
      "--noEmit --strict --exactOptionalPropertyTypes --target es2023 --module nodenext --types node".split(
        " ",
      );
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, ...flags, "typed.mts", "typed.cts"], {
      cwd: place,
      encoding: "utf8",
    });
    expect(stdout).toBe("");
  });
});
