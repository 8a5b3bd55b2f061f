/**
 * A request in a file -> a JSON object, and the files beside it that it names. A request comes from outside: it may name
 * files in its own folder and below, and nothing else on the machine or the network.
 */
import { requestDigest, requestShape, requestUnavailable, requestUnreadable } from "../core/author/codes.ts";
import type { Fault } from "../core/author/request.ts";
import { readStrictJson, type JsonFault, type JsonRead } from "../core/author/strict-json.ts";
import { digestOfBytes } from "../core/model/digest.ts";
import type { Finding } from "../core/model/diagnostic.ts";
import { Failure } from "../core/model/failure.ts";
import { isObject, type Json, type JsonObject } from "../core/model/json.ts";
import { isSafePath } from "../core/model/path.ts";
import { treeOfTexts, type Tree } from "../core/model/tree.ts";
import { countsOf, type Diagnostic } from "../core/validate/report.ts";
import { locate } from "./lint.ts";
import type { Ports } from "./ports.ts";

/** Where a request comes from. */
export interface RequestFile {
  /** As the user named it; diagnostics show it. */
  readonly name: string;
  /** Absolute path of the folder that its relative names start from. */
  readonly folder: string;
  readonly bytes: Uint8Array;
}

/** The request's text as a tree of one file, so that findings in it get lines, columns and code frames. */
export function treeOfRequest({ name, bytes }: RequestFile): Tree {
  return treeOfTexts({ [name]: bytes });
}

/** What is wrong with a request, placed in its text. */
export async function locateInRequest(
  findings: readonly Finding[],
  file: RequestFile,
): Promise<readonly Diagnostic[]> {
  return locate(findings, treeOfRequest(file));
}

/** Whether something is wrong that refuses a request. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return countsOf(diagnostics).error > 0;
}

/** The request as one JSON value, or the finding that says why not. */
export function parseRequest(file: RequestFile): { readonly value: Json } | { readonly finding: Finding } {
  const read = readStrictJson(file.bytes);
  return "value" in read ? read : { finding: unreadable(file.name, read.fault) };
}

function unreadable(file: string, { reason, offset }: JsonFault): Finding {
  return {
    definition: requestUnreadable,
    message: reason,
    at: { file, span: { start: offset, end: offset + 1 } },
  };
}

/** Reads `{uri, digest}` at a key of the request as a JSON object; undefined when that was reported as a fault. */
export function readNamedFile(
  named: JsonObject,
  key: string,
  file: RequestFile,
  ports: Ports,
  fault: Fault,
): JsonObject | undefined {
  const { uri, digest } = named;
  if (typeof uri !== "string" || typeof digest !== "string" || Object.keys(named).length > 2) {
    fault(requestShape, `${key} should hold uri and digest, both texts, and nothing else.`, [key]);
    return undefined;
  }
  const path = pathBeside(uri, file.folder);
  if (path === undefined) {
    fault(
      requestUnavailable,
      `${JSON.stringify(uri)} is no file beside the request, and nothing else is read.`,
      [key, "uri"],
    );
    return undefined;
  }
  const bytes = bytesOf(file.folder, path, ports);
  if (bytes === undefined) {
    fault(requestUnavailable, `${JSON.stringify(uri)} cannot be read.`, [key, "uri"]);
    return undefined;
  }
  // The digest comes first, so that a message about the content is only ever about what the sender knows already.
  if (digestOfBytes(bytes) !== digest) {
    fault(requestDigest, `${JSON.stringify(uri)} has another digest than ${JSON.stringify(digest)}.`, [
      key,
      "digest",
    ]);
    return undefined;
  }
  const read: JsonRead = readStrictJson(bytes);
  if ("value" in read && isObject(read.value)) return read.value;
  const reason = "fault" in read ? read.fault.reason : "It is no JSON object.";
  fault(requestUnreadable, `${JSON.stringify(uri)} is not what it should be. ${reason}`, [key, "uri"]);
  return undefined;
}

/** The path of a relative or `file:` URI below the folder; undefined for everything else. */
function pathBeside(uri: string, folder: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(uri);
  } catch {
    return undefined;
  }
  const local = /^file:(?:\/\/(?:localhost)?)?(\/[^/].*)$/i.exec(path)?.[1];
  const home = folder.endsWith("/") ? folder : `${folder}/`;
  if (local !== undefined) path = local.startsWith(home) ? local.slice(home.length) : "..";
  else path = path.replace(/^\.\//, "");
  return /^[a-z][a-z0-9+.-]*:/i.test(path) || !isSafePath(path) ? undefined : path;
}

function bytesOf(folder: string, path: string, ports: Ports): Uint8Array | undefined {
  try {
    return ports.readInput(folder, path);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
