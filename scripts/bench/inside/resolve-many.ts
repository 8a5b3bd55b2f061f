/**
 * `resolve` over 100,000 scopes with strings that were made a moment ago, as a request brings them, against the Map of
 * answers by concatenated keys that one would write first. Each batch is made unmeasured and asked at once.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Digest } from "../../../src/core/model/digest.ts";
import type { Instant } from "../../../src/core/model/instant.ts";
import {
  MANIFEST_FORMAT,
  SLICE_FORMAT,
  type Manifest,
  type SliceDocument,
} from "../../../src/core/model/snapshot.ts";
import { createResolver, type Query } from "../../../src/core/resolve/resolve.ts";
import { answer } from "./turns.ts";

const [, , count = "100000", rounds = "15"] = process.argv;
const digest: Digest = `sha256:${"5a".repeat(32)}` as Digest;
const manifest: Manifest = {
  format: MANIFEST_FORMAT,
  registry: "bench",
  commit: null,
  sequence: null,
  asOf: "2026-01-01T00:00:00Z" as Instant,
  nextChange: null,
  policyRevision: digest,
  environments: ["prod"],
  slicing: "environment",
  slices: [{ environment: "prod", tenant: null, path: "slices/x.json" }],
  catalogue: "",
  dependents: "",
  compliance: "",
  files: [],
};

/** A use case has a scope of its own, 90 tenants' and 9 of tenants' scenarios. */
function sliceText(scopes: number): string {
  const bundles: Record<string, object> = {};
  const live: object[] = [];
  for (let i = 0; live.length < scopes; i++) {
    const usecase = `team-${i % 40}/use-case-${String(i).padStart(4, "0")}`;
    const bundle = `bundle:${usecase}@1.${i % 7}.0`;
    bundles[bundle] = { digest, spec: { artifacts: [{ role: "prompt", text: "x" }] }, deprecated: [] };
    const tails = [""];
    for (let t = 0; t < 90; t++) tails.push(`/tenant-${(i * 31 + t) % 5000}`);
    for (let s = 0; s < 9; s++) tails.push(`/tenant-${(i * 31 + s) % 5000}/scenario-${s}`);
    for (const tail of tails) live.push({ scope: `prod/${usecase}${tail}`, bundle });
  }
  return JSON.stringify({
    format: SLICE_FORMAT,
    registry: "bench",
    environment: "prod",
    slicing: "environment",
    tenant: null,
    inherit: true,
    compatibility: "fail-closed",
    offer: { featureGroups: {}, schemas: {}, capabilities: [] },
    degradeProfiles: {},
    scopes: live,
    bundles,
  });
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const memory = (): number => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const text = sliceText(Number(count));
const paths = Buffer.from(
  (JSON.parse(text) as SliceDocument).scopes.map(({ scope }) => scope).join("\n"),
  "latin1",
);
const ends: number[] = [];
for (let at = paths.indexOf(10); at >= 0; at = paths.indexOf(10, at + 1)) ends.push(at);
ends.push(paths.length);

/** Bytes that a resolver holds for its scopes once it was asked, beside the document's bundles. */
function weighIndex(): { readonly resolver: ReturnType<typeof createResolver>; readonly bytes: number } {
  const before = memory();
  let slice: SliceDocument | undefined = JSON.parse(text) as SliceDocument;
  const resolver = createResolver({ manifest, digest }, [slice]);
  resolver.resolve({ environment: "prod", usecase: "none/none" });
  slice = undefined;
  return { resolver, bytes: memory() - before };
}

const { resolver, bytes } = weighIndex();
const beforeMap = memory();
const map = new Map<string, object>();
for (let i = 0; i < ends.length; i++) {
  const query = questionAt(i);
  const { environment, usecase, tenant, scenario } = query;
  map.set(`${environment}/${usecase}/${tenant ?? ""}/${scenario ?? ""}`, manifest);
}
const mapBytes = memory() - beforeMap;
for (const key of map.keys()) {
  const [environment = "", ns, name, tenant, scenario] = key.split("/");
  const answered = resolver.resolve({
    environment,
    usecase: `${ns}/${name}`,
    tenant: tenant || null,
    scenario: scenario || null,
  });
  map.set(key, answered);
}

/** The question for the nth scope, in strings that nobody has hashed before. */
function questionAt(n: number): Query & { tenant: string | null; scenario: string | null } {
  const from = n === 0 ? 0 : (ends[n - 1] ?? 0) + 1;
  const end = ends[n] ?? 0;
  const cuts: number[] = [];
  for (let at = from; at < end; at++) if (paths[at] === 47) cuts.push(at);
  const [first = 0, , third = end, fourth = end] = cuts;
  const part = (a: number, b: number): string => paths.toString("latin1", a, b);
  return {
    environment: part(from, first),
    usecase: part(first + 1, third),
    tenant: third === end ? null : part(third + 1, fourth),
    scenario: fourth === end ? null : part(fourth + 1, end),
  };
}

let seed = 1;
function anyScope(): number {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return seed % ends.length;
}

const tasks: Readonly<
  Record<
    string,
    {
      make(): Query & { tenant: string | null; scenario: string | null };
      ask(query: Query): object | undefined;
    }
  >
> = {
  resolve: { make: () => questionAt(anyScope()), ask: (query) => resolver.resolve(query) },
  map: {
    make: () => questionAt(anyScope()),
    ask: ({ environment, usecase, tenant, scenario }) =>
      map.get(`${environment}/${usecase}/${tenant ?? ""}/${scenario ?? ""}`),
  },
  strangers: {
    make: () => {
      const { environment, usecase } = questionAt(anyScope());
      const tenant = Buffer.from(`stranger-${seed}`).toString("latin1");
      return { environment, usecase, tenant, scenario: null };
    },
    ask: (query) => resolver.resolve(query),
  },
};

// A batch fits into the processor's own memory, as a request does, and into what a busy machine gives a process at a time, and the median leaves out those that did not.
const batch = 250;
const milliseconds: Record<string, number[]> = { resolve: [], map: [], strangers: [] };
for (let turn = -5; turn < Number(rounds); turn++) {
  for (const [name, { make, ask }] of Object.entries(tasks)) {
    for (let n = 0; n < 200; n++) {
      const questions = Array.from({ length: batch }, make);
      let answered = 0;
      const from = performance.now();
      for (const question of questions) if (ask(question) !== undefined) answered++;
      if (turn >= 0) milliseconds[name]?.push(performance.now() - from);
      if (answered !== batch) throw new Error(`${name} left ${batch - answered} questions open`);
    }
  }
}
const perSecond = (name: string): number => {
  const all = (milliseconds[name] ?? []).toSorted((a, b) => a - b);
  return (batch * 1000) / (all[all.length >> 1] ?? Number.NaN);
};
answer({
  scopes: ends.length,
  resolve: perSecond("resolve"),
  map: perSecond("map"),
  strangers: perSecond("strangers"),
  bytes,
  mapBytes,
});
