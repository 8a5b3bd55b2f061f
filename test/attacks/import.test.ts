/** What a malicious source may try: paths, links, sizes, depth, keys, characters. Each is built, and refused alone. */
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:net";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { readSourceFolder } from "../../src/adapters/source-folder.ts";
import { importFormats } from "../../src/core/import/index.ts";
import { json } from "../../src/core/import/json.ts";
import { modelsDev } from "../../src/core/import/models-dev.ts";
import { loadTree } from "../../src/app/read.ts";
import { Failure } from "../../src/core/model/failure.ts";
import { treeOfTexts } from "../../src/core/model/tree.ts";
import { newFolder } from "../repository-on-disk.ts";
import { codesOf, everything, importInto, plainly, sourceOf } from "../import-run.ts";

const good = '[modalities]\ninput = ["text"]\noutput = ["text"]\n[limit]\ncontext = 5\n';
const at = (id: string): string => `providers/acme/models/${id}.toml`;

describe("a record cannot leave its place", () => {
  it.each([
    ["../../../../etc/cron.d/x", "model:acme/etc-cron.d-x@1.0.0"],
    ["..\\..\\windows", "model:acme/windows@1.0.0"],
    ["C:/boot.ini", "model:acme/c-boot.ini@1.0.0"],
    [".git/hooks/pre-commit", "model:acme/git-hooks-pre-commit@1.0.0"],
    ["aux", expect.stringMatching(/^model:acme\/aux-[0-9a-f]{8}@1\.0\.0$/)],
  ])("%s becomes a name below registry/models/acme", async (id, ref) => {
    const { plan } = await importInto({}, sourceOf({ [at(id)]: good }));
    expect(plan.imported[0]).toEqual(ref);
    for (const { path } of plan.writes)
      expect(path).toMatch(/^registry\/(?:models|providers)\/[a-z0-9][a-z0-9._/-]*\.yaml$/);
  });

  it.each(["a\u0007b", "a\u202eb", "a\nb", " a", "x".repeat(301)])("the id %j is refused", async (id) => {
    const { plan } = await importInto({}, sourceOf({ [at(id)]: good, [at("ok")]: good }));
    expect(plan.skipped.map(({ definition }) => definition.code)).toEqual(["import/illegal-id"]);
    expect(plan.imported).toContain("model:acme/ok@1.0.0");
  });
});

describe("a link reads nothing outside the source", () => {
  it.each([
    ["an absolute target", "/etc/passwd", "import/foreign-link"],
    ["a target above the source", "../../../../../etc/passwd", "import/foreign-link"],
    ["a target that is no record", "../../../LICENSE", "import/foreign-link"],
    ["a circle", "x.toml", "import/foreign-link"],
    ["nothing", "gone.toml", "import/dangling-link"],
  ])("%s", async (_, target, code) => {
    const { plan } = await importInto(
      {},
      sourceOf({ [at("x")]: `-> ${target}`, [at("ok")]: good, LICENSE: "MIT" }),
    );
    expect(codesOf(plan.skipped)).toEqual([`${code} ${at("x")}`]);
    expect(plan.imported).toContain("model:acme/ok@1.0.0");
  });

  it.each(["providers", "providers/acme", "providers/acme/models", "models", "models/lab"])(
    "the folder %s as a link is reported, not passed over",
    async (path) => {
      const { plan } = await importInto(
        {},
        sourceOf({ [path]: "-> /etc", ["providers/ok/models/m.toml"]: good }),
      );
      expect(codesOf(plan.skipped)).toEqual([`import/foreign-link ${path}`]);
      expect(plan.imported).toEqual(["model:ok/m@1.0.0", "provider:ok"]);
    },
  );

  it("the folder reader hands links over and follows none, files and folders alike", () => {
    const folder = newFolder();
    writeFileSync(`${folder}/secret.toml`, "name = 'secret'");
    mkdirSync(`${folder}/source/providers/a/models`, { recursive: true });
    symlinkSync(`${folder}/secret.toml`, `${folder}/source/providers/a/models/file.toml`);
    symlinkSync(folder, `${folder}/source/providers/a/models/folder`);
    symlinkSync(folder, `${folder}/source/models`);
    const files = readSourceFolder(folder, "source", ["models", "providers"]);
    expect(files.map(({ path, kind }) => `${kind} ${path}`).sort()).toEqual([
      "link models",
      "link providers/a/models/file.toml",
      "link providers/a/models/folder",
    ]);
  });
});

describe("a source cannot exhaust the reader", () => {
  it("huge files, sockets and deep folders are left alone with the reason", async () => {
    const folder = newFolder();
    mkdirSync(`${folder}/providers/a/models`, { recursive: true });
    writeFileSync(`${folder}/providers/a/models/huge.toml`, "");
    truncateSync(`${folder}/providers/a/models/huge.toml`, 5_000_000_000);
    const socket = createServer().listen(`${folder}/providers/a/models/socket.toml`);
    await once(socket, "listening");
    onTestFinished(() => void socket.close());
    mkdirSync(`${folder}/providers/${"d/".repeat(40)}`, { recursive: true });
    const files = readSourceFolder(folder, ".", ["models", "providers"]);
    expect(files.map(({ kind }) => kind)).toEqual(["unread", "unread", "unread"]);
    const { findings } = modelsDev.read({ files }, everything, plainly);
    expect(codesOf(findings)).toEqual([
      "import/unreadable providers/a/models/huge.toml",
      "import/unreadable providers/a/models/socket.toml",
    ]);
  });

  it("a folder that is none is a Failure", () => {
    expect(() => readSourceFolder(newFolder(), "nowhere", ["models"])).toThrow(Failure);
  });

  it.each([
    ["a file of 300 KiB", `#${"x".repeat(300 * 1024)}\n${good}`],
    [
      "tables nested too deep",
      `${good}\n[${Array.from({ length: 40 }, (_, i) => `t${i}`).join(".")}]\nx = 1\n`,
    ],
    ["arrays nested too deep", `x = ${"[".repeat(5000)}${"]".repeat(5000)}\n`],
    ["a dotted key of thousands of parts", `${"a.".repeat(60_000)}b = 1\n`],
    ["thousands of keys", Array.from({ length: 3000 }, (_, i) => `k${i} = 1`).join("\n")],
    ["__proto__", "[__proto__]\npolluted = true\n"],
    ["constructor.prototype", '[constructor.prototype]\npolluted = "yes"\n'],
    ["prototype", "prototype = 1\n"],
    ["an integer that is not exact", "x = 9007199254740993\n"],
    ["bytes that are no UTF-8", new Uint8Array([0x61, 0x80, 0x0a])],
  ])("%s is refused, and the next record read", async (_, toml) => {
    const { plan } = await importInto({}, sourceOf({ [at("bad")]: toml, [at("ok")]: good }));
    expect(codesOf(plan.skipped)).toEqual([`import/unreadable ${at("bad")}`]);
    expect(plan.imported).toContain("model:acme/ok@1.0.0");
    expect({}).not.toHaveProperty("polluted");
  });

  it("a JSON record with forbidden keys, depth or characters is refused", async () => {
    const records = [
      '{"ref":"role:a","members":["identity:a"],"__proto__":{"polluted":true}}',
      `{"ref":"role:b","members":["identity:a"],"extensions":{"x":${"[".repeat(50)}${"]".repeat(50)}}}`,
      '{"ref":"role:c","members":["identity:a"],"description":"a\\u202eb"}',
      '{"ref":"role:d","members":["identity:a"],"extensions":{"x":{"constructor":1}}}',
      '{"ref":"role:e","members":["identity:a"],"extensions":{"x":1e400}}',
    ];
    const { plan } = await importInto({}, sourceOf({ "a.json": `[${records.join(",")}]` }), {}, json);
    expect(plan.imported).toEqual([]);
    expect(plan.skipped.map(({ subject }) => subject)).toEqual([
      "role:a",
      "role:b",
      "role:c",
      "role:d",
      "role:e",
    ]);
    expect({}).not.toHaveProperty("polluted");
  });
});

describe("text cannot hide anything", () => {
  it("controls and direction marks in titles and comments become question marks", async () => {
    const toml = `name = "A\\u202Eb\\u001B[31m"\n# see \u202e here\n${good}`;
    const { texts } = await importInto({}, sourceOf({ [at("m")]: toml }));
    const text = texts["registry/models/acme/m/1.0.0.yaml"]!;
    expect(text).toContain("A?b?[31m");
    expect(text).toContain("note: see ? here");
    expect((await loadTree(treeOfTexts(texts))).findings).toEqual([]);
  });

  it("a comment as long as a book is cut and reported", async () => {
    const { plan, texts } = await importInto(
      {},
      sourceOf({ [at("m")]: `# ${"word ".repeat(2000)}\n${good}` }),
    );
    expect(codesOf(plan.notes)).toEqual([`import/shortened ${at("m")}`]);
    for (const line of texts["registry/models/acme/m/1.0.0.yaml"]!.split("\n"))
      expect(line.length).toBeLessThan(2000);
  });
});

describe("whatever the bytes", () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string(), { maxLength: 3 }),
  );
  const keys = [
    "name",
    "family",
    "status",
    "cost",
    "limit",
    "modalities",
    "interleaved",
    "reasoning_options",
    "experimental",
    "provider",
    "base_model",
    "release_date",
  ];
  const toml = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc
      .array(fc.tuple(fc.constantFrom(...keys), value), { maxLength: 8 })
      .map((pairs) => pairs.map(([key, content]) => `${key} = ${JSON.stringify(content) ?? "0"}`).join("\n")),
  );

  it("every record becomes an entry that loads, or is reported", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 30 }), toml, async (id, text) => {
        const path = at(id === "" ? "x" : id);
        const { plan, texts } = await importInto({}, sourceOf({ [path]: text }));
        const models = plan.imported.filter((ref) => ref.startsWith("model:"));
        expect(models.length + plan.skipped.length).toBe(1);
        expect((await loadTree(treeOfTexts(texts))).findings).toEqual([]);
        expect((await importInto(texts, sourceOf({ [path]: text }))).plan.writes).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("no format throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.jsonValue(), (bytes, shape) => {
        for (const format of importFormats) {
          for (const content of [bytes, JSON.stringify(shape), JSON.stringify([shape])]) {
            expect(() =>
              format.read(sourceOf({ "f.json": content, [at("m")]: content }), everything, plainly),
            ).not.toThrow();
          }
        }
      }),
    );
  });
});

describe("what other registries may hand over", () => {
  const byName = new Map(importFormats.map((format) => [format.name, format]));
  const read = (name: string, content: string | Uint8Array) =>
    byName
      .get(name)!
      .read(sourceOf({ "a/b/README.md": content }), everything, { ...plainly, typed: "a/b/README.md" });

  it.each(["mlflow", "huggingface-card", "lattice-lock", "hivellm", "gto", "csv"])(
    "a file of 100 MB is refused by %s with the limit",
    (name) => {
      const { records, findings } = read(name, new Uint8Array(100 * 1024 * 1024).fill(0x20));
      expect(records).toEqual([]);
      expect(findings.map(({ message }) => message)).toEqual([
        "It has 104857600 bytes; at most 67108864 are read.",
      ]);
    },
  );

  const deep = (open: string, close: string): string => open.repeat(200_000) + close.repeat(200_000);
  it.each([
    ["mlflow", `{"registered_model":{"name":"m","tags":${deep("[", "]")},"versions":[{"version":"1"}]}}`, 2],
    ["hivellm", `[${deep('{"a":', "1}").replace("1}".repeat(200_000), `1${"}".repeat(200_000)}`)}]`, 0],
    ["lattice-lock", `models: ${deep("[", "]")}`, 0],
    ["lattice-lock", Array.from({ length: 210_000 }, (_, at) => `k${at}: 1`).join("\n"), 0],
    ["lattice-lock", "- a\n".repeat(1_000_000), 0],
    ["lattice-lock", `a: [${"x,".repeat(2_000_000)}]`, 0],
    ["lattice-lock", "a".repeat(9 * 1024 * 1024), 0],
  ])("%s with depth or width without end ends", (name, text, records) => {
    expect(read(name, text).records.length).toBe(records);
  });

  it("anchors make nothing large of little", () => {
    const bomb = `a: &a [x, x]\n${"bcdefghij"
      .split("")
      .map((key, at) => `${key}: &${key} [*${"abcdefghi"[at]}, *${"abcdefghi"[at]}]`)
      .join("\n")}\n`;
    for (const text of [bomb, `---\n${bomb}---\n`])
      for (const name of ["lattice-lock", "huggingface-card"]) expect(read(name, text).records).toEqual([]);
  });

  it.each([
    [
      "mlflow",
      '{"registered_models":[{"name":"__proto__","__proto__":{"x":1},"versions":[{"version":"1","tags":{"__proto__":"x","constructor":"y"}}]}]}',
    ],
    ["hivellm", '[{"fullModel":"x __proto__","provider":"x","__proto__":{"y":1},"checks":[]}]'],
    ["csv", "provider,id,__proto__,constructor\nacme,__proto__,1,2\n"],
    ["gto", "constructor@v1.0.0\n"],
  ])("%s: keys of prototypes are data or nothing", async (name, text) => {
    const { texts, plan } = await importInto({}, sourceOf({ "f.txt": text }), {}, byName.get(name));
    expect(plan.imported.length).toBeGreaterThan(0);
    expect((await loadTree(treeOfTexts(texts))).findings).toEqual([]);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  it.each([
    [
      "mlflow",
      '{"registered_model":{"name":"<img src=x onerror=alert(1)>","description":"a\\u001b[31mb\\u202ec","versions":[{"version":"1"}]}}',
    ],
    ["csv", 'provider,id,title\nacme,"<script>","a\u001b[2Jb"\n'],
  ])("%s: markup stays text, control characters become visible", async (name, text) => {
    const { texts } = await importInto({}, sourceOf({ "f.txt": text }), {}, byName.get(name));
    expect((await loadTree(treeOfTexts(texts))).findings).toEqual([]);
    expect(/[\u0000-\u0008\u001b\u202e]/.test(Object.values(texts).join(""))).toBe(false);
  });
});
