/**
 * `createResolver`: what is live here, answered in memory from a verified release that is kept up to date behind the
 * scenes. The answer is core/resolve's, so it equals the command line's; what is added is whose release it may be, how
 * old it may be, and who hears of it. It must never answer from what was not verified, from another environment, or
 * past the bound, and a misspelt question is an error and not "nothing is live".
 */
import { DEFAULT_TENANT } from "../core/model/scope.ts";
import {
  ERROR_FORMAT,
  RESOLUTION_FORMAT,
  type Resolution,
  type SliceDocument,
  type WireError,
} from "../core/model/snapshot.ts";
import { loadSlice, sliceFor } from "../core/resolve/load.ts";
import { createResolver as resolverOver, type Resolver as Answers } from "../core/resolve/resolve.ts";
import type { Failure } from "../core/model/failure.ts";
import type { Events } from "./events.ts";
import { follow, type Use } from "./follow.ts";
import { given, settingsOf, type ReleaseOptions } from "./options.ts";
import { faultOf, isWellFormed, misspelt } from "./question.ts";
import type { ReleaseStatus } from "./status.ts";

export interface ResolverOptions extends ReleaseOptions {
  /** The one environment that this service runs in. */
  readonly environment: string;
  /** The one tenant that it serves. Without it, questions name theirs. */
  readonly tenant?: string | undefined;
}

/** What is asked; the environment and, where the service serves one, the tenant are the resolver's. */
export interface ResolverQuery {
  /** `<namespace>/<name>` */
  readonly usecase: string;
  readonly environment?: string | undefined;
  readonly tenant?: string | null | undefined;
  readonly scenario?: string | null | undefined;
  /** NORMAL when absent. */
  readonly degradeMode?: string | undefined;
  /** What the caller has; narrows what the environment offers. */
  readonly featureGroups?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly capabilities?: readonly string[] | undefined;
}

export interface Resolver {
  /** In memory, at once, and never throws. Use `bundle` only when `format` is "assent.resolution/v1". Read only. */
  resolve(query: ResolverQuery): Resolution | WireError;
  on<K extends keyof Events>(event: K, listener: (value: Events[K]) => void): () => void;
  /** Asks the sources now. Rejects with a Failure when none gives a good answer; what is in use stays in use. */
  refresh(): Promise<ReleaseStatus>;
  status(): ReleaseStatus;
  /** Stops asking. Every answer after this is an error. */
  close(): void;
}

/** A slice, ready to be asked. */
export interface ResolverUse {
  readonly answers: Answers;
  readonly slice: SliceDocument;
}

/** Opens the slice of an environment and a tenant. */
export function useOfSlice(environment: string, tenant: string | null): Use<ResolverUse> {
  return {
    kind: "resolver",
    needs: (manifest) => {
      const slice = sliceFor(manifest, environment, tenant);
      return slice === undefined ? [] : [slice.path];
    },
    open(loaded, read) {
      const file = sliceFor(loaded.manifest, environment, tenant);
      if (file === undefined) throw new Error(`accepted a release without ${environment}`);
      const slice = loadSlice(loaded, file, read(file.path));
      const answers = resolverOver(loaded, [slice]);
      // The first question prepares the slice; it is asked here, and not by the first request after a swap.
      answers.resolve({ environment, tenant, usecase: "" });
      return { answers, slice };
    },
  };
}

/**
 * Makes a resolver: at once from the cache where it holds a release that may still be used, else from the first source
 * that gives a good one. Rejects with a Failure when there is nothing that may be answered from.
 */
export async function createResolver(options: ResolverOptions): Promise<Resolver> {
  const { environment, tenant = null } = given(options);
  const settings = settingsOf(options, { environment, tenant });
  const { world, hooks } = settings;
  const { usable, refusal, notices, metrics, ...follower } = await follow(
    settings,
    useOfSlice(environment, tenant),
  );
  const isDeprecatedTold = new WeakSet<object>();
  const warnOfFallbacks = (): void => {
    const scopes = usable()?.value.slice.scopes ?? [];
    for (const { scope, bundle, fallback } of scopes) {
      if (fallback !== undefined && fallback === bundle)
        notices.warn({
          code: "client/fallback-is-live",
          message: `${scope} falls back to ${bundle}, which is what is live: that is no fallback.`,
          subject: scope,
        });
    }
  };
  warnOfFallbacks();
  follower.on("update", warnOfFallbacks);

  const answer = (query: ResolverQuery): Resolution | WireError => {
    const held = usable();
    if (held === undefined) return wireOf(refusal());
    const fault = faultOf(query);
    if (fault !== undefined) return fault;
    if (query.environment !== undefined && query.environment !== environment)
      return elsewhere("environment", query.environment, environment);
    const asked = query.tenant === undefined || query.tenant === DEFAULT_TENANT ? null : query.tenant;
    if (tenant !== null && asked !== null && asked !== tenant) return elsewhere("tenant", asked, tenant);
    const { usecase, scenario, degradeMode, featureGroups, capabilities } = query;
    const answered = held.value.answers.resolve({
      environment,
      usecase,
      tenant: tenant ?? asked,
      scenario,
      degradeMode,
      featureGroups,
      capabilities,
    });
    if (answered.format !== RESOLUTION_FORMAT) return answered;
    // A wider scope must not answer for a misspelt one; a name that was found is spelt right, so only misses are looked at.
    const first = answered.steps[0];
    if (first?.result === "absent" && !isWellFormed(query)) return misspelt(query);
    // What is deprecated is never the only reason; most answers have one and are not looked at.
    if (answered.reasons.length > 1 && !isDeprecatedTold.has(answered.reasons)) tellDeprecated(answered);
    return answered;
  };

  const tellDeprecated = ({ reasons, bundle }: Resolution): void => {
    isDeprecatedTold.add(reasons);
    for (const reason of reasons) {
      if (!reason.startsWith(DEPRECATED)) continue;
      const subject = reason.slice(DEPRECATED.length);
      notices.warn({
        code: "client/deprecated",
        message: `${bundle?.ref ?? "What is live"} reaches ${subject}, which is deprecated.`,
        subject,
      });
    }
  };

  /** The same with a clock around it, for those who measure. */
  const measured = (query: ResolverQuery): Resolution | WireError => {
    const from = world.elapsed();
    const answered = answer(query);
    const seconds = (world.elapsed() - from) / 1000;
    const outcome = answered.format === RESOLUTION_FORMAT ? answered.outcome : "error";
    metrics?.resolved(outcome, seconds);
    const asked = faultOf(query) === undefined ? query : { usecase: "" };
    hooks.resolved?.({
      outcome,
      usecase: asked.usecase,
      tenant: tenant ?? asked.tenant ?? null,
      scenario: asked.scenario ?? null,
      ...(answered.format === ERROR_FORMAT && { code: answered.code }),
      seconds,
    });
    return answered;
  };

  return {
    resolve: metrics === undefined && hooks.resolved === undefined ? answer : measured,
    on: follower.on,
    refresh: follower.refresh,
    status: follower.status,
    close: follower.close,
  };
}

const DEPRECATED = "DEPRECATED_REACHED:";

function elsewhere(what: "environment" | "tenant", asked: unknown, own: string): WireError {
  return {
    format: ERROR_FORMAT,
    code: `client/other-${what}`,
    category: "invalid",
    retryable: false,
    message: `This resolver answers for the ${what} "${own}", not for ${JSON.stringify(asked)}.`,
    hint: `Make a resolver for each ${what}; nothing answers for one by accident.`,
  };
}

function wireOf({ code, category, retryable, message, hint }: Failure): WireError {
  return { format: ERROR_FORMAT, code, category, retryable, message, hint };
}
