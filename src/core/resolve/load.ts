/**
 * Bytes of a snapshot -> values that can be asked: the door of every consumer.
 * Assumes that an attacker controls the bytes of the slices but not the manifest (the caller has verified it, or
 * was told `--unsigned`): format, registry, place, length and sha256 are checked before anything of a slice is believed.
 * It must never answer from a file that does not match.
 */
import { digestOfBytes, parseDigest, sha256Hex, type Digest } from "../model/digest.ts";
import { Failure } from "../model/failure.ts";
import { parseInstant } from "../model/instant.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { isName } from "../model/ref.ts";
import {
  isSnapshotPath,
  MANIFEST_FORMAT,
  MANIFEST_PATH,
  SLICE_FORMAT,
  type Manifest,
  type SliceDocument,
  type SliceFile,
} from "../model/snapshot.ts";

/** A manifest with the digest that names the whole snapshot. */
export interface LoadedManifest {
  readonly digest: Digest;
  readonly manifest: Manifest;
}

/** Reads a manifest. Throws a Failure when the bytes are none, or of a format this version cannot read. */
export function loadManifest(bytes: Uint8Array): LoadedManifest {
  const value = parseDocument(bytes, MANIFEST_PATH, MANIFEST_FORMAT);
  const text = (key: string): boolean => typeof value[key] === "string";
  const shaped =
    text("registry") &&
    isInstant(value["asOf"]) &&
    text("catalogue") &&
    text("dependents") &&
    text("compliance") &&
    (value["commit"] === null || isCommit(value["commit"])) &&
    (value["sequence"] === null || Number.isSafeInteger(value["sequence"])) &&
    (value["nextChange"] === null || isInstant(value["nextChange"])) &&
    typeof value["policyRevision"] === "string" &&
    parseDigest(value["policyRevision"]) !== undefined &&
    (value["slicing"] === "environment" || value["slicing"] === "tenant") &&
    isListOf(value["slices"], isSliceFile) &&
    isListOf(value["environments"], isPlainName) &&
    isListOf(value["files"], isFile);
  if (!shaped) throw malformed(MANIFEST_PATH);
  return { digest: digestOfBytes(bytes), manifest: value as JsonObject & Manifest };
}

/**
 * The slice that answers for an environment and a tenant; undefined = the environment is unknown.
 * A tenant without a slice of its own has no Activation of its own and is answered from the one without tenant.
 */
export function sliceFor(
  manifest: Manifest,
  environment: string,
  tenant: string | null,
): SliceFile | undefined {
  const inEnvironment = manifest.slices.filter((slice) => slice.environment === environment);
  return (
    inEnvironment.find((slice) => slice.tenant === tenant) ??
    inEnvironment.find((slice) => slice.tenant === null)
  );
}

/** Checks a slice against the manifest and reads it. Throws a Failure when it is not the file that was compiled. */
export function loadSlice({ manifest }: LoadedManifest, file: SliceFile, bytes: Uint8Array): SliceDocument {
  const { path } = file;
  const expected = manifest.files.find((each) => each.path === path);
  if (expected === undefined || expected.length !== bytes.length || expected.sha256 !== sha256Hex(bytes)) {
    throw new Failure("snapshot/digest-mismatch", `${path} is not the file that the manifest names`, {
      hint: "Fetch the snapshot again, whole; a file was changed or the copy is incomplete.",
      category: "auth",
    });
  }
  const value = parseDocument(bytes, path, SLICE_FORMAT);
  const { offer, tenant } = value;
  const shaped =
    value["registry"] === manifest.registry &&
    value["environment"] === file.environment &&
    tenant === file.tenant &&
    value["slicing"] === manifest.slicing &&
    typeof value["inherit"] === "boolean" &&
    (value["compatibility"] === "fail-closed" || value["compatibility"] === "warn") &&
    isObject(offer) &&
    isRecordOf(offer["featureGroups"], isTexts) &&
    isRecordOf(offer["schemas"], isTexts) &&
    isTexts(offer["capabilities"]) &&
    isRecordOf(value["degradeProfiles"], isProfile) &&
    Object.keys(value["degradeProfiles"] ?? {}).every((mode) => modePattern.test(mode)) &&
    isListOf(value["scopes"], isScope) &&
    isRecordOf(value["bundles"], isBundle);
  if (!shaped) throw malformed(path);
  return value as JsonObject & SliceDocument;
}

function parseDocument(bytes: Uint8Array, path: string, format: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw malformed(path, cause);
  }
  if (!isObject(value)) throw malformed(path);
  if (value["format"] !== format) {
    throw new Failure(
      "snapshot/unknown-format",
      `${path} has the format ${spell(value["format"])}, not ${format}`,
      {
        hint: "Compile the snapshot with this version of assent, or read it with the version that wrote it.",
      },
    );
  }
  return value;
}

function malformed(path: string, cause?: unknown): Failure {
  return new Failure("snapshot/malformed", `${path} does not have the shape its format promises`, {
    hint: "Compile or fetch the snapshot again.",
    ...(cause === undefined ? {} : { cause }),
  });
}

function spell(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : "missing";
}

/** What a terminal is shown must be plain words, whoever wrote the snapshot. */
const modePattern = /^[A-Za-z][A-Za-z0-9_-]{0,49}$/;

type Test = (value: unknown) => boolean;

function isListOf(value: unknown, test: Test): boolean {
  return Array.isArray(value) && value.every(test);
}

function isRecordOf(value: unknown, test: Test): boolean {
  return isObject(value) && Object.values(value).every(test);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isPlainName(value: unknown): boolean {
  return typeof value === "string" && isName(value);
}

function isInstant(value: unknown): boolean {
  return typeof value === "string" && parseInstant(value) !== undefined;
}

function isCommit(value: unknown): boolean {
  return typeof value === "string" && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return isListOf(value, isText);
}

function isFile(value: unknown): boolean {
  return (
    isObject(value) && isText(value["path"]) && isText(value["sha256"]) && typeof value["length"] === "number"
  );
}

function isSliceFile(value: unknown): boolean {
  if (!isObject(value) || !isText(value["environment"])) return false;
  if (typeof value["path"] !== "string" || !isSnapshotPath(value["path"])) return false;
  return value["tenant"] === null || isText(value["tenant"]);
}

function isProfile(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { featureGroups, capabilities, posture } = value;
  return (
    (featureGroups === undefined || isTexts(featureGroups)) &&
    (capabilities === undefined || isTexts(capabilities)) &&
    (posture === "NORMAL" || posture === "STEP_UP_ONLY" || posture === "REVIEW")
  );
}

function isScope(value: unknown): boolean {
  if (!isObject(value)) return false;
  return (
    isText(value["scope"]) &&
    isText(value["bundle"]) &&
    (value["fallback"] === undefined || isText(value["fallback"]))
  );
}

/** Twice what a registry file may hold; deeper values would overflow the stack of whoever walks them. */
const DEEPEST = 64;

function isWithinDepth(value: unknown, left: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return left > 0 && Object.values(value).every((inner) => isWithinDepth(inner, left - 1));
}

function isBundle(value: unknown): boolean {
  if (!isObject(value) || !isObject(value["spec"]) || !isTexts(value["deprecated"])) return false;
  if (typeof value["digest"] !== "string" || parseDigest(value["digest"]) === undefined) return false;
  if (!isWithinDepth(value["spec"], DEEPEST)) return false;
  const needs = value["spec"]["compatibility"];
  if (needs === undefined) return true;
  if (!isObject(needs)) return false;
  const contract = needs["inputContract"];
  return (
    (needs["featureGroups"] === undefined || isRecordOf(needs["featureGroups"], isText)) &&
    (needs["schemas"] === undefined || isRecordOf(needs["schemas"], isText)) &&
    (contract === undefined ||
      (isObject(contract) && isText(contract["schema"]) && isText(contract["version"]))) &&
    (needs["requires"] === undefined || isTexts(needs["requires"]))
  );
}
