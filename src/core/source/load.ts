/**
 * A tree -> the registry as a value, and everything that is wrong with its files.
 * Two steps, so that `yaml` is loaded only when the fast parser declined a file: `scanTree`, then `loadRegistry`.
 * It must never stop at a bad file, and never let an entry into the registry that fails its schema.
 */
import type { Finding } from "../model/diagnostic.ts";
import type { JsonObject } from "../model/json.ts";
import type { Told } from "../model/progress.ts";
import type { Identity } from "../model/ref.ts";
import type { Entry, Registry } from "../model/registry.ts";
import type { Tree, TreeFile } from "../model/tree.ts";
import { schemaFindings } from "../validate/schema.ts";
import { parseFast, type ParsedFile } from "./parse.ts";
import { collisionFindings, crowdedFindings, modeFindings, unidentifiedFindings } from "./paths.ts";
import { identityOfPath } from "./reference.ts";
import { registryOf } from "./registry-of.ts";

/** One file below `registry/` that is meant to be an entry. */
interface Scanned {
  readonly file: TreeFile;
  readonly identity: Identity;
  /** What the fast parser made of it; undefined = it declined, and `yaml` decides. */
  readonly value: JsonObject | undefined;
}

export interface Scan {
  readonly tree: Tree;
  readonly scanned: readonly Scanned[];
  /** Findings about paths and modes. */
  readonly findings: readonly Finding[];
  /** How many files the fast parser declined. */
  readonly declined: number;
}

export interface Loaded {
  readonly registry: Registry;
  /** Paths, syntax and schema: what keeps files from being entries. */
  readonly findings: readonly Finding[];
  /** How many files were read as entries, good or bad. */
  readonly files: number;
}

/** The judge of whatever the fast parser declines: `parseStrict` of strict.ts, loaded by the caller when needed. */
export type ParseStrict = (path: string, bytes: Uint8Array) => ParsedFile;

/** Reads every entry file with the fast parser; `told` hears of each. */
export function scanTree(tree: Tree, told?: Told): Scan {
  const findings: Finding[] = [];
  const scanned: Scanned[] = [];
  const below: TreeFile[] = [];
  let declined = 0;
  let illegal = false;
  for (const file of tree.files) {
    const { path } = file;
    if (!path.startsWith("registry/")) {
      // The folder itself may be a link or a repository of its own, and then nothing below it was read.
      if (path === "registry") findings.push(...modeFindings(file));
      continue;
    }
    below.push(file);
    const identity = identityOfPath(path);
    if (file.mode !== "100644" || (identity === undefined && path.includes("/."))) {
      findings.push(...modeFindings(file));
      illegal = true;
      if (file.mode !== "100755" || path.includes("/.")) continue;
    }
    if (identity === undefined) {
      if (path.endsWith("/README.md")) continue;
      findings.push(...unidentifiedFindings(path, tree));
      illegal = true;
      continue;
    }
    const value = parseFast(file.read());
    if (value === undefined) declined++;
    scanned.push({ file, identity, value });
    if (told !== undefined) told(scanned.length);
  }
  if (illegal) findings.push(...collisionFindings(below));
  findings.push(...crowdedFindings(below));
  return { tree, scanned, findings, declined };
}

/** Makes the registry of a scan. `parseStrict` may only be absent when nothing was declined. */
export function loadRegistry(scan: Scan, parseStrict?: ParseStrict): Loaded {
  const findings: Finding[] = [...scan.findings];
  const entries: Entry[] = [];
  const broken = new Set<string>();
  for (const { file, identity, value: fast } of scan.scanned) {
    let value = fast;
    if (value === undefined) {
      if (parseStrict === undefined)
        throw new Error("loadRegistry needs parseStrict for the files that were declined");
      const parsed = parseStrict(file.path, file.read());
      findings.push(...withSubject(parsed.findings, identity.ref));
      value = parsed.findings.some(isError) ? undefined : parsed.value;
    }
    const entry = value === undefined ? undefined : entryOf(identity, value, findings);
    if (entry === undefined) broken.add(identity.ref);
    else entries.push(entry);
  }
  return { registry: registryOf(scan.tree, entries, broken), findings, files: scan.scanned.length };
}

function entryOf(identity: Identity, value: JsonObject, findings: Finding[]): Entry | undefined {
  const faults = schemaFindings(identity.kind, identity.path, value);
  if (faults.length > 0) {
    findings.push(...withSubject(faults, identity.ref));
    return undefined;
  }
  const { kind, ref, id, ns, name, version, path } = identity;
  // The schema has just vouched for the shape; this is the door where parsed values become typed ones.
  return { kind, ref, id, ns, name, version, path, value: value as Entry["value"] };
}

function withSubject(findings: readonly Finding[], subject: string): Finding[] {
  return findings.map((finding) => (finding.subject === undefined ? { ...finding, subject } : finding));
}

function isError(finding: Finding): boolean {
  return (finding.severity ?? finding.definition.severity) === "error";
}
