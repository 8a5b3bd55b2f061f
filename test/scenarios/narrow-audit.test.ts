/**
 * Registries and lint along a history, at the cost of what each landing changes: after any landing they are what loading
 * and linting everything gives. The landings are made of the files of all cases, good ones and bad ones, in any mixture.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { landedLint } from "../../src/app/audit/landed-lint.ts";
import { loadAfter, nothing, type LoadedRevision } from "../../src/app/audit/landed-registry.ts";
import { findingsIn } from "../../src/app/lint.ts";
import { baseSideOf } from "../../src/app/read-change.ts";
import { loadTree } from "../../src/app/read.ts";
import { policyRevisionOf } from "../../src/core/compile/policy-revision.ts";
import { changeOf, resultTree } from "../../src/core/govern/change.ts";
import type { Finding } from "../../src/core/model/diagnostic.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { numberLandings } from "../../src/core/model/landing.ts";
import type { Registry } from "../../src/core/model/registry.ts";
import { treeOf, type Tree, type TreeFile } from "../../src/core/model/tree.ts";
import { identityOfPath } from "../../src/core/source/reference.ts";
import { findsErrors } from "../../src/core/validate/lint.ts";
import { areas } from "../cases/areas.ts";
import { treeOfCase, unmark } from "../cases/case.ts";
import { differences } from "../govern-world.ts";

const RUNS = 150;

/** Every file of every case, by where it stands: what a landing may put there. */
const cases = Object.values(areas).flatMap((each) =>
  each.map(({ files, elsewhere }) => treeOfCase(unmark(files, elsewhere))),
);
const pool = new Map<string, TreeFile[]>();
for (const { files } of cases)
  for (const file of files) {
    const known = pool.get(file.path) ?? [];
    pool.set(file.path, known);
    if (!known.some((each) => each.mode === file.mode && same(each.read(), file.read()))) known.push(file);
  }
const everyday = [...pool.keys()].filter((path) =>
  /^registry\/(?!registry\.yaml|governance|usecases|policies)/.test(path),
);
const clean = await Promise.all(
  [...pool].flatMap(([path, files]) =>
    files.map(async (file) => {
      const { findings } = await loadTree(treeOf([file]));
      return findings.length === 0 && identityOfPath(path) !== undefined ? [file] : [];
    }),
  ),
).then((found) => found.flat());
const instants = ["2026-07-01T00:00:00Z", "2026-07-01T00:00:01Z", "2031-01-01T00:00:00Z"] as Instant[];

/** What a landing puts where; null takes a file away. */
interface Step {
  readonly files: readonly (readonly [string, TreeFile | null])[];
  readonly asOf: Instant;
}

const filesAt = (paths: readonly string[], isClean: boolean) =>
  fc.constantFrom(...paths).chain((path) => {
    const there = (pool.get(path) ?? []).filter((file) => !isClean || clean.includes(file));
    return fc.constantFrom(...there, null).map((file) => [path, file] as const);
  });

const steps = fc.array(
  fc.record({
    files: fc.oneof(
      { weight: 12, arbitrary: fc.array(filesAt(everyday, true), { minLength: 1, maxLength: 3 }) },
      { weight: 2, arbitrary: fc.array(filesAt([...pool.keys()], true), { minLength: 1, maxLength: 2 }) },
      { weight: 1, arbitrary: fc.array(filesAt([...pool.keys()], false), { minLength: 1, maxLength: 2 }) },
    ),
    asOf: fc.constantFrom(...instants),
  }),
  { minLength: 3, maxLength: 12 },
);

test(
  "after any landing a registry and its errors are those of reading everything",
  { timeout: 120_000 },
  async () => {
    const [landing] = landings;
    if (landing === undefined) throw new Error("no landing");
    const codes = new Set<string>();
    const heard = { narrow: 0, far: 0 };
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...cases), steps, async (start, story: readonly Step[]) => {
        const lint = landedLint();
        let before: LoadedRevision = nothing;
        let tree: Tree = start;
        for (const [index, { files, asOf }] of [{ files: [], asOf: instants[0]! }, ...story].entries()) {
          tree = withFiles(tree, files);
          const paths = differences(before.revision.registry.tree, tree);
          const own = resultTree(before.revision.registry.tree, tree, paths);
          const loaded = await loadAfter(before, own, paths);
          const whole = await loadTree(treeOf(tree.files));
          expect(told(loaded.registry)).toEqual(told(whole.registry));
          expect(spelt(loaded.findings)).toEqual(spelt(whole.findings));
          const commit = String(index).padStart(40, "0");
          const change = changeOf({
            ref: "refs/heads/main",
            base: before.revision,
            head: commit,
            mergeBases: [],
            paths,
            result: loaded.registry,
          });
          const read = {
            landing,
            change,
            loading: loaded.findings,
            isPatched: loaded.isPatched,
            head: commit,
            headKey: null,
            commits: [],
            healed: null,
          };
          const found = await lint(read, asOf);
          const all = await findingsIn(whole, asOf, baseSideOf(change), undefined, undefined, findsErrors);
          expect(spelt(found.findings)).toEqual(spelt(all));
          // Whoever records asks twice, and the second time perhaps later.
          const [later = asOf] = instants.filter((each) => each > asOf);
          expect(spelt((await lint(read, later)).findings)).toEqual(
            spelt(await findingsIn(whole, later, baseSideOf(change), undefined, undefined, findsErrors)),
          );
          const touched = new Set(paths.map(({ path }) => path));
          if (loaded.isPatched) {
            heard.narrow++;
            if (all.some(({ at }) => !touched.has(at.file))) heard.far++;
            for (const { definition } of all) codes.add(definition.code);
          }
          before = { revision: { commit, registry: loaded.registry }, isClean: loaded.findings.length === 0 };
        }
      }),
      { numRuns: RUNS },
    );
    // Or the property would be about nothing.
    expect(heard.narrow).toBeGreaterThan(RUNS);
    expect(heard.far).toBeGreaterThan(RUNS / 4);
    expect(codes.size).toBeGreaterThan(40);
  },
);

const landings = numberLandings([
  {
    oid: "0".repeat(40),
    parents: [],
    author: { name: "", email: "", time: 0 },
    committer: { name: "", email: "", time: 0 },
    subject: "",
  },
]);

function withFiles(tree: Tree, files: Step["files"]): Tree {
  const all = new Map(tree.files.map((file) => [file.path, file]));
  for (const [path, file] of files)
    if (file === null) all.delete(path);
    else all.set(path, file);
  return treeOf([...all.values()]);
}

/** Everything that a registry can be asked. */
function told(registry: Registry): object {
  const { entries, tree } = registry;
  const kinds = [...new Set([...entries.map(({ kind }) => kind), "Model" as const])];
  return {
    files: tree.files.map(({ path, mode }) => [path, mode, tree.get(path)?.mode]),
    revision: policyRevisionOf(tree),
    entries: entries.map(({ ref, path, value }) => [ref, path, value]),
    gets: [...pool.keys()].map((path) => registry.get(identityOfPath(path)?.ref ?? "")?.value),
    kinds: kinds.map((kind) => registry.ofKind(kind).map(({ ref }) => ref)),
    versions: entries.map(({ kind, ns, name }) =>
      registry.versions(kind, `${ns}/${name}`).map(({ ref }) => ref),
    ),
    runs: entries.map(({ ref }) => registry.runsOf(ref).map((run) => run.ref)),
    broken: [...pool.keys()].map((path) => registry.isBroken(identityOfPath(path)?.ref ?? "")),
  };
}

/** Hints are left out: how many of them are looked for depends on how many misses there are. */
function spelt(findings: readonly Finding[]): readonly string[] {
  return findings
    .map(({ definition, severity, message, at, subject, related }) =>
      JSON.stringify([definition.code, severity, message, at, subject, related]),
    )
    .sort();
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a).equals(b);
}
