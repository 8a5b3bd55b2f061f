/** Histories of real repositories: what is derived from landings against `git log --first-parent`, whole and in parts. */
import { openSandbox } from "../../src/adapters/sandbox/open.ts";
import type { HistorySource } from "../../src/app/history-take.ts";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { discoverRepository } from "../../src/adapters/git/discover.ts";
import { openEmbedded } from "../../src/adapters/git/embedded.ts";
import { openRepository } from "../../src/adapters/git/open.ts";
import {
  compiledHistory,
  events,
  growHistory,
  history,
  readHistory,
  scopeStack,
  type HistoryPorts,
} from "../../src/app/history.ts";
import { landingsOf, readLandings } from "../../src/app/landed.ts";
import { marksFor } from "../../src/app/marks.ts";
import type { CloneNotes, Repository } from "../../src/app/ports.ts";
import type { RegistryEvent } from "../../src/core/audit/event.ts";
import { appendHistory, emptyHistory } from "../../src/core/audit/events.ts";
import { compileHistory } from "../../src/core/compile/history.ts";
import { policyRevisionOf } from "../../src/core/compile/policy-revision.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { Failure } from "../../src/core/model/failure.ts";
import { identityOfPath } from "../../src/core/source/reference.ts";
import {
  git,
  makeHistory,
  newFolder,
  newRepository,
  plainEnvironment,
  type MadeCommit,
} from "../repository-on-disk.ts";

async function opened(folder: string): Promise<Repository> {
  const repository = await openRepository(folder, { env: plainEnvironment, now: () => 0 });
  if (repository === undefined) throw new Error("no repository");
  return repository;
}

const live = "registry/live/prod/fraud/score.yaml";
const paths = [
  live,
  "registry/live/prod/fraud/score/acme.yaml",
  "registry/models/openai/gpt/1.0.0.yaml",
  "registry/models/openai/gpt/1.1.0.yaml",
  "registry/providers/openai.yaml",
  "registry/registry.yaml",
  "registry/governance/identities/ada.yaml",
  "CODEOWNERS",
  "README.md",
];
const content = fc.constantFrom(
  'bundle: "1.0.0"\nreason: a\n',
  'bundle: "1.1.0"\nreason: b\n',
  "bundle: none\nreason: c\n",
  "state: beta\n",
  "# a comment\nstate: production\n",
  "id: acme\nprotectedBranch: main\n",
  "broken: [\n",
  "title: {a: 1, a: 2}\n",
);
const files = fc.dictionary(fc.constantFrom(...paths), fc.option(content, { nil: null, freq: 5 }), {
  maxKeys: 4,
});
const made: fc.Arbitrary<readonly MadeCommit[]> = fc
  .array(fc.record({ picks: fc.array(fc.nat(1000), { minLength: 1, maxLength: 3 }), files }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((steps) =>
    steps.map(({ picks, files: written }, index) => ({
      parents:
        index === 0
          ? []
          : [...new Set(picks.map((pick, at) => (at === 0 && pick % 4 !== 0 ? index - 1 : pick % index)))],
      files: written,
      time: 1_700_000_000 + ((index * 7919) % 1000),
    })),
  );

const sandbox = openSandbox();
const source = (repository: Repository): HistorySource => ({ repository, sandbox });

/** What one command sees of a clone; `kept` are its notes. */
const portsOf = (folder: string, kept = new Map<string, string>()): HistoryPorts => ({
  findRoot: () => folder,
  sandbox,
  openRepository: () => opened(folder),
  openCloneNotes: () =>
    Promise.resolve({
      read: (name: string) => kept.get(name),
      write: (name: string, text: string) => void kept.set(name, text),
    }),
});

const codeOf = (error: unknown): unknown => (error instanceof Failure ? error.code : error);

describe("random histories", { timeout: 120_000 }, () => {
  test("marks are those of git log, parts give the whole, both readings agree", async () => {
    await fc.assert(
      fc.asyncProperty(made, fc.nat(20), async (commits, cut) => {
        const folder = newRepository();
        makeHistory(folder, commits);
        const repository = await opened(folder);
        const whole = await readHistory(source(repository));
        for (const path of git(folder, ["ls-tree", "-r", "--name-only", "HEAD"]).split("\n")) {
          const ref = identityOfPath(path)?.ref;
          if (ref === undefined) continue;
          const log = (filter: string): string =>
            git(folder, [
              "log",
              "--first-parent",
              "-m",
              "--no-renames",
              "--full-history",
              "-1",
              "--format=%H",
              `--diff-filter=${filter}`,
              "HEAD",
              "--",
              path,
            ]).trim();
          const marks = whole.marks.get(ref);
          expect([path, marks?.registered.commit, marks?.updated.commit]).toEqual([
            path,
            log("A"),
            log("AMT"),
          ]);
        }
        const landings = await landingsOf(repository);
        const first = appendHistory(emptyHistory, await readLandings(repository, landings.slice(0, cut)));
        expect(appendHistory(first, await readLandings(repository, landings.slice(cut)))).toEqual(whole);
        const place = discoverRepository(folder);
        if (place === undefined) throw new Error("no repository");
        expect(
          await readHistory(source(openEmbedded(place, { env: plainEnvironment, now: () => 0 }))),
        ).toEqual(whole);
        expect(whole.policyRevision).toBe(
          policyRevisionOf(await repository.treeAt(landings.at(-1)?.oid ?? "")),
        );
        for (const path of paths.slice(0, 2)) {
          const scope = path.slice("registry/live/".length, -".yaml".length);
          const stack = whole.scopes.get(scope)?.stack ?? [];
          expect(await scopeStack(scope, repository)).toEqual(stack);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe("what git says and what is derived", { timeout: 120_000 }, () => {
  test("every event belongs to a path that its landing changed, and no removal or activation is missed", async () => {
    await fc.assert(
      fc.asyncProperty(made, async (commits) => {
        const folder = newRepository();
        makeHistory(folder, commits);
        const whole = await readHistory(source(await opened(folder)));
        const line = git(folder, ["log", "--first-parent", "--reverse", "--format=%H %ct", "main"])
          .trim()
          .split("\n");
        let latest = 0;
        line.forEach((row, index) => {
          const [commit = "", seconds = ""] = row.split(" ");
          latest = Math.max(latest, Number(seconds));
          const of = whole.events.filter(({ sequence }) => sequence === index + 1);
          for (const event of of) {
            expect([event.commit, Date.parse(event.observedAt) / 1000]).toEqual([commit, latest]);
          }
          const [parent] = git(folder, ["rev-parse", `${commit}^@`])
            .trim()
            .split("\n");
          const sides = parent === undefined || parent === "" ? ["--root", commit] : [parent, commit];
          const flags = ["diff-tree", "-r", "--no-commit-id", "--no-renames", "--name-status"];
          const rows = git(folder, [...flags, ...sides])
            .split("\n")
            .filter((each) => each !== "");
          const changed = rows.map((each) => each.split("\t") as [string, string]);
          const subjectOf = (path: string): string => identityOfPath(path)?.ref ?? path;
          const subjects = new Set(
            of.filter(({ type }) => type !== "dependency_moved").map(({ subject }) => subject),
          );
          const paths = new Set(changed.map(([, path]) => subjectOf(path)));
          expect([...subjects].filter((subject) => !paths.has(subject))).toEqual([]);
          const unreadable = (path: string): boolean =>
            /broken|\{a: 1, a/.test(git(folder, ["show", `${commit}:${path}`]));
          const told = changed.filter(
            ([, path]) => path.startsWith("registry/live/") || path === "CODEOWNERS",
          );
          const removed = changed.filter(([status, path]) => status === "D" && path.startsWith("registry/"));
          const must = [
            ...told.filter(([status, path]) => status === "D" || path === "CODEOWNERS" || !unreadable(path)),
            ...removed,
          ];
          expect(must.map(([, path]) => subjectOf(path)).filter((subject) => !subjects.has(subject))).toEqual(
            [],
          );
        });
      }),
      { numRuns: 15 },
    );
  });

  test("the history of a scope, for which little is read, is what the whole history says of it", async () => {
    await fc.assert(
      fc.asyncProperty(made, async (commits) => {
        const folder = newRepository();
        makeHistory(folder, commits);
        const ports = portsOf(folder);
        const whole = await history({ folder }, ports);
        for (const path of paths.slice(0, 2)) {
          const scope = path.slice("registry/live/".length, -".yaml".length);
          const expected = whole.items.filter(({ event }) => event.scope === scope);
          if (expected.length === 0) continue;
          const alone = await history({ folder, subject: scope }, ports);
          expect(alone).toEqual({ ...whole, subjects: [`scope:${scope}`], items: expected });
        }
      }),
      { numRuns: 15 },
    );
  });

  test("what was told of a scope and kept is told again, with what landed since, whatever became of both", async () => {
    const damage = fc.constantFrom("none", "cut", "changed", "other");
    await fc.assert(
      fc.asyncProperty(made, fc.nat(11), damage, async (commits, before, done) => {
        const folder = newRepository();
        const oids = makeHistory(folder, commits);
        const kept = new Map<string, string>();
        const ports = portsOf(folder, kept);
        const scope = paths[0]?.slice("registry/live/".length, -".yaml".length) ?? "";
        // Any commit: on the line to the tip, beside it, or ahead of where a forced push puts it.
        const first = oids[before % oids.length] ?? "";
        for (const tip of [first, oids.at(-1) ?? "", first, first]) {
          git(folder, ["update-ref", "refs/heads/main", tip]);
          const anew = await history({ folder, subject: scope }, portsOf(folder)).catch(codeOf);
          expect(await history({ folder, subject: scope }, ports).catch(codeOf)).toEqual(anew);
          for (const [name, text] of kept) {
            const middle = text.length >> 2;
            if (done === "cut") kept.set(name, text.slice(0, middle));
            if (done === "changed") kept.set(name, `${text.slice(0, middle)}~${text.slice(middle + 1)}`);
            if (done === "other") kept.set(name, text.replace("-state/v1 ", "-state/v0 "));
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  test("marks beside a list are those of the whole history, whatever was kept", async () => {
    await fc.assert(
      fc.asyncProperty(made, fc.nat(11), fc.boolean(), async (commits, before, isCut) => {
        const folder = newRepository();
        const oids = makeHistory(folder, commits);
        const kept = new Map<string, string>();
        const first = oids[before % oids.length] ?? "";
        for (const tip of [first, oids.at(-1) ?? "", first, first]) {
          git(folder, ["update-ref", "refs/heads/main", tip]);
          const repository = await opened(folder);
          const marks = await marksFor({ repository, commit: null, root: folder }, portsOf(folder, kept));
          expect(marks).toEqual((await readHistory(source(repository), tip)).marks);
          if (isCut) for (const [name, text] of kept) kept.set(name, text.slice(0, text.length >> 1));
        }
        // A look into the past is answered from what is kept where that is on its way, and leaves it.
        const keptBefore = kept.get("marks.json");
        const repository = await opened(folder);
        const past = await marksFor(
          { repository, commit: oids.at(-1) ?? "", root: folder },
          portsOf(folder, kept),
        );
        expect(past).toEqual((await readHistory(source(repository), oids.at(-1))).marks);
        expect(kept.get("marks.json")).toBe(keptBefore);
      }),
      { numRuns: 8 },
    );
  });

  test("a history grown from the one kept is the one built anew, whatever was kept", async () => {
    const landedBefore = fc.nat(11);
    const damage = fc.constantFrom("none", "lost", "cut", "changed", "other");
    await fc.assert(
      fc.asyncProperty(made, landedBefore, damage, async (commits, before, done) => {
        const folder = newRepository();
        const oids = makeHistory(folder, commits);
        const repository = await opened(folder);
        const kept = new Map<string, string>();
        const notes: CloneNotes = {
          read: (name) => kept.get(name),
          write: (name, text) => void kept.set(name, text),
        };
        // Any commit of the past: on the line to the tip, beside it, or ahead of where a forced push put it.
        await growHistory(source(repository), oids[before % oids.length] ?? "", notes, true);
        const text = kept.get("history.json") ?? "";
        const middle = text.length >> 1;
        if (done === "lost") kept.clear();
        if (done === "cut") kept.set("history.json", text.slice(0, middle));
        if (done === "changed")
          kept.set("history.json", `${text.slice(0, middle)}~${text.slice(middle + 1)}`);
        if (done === "other") kept.set("history.json", text.replace("/v1 ", "/v0 "));
        const grown = await growHistory(source(repository), oids.at(-1) ?? "", notes, true);
        const anew = await readHistory(source(repository), oids.at(-1));
        expect(grown).toEqual(anew);
        const whole = compileHistory(anew);
        expect(compileHistory(grown)).toEqual(whole);
        // Compiled once, and then taken from what is kept; a look into the past is compiled for itself.
        const tip = oids.at(-1) ?? "";
        for (let times = 0; times < 2; times++)
          expect(await compiledHistory(source(repository), tip, notes, true)).toEqual(whole);
        const past = compileHistory(await readHistory(source(repository), oids[0]));
        expect(await compiledHistory(source(repository), oids[0] ?? "", notes, false)).toEqual(past);
        expect(await compiledHistory(source(repository), tip, notes, true)).toEqual(whole);
        // Now everything is there already; a look into the past leaves it so.
        const after = kept.get("history.json");
        expect(await growHistory(source(repository), oids.at(-1) ?? "", notes, true)).toEqual(anew);
        expect(await growHistory(source(repository), oids[0] ?? "", notes, false)).toEqual(
          await readHistory(source(repository), oids[0]),
        );
        expect(kept.get("history.json")).toBe(after);
      }),
      { numRuns: 25 },
    );
  });
});

describe("the operations", { timeout: 60_000 }, () => {
  const commits: readonly MadeCommit[] = [
    {
      parents: [],
      files: {
        "registry/registry.yaml": "id: acme\nprotectedBranch: main\n",
        [live]: 'bundle: "1.0.0"\nreason: first\n',
      },
    },
    {
      parents: [0],
      files: {
        [live]: 'bundle: "1.1.0"\nreason: better\n',
        "registry/models/openai/gpt/1.0.0.yaml":
          'serving:\n  pricing:\n    currency: USD\n    inputPerMillionTokens: "2.50"\n',
      },
    },
    {
      parents: [1],
      files: {
        "registry/models/openai/gpt/1.0.0.yaml":
          'serving:\n  pricing:\n    currency: USD\n    inputPerMillionTokens: "3.00"\n',
      },
      message: "Prices rise",
    },
    { parents: [2], files: { [live]: 'bundle: "1.0.0"\nreason: worse abroad\n' } },
    { parents: [3], files: { [live]: 'bundle: "9.9.9"\nreason: only proposed\n' } },
  ];

  test("history tells before and after, and ends where the protected branch stands", async () => {
    const folder = newRepository();
    const oids = makeHistory(folder, commits);
    git(folder, ["update-ref", "refs/remotes/origin/main", oids[3] ?? ""]);
    git(folder, ["symbolic-ref", "HEAD", "refs/heads/made-4"]);
    git(folder, ["update-ref", "refs/heads/made-4", oids[0] ?? ""]);
    const ports = portsOf(folder);
    const ofScope = await history({ folder, subject: "prod/fraud/score" }, ports);
    expect([ofScope.registry, ofScope.sequence, ofScope.commit]).toEqual(["acme", 4, oids[3]]);
    expect(
      ofScope.items.map(({ event, before, after }) => [
        event.sequence,
        event.type,
        before,
        after,
        event.reason,
      ]),
    ).toEqual([
      [4, "bundle_rolled_back", "1.1.0", "1.0.0", "worse abroad"],
      [2, "bundle_promoted", "1.0.0", "1.1.0", "better"],
      [1, "bundle_activated", null, "1.0.0", "first"],
    ]);
    const ofModel = await history({ folder, subject: "openai/gpt" }, ports);
    expect(ofModel.subjects).toEqual(["model:openai/gpt@1.0.0"]);
    expect(ofModel.items[0]).toMatchObject({
      event: { type: "price_changed", reason: "Prices rise" },
      changes: [{ path: "/serving/pricing/inputPerMillionTokens", before: "2.50", after: "3.00" }],
    });
    expect((await history({ folder }, ports)).items).toHaveLength(6);
    expect((await history({ folder, at: "2023-11-14T22:14:20Z" }, ports)).sequence).toBe(2);
    expect((await history({ folder, at: "made-3~1" }, ports)).sequence).toBe(3);
    const some: RegistryEvent[] = [];
    for await (const batch of events({ folder, from: 2, to: 3 }, ports)) some.push(...batch);
    expect(some.map(({ sequence, type }) => [sequence, type])).toEqual([
      [2, "bundle_promoted"],
      [2, "model_registered"],
      [3, "price_changed"],
    ]);
    expect(await scopeStack("prod/fraud/score", await opened(folder))).toEqual(["1.0.0"]);
  });

  test("compliance is followed from the first binding on, grown or read anew, told or asked of a scope", async () => {
    const folder = newRepository();
    const model = "registry/models/x/m/1.0.0.yaml";
    const values = (size: string): string =>
      `state: beta\nspec:\n  provider: provider:x\n  type: other\nfacts:\n  sizeClass: ${size}\n`;
    const policy = (kind: string, assert: string): string =>
      `state: active\nspec:\n  appliesTo:\n    - ${kind}\n  rules:\n    - id: r\n      assert: ${assert}\n      severity: high\n      message: No.\n`;
    const binding = (name: string): string => `selector: {}\npolicies:\n  - policy:core/${name}@1.0.0\n`;
    const start = Date.parse("2026-01-01T00:00:00Z") / 1000;
    const day = 24 * 60 * 60;
    const steps: readonly Readonly<Record<string, string | null>>[] = [
      { "registry/registry.yaml": "id: acme\nprotectedBranch: main\n", [model]: values("mini") },
      {
        "registry/policies/core/sized/1.0.0.yaml": policy("Model", "facts.sizeClass != 'mini'"),
        "registry/policies/core/reasoned/1.0.0.yaml": policy("Activation", "size(spec.reason) > 3"),
        [live]: 'bundle: "1.0.0"\nreason: no\n',
        "registry/models/x/broken/1.0.0.yaml": "broken: [\n",
      },
      { "registry/governance/policy-bindings/b.yaml": binding("sized") },
      {
        "registry/governance/waivers/w.yaml":
          'policy: policy:core/sized@1.0.0\nselector: {}\nreason: Because.\nexpires: "2026-01-05T12:00:00Z"\n',
      },
      { "registry/governance/policy-bindings/c.yaml": binding("reasoned") },
      { [live]: 'bundle: "1.0.0"\nreason: better\n' },
    ];
    const days = [0, 1, 2, 3, 10, 11];
    const oids = makeHistory(
      folder,
      steps.map((written, index) => ({
        parents: index === 0 ? [] : [index - 1],
        files: written,
        time: start + (days[index] ?? 0) * day,
      })),
    );
    const told: RegistryEvent[] = [];
    for await (const batch of events({ folder }, portsOf(folder))) told.push(...batch);
    const brief = ({ sequence, type, subject, fromState, toState }: RegistryEvent): string =>
      `${sequence} ${type} ${subject} ${fromState ?? "-"}>${toState ?? "-"}`;
    const ofPolicies = told.filter(({ type }) => /^(?:waiver|compliance)/.test(type));
    expect(ofPolicies.map(brief)).toEqual([
      "3 compliance_changed model:x/m@1.0.0 unknown>non-compliant",
      "4 waiver_granted waiver:w ->-",
      "4 compliance_changed model:x/m@1.0.0 non-compliant>exempt",
      "4 waiver_lapsed waiver:w ->expired",
      "4 compliance_changed model:x/m@1.0.0 exempt>non-compliant",
      "5 compliance_changed scope:prod/fraud/score unknown>non-compliant",
      "6 compliance_changed scope:prod/fraud/score non-compliant>compliant",
    ]);
    // What was told while nothing had landed after the waiver's end is what is told now.
    const then: RegistryEvent[] = [];
    const asked = { folder, at: oids[3], asOf: "2026-01-09T00:00:00Z" as Instant };
    for await (const batch of events(asked, portsOf(folder))) then.push(...batch);
    expect(then).toEqual(told.slice(0, then.length));
    expect(then.map(brief).at(-1)).toBe(ofPolicies.map(brief)[4]);
    const some: RegistryEvent[] = [];
    for await (const batch of events({ folder, from: 5, to: 5 }, portsOf(folder))) some.push(...batch);
    expect(some.map(({ sequence }) => sequence)).toEqual([5, 5]);

    const repository = await opened(folder);
    const whole = await readHistory(source(repository), oids.at(-1));
    expect(whole.events).toEqual(told);
    for (const before of oids) {
      const kept = new Map<string, string>();
      const notes = await portsOf(folder, kept).openCloneNotes(folder);
      await growHistory(source(repository), before, notes, true);
      expect(await growHistory(source(repository), oids.at(-1) ?? "", notes, true)).toEqual(whole);
    }
    const ofScope = await history({ folder, subject: "prod/fraud/score" }, portsOf(folder));
    expect(ofScope.items.map(({ event }) => brief(event))).toEqual([
      "6 compliance_changed scope:prod/fraud/score non-compliant>compliant",
      "6 activation_amended scope:prod/fraud/score live>live",
      "5 compliance_changed scope:prod/fraud/score unknown>non-compliant",
      "2 bundle_activated scope:prod/fraud/score ->live",
    ]);
    // Where no policy is about activations, little is read of the others, and the same is told.
    const other = newRepository();
    const reasoned = "registry/policies/core/reasoned/1.0.0.yaml";
    makeHistory(
      other,
      steps.map((written, index) => ({
        parents: index === 0 ? [] : [index - 1],
        files: reasoned in written ? { ...written, [reasoned]: policy("Model", "true") } : written,
        time: start + (days[index] ?? 0) * day,
      })),
    );
    const all = await history({ folder: other }, portsOf(other));
    expect((await history({ folder: other, subject: "prod/fraud/score" }, portsOf(other))).items).toEqual(
      all.items.filter(({ event }) => event.scope === "prod/fraud/score"),
    );
    expect(all.items.filter(({ event }) => event.type === "compliance_changed")).toHaveLength(3);
    const ofWaiver = await history({ folder, subject: "waiver:w" }, portsOf(folder));
    expect(ofWaiver.items.map(({ event }) => [event.type, event.sequence])).toEqual([
      ["waiver_lapsed", 4],
      ["waiver_granted", 4],
    ]);
  });

  test("what cannot be answered is said", async () => {
    const folder = newRepository();
    const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
      promise.then(
        () => "answered",
        (error: unknown) => (error instanceof Failure ? error.code : error),
      );
    expect(await codeOf(history({ folder }, portsOf(folder)))).toBe("history/empty");
    makeHistory(folder, commits);
    expect(await codeOf(history({ folder, subject: "prod/fraud/scorr" }, portsOf(folder)))).toBe(
      "usage/unknown-entry",
    );
    expect(await codeOf(history({ folder, at: "2001-01-01T00:00:00Z" }, portsOf(folder)))).toBe(
      "history/empty",
    );
    expect(await codeOf(history({ folder, at: "nowhere" }, portsOf(folder)))).toBe("git/unknown-revision");
  });

  test("an object whose bytes are not what its id promises is refused, whatever it says", async () => {
    const folder = newRepository();
    mkdirSync(join(folder, "registry"));
    writeFileSync(join(folder, "registry/registry.yaml"), "id: acme\n");
    git(folder, ["add", "."]);
    git(folder, ["commit", "-q", "-m", "Begin"]);
    expect((await readHistory(source(await opened(folder)))).registryId).toBe("acme");
    for (const object of ["HEAD:registry/registry.yaml", "HEAD"]) {
      const oid = git(folder, ["rev-parse", object]).trim();
      const type = git(folder, ["cat-file", "-t", oid]).trim();
      const file = join(folder, ".git/objects", oid.slice(0, 2), oid.slice(2));
      const kept = readFileSync(file);
      const other = git(folder, ["cat-file", type, oid]).replace("acme", "evil").replace("Begin", "Began");
      rmSync(file);
      writeFileSync(file, deflateSync(`${type} ${other.length}\0${other}`));
      const failure = await readHistory(source(await opened(folder))).catch((error: unknown) => error);
      expect([object, failure instanceof Failure ? failure.code : failure]).toEqual([
        object,
        "git/corrupt-object",
      ]);
      rmSync(file);
      writeFileSync(file, kept);
    }
  });

  test("a list has no marks where history lacks something, and none without git; damage is damage", async () => {
    const folder = newRepository();
    mkdirSync(join(folder, "registry"));
    for (const message of ["Begin", "Go on"]) {
      writeFileSync(join(folder, "registry/registry.yaml"), `id: acme\ntitle: ${message}\n`);
      git(folder, ["add", "."]);
      git(folder, ["commit", "-q", "-m", message]);
    }
    const marks = async (repository: Repository | undefined): Promise<unknown> =>
      marksFor({ repository, commit: null, root: folder }, portsOf(folder)).then(({ size }) => size, codeOf);
    expect(await marks(undefined)).toBe(0);
    expect(await marks(await opened(folder))).toBe(1);
    const oid = git(folder, ["rev-parse", "HEAD~1"]).trim();
    const file = join(folder, ".git/objects", oid.slice(0, 2), oid.slice(2));
    const other = git(folder, ["cat-file", "commit", oid]).replace("Begin", "Began");
    rmSync(file);
    expect(await marks(await opened(folder))).toBe(0);
    writeFileSync(file, deflateSync(`commit ${other.length}\0${other}`));
    expect(await marks(await opened(folder))).toBe("git/corrupt-object");
  });

  test("a clone without contents has the same history", async () => {
    const folder = newRepository();
    makeHistory(folder, commits);
    git(folder, ["config", "uploadpack.allowFilter", "true"]);
    git(folder, ["config", "uploadpack.allowAnySHA1InWant", "true"]);
    const clone = join(newFolder(), "clone");
    git(folder, ["clone", "-q", "--bare", "--filter=blob:none", `file://${folder}`, clone]);
    expect(git(clone, ["rev-list", "--objects", "--all", "--missing=print"])).toContain("?");
    expect(await readHistory(source(await opened(clone)))).toEqual(
      await readHistory(source(await opened(folder))),
    );
  });
});
