/**
 * The check that a ruleset demands: one check run named `assent`, bound to the head and, by its external id, to D.
 * A run that waits is in progress, never neutral: GitHub lets neutral pass. It becomes completed by its very last
 * request, so that what breaks off on the way never reads as success.
 */
import { parseInstant, type Instant } from "../../core/model/instant.ts";
import type { Annotation } from "../../core/model/posting.ts";
import type { RepositoryName } from "../../core/model/repository-name.ts";
import type { GateCheck } from "../../app/ports.ts";
import { numberOf, objectOf, textOf, type Fields } from "./answer.ts";
import type { Client, Parameters } from "./client.ts";
import { readPages } from "./pages.ts";

/** What rulesets demand; renaming it would open every branch that demands the old name. */
const checkName = "assent";

/** GitHub takes this many annotations in one request, and this many characters of text. */
const batch = 50;
const longestText = 65_535;
const longestMessage = 16_000;

interface StandingCheck {
  readonly id: number;
  readonly completed: boolean;
  readonly conclusion: string | null;
  readonly digest: string;
  readonly title: string;
  readonly summary: string;
}

/** The newest gate check on a commit. `app`: only those of this App, so that nobody else's run is taken for ours. */
async function standingCheck(
  client: Client,
  repo: RepositoryName,
  sha: string,
  app: number | undefined,
): Promise<StandingCheck | undefined> {
  const place = { owner: repo.owner, repo: repo.name, ref: sha, check_name: checkName, filter: "latest" };
  const route = "GET /repos/{owner}/{repo}/commits/{ref}/check-runs";
  const { items } = await readPages(
    client,
    route,
    { ...place, ...(app !== undefined && { app_id: app }) },
    { key: "check_runs" },
  );
  return items.map((item) => standing(objectOf(item, "a check"))).sort((a, b) => b.id - a.id)[0];
}

function standing(fields: Fields): StandingCheck {
  const output = objectOf(fields["output"], "a check's output");
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return {
    id: numberOf(fields, "id", "a check"),
    completed: textOf(fields, "status", "a check") === "completed",
    conclusion: text(fields["conclusion"]) || null,
    digest: text(fields["external_id"]),
    title: text(output["title"]),
    summary: text(output["summary"]),
  };
}

/** When the pending check on a commit may be decided anew; undefined when none is pending, null when only people are missing. */
export async function readDue(
  client: Client,
  repo: RepositoryName,
  sha: string,
  app: number | undefined,
): Promise<Instant | null | undefined> {
  const check = await standingCheck(client, repo, sha, app);
  if (check === undefined || check.completed) return undefined;
  return parseInstant(/<!-- assent:eligible-at (\S{20,30}) -->\s*$/.exec(check.summary)?.[1] ?? "") ?? null;
}

/** Posts the check; false when exactly this stands there already. */
export async function writeCheck(
  client: Client,
  repo: RepositoryName,
  check: GateCheck,
  app: number | undefined,
): Promise<boolean> {
  const place = { owner: repo.owner, repo: repo.name };
  const output = { title: cut(check.title, 255), summary: summaryOf(check) };
  const final: Parameters =
    check.conclusion === null
      ? { status: "in_progress" }
      : { status: "completed", conclusion: check.conclusion };
  const before = await standingCheck(client, repo, check.sha, app);
  const same =
    before?.digest === check.digest &&
    before.conclusion === check.conclusion &&
    before.title === output.title &&
    before.summary.replaceAll("\r\n", "\n").trim() === output.summary.trim();
  if (same) return false;

  const batches = batchesOf(check.annotations);
  const parameters = { ...place, name: checkName, head_sha: check.sha, external_id: check.digest };
  const created = await client.ask("POST /repos/{owner}/{repo}/check-runs", {
    ...parameters,
    ...(batches.length <= 1 ? final : { status: "in_progress" }),
    output: { ...output, annotations: batches[0] ?? [] },
  });
  const id = numberOf(objectOf(created.data, "the check"), "id", "the check");
  for (const [index, annotations] of batches.entries()) {
    if (index === 0) continue;
    const last = index === batches.length - 1;
    await client.ask("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
      ...place,
      check_run_id: id,
      ...(last ? final : { status: "in_progress" }),
      output: { ...output, annotations },
    });
  }
  return true;
}

function summaryOf({ summary, eligibleAt }: GateCheck): string {
  const mark = eligibleAt === null ? "" : `\n\n<!-- assent:eligible-at ${eligibleAt} -->`;
  return `${cut(summary, longestText - mark.length)}${mark}`;
}

function batchesOf(annotations: readonly Annotation[]): readonly (readonly object[])[] {
  const wire = annotations.map(({ path, startLine, endLine, level, title, message }) => ({
    path,
    start_line: startLine,
    end_line: Math.max(startLine, endLine),
    annotation_level: level,
    title: cut(title, 255),
    message: cut(message, longestMessage),
  }));
  return Array.from({ length: Math.ceil(wire.length / batch) }, (_, index) =>
    wire.slice(index * batch, (index + 1) * batch),
  );
}

/** Shortened to so many UTF-16 units, never inside a character. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}\u2026`;
}
