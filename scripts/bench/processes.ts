/** Benchmarks of whole processes: start-up, lint, compile and resolve, against Node itself and a bare file walk. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, zstdCompressSync } from "node:zlib";
import { filesBelow, largeRegistry, type Scene, smallRegistry } from "./corpus.ts";
import { prepare, type Run, sideBySide, type Timing } from "./measure.ts";
import { type Bar, figure, type Row } from "./table.ts";

const nothing: Run = { name: "node -e 0", args: ["-e", "0"] };

function row(what: string, run: Timing, base: Timing, against: string, bar?: Bar): Row {
  const ms = (timing: Timing) => `${figure(timing.ms)} ms`;
  return {
    what,
    measured: ms(run),
    against: `${ms(base)} (${against})`,
    ratio: run.ms / base.ms,
    peak: run.peak,
    ...(bar && { bar }),
  };
}

/** `--version`, `resolve` from a compiled snapshot, `lint` of one changed file of this repository's registry. */
export function startUp(scene: Scene): readonly Row[] {
  const { cli, work } = scene;
  const folder = smallRegistry(scene);
  const snapshot = join(work, "small-snapshot");
  prepare({ name: "compile", args: [cli, "compile", "-C", folder, "--out", snapshot] });
  const [scope = ""] = liveScopes(folder);
  const changed = changeOneModel(folder);
  const runs: readonly Run[] = [
    nothing,
    { name: "--version", args: [cli, "--version"] },
    { name: "resolve", args: [cli, "resolve", scope, "--snapshot", snapshot, "--unsigned"] },
    { name: "lint one file", args: [cli, "lint", changed], cwd: folder },
    { name: "lint against HEAD", args: [cli, "lint", "--base", "HEAD"], cwd: folder },
  ];
  const [node, version, resolved, one, base] = sideBySide(runs, scene.smoke ? 7 : 31) as [
    Timing,
    Timing,
    Timing,
    Timing,
    Timing,
  ];
  return [
    row("`assent --version`", version, node, nothing.name, { atMost: 1.5 }),
    row("`assent resolve` from a compiled snapshot", resolved, node, nothing.name, { atMost: 2 }),
    row("`assent lint <the changed file>`, registry of this repository", one, node, nothing.name, {
      atMost: 3,
    }),
    row("`assent lint --base HEAD`, one file changed", base, node, nothing.name),
  ];
}

/** The scopes that have an Activation, as `assent resolve` takes them. */
function liveScopes(folder: string): readonly string[] {
  const live = join(folder, "registry/live");
  return filesBelow(live).map((path) => path.replaceAll("\\", "/").replace(/\.yaml$/, ""));
}

/** Edits a fact of the first model, as somebody would who changes one file a month. */
function changeOneModel(folder: string): string {
  const [first = ""] = filesBelow(join(folder, "registry/models")).filter((path) => path.endsWith(".yaml"));
  const path = join("registry/models", first);
  const text = readFileSync(join(folder, path), "utf8");
  writeFileSync(join(folder, path), text.replace(/^title: .*$/m, "title: A better title"));
  return path;
}

/** What a process costs that walks the folder and reads every file, and does nothing with the bytes. */
const walker = `
const { readdirSync, readFileSync } = require("fs");
let bytes = 0;
(function walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = folder + "/" + entry.name;
    if (entry.isDirectory()) walk(path);
    else bytes += readFileSync(path).length;
  }
})(process.argv[1]);
`;

/** Lint and compile of the large registry, and what its catalogue weighs. */
export function large(scene: Scene): readonly Row[] {
  const { cli, work } = scene;
  const folder = largeRegistry(scene);
  const snapshot = join(work, "large-snapshot");
  const count = filesBelow(join(folder, "registry")).length;
  const runs: readonly Run[] = [
    nothing,
    { name: "walk and read", args: ["-e", walker, join(folder, "registry")] },
    { name: "lint", args: [cli, "lint"], cwd: folder },
    { name: "compile", args: [cli, "compile", "--out", snapshot], cwd: folder },
  ];
  const [node, walk, lint, compile] = sideBySide(runs, scene.smoke ? 3 : 11) as [
    Timing,
    Timing,
    Timing,
    Timing,
  ];
  const catalogue = catalogueBytes(snapshot);
  const files = `${count.toLocaleString("en")} files`;
  return [
    row(`\`assent lint\`, ${files}, cold process`, lint, walk, "a process that walks and reads them", {
      atMost: 2,
    }),
    row(`\`assent lint\`, ${files}, cold process`, lint, node, nothing.name, { atMost: 12 }),
    row(`\`assent compile\`, ${files}`, compile, lint, "its lint", { atMost: 1.5 }),
    {
      what: `compiled catalogue of ${files}, zstd -${zstdLevel}, KB`,
      measured: `${figure(catalogue.packed / 1000)} KB`,
      against: `${figure(catalogue.plain / 1000)} KB plain`,
      ratio: catalogue.packed / 1000,
      bar: { atMost: 250 },
    },
  ];
}

/** Packed once, read often: worth more than the library's default of 3. */
const zstdLevel = 12;

/** The catalogue's shards as one stream, as a transport would pack them. */
function catalogueBytes(snapshot: string): { readonly plain: number; readonly packed: number } {
  const shards = filesBelow(snapshot).filter((path) => path.replaceAll("\\", "/").startsWith("catalogue/"));
  const bytes = Buffer.concat(shards.map((path) => readFileSync(join(snapshot, path))));
  const packed = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: zstdLevel } });
  return { plain: bytes.length, packed: packed.length };
}
