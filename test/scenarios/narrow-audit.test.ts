/**
 * Registries and lint along a history, at the cost of what each landing changes: after any landing they are what loading
 * and linting everything gives. The landings are made of the files of all cases, good ones and bad ones, in any mixture.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { openSandbox } from "../../src/adapters/sandbox/open.ts";
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

const RUNS = 300;

/** The files of cases, which rules are tried with. */
const cases = Object.values(areas).map((each) =>
  each.map(({ files, elsewhere }) => treeOfCase(unmark(files, elsewhere))),
);
const clean = new Set<TreeFile>();
for (const file of cases.flat().flatMap(({ files }) => files))
  if ((await loadTree(treeOf([file]))).findings.length === 0 && identityOfPath(file.path) !== undefined)
    clean.add(file);
const isRule = (path: string): boolean =>
  /^(?!registry\/)|^registry\/(?:registry\.yaml|governance|usecases|policies)/.test(path);
const instants = ["2026-07-01T00:00:00Z", "2026-07-01T00:00:01Z", "2031-01-01T00:00:00Z"] as Instant[];

/** What a landing puts where; null takes a file away. */
interface Step {
  readonly files: readonly (readonly [string, TreeFile | null])[];
  readonly asOf: Instant;
}

/** A few cases of one area: the first one is there, and landings put there what the others hold, or take it away. */
const stories = fc
  .constantFrom(...cases)
  .chain((area) => fc.array(fc.constantFrom(...area), { minLength: 2, maxLength: 3 }))
  .chain((chosen) => {
    const pool = Map.groupBy(
      chosen.flatMap(({ files }) => files),
      ({ path }) => path,
    );
    const everyday = [...pool.keys()].filter((path) => !isRule(path));
    const filesAt = (paths: readonly string[], isClean: boolean) =>
      fc.constantFrom(...(paths.length === 0 ? pool.keys() : paths)).chain((path) => {
        const there = (pool.get(path) ?? []).filter((file) => !isClean || clean.has(file));
        return fc.constantFrom(...there, null).map((file) => [path, file] as const);
      });
    const some = (paths: readonly string[], isClean: boolean) =>
      fc.array(filesAt(paths, isClean), { minLength: 1, maxLength: 3 });
    const files = fc.oneof(
      { weight: 20, arbitrary: some(everyday, true) },
      { weight: 2, arbitrary: some([...pool.keys()], true) },
      { weight: 1, arbitrary: some([...pool.keys()], false) },
    );
    const asOf = fc.constantFrom(...instants);
    return fc.record({
      start: fc.constant(
        treeOf((chosen[0]?.files ?? []).filter((file) => clean.has(file) || isRule(file.path))),
      ),
      story: fc.array(fc.record({ files, asOf }), { minLength: 3, maxLength: 12 }),
    });
  });

test(
  "after any landing a registry and its errors are those of reading everything",
  { timeout: 120_000 },
  async () => {
    const [landing] = landings;
    if (landing === undefined) throw new Error("no landing");
    const codes = new Set<string>();
    const heard = { narrow: 0, far: 0 };
    await fc.assert(
      fc.asyncProperty(stories, async ({ start, story }) => {
        const lint = landedLint(openSandbox());
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
    gets: entries.map(({ ref }) => registry.get(ref)?.value),
    kinds: kinds.map((kind) => registry.ofKind(kind).map(({ ref }) => ref)),
    versions: entries.map(({ kind, ns, name }) =>
      registry.versions(kind, `${ns}/${name}`).map(({ ref }) => ref),
    ),
    runs: entries.map(({ ref }) => registry.runsOf(ref).map((run) => run.ref)),
    broken: tree.files.map(({ path }) => registry.isBroken(identityOfPath(path)?.ref ?? "")),
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
