/** Who is hit by an exchange, as text, as `assent.impact/v1`, or as the patch that makes it. */
import type { ImpactResult } from "../../app/impact.ts";
import { countsOf, type End } from "../../core/lineage/impact.ts";
import { patchText } from "../../core/lineage/patch.ts";
import type { Severity, Verdict } from "../../core/lineage/steps.ts";
import type { CommandContext, Style } from "../command.ts";
import { escapeLine } from "./escape.ts";
import { renderTable } from "./table.ts";
import { wrap } from "./text.ts";

/** The wire value. */
export function impactWire({
  subject,
  replacement,
  comparison,
  hits,
  ends,
  migration,
}: ImpactResult): object {
  return {
    format: "assent.impact/v1",
    subject: subject.ref,
    replacement,
    breaking: comparison?.breaking ?? null,
    counts: countsOf(hits),
    hits: hits.map((hit) => ({
      ref: hit.ref,
      kind: hit.kind,
      state: hit.state,
      owner: hit.owner,
      distance: hit.distance,
      verdict: hit.verdict,
      severity: hit.severity,
      live: hit.live,
      because: hit.because,
      path: hit.path,
      advice: hit.advice,
    })),
    ends,
    migration:
      migration === null
        ? null
        : {
            drafts: migration.drafts,
            requests: migration.requests,
            aliases: migration.aliases,
            open: migration.open,
            patch: patchText(migration.files),
          },
  };
}

/** The plan of the exchange for `git apply`; empty where no file has to change. */
export function impactPatch({ migration }: ImpactResult): string {
  return migration === null ? "" : patchText(migration.files);
}

const MOST = 40;

/** Everything in one screen where it fits: verdict, hits, where it is live, what to do. */
export function impactText(result: ImpactResult, { style, columns }: CommandContext): string {
  const { subject, replacement, comparison, hits, ends, migration } = result;
  const state = subject.state === null ? "" : style.dim(`  ${subject.state}`);
  const lines = [`${style.bold(escapeLine(subject.ref))}${state}`];
  if (replacement === null) lines.push("If it goes and nothing takes its place:");
  else {
    const chosen = replacement.chosen === "asked" ? "" : style.dim(" (its replacedBy)");
    lines.push(`If ${style.bold(escapeLine(replacement.ref))} takes its place${chosen}:`);
    for (const change of comparison?.changes.filter(({ impact }) => impact !== "compatible").slice(0, 6) ??
      [])
      lines.push(
        `  ${verdictWord(change.impact, style)}  ${escapeLine(change.pointer.join("."))}: ${escapeLine(change.why)}`,
      );
    if (comparison?.breaking === false) lines.push(`  ${style.green("it keeps what was promised")}`);
  }
  if (hits.length === 0)
    return `${[...lines, "", `${style.green("nobody")}  nothing stands on it`].join("\n")}\n`;
  const counts = countsOf(hits);
  lines.push(
    "",
    `${counts.breaking} breaking, ${counts.unknown} unknown, ${counts["non-breaking"]} non-breaking; ${livePlaces(ends)}`,
    "",
    ...renderTable(
      ["SEVERITY", "VERDICT", "ENTRY", "STEPS", "OWNER"],
      hits
        .slice(0, MOST)
        .map((hit) => [hit.severity, hit.verdict, hit.ref, String(hit.distance), hit.owner ?? ""]),
      columns,
      style,
      2,
    ),
  );
  if (hits.length > MOST)
    lines.push(style.dim(`... and ${hits.length - MOST} more; --format json lists all`));
  lines.push(...wayLines(hits, columns, style), ...endLines(ends, columns, style));
  if (migration !== null) lines.push(...migrationLines(result, columns, style));
  else lines.push("", `Compare a replacement: assent impact ${escapeLine(subject.ref)} --to <entry>`);
  return `${lines.join("\n")}\n`;
}

/** The worst hits with the way they are hit by. */
function wayLines(hits: ImpactResult["hits"], columns: number, style: Style): readonly string[] {
  const shown = hits
    .filter(({ kind, verdict }) => kind !== "Activation" && verdict !== "non-breaking")
    .slice(0, 5);
  return shown.flatMap((hit) => [
    "",
    `${severityWord(hit.severity, style)}  ${escapeLine(hit.ref)}`,
    ...(hit.path.length > 1
      ? [
          `  by way of ${hit.path
            .slice(0, -1)
            .map(({ ref }) => escapeLine(ref))
            .join(", ")}`,
        ]
      : []),
    ...indented(hit.because, 2, columns),
    ...hit.advice.map((advice) => `  ${style.cyan("->")} ${escapeLine(advice.do)}`),
  ]);
}

function endLines(ends: readonly End[], columns: number, style: Style): readonly string[] {
  if (ends.length === 0) return [];
  const rows = ends
    .slice(0, MOST)
    .map((end) => [
      end.environment,
      [end.usecase, end.tenant ?? (end.scenario === null ? "" : "default"), end.scenario ?? ""]
        .filter(Boolean)
        .join("/"),
      `${end.bundle.slice(end.bundle.lastIndexOf("@") + 1)}${end.as === "fallback" ? " (fallback)" : ""}`,
      end.verdict,
      end.severity,
      end.riskTier ?? "",
      end.owner ?? "",
    ]);
  const head = ["LIVE IN", "FOR", "BUNDLE", "VERDICT", "SEVERITY", "RISK", "OWNER"];
  const more = ends.length > MOST ? [style.dim(`... and ${ends.length - MOST} more`)] : [];
  return ["", ...renderTable(head, rows, columns, style, 1), ...more];
}

function migrationLines(
  { subject, replacement, hits, ends, migration }: ImpactResult,
  columns: number,
  style: Style,
): readonly string[] {
  if (migration === null || replacement === null) return [];
  const { drafts, requests, aliases, open, files } = migration;
  const lines = ["", style.bold("Migration")];
  for (const draft of drafts)
    lines.push(`  draft    ${escapeLine(draft.ref)}  ${style.dim(`from ${escapeLine(draft.from)}`)}`);
  for (const { ref, names } of aliases)
    lines.push(`  alias    ${escapeLine(ref)}  ${escapeLine(names.join(", "))}`);
  for (const request of requests)
    lines.push(
      `  publish  ${escapeLine(request.ref)}  ${style.dim(`from ${escapeLine(request.from)}; has to be measured first`)}`,
    );
  for (const why of new Set(open.map((each) => each.why))) {
    const refs = open.filter((each) => each.why === why).map(({ ref }) => ref);
    const more = refs.length > MOST ? ` and ${refs.length - MOST} more` : "";
    const [first = "", ...rest] = indented(why, 11, columns);
    lines.push(`  by hand  ${first.trimStart()}`, ...rest);
    lines.push(
      ...indented(refs.slice(0, MOST).join(", ") + more, 11, columns).map((line) => style.dim(line)),
    );
  }
  lines.push(...moveLines(hits, ends, columns));
  if (lines.length === 2) lines.push("  Nothing has to change.");
  if (files.length > 0)
    lines.push(
      `  assent impact ${escapeLine(subject.ref)} --to ${escapeLine(replacement.ref)} --format patch | git apply`,
    );
  return lines;
}

/** What is live moves last, and in the order in which environments let it: the lowest rank first. */
function moveLines(hits: ImpactResult["hits"], ends: readonly End[], columns: number): readonly string[] {
  const places = new Map(ends.map(({ environment }, at) => [environment, at]));
  const byRef = new Map(hits.map((hit) => [hit.ref, hit]));
  const climbing = ends.toSorted((a, b) => places.get(b.environment)! - places.get(a.environment)!);
  const moves = climbing.filter(({ verdict }) => verdict !== "non-breaking");
  const lines = moves.slice(0, MOST).flatMap(({ ref, as }) =>
    (byRef.get(`scope:${ref.replace(/^scope:/, "")}`)?.advice ?? []).flatMap((advice) => {
      if (advice.command !== null)
        return [
          `  promote  ${escapeLine(ref.replace(/^scope:/, ""))}`,
          `           ${escapeLine(advice.command)}`,
        ];
      const [first = "", ...rest] = indented(advice.do, 11, columns);
      return as === "fallback" ? [`  by hand  ${first.trimStart()}`, ...rest] : [];
    }),
  );
  return moves.length <= MOST
    ? lines
    : [...lines, `  ... and ${moves.length - MOST} more scopes; --format json lists all`];
}

function indented(words: string, by: number, columns: number): readonly string[] {
  return wrap(escapeLine(words), columns - by).map((line) => " ".repeat(by) + line);
}

function livePlaces(ends: readonly End[]): string {
  if (ends.length === 0) return "live nowhere";
  const places = new Map<string, Set<string>>();
  for (const { environment, tenant } of ends) {
    const tenants = places.get(environment) ?? new Set();
    places.set(environment, tenant === null ? tenants : tenants.add(tenant));
  }
  const words = [...places].map(([environment, tenants]) =>
    tenants.size === 0 ? environment : `${environment} (${[...tenants].join(", ")})`,
  );
  return `live in ${words.map(escapeLine).join(", ")}`;
}

function verdictWord(impact: Verdict | "compatible", style: Style): string {
  return impact === "breaking"
    ? style.red("breaking")
    : impact === "unknown"
      ? style.yellow("unknown ")
      : impact;
}

function severityWord(severity: Severity, style: Style): string {
  if (severity === "critical" || severity === "high") return style.red(severity);
  return severity === "medium" ? style.yellow(severity) : style.dim(severity);
}
