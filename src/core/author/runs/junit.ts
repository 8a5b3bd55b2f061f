/**
 * JUnit XML, as pytest, Maven, Gradle, Jest, go-junit-report and others write it: every test case becomes a case result.
 * It has no schema that all keep to; what is read is what they have in common, and properties called `metric:<name>`,
 * which become metrics. What a test printed stays in the file, which is kept elsewhere and pinned by its digest.
 */
import { sha256Hex } from "../../model/digest.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import { instantOfSeconds, millisecondsOf, parseInstant } from "../../model/instant.ts";
import {
  cleanText,
  durationOf,
  type RunContext,
  type RunFault,
  type RunFormat,
  type RunRead,
} from "./format.ts";
import { readXml, type XmlElement } from "./xml.ts";

type Status = "passed" | "failed" | "error" | "skipped";

/** Of a message, in an entry. */
const MOST_MESSAGE = 500;

export const junit: RunFormat = {
  name: "junit",
  summary: "JUnit XML, one case for each test case",
  looksRight: (text) => /^\uFEFF?\s*</.test(text),
  read,
};

function read(text: string, context: RunContext): RunRead {
  const xml = readXml(text);
  if ("reason" in xml) return { faults: [xml] };
  const { root } = xml;
  if (root.name !== "testsuites" && root.name !== "testsuite")
    return { faults: [{ reason: `<${root.name}> is no report of test suites.`, offset: root.offset }] };
  const faults: RunFault[] = [];
  const suites = suitesIn(root);
  const tests = suites.flatMap((suite) => suite.children.filter(({ name }) => name === "testcase"));
  const cases = casesOf(tests, context, faults);
  const metrics = metricsOf([root, ...suites], faults);
  const ran = cases.filter(({ status }) => status !== "skipped");
  const passed = ran.filter(({ status }) => status === "passed");
  if (ran.length > 0) metrics.set("pass_rate", metrics.get("pass_rate") ?? passed.length / ran.length);
  const executedAt = earliest(suites);
  const duration = durationOf(
    secondsIn(root) ?? suites.reduce((sum, suite) => sum + (secondsIn(suite) ?? 0), 0),
  );
  if (faults.length > 0) return { faults };
  return {
    run: {
      ...(executedAt !== undefined && { executedAt }),
      ...(duration !== undefined && duration !== "PT0S" && { duration }),
      cases,
      metrics: Object.fromEntries(metrics),
    },
    notes: [],
  };
}

/** The suites that hold test cases, nested ones too, in the order of the file. */
function suitesIn(element: XmlElement): readonly XmlElement[] {
  const below = element.children.filter(({ name }) => name === "testsuite").flatMap(suitesIn);
  return element.name === "testsuite" ? [element, ...below] : below;
}

function casesOf(
  tests: readonly XmlElement[],
  { cases, messages }: RunContext,
  faults: RunFault[],
): readonly JsonObject[] {
  const taken = new Map<string, string>();
  return tests.map((test) => {
    const [own, classname] = [test.attributes.get("name") ?? "", test.attributes.get("classname") ?? ""];
    const full = classname === "" ? own : `${classname}.${own}`;
    const id = idOf(own, full, test, cases, taken);
    if (own === "") faults.push({ reason: "A test case has no name.", offset: test.offset });
    else if (taken.get(id) === full)
      faults.push({
        reason: `The test case ${JSON.stringify(full.slice(0, 200))} stands here twice.`,
        offset: test.offset,
        hint: "Let the runner report each test once: with its last result, or under different names.",
      });
    taken.set(id, full);
    const status = statusOf(test);
    const duration = durationOf(secondsIn(test) ?? Number.NaN);
    const error = messages ? errorOf(test, status) : undefined;
    return { id, status, ...(duration !== undefined && { duration }), ...(error !== undefined && { error }) };
  });
}

/**
 * The case's id: what a property `case` says, else the name where the suite has a case of it, else class and name with
 * what ids may not hold as dashes; where that is too long or taken by another test, with eight digits of its digest.
 */
function idOf(
  own: string,
  full: string,
  test: XmlElement,
  known: ReadonlySet<string>,
  taken: ReadonlyMap<string, string>,
): string {
  const named = propertiesOf(test).find(({ name }) => name === "case")?.value;
  if (named !== undefined) return named.slice(0, 200);
  for (const id of [own, full]) if (known.has(id)) return id;
  const plain = full.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+|-+$/g, "");
  const other = taken.get(plain);
  if (plain !== "" && plain.length <= 100 && (other === undefined || other === full)) return plain;
  return `${plain.slice(0, 91) || "case"}-${sha256Hex(full).slice(0, 8)}`;
}

function statusOf({ children }: XmlElement): Status {
  const has = (name: string): boolean => children.some((child) => child.name === name);
  return has("error") ? "error" : has("failure") ? "failed" : has("skipped") ? "skipped" : "passed";
}

function errorOf({ children }: XmlElement, status: Status): JsonObject | undefined {
  const name = status === "failed" ? "failure" : status;
  const found = status === "passed" ? undefined : children.find((child) => child.name === name);
  if (found === undefined) return undefined;
  const message = cleanText(found.attributes.get("message") || found.text, MOST_MESSAGE);
  const type = cleanText((found.attributes.get("type") ?? "").replaceAll("\n", " "), 100);
  if (message === "" && type === "") return undefined;
  return { ...(type !== "" && { type }), message: message === "" ? type : message };
}

function propertiesOf({
  children,
}: XmlElement): readonly { readonly name: string; readonly value: string; readonly offset: number }[] {
  return children
    .filter(({ name }) => name === "properties")
    .flatMap((list) => list.children.filter(({ name }) => name === "property"))
    .map(({ attributes, text, offset }) => ({
      name: attributes.get("name") ?? "",
      value: (attributes.get("value") ?? text).trim(),
      offset,
    }));
}

function metricsOf(elements: readonly XmlElement[], faults: RunFault[]): Map<string, Json & number> {
  const metrics = new Map<string, number>();
  for (const { name, value, offset } of [...new Set(elements)].flatMap(propertiesOf)) {
    const metric = /^metric:(.+)$/.exec(name)?.[1];
    if (metric === undefined) continue;
    const number = value === "" ? Number.NaN : Number(value);
    if (!Number.isFinite(number))
      faults.push({
        reason: `The metric ${JSON.stringify(metric.slice(0, 100))} is ${JSON.stringify(value.slice(0, 40))}, which is no number.`,
        offset,
      });
    else if (metrics.has(metric) && metrics.get(metric) !== number)
      faults.push({ reason: `The metric ${JSON.stringify(metric.slice(0, 100))} has two values.`, offset });
    else metrics.set(metric, number);
  }
  return metrics;
}

/** `time` in seconds, with commas as some runners group thousands; undefined where there is none that can be read. */
function secondsIn({ attributes }: XmlElement): number | undefined {
  const text = attributes.get("time")?.replaceAll(",", "");
  return text === undefined || !/^\d{1,9}(?:\.\d{1,12})?(?:[eE]-?\d{1,2})?$/.test(text)
    ? undefined
    : Number(text);
}

/** When the first suite began. A time without an offset is of some clock on some wall, and is not taken. */
function earliest(suites: readonly XmlElement[]): string | undefined {
  const instants = suites.flatMap(({ attributes }) => instantIn(attributes.get("timestamp") ?? "") ?? []);
  return instants.length === 0 ||
    instants.length < suites.filter(({ attributes }) => attributes.has("timestamp")).length
    ? undefined
    : instantOfSeconds(Math.floor(Math.min(...instants) / 1000));
}

function instantIn(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?:Z|([+-])(\d\d):?(\d\d))$/.exec(text);
  const local = parseInstant(`${match?.[1] ?? ""}Z`);
  if (match === null || local === undefined) return undefined;
  const [, , sign, hours = "0", minutes = "0"] = match;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return millisecondsOf(local) - (sign === "-" ? -offset : offset);
}
