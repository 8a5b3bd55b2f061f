/**
 * Reads `reviews.json` (CLI.md, gate): what a forge says about a pull request, in a file. Strictly: a key twice or a
 * value of another type stops the gate, because what was meant might be what denies. Unknown keys are a forge's own.
 */
import { readStrictJson } from "../core/author/strict-json.ts";
import type { Account } from "../core/govern/facts.ts";
import { Failure } from "../core/model/failure.ts";
import { parseInstant, type Instant } from "../core/model/instant.ts";
import { isObject, type Json, type JsonObject } from "../core/model/json.ts";
import type { Reviewed, ReviewedFacts } from "./forge-facts.ts";

/** The facts that stand in a file. */
export function parseReviewsFile(bytes: Uint8Array): ReviewedFacts {
  const read = readStrictJson(bytes);
  if ("fault" in read) throw wrong(`it is no JSON that can be trusted: ${read.fault.reason}`);
  const file = object(read.value, "the file");
  const base = object(file["base"], "base");
  const ref = text(base["ref"], "base.ref");
  const commits = file["commits"];
  const pushers = file["pushers"];
  return {
    author: optional(file["author"], (value) => account(value, "author")),
    base: { ref, ...(base["sha"] !== undefined && { sha: oid(base["sha"], "base.sha") }) },
    ...(file["head"] != null && { head: { sha: oid(object(file["head"], "head")["sha"], "head.sha") } }),
    mergedAt: optional(file["mergedAt"], (value) => instant(value, "mergedAt")),
    reviews: list(file["reviews"], "reviews").map(review),
    ...(commits !== undefined && { commits: list(commits, "commits").map(commit) }),
    ...(pushers !== undefined && {
      pushers: list(pushers, "pushers").map((value) => account(value, "pushers")),
    }),
    requestedBy: optional(file["requestedBy"] ?? null, (value) => account(value, "requestedBy")),
  };
}

function review(value: Json, index: number): Reviewed {
  const at = `reviews[${index}]`;
  const each = object(value, at);
  return {
    id: number(each["id"], `${at}.id`),
    user: optional(each["user"], (user) => account(user, `${at}.user`)),
    state: text(each["state"], `${at}.state`),
    commit_id: optional(each["commit_id"], (id) => oid(id, `${at}.commit_id`)),
    submitted_at: optional(each["submitted_at"] ?? null, (time) => instant(time, `${at}.submitted_at`)),
  };
}

function commit(value: Json, index: number) {
  const at = `commits[${index}]`;
  const each = object(value, at);
  const person = (key: string): { readonly id: number; readonly login: string } | null => {
    const found = each[key];
    // The forge may know no account for somebody, and spells that in two ways: null, and an object without an id.
    if (found === undefined || found === null) return null;
    return object(found, `${at}.${key}`)["id"] == null ? null : account(found, `${at}.${key}`);
  };
  return { sha: oid(each["sha"], `${at}.sha`), author: person("author"), committer: person("committer") };
}

function account(value: Json | undefined, at: string): Account {
  const each = object(value, at);
  const type = each["type"];
  return {
    id: number(each["id"], `${at}.id`),
    login: text(each["login"], `${at}.login`),
    ...(type !== undefined && { type: text(type, `${at}.type`) }),
  };
}

/** Null stays null; what is absent must not be. */
function optional<T>(value: Json | undefined, read: (value: Json | undefined) => T): T | null {
  return value === null ? null : read(value);
}

function object(value: Json | undefined, at: string): JsonObject {
  if (isObject(value)) return value;
  throw wrong(`${at} is no object`);
}

function list(value: Json | undefined, at: string): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw wrong(`${at} is no list`);
}

function text(value: Json | undefined, at: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw wrong(`${at} is no text`);
}

function number(value: Json | undefined, at: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  throw wrong(`${at} is no id`);
}

function oid(value: Json | undefined, at: string): string {
  const id = text(value, at);
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) return id;
  throw wrong(`${at} is no full commit id`);
}

function instant(value: Json | undefined, at: string): Instant {
  const found = parseInstant(text(value, at));
  if (found !== undefined) return found;
  throw wrong(`${at} is no instant (2026-01-01T00:00:00Z)`);
}

function wrong(because: string): Failure {
  return new Failure("gate/reviews-file", `The file of reviews cannot be used: ${because}.`, {
    hint: "Its shape is published: schemas/wire/reviews.schema.json.",
  });
}
