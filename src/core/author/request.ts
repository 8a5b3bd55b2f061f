/**
 * Reading a foreign request key by key. Every fault is a finding that points into the request, and reading goes on, so
 * that a sender sees all of them at once. Nothing here knows what a request is about.
 */
import type { CodeDefinition, Finding } from "../model/diagnostic.ts";
import { isObject, type Json, type JsonObject, type Pointer } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import { nearest } from "../model/nearest.ts";
import { requestDisagrees, requestShape } from "./codes.ts";

/** An entry that a request becomes. */
export interface PlannedEntry {
  readonly kind: KindName;
  readonly ref: string;
  readonly path: string;
  readonly value: JsonObject;
}

/** Reports one fault of the request; `pointer` leads into it. */
export type Fault = (definition: CodeDefinition, message: string, pointer: Pointer, hint?: string) => void;

/** A list of findings about the file called `file`, and the function that adds to it. */
export function faultsOfRequest(file: string): { readonly findings: Finding[]; readonly fault: Fault } {
  const findings: Finding[] = [];
  const fault: Fault = (definition, message, pointer, hint) => {
    findings.push({
      definition,
      message,
      at: { file, ...(pointer.length > 0 && { pointer }) },
      ...(hint !== undefined && { hint }),
    });
  };
  return { findings, fault };
}

/** One object of a request: its keys are known or a fault, its values of the expected kind or absent. */
export interface RequestReader {
  readonly value: JsonObject;
  readonly pointer: Pointer;
  text(key: string): string | undefined;
  object(key: string): RequestReader | undefined;
  objects(key: string): readonly RequestReader[];
  /** Says that a required key is missing, unless it stands there (well or badly). */
  need(key: string, example: string): void;
  /** Compares what is stated with what was computed; an absent key agrees. */
  agree(key: string, computed: Json): void;
  fault(definition: CodeDefinition, message: string, key?: string, hint?: string): void;
}

/** Reads one object; `known` are the keys it may have. */
export function requestReader(
  value: JsonObject,
  pointer: Pointer,
  known: readonly string[],
  fault: Fault,
): RequestReader {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    const hint = near === undefined ? `The keys are ${known.join(", ")}.` : `Did you mean ${near}?`;
    fault(requestShape, `There is no key ${JSON.stringify(key)} here.`, [...pointer, key], hint);
  }
  const wrong = (key: string, what: string): undefined => {
    fault(requestShape, `${key} should be ${what}.`, [...pointer, key]);
    return undefined;
  };
  return {
    value,
    pointer,
    text(key) {
      const found = value[key];
      return found === undefined || typeof found === "string" ? found : wrong(key, "a text");
    },
    object(key) {
      const found = value[key];
      if (found === undefined) return undefined;
      return isObject(found)
        ? requestReader(found, [...pointer, key], Object.keys(found), fault)
        : wrong(key, "an object");
    },
    objects(key) {
      const found = value[key];
      if (found === undefined) return [];
      if (!Array.isArray(found)) return wrong(key, "a list") ?? [];
      return found.flatMap((item: Json, index) => {
        const at = [...pointer, key, index];
        if (isObject(item)) return [requestReader(item, at, Object.keys(item), fault)];
        fault(requestShape, `Each of ${key} should be an object.`, at);
        return [];
      });
    },
    need(key, example) {
      if (value[key] === undefined)
        fault(
          requestShape,
          `${key} is missing.`,
          pointer,
          `Add it, such as ${JSON.stringify(key)}: ${example}.`,
        );
    },
    agree(key, computed) {
      const stated = value[key];
      if (stated === undefined || sameJson(stated, computed)) return;
      fault(
        requestDisagrees,
        `${key} is stated as ${JSON.stringify(stated)}, but comes to ${JSON.stringify(computed)}.`,
        [...pointer, key],
      );
    },
    fault(definition, message, key, hint) {
      fault(definition, message, key === undefined ? pointer : [...pointer, key], hint);
    },
  };
}

/** The same object read with the keys it may have. */
export function withKeys(reader: RequestReader, known: readonly string[], fault: Fault): RequestReader {
  return requestReader(reader.value, reader.pointer, known, fault);
}

/** Whether two values mean the same; the order of keys means nothing. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => sameJson(item as Json, b[index] as Json))
    );
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameJson(ownOf(a, key), ownOf(b, key)));
}

function ownOf(value: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** An object without the keys that have no value. */
export function present(value: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as JsonObject;
}
