/** Events for other programs: CloudEvents against the published schema, CSV against a reader and a spreadsheet's habits. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { expect, test } from "vitest";
import type { RegistryEvent } from "../../src/core/audit/event.ts";
import { digestOfBytes } from "../../src/core/model/digest.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { eventsHead, renderEvents } from "../../src/cli/render/events.ts";

const plain = (text: string): string => text;
const style = { bold: plain, dim: plain, red: plain, yellow: plain, green: plain, blue: plain, cyan: plain };

const event = (more: Partial<RegistryEvent> = {}): RegistryEvent => ({
  eventId: "0".repeat(64),
  registry: "acme",
  sequence: 12,
  type: "bundle_promoted",
  subject: "scope:prod/fraud/score",
  bundleId: "fraud/score",
  bundleVersion: "1.4.0",
  scope: "prod/fraud/score",
  fromState: "live",
  toState: "live",
  replaces: "1.3.0",
  actor: "identity:alice",
  claimed: true,
  reason: "Soaked",
  patch: [{ op: "replace", path: "/bundle", value: "1.4.0" }],
  commit: "a".repeat(40),
  observedAt: "2026-01-01T00:00:00Z" as Instant,
  policyRevision: digestOfBytes(""),
  ...more,
});

test("CloudEvents fit the schema that the CloudEvents project publishes", () => {
  const ajv = new Ajv({ strict: false });
  formats.default(ajv);
  const schema = join(import.meta.dirname, "../data/cloudevents-1.0.schema.json");
  const fits = ajv.compile(JSON.parse(readFileSync(schema, "utf8")) as object);
  const odd = event({ registry: "a b/ü", subject: "CODEOWNERS", type: "governance_changed", scope: null });
  const rows = renderEvents([event(), odd], "cloudevents", style).trimEnd().split("\n");
  const values = rows.map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const value of values) {
    expect([fits(value), fits.errors]).toEqual([true, null]);
    // CloudEvents 1.0, 3.1: names of attributes are lower-case letters and digits, at most 20.
    for (const name of Object.keys(value)) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
    expect(fits({ ...value, source: "" })).toBe(false);
    expect(fits({ ...value, time: "yesterday" })).toBe(false);
  }
  expect(values[0]).toMatchObject({
    specversion: "1.0",
    id: "0".repeat(64),
    source: "urn:assent:registry:acme",
    type: "assent.bundle_promoted",
    time: "2026-01-01T00:00:00Z",
    sequence: "000000000012",
    data: { format: "assent.event/v1", reason: "Soaked" },
  });
});

/** RFC 4180, read the slow and obvious way. */
function cellsOf(text: string): string[][] {
  const rows: string[][] = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const row = rows.at(-1) ?? [];
    const character = text[at] ?? "";
    if (quoted && character === '"' && text[at + 1] === '"') row[row.length - 1] += text[++at] ?? "";
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === ",") row.push("");
    else if (!quoted && character === "\r" && text[at + 1] === "\n") {
      rows.push([""]);
      at++;
    } else row[row.length - 1] += character;
  }
  return rows.slice(0, -1);
}

const reasons: readonly (readonly [string, string])[] = [
  ["plain", "plain"],
  ['with "quotes", commas\r\nand lines', 'with "quotes", commas\r\nand lines'],
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\t=1", "'\t=1"],
  ["\r=1", "'\r=1"],
  ["\n=1", "'\n=1"],
];

test.each(reasons)("a CSV cell holds %j as %j, and nothing in it is a formula", (reason, cell) => {
  const [head = [], row = []] = cellsOf(eventsHead("csv") + renderEvents([event({ reason })], "csv", style));
  expect(row.length).toBe(head.length);
  expect(row[head.indexOf("reason")]).toBe(cell);
  for (const each of row) expect(each).not.toMatch(/^[=+\-@\t\r\n]/);
});
