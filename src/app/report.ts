/**
 * `assent report`: the registry as those read it who have to answer for it, at any moment, beside earlier ones. Reads the
 * tree and its history; writes nothing.
 */
import {
  sectionOf,
  type Report,
  type ReportDefinition,
  type ReportInput,
} from "../core/export/report/define.ts";
import { reports } from "../core/export/report/index.ts";
import { spread, withTrend, type Point } from "../core/export/report/trend.ts";
import { Failure } from "../core/model/failure.ts";
import { millisecondsOf, parseInstant, type Instant } from "../core/model/instant.ts";
import { counted } from "../core/model/progress.ts";
import { nearest } from "../core/model/nearest.ts";
import type { Registry } from "../core/model/registry.ts";
import type { EntryCompliance } from "../core/policy/compliance.ts";
import { findEntry } from "./entry.ts";
import { landingsOf } from "./landed.ts";
import type { Ports } from "./ports.ts";
import { needGit, openRegistry, type OpenRegistry, type Selection } from "./read.ts";
import { pastOf } from "./report-past.ts";

export interface ReportRequest extends Selection {
  readonly report: string;
  readonly environment?: string | undefined;
  readonly usecase?: string | undefined;
  /** In days; what ends within them is about to end. */
  readonly within: number;
  /** A revision or an instant from which on the course is shown. */
  readonly since?: string | undefined;
  /** Revisions or instants to stand beside. */
  readonly compare?: readonly string[];
  /** Only this table. */
  readonly section?: string | undefined;
}

/** How many earlier moments `since` shows at most. */
const MOMENTS = 12;

/** Makes one report. */
export async function report(request: ReportRequest, ports: Ports): Promise<Report> {
  const definition = await reportNamed(request.report);
  const open = await openRegistry(request, ports);
  const { registry, commit, sequence } = open;
  if (open.files === 0) {
    throw new Failure("repository/not-found", "There is no registry here yet.", {
      hint:
        request.at === undefined
          ? "Make one: assent init."
          : "Leave out --at, or name a later commit: --at <rev>.",
    });
  }
  const asOf = request.asOf ?? (request.at === undefined ? ports.now() : open.asOf);
  const asked = askedOf(request, registry);
  const past = await pastOf(open, asOf, ports);
  const body = definition.make(await inputOf({ registry, asOf, past }, asked));
  const unread = open.files - registry.entries.length;
  const whole: Report = {
    name: definition.name,
    title: definition.title,
    main: definition.main,
    registry: registry.ofKind("Registry")[0]?.value.id ?? "",
    commit,
    sequence,
    asOf,
    environment: asked.environment,
    usecase: asked.usecase,
    ...body,
    notes: [
      ...(unread === 0
        ? []
        : [
            `Not in here, because they cannot be read as entries: ${unread === 1 ? "1 file" : `${unread} files`}. See assent lint.`,
          ]),
      ...body.notes,
      "Times are in UTC.",
    ],
  };
  const points = await pointsOf(definition, asked, request, open, asOf, ports);
  const told = points === undefined ? whole : withTrend(whole, points);
  return request.section === undefined ? told : onlySection(told, request.section);
}

type Asked = Pick<ReportInput, "environment" | "usecase" | "within">;

/** The report's name, checked; a wrong one gets the nearest. */
async function reportNamed(name: string): Promise<ReportDefinition> {
  const load = Object.hasOwn(reports, name) ? reports[name] : undefined;
  if (load !== undefined) return load();
  const names = Object.keys(reports);
  const near = nearest(name, names);
  throw new Failure("usage/report", `There is no report "${name}".`, {
    hint: near === undefined ? `There are ${names.join(", ")}.` : `Did you mean ${near}?`,
  });
}

function askedOf({ environment, usecase, within }: ReportRequest, registry: Registry): Asked {
  return {
    environment: environment === undefined ? null : findEntry(registry, environment, "Environment").id,
    usecase: usecase === undefined ? null : findEntry(registry, usecase, "UseCase").id,
    within,
  };
}

/** Everything a report may ask for; the engine of expressions is loaded only where something is bound. */
async function inputOf(
  { registry, asOf, past }: Pick<ReportInput, "registry" | "asOf" | "past">,
  asked: Asked,
): Promise<ReportInput> {
  const { compliance } = await import("../core/policy/compliance.ts");
  let found: readonly EntryCompliance[] | undefined;
  return { registry, asOf, past, ...asked, compliance: () => (found ??= compliance(registry, asOf)) };
}

/** The same report at earlier moments, oldest first; undefined where nobody asked for any. */
async function pointsOf(
  definition: ReportDefinition,
  asked: Asked,
  request: ReportRequest,
  open: OpenRegistry,
  asOf: Instant,
  ports: Ports,
): Promise<readonly Point[] | undefined> {
  const { since, compare = [], folder, at, onProgress } = request;
  if (since === undefined && compare.length === 0) return undefined;
  const repository = needGit(open.repository, "A trend");
  const moments = compare.map((moment) => ({ at: moment, label: moment }));
  if (since !== undefined) {
    const all = await landingsOf(repository, at);
    const start = await openStart(since, { folder, onProgress }, ports);
    const later = all.filter(({ sequence, oid }) => sequence >= start && oid !== open.commit);
    for (const { oid, sequence } of spread(later, MOMENTS))
      moments.push({ at: oid, label: String(sequence) });
  }
  const told = counted(onProgress, "reading earlier landings", moments.length, 1);
  const points: Point[] = [];
  for (const moment of moments) {
    const earlier = await openRegistry({ folder, at: moment.at }, ports);
    const input = await inputOf({ registry: earlier.registry, asOf: earlier.asOf, past: null }, asked);
    const { facts } = definition.make(input);
    const { commit, sequence } = earlier;
    points.push({ label: moment.label, commit: commit ?? "", sequence, at: earlier.asOf, facts });
    told?.(points.length);
  }
  return points
    .filter((point) => millisecondsOf(point.at) <= millisecondsOf(asOf))
    .sort((a, b) => millisecondsOf(a.at) - millisecondsOf(b.at) || (a.sequence ?? 0) - (b.sequence ?? 0));
}

/** The number of the landing that `--since` means; before the first one, the first. */
async function openStart(since: string, selection: Selection, ports: Ports): Promise<number> {
  try {
    return (await openRegistry({ ...selection, at: since }, ports)).sequence ?? 1;
  } catch (error) {
    if (
      error instanceof Failure &&
      error.code === "repository/before-history" &&
      parseInstant(since) !== undefined
    )
      return 1;
    throw error;
  }
}

function onlySection(whole: Report, key: string): Report {
  const section = whole.sections.find((each) => each.key === key);
  if (section !== undefined)
    return { ...whole, main: key, charts: [], sections: [sectionOf(section, section.rows)] };
  const keys = whole.sections.map((each) => each.key);
  const near = nearest(key, keys);
  throw new Failure("usage/report-section", `The report "${whole.name}" has no table "${key}".`, {
    hint: near === undefined ? `It has ${keys.join(", ")}.` : `Did you mean ${near}?`,
  });
}
