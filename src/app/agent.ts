/**
 * `assent agent`: keeps the slice of one environment as one JSON file, for services in any language. It follows the
 * release as the client does and writes what the client would answer from, whole, with how old it may become. Once
 * nothing may be answered any more, the file says so and holds nothing that could be.
 */
import { follow, type Follower } from "../client/follow.ts";
import { settingsOf, type Duration, type ReleaseOptions } from "../client/options.ts";
import { useOfSlice, type ResolverUse } from "../client/resolver.ts";
import { NORMAL_MODE } from "../core/resolve/compatibility.ts";
import { Failure } from "../core/model/failure.ts";
import { millisecondsOf, type Instant } from "../core/model/instant.ts";
import { parseScope } from "../core/model/scope.ts";
import type { Resolution, SliceDocument } from "../core/model/snapshot.ts";
import type { Ports } from "./ports.ts";

export interface AgentRequest extends Pick<ReleaseOptions, "registry" | "minSequence" | "unsigned"> {
  /** What relative paths start at; absolute. */
  readonly folder: string;
  /** The file to keep. */
  readonly out: string;
  readonly sources: readonly string[];
  /** The bytes of the root to trust. */
  readonly trust: Uint8Array | undefined;
  readonly environment: string;
  readonly tenant: string | undefined;
  readonly cacheDir: string;
  readonly interval: Duration;
  /** For how long an expired release goes on; undefined = not at all. */
  readonly serveLastGood: Duration | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What one scope comes to in one degrade mode; without the bundle's spec, which stands in the slice. */
export interface AgentAnswer {
  readonly outcome: Resolution["outcome"];
  /** A bundle's reference; null = nothing may be used. */
  readonly bundle: string | null;
  readonly compatible: boolean;
  readonly posture: Resolution["posture"];
  readonly reasons: readonly string[];
}

/** The file. The same release under the same metadata gives the same bytes. */
export interface AgentDocument {
  readonly format: "assent.agent/v1";
  readonly registry: string;
  readonly environment: string;
  readonly tenant: string | null;
  /** `fresh` when it was written; a reader compares `expires` and `servesUntil` with its own clock. */
  readonly state: "fresh" | "stale" | "expired";
  readonly signed: boolean;
  readonly digest: string;
  readonly commit: string | null;
  readonly sequence: number | null;
  readonly asOf: Instant;
  readonly nextChange: Instant | null;
  readonly expires: Instant | null;
  /** After this instant nothing in the file may be used; null = never, which only an unsigned snapshot says. */
  readonly servesUntil: Instant | null;
  /** By degrade mode and scope: what a question for exactly this scope is answered. Null when nothing may be used. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, AgentAnswer>>>> | null;
  /** The slice as it was signed, with every bundle's spec. */
  readonly slice: SliceDocument | null;
}

/** What the agent has to say while it runs. */
export interface AgentTold {
  written(document: AgentDocument): void;
  warned(message: string): void;
  failed(failure: Failure): void;
}

/** Writes the file once, after asking the sources; a Failure when they have nothing good, even where the cache has. */
export async function writeSliceOnce(
  request: AgentRequest,
  ports: Ports,
  told: AgentTold,
): Promise<AgentDocument> {
  const follower = await open({ ...request, interval: 1 }, ports, told, undefined);
  try {
    const refreshed = await follower.refresh().then(
      () => undefined,
      (failure: unknown) => failure,
    );
    const document = write(follower, request, ports);
    if (refreshed !== undefined) throw refreshed;
    return document;
  } finally {
    follower.close();
  }
}

/** Keeps the file until it is stopped; `wait` is the timer that keeps the process alive. Returns what stops it. */
export async function keepSlice(
  request: AgentRequest,
  ports: Ports,
  told: AgentTold,
  wait: (milliseconds: number, run: () => void) => () => void,
): Promise<() => void> {
  let last = "";
  const running: { follower?: Follower<ResolverUse> } = {};
  const keep = (): void => {
    const { follower } = running;
    if (follower === undefined) return;
    try {
      const document = documentOf(follower, request);
      const text = JSON.stringify(document);
      if (text === last) return;
      ports.writeOutput(request.folder, request.out, bytesOf(text));
      last = text;
      told.written(document);
    } catch (cause) {
      // A full disk now may have room later; the file stands as it was, with its own expiry.
      if (!(cause instanceof Failure)) throw cause;
      told.failed(cause);
    }
  };
  const follower = await open(request, ports, told, wait, keep);
  running.follower = follower;
  follower.on("update", keep);
  follower.on("stale", keep);
  keep();
  return () => follower.close();
}

function open(
  request: AgentRequest,
  ports: Ports,
  told: AgentTold,
  wait: ((milliseconds: number, run: () => void) => () => void) | undefined,
  refreshed?: () => void,
): Promise<Follower<ResolverUse>> {
  const { environment, tenant, sources, trust, interval, serveLastGood, cacheDir, env } = request;
  const settings = settingsOf(
    {
      source: sources,
      trust,
      unsigned: request.unsigned,
      registry: request.registry,
      minSequence: request.minSequence,
      cacheDir,
      refresh: wait === undefined ? false : interval,
      onStale: serveLastGood === undefined ? "fail" : { serveLastGood },
      hooks: {
        warned: ({ message }) => told.warned(message),
        refreshed: ({ result, failures }) => {
          if (result === "failed") for (const failure of failures) told.failed(failure);
          else refreshed?.();
        },
      },
      world: { now: () => millisecondsOf(ports.now()), env, ...(wait && { wait }) },
    },
    { environment, tenant },
  );
  return follow(settings, useOfSlice(environment, tenant ?? null));
}

function write(follower: Follower<ResolverUse>, { folder, out }: AgentRequest, ports: Ports): AgentDocument {
  const document = documentOf(follower, { environment: follower.status().environment ?? "" });
  ports.writeOutput(folder, out, bytesOf(JSON.stringify(document)));
  return document;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\n`);
}

function documentOf(
  follower: Follower<ResolverUse>,
  { environment }: Pick<AgentRequest, "environment">,
): AgentDocument {
  const { state, release, signed, tenant, expires, servesUntil, nextChange } = follower.status();
  if (release === null || state === "none" || state === "closed") throw follower.refusal();
  const held = follower.usable();
  const { registry, digest, commit, sequence, asOf } = release;
  return {
    format: "assent.agent/v1",
    registry,
    environment,
    tenant,
    state: held === undefined ? "expired" : state,
    signed,
    digest,
    commit,
    sequence,
    asOf,
    nextChange,
    expires,
    servesUntil,
    answers: held === undefined ? null : answersOf(held.value),
    slice: held?.value.slice ?? null,
  };
}

/** Every scope in every degrade mode, so that no reader has to judge compatibility by itself. */
function answersOf({ answers, slice }: ResolverUse): NonNullable<AgentDocument["answers"]> {
  const modes = new Set([NORMAL_MODE, ...Object.keys(slice.degradeProfiles)]);
  return Object.fromEntries(
    [...modes].map((degradeMode) => [
      degradeMode,
      Object.fromEntries(
        slice.scopes.flatMap(({ scope: path }) => {
          const scope = parseScope(path);
          const answer = scope === undefined ? undefined : answers.resolve({ ...scope, degradeMode });
          if (answer === undefined || answer.format === "assent.error/v1") return [];
          const { outcome, bundle, compatible, posture, reasons } = answer;
          return [[path, { outcome, bundle: bundle?.ref ?? null, compatible, posture, reasons }]];
        }),
      ),
    ]),
  );
}
