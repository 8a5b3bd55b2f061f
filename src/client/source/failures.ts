/**
 * What keeps a release from being read, said the same way by every kind of host. What an attacker controls is the
 * answer: of it at most a status and a short, plain quotation reach a message, and never a secret.
 */
import { Failure } from "../../core/model/failure.ts";

/** The host cannot be reached, broke off, or answered what makes no sense. Trying again may help. */
export function unavailable(address: string, why: string, cause?: unknown): Failure {
  return new Failure("source/unavailable", `${address} cannot be read: ${why}.`, {
    hint: "See that the host is up and can be reached from here, then try again.",
    category: "unavailable",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** An answer that is longer than what was asked for may be. */
export function tooLong(address: string, path: string, maxLength: number): Failure {
  return new Failure("source/too-long", `${address} answers ${path} with more than ${maxLength} bytes.`, {
    hint: "A release never holds such a file: the host is misconfigured, or somebody wants to fill this machine.",
    category: "unavailable",
  });
}

/** The host wants to know who asks, or does not like the answer. */
export function forbidden(address: string, status: number, hint: string): Failure {
  return new Failure("source/forbidden", `${address} refuses to be read (status ${status}).`, {
    hint,
    category: "auth",
  });
}

/** An address that nothing can be read from. */
export function badAddress(address: string, why: string, hint: string): Failure {
  return new Failure("source/address", `"${plain(address)}" is no address of a release: ${why}.`, { hint });
}

/** What a stranger wrote, in one short line that a terminal can show. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 200);
}

/** The reason of a failed request, without what the runtime wraps around it. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no reason given";
  const { cause } = error;
  const inner = cause instanceof Error && cause.message !== "" ? cause.message : error.message;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return plain(inner === "" ? code : inner).replace(/\.$/, "") || "no reason given";
}
