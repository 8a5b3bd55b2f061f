/**
 * What signed targets say about a release: its pair, registry, commit, assurance, and the files that are TUF targets.
 * Reads JSON that somebody has verified, when it arrived or before; it must never be given anything else, and it needs
 * no signature library, so that a start from what was kept is fast.
 */
import { parseInstant, type Instant } from "../../model/instant.ts";
import { isObject, type Json, type JsonObject } from "../../model/json.ts";
import { MANIFEST_TARGET, type ReleasePair } from "../../model/release.ts";
import { refusal } from "./refusal.ts";

/** How well the landings up to a release are proven: what `audit verify` said, or `none`. */
export type Assurance = "none" | "forge" | "forge-self-witnessed" | "signed" | "mixed";
const assurances: readonly Json[] = ["none", "forge", "forge-self-witnessed", "signed", "mixed"];

export interface TargetContent {
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  /** In bytes. */
  readonly length: number;
}

/** A release, as its targets metadata describes it. */
export interface Release {
  readonly pair: ReleasePair;
  readonly registry: string;
  readonly commit: string;
  readonly assurance: Assurance;
  readonly manifest: TargetContent;
}

/** The TUF targets of a release: name -> content. */
export type ReleaseTargets = ReadonlyMap<string, TargetContent>;

/** What stands as `custom` of the target manifest.json; whoever signs the targets signs it. */
export interface ReleaseCustom {
  readonly sequence: number;
  readonly asOf: Instant;
  readonly commit: string;
  readonly registry: string;
  readonly assurance: Assurance;
}

/** Reads the `targets` of the signed part of targets metadata. */
export function targetsOf(signed: unknown): ReleaseTargets {
  const listed = isObject(signed) ? signed["targets"] : undefined;
  const found = new Map<string, TargetContent>();
  for (const [name, target] of Object.entries(isObject(listed) ? listed : {})) {
    if (!isObject(target) || !isObject(target["hashes"])) continue;
    const { length, hashes } = target;
    const { sha256 } = hashes;
    if (typeof length === "number" && typeof sha256 === "string") found.set(name, { sha256, length });
  }
  return found;
}

/**
 * The release in the signed part of targets metadata. A Failure where it is none, or one of another registry than the
 * root vouches for: keys that are used for two registries must not let one be served as the other.
 */
export function releaseIn(signed: unknown, registry: string): Release {
  const manifest = targetsOf(signed).get(MANIFEST_TARGET);
  const custom = customIn(signed);
  if (manifest === undefined || custom === undefined)
    throw refusal("not-a-release", "What was signed is no release: it has no manifest.json of a registry.");
  if (custom.registry !== registry) {
    throw refusal(
      "wrong-registry",
      `The release is of the registry ${custom.registry}, the trusted root of ${registry}.`,
    );
  }
  const { sequence, asOf, commit, assurance } = custom;
  return { pair: { sequence, asOf }, registry, commit, assurance, manifest };
}

function customIn(signed: unknown): ReleaseCustom | undefined {
  const listed = isObject(signed) ? signed["targets"] : undefined;
  const target = isObject(listed) ? listed[MANIFEST_TARGET] : undefined;
  const custom: Json | undefined = isObject(target) ? target["custom"] : undefined;
  return isObject(custom) ? read(custom) : undefined;
}

function read({ sequence, asOf, commit, registry, assurance }: JsonObject): ReleaseCustom | undefined {
  // To the second, so that pairs are in order as texts.
  const at = typeof asOf === "string" && asOf.length === 20 ? parseInstant(asOf) : undefined;
  if (typeof sequence !== "number" || !Number.isSafeInteger(sequence) || sequence < 1) return undefined;
  if (at === undefined || typeof registry !== "string" || typeof commit !== "string") return undefined;
  if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(commit) || !isAssurance(assurance)) return undefined;
  return { sequence, asOf: at, commit, registry, assurance };
}

function isAssurance(value: Json | undefined): value is Assurance {
  return value !== undefined && assurances.includes(value);
}
