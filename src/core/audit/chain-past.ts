/**
 * What the walk keeps of the past although hardly any landing asks for it: what each scope was told before, and which
 * landings each key vouched for. It is kept as text that only grows at its end, so that going on costs the same after a
 * hundred landings and after a hundred thousand, and is read only where something is healed or a key is revoked.
 */
import type { Instant } from "../model/instant.ts";
import type { ScopePast, Span, Vouched } from "./chain-state.ts";
import { moveScope, type Live } from "./stack.ts";

/** One thing an Activation said; what it made of the scope is worked out again. */
type Said = Pick<ScopePast, "sequence" | "at" | "bundle" | "emergency">;

/** What a scope comes to when its file says something new. */
export function pastAfter(before: ScopePast | null, { sequence, at, bundle, emergency }: Said): ScopePast {
  const { stack } = moveScope(before?.stack ?? [], before?.bundle ?? null, bundle);
  const isOpen = emergency && before?.override != null && before.bundle === bundle;
  return {
    sequence,
    at,
    bundle,
    emergency,
    stack,
    override: emergency ? (isOpen ? before.override : at) : null,
    before: before === null ? "" : `${before.before}${lineOf(before)}`,
  };
}

/** What a scope came to at a landing; null where nothing had been said yet. */
export function pastAt(past: ScopePast, sequence: number): ScopePast | null {
  if (past.sequence <= sequence) return past;
  let then: ScopePast | null = null;
  for (const line of past.before.split("\n").slice(0, -1)) {
    const said = saidIn(line);
    if (said.sequence > sequence) break;
    then = pastAfter(then, said);
  }
  return then;
}

function lineOf({ sequence, at, bundle, emergency }: Said): string {
  return `${JSON.stringify([sequence, at, bundle, emergency])}\n`;
}

function saidIn(line: string): Said {
  // Only `lineOf` writes these lines.
  const [sequence, at, bundle, emergency] = JSON.parse(line) as [number, Instant, Live, boolean];
  return { sequence, at, bundle, emergency };
}

/** What a key vouched for, with one landing more. */
export function vouched(by: Vouched | undefined, sequence: number): Vouched {
  if (by === undefined) return { before: "", last: [sequence, sequence] };
  const [from, to] = by.last;
  if (to >= sequence) return by;
  if (to === sequence - 1) return { before: by.before, last: [from, sequence] };
  return { before: `${by.before}${from}-${to} `, last: [sequence, sequence] };
}

/** The landings that a key vouched for. Ascending, apart. */
export function spansOf(by: Vouched | undefined): readonly Span[] {
  if (by === undefined) return [];
  const before = by.before.matchAll(/(\d+)-(\d+) /g);
  return [...[...before].map(([, from, to]): Span => [Number(from), Number(to)]), by.last];
}
