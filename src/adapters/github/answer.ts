/**
 * Reads GitHub's answers strictly: a field that is not what GitHub's description says makes the whole answer useless,
 * because a decision about what goes live must never rest on a guess (DESIGN 5.5).
 */
import { Failure } from "../../core/model/failure.ts";
import { parseInstant, type Instant } from "../../core/model/instant.ts";
import type { ForgeAccount } from "../../core/model/pull-request.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** An answer that is not what it must be. */
export function malformed(what: string): Failure {
  return new Failure("forge/malformed", `GitHub's answer is not what its description promises: ${what}.`, {
    hint: "Try again; if it stays, a proxy may be changing answers, or this version of assent is too old for the server.",
    category: "unavailable",
  });
}

export function objectOf(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw malformed(`${what} is no object`);
  return value as Fields;
}

export function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(`${what} is no list`);
  return value;
}

export function textOf(fields: Fields, key: string, what: string): string {
  const value = fields[key];
  if (typeof value !== "string") throw malformed(`${what} has no ${key}`);
  return value;
}

/** A whole number from 0 up. */
export function numberOf(fields: Fields, key: string, what: string): number {
  const value = fields[key];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw malformed(`${what} has no ${key}`);
  return value;
}

/** A full object id. */
export function shaOf(fields: Fields, key: string, what: string): string {
  const value = fields[key];
  if (typeof value !== "string" || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value))
    throw malformed(`${what} has no ${key}`);
  return value;
}

export function instantOf(fields: Fields, key: string, what: string): Instant {
  const value = parseInstant(textOf(fields, key, what));
  if (value === undefined) throw malformed(`${what} has a ${key} that is no time`);
  return value;
}

/**
 * An account; null where it was deleted, or never known. GitHub answers null, or the account `ghost`, a name that
 * nobody else can have.
 */
export function accountOf(value: unknown, what: string): (ForgeAccount & { readonly type: string }) | null {
  if (value === null || value === undefined) return null;
  const fields = objectOf(value, what);
  // GitHub answers {} for a commit whose author it maps to nobody.
  if (Object.keys(fields).length === 0) return null;
  const account = {
    id: numberOf(fields, "id", what),
    login: textOf(fields, "login", what),
    type: textOf(fields, "type", what),
  };
  return account.login === "ghost" ? null : account;
}
