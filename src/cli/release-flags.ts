/** Flags of the commands that make releases and their keys -> values; paths as typed become absolute. */
import { resolve } from "node:path";
import { millisecondsOfDuration } from "../core/model/duration.ts";
import { Failure } from "../core/model/failure.ts";
import type { Flags } from "./command.ts";
import { listFlag, textFlag } from "./flags.ts";

/** `--expires role=P90D`, over what holds otherwise. */
export function lifetimesFlag<T extends Readonly<Record<string, number>>>(flags: Flags, lifetimes: T): T {
  const typed = listFlag(flags, "expires").map((each) => {
    const [role = "", duration = ""] = each.split("=");
    const length = millisecondsOfDuration(duration);
    if (Object.hasOwn(lifetimes, role) && length !== undefined && length > 0) return [role, length] as const;
    throw new Failure("usage/expires", `--expires takes <role>=<duration>, not "${each}".`, {
      hint: "Write --expires timestamp=PT12H or --expires targets=P30D, for example.",
    });
  });
  return { ...lifetimes, ...Object.fromEntries(typed) };
}

/** A file as typed, made absolute. */
export function resolved(typed: string | undefined, cwd: string): string | undefined {
  return typed === undefined ? undefined : resolve(cwd, typed);
}

/** `role=file` or a file, the file made absolute. */
export function resolvedKey(typed: string, cwd: string): string {
  const cut = typed.indexOf("=");
  return cut < 0 ? resolve(cwd, typed) : `${typed.slice(0, cut + 1)}${resolve(cwd, typed.slice(cut + 1))}`;
}

/** `--expires P365D` in milliseconds, or undefined. */
export function durationFlag(flags: Flags, name: string): number | undefined {
  const typed = textFlag(flags, name);
  if (typed === undefined) return undefined;
  const length = millisecondsOfDuration(typed);
  if (length !== undefined && length > 0) return length;
  throw new Failure("usage/duration", `--${name} takes an ISO 8601 duration, not "${typed}".`, {
    hint: `Write --${name} P365D, for example.`,
  });
}
