/**
 * RegistryEvents for other programs: JSON lines, CloudEvents 1.0, CSV; and a line each for people. The wire values are
 * spelled out here so that internal types may change.
 */
import type { RegistryEvent } from "../../core/audit/event.ts";
import type { JsonObject } from "../../core/model/json.ts";
import type { PluginEvent } from "../../core/plugin/landings.ts";
import type { Style } from "../command.ts";
import { escapeCsv, escapeLine } from "./escape.ts";

/** One event as assent.event/v1. */
export function eventWire(event: RegistryEvent): JsonObject {
  const { eventId, registry, sequence, type, subject, bundleId, bundleVersion, scope, fromState, toState } =
    event;
  const { replaces, actor, claimed, reason, patch, commit, observedAt, policyRevision } = event;
  return {
    format: "assent.event/v1",
    registry,
    eventId,
    sequence,
    type,
    subject,
    bundleId,
    bundleVersion,
    scope,
    fromState,
    toState,
    replaces,
    actor,
    claimed,
    reason,
    patch,
    commit,
    observedAt,
    policyRevision,
  };
}

/** What stands before the first event; nothing but for CSV. */
export function eventsHead(format: string): string {
  return format === "csv" ? `${columns.join(",")}\r\n` : "";
}

/** Some events in one of the formats of `assent events`; all lines end. */
export function renderEvents(events: readonly RegistryEvent[], format: string, style: Style): string {
  let text = "";
  for (const event of events) {
    if (format === "csv") text += `${csvLine(event)}\r\n`;
    else if (format === "text") text += `${textLine(event, style)}\n`;
    else text += `${JSON.stringify(format === "cloudevents" ? cloudEvent(event) : eventWire(event))}\n`;
  }
  return text;
}

/** What plugins tell, as assent.plugin-event/v1, one a line. */
export function renderPluginEvents(events: readonly PluginEvent[]): string {
  return events
    .map(({ plugin, sequence, commit, type, data }) => {
      const wire = { format: "assent.plugin-event/v1", plugin, sequence, commit, type, data };
      return `${JSON.stringify(wire)}\n`;
    })
    .join("");
}

/** CloudEvents 1.0; `sequence` is the extension attribute of that name, padded so that it sorts as text. */
function cloudEvent(event: RegistryEvent): object {
  return {
    specversion: "1.0",
    id: event.eventId,
    source: `urn:assent:registry:${encodeURIComponent(event.registry)}`,
    type: `assent.${event.type}`,
    subject: event.subject,
    time: event.observedAt,
    sequence: String(event.sequence).padStart(12, "0"),
    datacontenttype: "application/json",
    data: eventWire(event),
  };
}

const columns = [
  "registry",
  "sequence",
  "eventId",
  "type",
  "subject",
  "bundleId",
  "bundleVersion",
  "scope",
  "fromState",
  "toState",
  "replaces",
  "actor",
  "reason",
  "patch",
  "commit",
  "observedAt",
  "policyRevision",
] as const;

function csvLine(event: RegistryEvent): string {
  const values = { ...event, patch: event.patch === null ? null : JSON.stringify(event.patch) };
  return columns.map((column) => csvCell(values[column])).join(",");
}

function csvCell(value: string | number | null): string {
  return typeof value === "string" ? escapeCsv(value) : value === null ? "" : String(value);
}

function textLine(event: RegistryEvent, style: Style): string {
  const what = event.scope === null || event.bundleVersion === null ? "" : ` ${event.bundleVersion}`;
  const state =
    event.scope === null && event.toState !== null ? ` ${event.fromState ?? "-"} -> ${event.toState}` : "";
  const head = `${style.dim(`#${event.sequence} ${event.observedAt}`)} ${style.bold(event.type)}`;
  return `${head} ${escapeLine(event.subject)}${what}${escapeLine(state)}  ${escapeLine(event.actor)}: ${escapeLine(event.reason)}`;
}
