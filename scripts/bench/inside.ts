/**
 * Benchmarks of functions. Each file of inside/ is bundled as the product is, and runs in a process of its own, so
 * that none warms the compiler for another.
 */
import { buildSync } from "esbuild";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { largeRegistry, type Scene, smallRegistry } from "./corpus.ts";
import { prepare } from "./measure.ts";
import { figure, type Row } from "./table.ts";

export function measureInside<T>({ root, work, smoke }: Scene, name: string, folder: string): T {
  const outfile = join(work, `${name}.mjs`);
  buildSync({
    absWorkingDir: root,
    entryPoints: [join("scripts/bench/inside", `${name}.ts`)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minifyWhitespace: true,
    minifySyntax: true,
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
    },
    logLevel: "error",
  });
  const { stdout, stderr, status } = spawnSync(process.execPath, [outfile, folder, smoke ? "3" : "15"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

/** The fast path against `yaml` and JSON.parse, and how many real files it hands on. */
export function parsing(scene: Scene): readonly Row[] {
  const folder = join(largeRegistry(scene), "registry/models");
  const found = measureInside<Record<"files" | "declined" | "fast" | "json" | "yaml", number>>(
    scene,
    "parse",
    folder,
  );
  const us = (value: number) => `${figure(value)} µs a file`;
  return [
    {
      what: "parse of valid files, times faster than `yaml`",
      measured: us(found.fast),
      against: `${us(found.yaml)} (yaml.parse)`,
      ratio: found.yaml / found.fast,
      bar: { atLeast: 30 },
    },
    {
      what: "parse of valid files",
      measured: us(found.fast),
      against: `${us(found.json)} (JSON.parse)`,
      ratio: found.fast / found.json,
      bar: { atMost: 2.5 },
    },
    {
      what: "valid files that the fast path declines, percent",
      measured: String(found.declined),
      against: `${found.files} files`,
      ratio: (found.declined / found.files) * 100,
      bar: { atMost: 2 },
    },
  ];
}

/** Canonical JSON against the best RFC 8785 package. */
export function canonical(scene: Scene): readonly Row[] {
  const folder = join(largeRegistry(scene), "registry/models");
  const found = measureInside<Record<string, number>>(scene, "canonical", folder);
  const { values = Number.NaN, ours = Number.NaN, ...packages } = found;
  const [[best, ms] = ["", Number.NaN]] = Object.entries(packages).toSorted(([, a], [, b]) => a - b);
  const rate = (time: number) => `${figure(values / time)} k/s`;
  return [
    {
      what: "canonical JSON of entries, times the best npm package",
      measured: rate(ours),
      against: `${rate(ms)} (${best})`,
      ratio: ms / ours,
      bar: { atLeast: 2 },
    },
  ];
}

/** Resolution in process. */
export function resolving(scene: Scene): readonly Row[] {
  const snapshot = join(scene.work, "inside-snapshot");
  const args = [scene.cli, "compile", "-C", smallRegistry(scene), "--out", snapshot];
  prepare({ name: "compile", args });
  const { perSecond, scopes } = measureInside<Record<"perSecond" | "scopes", number>>(
    scene,
    "resolve",
    snapshot,
  );
  return [
    {
      what: "`resolve` in process, keys never seen, million a second on one core",
      measured: `${figure(perSecond / 1e6)} M/s`,
      against: `${scopes} scopes`,
      ratio: perSecond / 1e6,
      bar: { atLeast: 1 },
    },
    ...resolvingMany(scene),
  ];
}

/** The same in a slice of 100,000 scopes, made where it is measured. */
function resolvingMany(scene: Scene): readonly Row[] {
  const wanted = scene.smoke ? "10000" : "100000";
  const found = measureInside<
    Record<"scopes" | "resolve" | "map" | "strangers" | "bytes" | "mapBytes", number>
  >(scene, "resolve-many", wanted);
  const scopes = `${found.scopes.toLocaleString("en")} scopes`;
  const millions = (perSecond: number): string => `${figure(perSecond / 1e6)} M/s`;
  const mebibytes = (bytes: number): string => `${figure(bytes / 2 ** 20)} MiB`;
  return [
    {
      what: `\`resolve\` among ${scopes}, strings never seen, million a second on one core`,
      measured: millions(found.resolve),
      against: scopes,
      ratio: found.resolve / 1e6,
      bar: { atLeast: 4 },
    },
    {
      what: `\`resolve\` among ${scopes}, times a Map by concatenated keys`,
      measured: millions(found.resolve),
      against: `${millions(found.map)} (Map.get)`,
      ratio: found.resolve / found.map,
      bar: { atLeast: 3 },
    },
    {
      what: `\`resolve\` for tenants without a scope, inherited among ${scopes}`,
      measured: millions(found.strangers),
      against: `${millions(found.map)} (one Map.get)`,
      ratio: found.strangers / found.map,
    },
    {
      what: `what a resolver of ${scopes} holds, against that Map`,
      measured: mebibytes(found.bytes),
      against: `${mebibytes(found.mapBytes)} (its keys alone)`,
      ratio: found.bytes / found.mapBytes,
      bar: { atMost: 0.25 },
    },
  ];
}
