/**
 * `resolve`: what is live here? (DESIGN 8). A pure function of a snapshot and a query, the same in the library, the
 * CLI and the service. It must never look at a clock. This file finds the slice that answers; answers.ts answers.
 */
import { compareBytes } from "../model/json.ts";
import { DEFAULT_TENANT } from "../model/scope.ts";
import { ERROR_FORMAT, type Resolution, type SliceDocument, type WireError } from "../model/snapshot.ts";
import { answersOf, type Answers, type Stamp } from "./answers.ts";
import { modesOf, NORMAL_MODE, type Narrowing } from "./compatibility.ts";
import { indexTexts } from "./index-text.ts";
import type { LoadedManifest } from "./load.ts";

export interface Query extends Narrowing {
  readonly environment: string;
  /** `<ns>/<name>`. */
  readonly usecase: string;
  /** Null and absent are the same; so is `default`, which only spells "no tenant". */
  readonly tenant?: string | null | undefined;
  readonly scenario?: string | null | undefined;
  /** NORMAL when absent. */
  readonly degradeMode?: string | undefined;
}

/** A snapshot that is ready to be asked. */
export interface Resolver {
  /**
   * The answer; an unknown environment or degrade mode is an error value, never `none`. To be read only: what many
   * ask is one frozen object for all of them.
   */
  resolve(query: Query): Resolution | WireError;
}

/**
 * Makes a resolver of a manifest and those of its slices that are at hand, already checked by `loadSlice`. Costs
 * next to nothing: a slice is prepared when it is first asked.
 */
export function createResolver(
  { manifest, digest }: LoadedManifest,
  slices: readonly SliceDocument[],
): Resolver {
  const stamp: Stamp = {
    snapshot: Object.freeze({ digest, commit: manifest.commit, sequence: manifest.sequence }),
    policyRevision: manifest.policyRevision,
  };
  const loaded = new Map<string, Map<string | null, Answers>>();
  for (const slice of slices) {
    let tenants = loaded.get(slice.environment);
    if (tenants === undefined) loaded.set(slice.environment, (tenants = new Map()));
    tenants.set(slice.tenant, answersOf(slice, stamp));
  }
  const ownSlices = new Set(manifest.slices.map((slice) => `${slice.environment}/${slice.tenant ?? ""}`));
  const sliced = new Set(
    manifest.slices.flatMap(({ environment, tenant }) => (tenant === null ? [] : [environment])),
  );
  const environments = indexTexts(loaded.keys(), 0);
  const places = [...loaded].map(([environment, tenants]): Place => {
    const [first] = tenants.values();
    return { tenants, whole: sliced.has(environment) ? undefined : first };
  });
  return {
    resolve(query) {
      const { environment } = query;
      const tenant = query.tenant === undefined || query.tenant === DEFAULT_TENANT ? null : query.tenant;
      const place = places[environments.find(environment) - 1];
      if (place === undefined) {
        if (!manifest.environments.includes(environment))
          return unknown("environment", environment, manifest.environments);
        return notLoaded(environment, tenant);
      }
      let answers = place.whole ?? place.tenants.get(tenant);
      if (answers === undefined) {
        // A tenant without a slice of its own has no scope of its own; every slice holds the scopes without tenant.
        const isElsewhere = tenant !== null && ownSlices.has(`${environment}/${tenant}`);
        if (!isElsewhere) answers = place.tenants.get(null) ?? place.tenants.values().next().value;
        if (answers === undefined) return notLoaded(environment, tenant);
      }
      const mode = query.degradeMode ?? NORMAL_MODE;
      return (
        answers.answer(query, tenant, mode) ?? unknown("degrade mode", mode, modesOf(answers.environment))
      );
    },
  };
}

/** The slices of an environment that are at hand, by tenant. */
interface Place {
  readonly tenants: ReadonlyMap<string | null, Answers>;
  /** The one that answers for everybody, where no tenant has its own. */
  readonly whole: Answers | undefined;
}

/** The bytes of an answer, the same everywhere: one line of JSON in the order of its keys, and a line feed. */
export function renderAnswer(answered: Resolution | WireError): string {
  return `${JSON.stringify(answered)}\n`;
}

function unknown(what: "environment" | "degrade mode", name: string, known: readonly string[]): WireError {
  const names = [...known].sort(compareBytes).join(", ");
  return {
    format: ERROR_FORMAT,
    code: what === "environment" ? "resolve/unknown-environment" : "resolve/unknown-degrade-mode",
    category: "invalid",
    retryable: false,
    message: `${JSON.stringify(name)} is no ${what} of this snapshot`,
    hint: known.length === 0 ? `It has no ${what} at all.` : `Known: ${names}.`,
  };
}

function notLoaded(environment: string, tenant: string | null): WireError {
  return {
    format: ERROR_FORMAT,
    code: "resolve/slice-not-loaded",
    category: "unknown",
    retryable: false,
    message: `the slice of ${environment}${tenant === null ? "" : ` for ${tenant}`} is not loaded`,
    hint: "Load the slice that the manifest names for this environment and tenant.",
  };
}
