/**
 * The degrade matrix: what every scope answers in every degrade mode of its environment, as resolution itself answers.
 * It must never judge compatibility in another way than resolution does.
 */
import { policyRevisionOf } from "../../compile/policy-revision.ts";
import { compileSlices } from "../../compile/slices.ts";
import { digestOfBytes, sha256Hex } from "../../model/digest.ts";
import { compareBytes } from "../../model/json.ts";
import type { Entry, Registry } from "../../model/registry.ts";
import { parseScope, type Scope } from "../../model/scope.ts";
import { MANIFEST_FORMAT, MANIFEST_PATH, type Manifest, type Resolution } from "../../model/snapshot.ts";
import { modesOf, NORMAL_MODE } from "../../resolve/compatibility.ts";
import { loadSlice, type LoadedManifest } from "../../resolve/load.ts";
import { createResolver } from "../../resolve/resolve.ts";
import {
  column,
  countFact,
  defineReport,
  sectionOf,
  type ReportInput,
  type Row,
  type SectionShape,
} from "./define.ts";

const matrixShape: SectionShape = {
  key: "matrix",
  title: "Scope by degrade mode",
  note: "Environments in the order of ranks. After these columns comes one for each degrade mode, named after it: what the scope answers there. Empty where its environment has no such mode.",
  none: "Nothing has been activated.",
  columns: [
    column("scope", "Scope", "ref", "Where: environment, use case, tenant, scenario.", "brief"),
    column("bundle", "Live", "text", "The version that its activation names, `none` or `inherit`.", "brief"),
    column("fallback", "Fallback", "text", "The version to use where that one does not fit.", "brief"),
  ],
};

const answersShape: SectionShape = {
  key: "answers",
  title: "Every answer",
  note: "One row for each scope and degrade mode: what fails closed first, then what falls back.",
  none: "Nothing has been activated.",
  columns: [
    column("scope", "Scope", "ref", "Where: environment, use case, tenant, scenario.", "brief"),
    column("environment", "Environment", "text", "The environment."),
    column("usecase", "Use case", "text", "The use case."),
    column("tenant", "Tenant", "text", "The tenant; empty = everybody."),
    column("scenario", "Scenario", "text", "The scenario; empty = always."),
    column("mode", "Mode", "text", "The degrade mode that is asked with.", "brief"),
    column(
      "outcome",
      "Outcome",
      "status",
      "`resolved`: the live bundle is handed out. `fallback`: the other one is. `fail-closed`: nothing is, because nothing is live or what is live does not fit.",
      "brief",
    ),
    column("answer", "Bundle", "ref", "The bundle that is handed out.", "brief"),
    column(
      "compatible",
      "Fits",
      "text",
      "`no` where it is handed out although it does not fit, because its environment only warns.",
    ),
    column("posture", "Posture", "text", "How callers are told to act.", "brief"),
    column("reasons", "Reasons", "list", "Why, in the words of resolution."),
  ],
};

const FAIL_CLOSED = "fail-closed";
const outcomes: readonly string[] = [FAIL_CLOSED, "fallback", "resolved"];

/** The report. */
export const degradeMatrix = defineReport({
  name: "degrade-matrix",
  title: "Degrade matrix",
  summary: "what every scope answers in every degrade mode: resolved, fallback or fail-closed",
  shapes: [matrixShape, answersShape],
  main: "answers",
  make(input) {
    const answers = answersOf(input);
    const modes = [...new Set(answers.map(({ mode }) => String(mode)))].sort(
      (a, b) => Number(b === NORMAL_MODE) - Number(a === NORMAL_MODE) || compareBytes(a, b),
    );
    const normal = answers.filter(({ mode }) => mode === NORMAL_MODE);
    const degraded = answers.filter(({ mode }) => mode !== NORMAL_MODE);
    const count = (rows: readonly Row[], outcome: string): number =>
      rows.filter((row) => row["outcome"] === outcome).length;
    const closed = count(normal, FAIL_CLOSED);
    return {
      facts: [
        countFact("scopes", "Scopes", normal.length),
        countFact("modes", "Modes", modes.length),
        countFact("resolvedNormal", "Resolved in NORMAL", count(normal, "resolved")),
        countFact("closedNormal", "Fail closed in NORMAL", closed, closed > 0 ? "warn" : "good"),
        countFact("fallbackDegraded", "Fall back when degraded", count(degraded, "fallback")),
        countFact("closedDegraded", "Fail closed when degraded", count(degraded, FAIL_CLOSED)),
      ],
      charts: [
        {
          type: "bars",
          title: "Answers by degrade mode",
          series: [
            { name: "Resolved", tone: "good" },
            { name: "Fallback", tone: "warn" },
            { name: "Fail-closed", tone: "bad" },
          ],
          rows: modes.map((mode) => {
            const rows = answers.filter((row) => row["mode"] === mode);
            return { label: mode, values: outcomes.toReversed().map((outcome) => count(rows, outcome)) };
          }),
        },
      ],
      sections: [
        sectionOf(
          matrixShape,
          matrixRows(input.registry, answers),
          modes.map((mode) => column(mode, mode, "status", `What it answers in ${mode}.`, "brief")),
        ),
        sectionOf(answersShape, byOutcome(answers)),
      ],
      notes: [
        "Asked as a caller asks who narrows nothing: with all feature groups and capabilities that the environment offers.",
        "Fail-closed stands for the outcomes `none` and `incompatible` of resolution: no bundle is handed out.",
        "Only scopes with an activation of their own are listed; what a scope inherits is its answer.",
      ],
    };
  },
});

function answersOf({ registry, environment, usecase }: ReportInput): readonly Row[] {
  const resolver = resolverOf(registry, environment);
  const rank = new Map(registry.ofKind("Environment").map(({ name, value }) => [name, value.rank]));
  const placed = registry.ofKind("Activation").flatMap((entry) => {
    const scope = parseScope(entry.id);
    if (scope === undefined || !rank.has(scope.environment)) return [];
    if (environment !== null && scope.environment !== environment) return [];
    return usecase !== null && scope.usecase !== usecase ? [] : [{ entry, scope }];
  });
  placed.sort(
    (a, b) =>
      (rank.get(a.scope.environment) ?? 0) - (rank.get(b.scope.environment) ?? 0) ||
      compareBytes(a.entry.id, b.entry.id),
  );
  return placed.flatMap(({ entry, scope }) =>
    resolver.modes(scope.environment).map((mode) => answerRow(entry, scope, mode, resolver.ask(scope, mode))),
  );
}

function answerRow(
  entry: Entry<"Activation">,
  scope: Scope,
  mode: string,
  { outcome, bundle, compatible, posture, reasons }: Resolution,
): Row {
  const isOut = outcome === "resolved" || outcome === "fallback";
  return {
    scope: entry.ref,
    ...scope,
    mode,
    outcome: isOut ? outcome : FAIL_CLOSED,
    answer: bundle?.ref ?? null,
    compatible: isOut ? (compatible ? "yes" : "no") : null,
    posture,
    reasons,
  };
}

function byOutcome(answers: readonly Row[]): readonly Row[] {
  const worse = (row: Row): number => outcomes.indexOf(String(row["outcome"]));
  return [...answers].sort((a, b) => worse(a) - worse(b));
}

function matrixRows(registry: Registry, answers: readonly Row[]): readonly Row[] {
  const rows = new Map<string, Record<string, Row[string]>>();
  for (const { scope, mode, outcome } of answers) {
    const ref = String(scope);
    let row = rows.get(ref);
    if (row === undefined) {
      const { bundle, fallback } = (registry.get(ref) as Entry<"Activation">).value;
      rows.set(ref, (row = { scope: ref, bundle, fallback: fallback ?? null }));
    }
    row[String(mode)] = outcome ?? null;
  }
  return [...rows.values()];
}

interface Asked {
  readonly modes: (environment: string) => readonly string[];
  readonly ask: (scope: Scope, mode: string) => Resolution;
}

/** Resolution itself over slices as they are compiled; only what is stamped on answers is left out. */
function resolverOf(registry: Registry, only: string | null): Asked {
  const { slicing, environments, slices } = compileSlices(registry, only ?? undefined);
  const manifest: Manifest = {
    format: MANIFEST_FORMAT,
    registry: registry.ofKind("Registry")[0]?.value.id ?? "",
    commit: null,
    sequence: null,
    asOf: "1970-01-01T00:00:00Z" as Manifest["asOf"],
    nextChange: null,
    policyRevision: policyRevisionOf(registry.tree),
    environments,
    slicing,
    slices: slices.map(({ environment, tenant, path }) => ({ environment, tenant, path })),
    catalogue: MANIFEST_PATH,
    dependents: MANIFEST_PATH,
    compliance: MANIFEST_PATH,
    files: slices.map(({ path, bytes }) => ({ path, sha256: sha256Hex(bytes), length: bytes.length })),
  };
  const loaded: LoadedManifest = { manifest, digest: digestOfBytes(new Uint8Array()) };
  const documents = slices.map((slice) => loadSlice(loaded, slice, slice.bytes));
  const resolver = createResolver(loaded, documents);
  const modes = new Map(documents.map((slice) => [slice.environment, modesOf(slice)]));
  return {
    modes: (environment) => modes.get(environment) ?? [],
    ask({ environment, usecase, tenant, scenario }, mode) {
      const answered = resolver.resolve({ environment, usecase, tenant, scenario, degradeMode: mode });
      if ("outcome" in answered) return answered;
      throw new Error(answered.message);
    },
  };
}
