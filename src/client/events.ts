/**
 * What a service hears from the client: events on the resolver, and hooks for logs and metrics. A listener that throws
 * must never stop an answer, a refresh or another listener.
 */
import { Failure } from "../core/model/failure.ts";
import type { Resolution } from "../core/model/snapshot.ts";
import { shown } from "./question.ts";
import type { ReleaseStatus } from "./status.ts";

/** Something a person should read: a deprecated model was handed out, a snapshot is unsigned, the clock went back. */
export interface Notice {
  /** `client/…`; stable. */
  readonly code: string;
  readonly message: string;
  /** The entry or scope that it is about. */
  readonly subject?: string;
}

/** Called at once, in the middle of things: keep them short. All are optional. */
export interface Hooks {
  /** After every `resolve`, with how long it took, seconds. */
  resolved?(answer: {
    readonly outcome: Resolution["outcome"] | "error";
    readonly usecase: string;
    readonly tenant: string | null;
    readonly scenario: string | null;
    /** The code, where the outcome is an error. */
    readonly code?: string;
    readonly seconds: number;
  }): void;
  /** After every refresh. */
  refreshed?(refresh: {
    readonly result: "updated" | "unchanged" | "failed";
    readonly seconds: number;
    /** Who answered; null when nobody did. */
    readonly source: string | null;
    readonly failures: readonly Failure[];
  }): void;
  /** Once per release and subject. Without this hook a line goes to standard error. */
  warned?(notice: Notice): void;
}

export interface Events {
  /** Another release is in use. */
  update: ReleaseStatus;
  /** What is in use has passed its expiry, or the end of the time for which it may still be used. */
  stale: ReleaseStatus;
  /** A source failed or lied. What was in use stays in use, within its bound. */
  error: Failure;
}

export interface Emitter {
  /** Listens; returns what ends it. A Failure `client/options` where there is no such event, or nobody to listen. */
  on<K extends keyof Events>(event: K, listener: (value: Events[K]) => void): () => void;
  emit<K extends keyof Events>(event: K, value: Events[K]): void;
  clear(): void;
}

/** Makes an emitter; `broken` hears of listeners that threw. */
export function createEmitter(broken: (cause: unknown) => void): Emitter {
  const listeners: { readonly [K in keyof Events]: Set<(value: Events[K]) => void> } = {
    update: new Set(),
    stale: new Set(),
    error: new Set(),
  };
  return {
    on(event, listener) {
      if (!Object.hasOwn(listeners, event) || typeof listener !== "function")
        throw nobodyListens(event, listener);
      listeners[event].add(listener);
      return () => void listeners[event].delete(listener);
    },
    emit(event, value) {
      for (const listener of listeners[event]) {
        try {
          listener(value);
        } catch (cause) {
          broken(cause);
        }
      }
    },
    clear: () => Object.values(listeners).forEach((each) => each.clear()),
  };
}

/** Types are only a promise: whoever waits for an event that never comes must hear of it at once. */
function nobodyListens(event: unknown, listener: unknown): Failure {
  const what = `${shown(listener)} cannot listen to ${shown(event)}`;
  return new Failure("client/options", `That can never be heard: ${what}.`, {
    hint: "Give a function, to update, stale or error.",
  });
}

/** The same hooks, none of which can throw: a log that cannot be written must not stop the service that writes it. */
export function safeHooks({ resolved, refreshed, warned }: Hooks, say: (line: string) => void): Hooks {
  let isTold = false;
  const safe =
    <A>(hook: (told: A) => void): ((told: A) => void) =>
    (told) => {
      try {
        hook(told);
      } catch (cause) {
        if (!isTold) say(`assent: a hook of the service threw: ${String(cause)}`);
        isTold = true;
      }
    };
  return {
    ...(resolved && { resolved: safe(resolved) }),
    ...(refreshed && { refreshed: safe(refreshed) }),
    ...(warned && { warned: safe(warned) }),
  };
}

/** Passes notices on, each once until `forget` is called for another release. */
export interface Notices {
  warn(notice: Notice): void;
  forget(): void;
}

const MOST_REMEMBERED = 1000;

export function createNotices(hooks: Hooks, say: (line: string) => void): Notices {
  const told = new Set<string>();
  return {
    warn(notice) {
      const key = `${notice.code} ${notice.subject ?? ""}`;
      if (told.has(key) || told.size >= MOST_REMEMBERED) return;
      told.add(key);
      if (hooks.warned === undefined) say(`assent: ${notice.message} (${notice.code})`);
      else hooks.warned(notice);
    },
    forget: () => told.clear(),
  };
}

/** Development only, and never silently. */
export const nothingIsSigned: Notice = {
  code: "client/unsigned",
  message: "This snapshot is unsigned: nothing proves who made it. For development only.",
};

/** Whoever can set a clock back could revive what has expired. */
export const setBack: Notice = {
  code: "client/clock-set-back",
  message:
    "The clock of this machine is behind a time that was seen before; the later time counts. Where that one was wrong, remove the cache.",
};
