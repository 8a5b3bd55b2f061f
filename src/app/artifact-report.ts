/**
 * Reads the report of `assent artifacts verify` for the gate. What the attacker controls: nothing of it, where it was
 * made in the same trusted run and never taken from the change; so the commit that it was made of has to be the one
 * that is judged, and a report that leaves a doubt about a digest verifies it not.
 */
import { readStrictJson } from "../core/author/strict-json.ts";
import { ARTIFACTS_FORMAT } from "../core/govern/artifacts.ts";
import { parseDigest } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import { isObject, type Json } from "../core/model/json.ts";

/** What a report says: of which commit it was made, and which digests it has verified. */
export interface ArtifactReport {
  /** Null for a work tree, of which nothing can land. */
  readonly commit: string | null;
  readonly verified: ReadonlySet<string>;
}

/** The digests that a report about a commit has verified. A Failure where it is none, or about another commit. */
export function verifiedAbout(bytes: Uint8Array, commit: string): ReadonlySet<string> {
  const report = parseArtifactReport(bytes);
  if (report.commit === commit) return report.verified;
  throw wrong(
    `it is about ${report.commit === null ? "a work tree" : "another commit"}, not about ${commit}`,
  );
}

/** Reads a report; a Failure where it is none. */
export function parseArtifactReport(bytes: Uint8Array): ArtifactReport {
  const read = readStrictJson(bytes);
  if ("fault" in read) throw wrong(`it is no JSON that can be trusted: ${read.fault.reason}`);
  const report: Json = read.value;
  if (!isObject(report) || report["format"] !== ARTIFACTS_FORMAT || !Array.isArray(report["artifacts"]))
    throw wrong("it is no report of assent artifacts verify --format json");
  const { commit = null } = report;
  if (commit !== null && typeof commit !== "string") throw wrong("its commit is none");
  const verified = new Set<string>();
  const doubtful = new Set<string>();
  for (const each of report["artifacts"] as readonly Json[]) {
    const { digest, status } = isObject(each) ? each : {};
    if (typeof digest !== "string" || parseDigest(digest) === undefined)
      throw wrong("an artifact has no digest");
    if (status === "VERIFIED") verified.add(digest);
    else if (status === "MISMATCH" || status === "UNREACHABLE") doubtful.add(digest);
    else throw wrong("an artifact has no status");
  }
  return { commit, verified: new Set([...verified].filter((digest) => !doubtful.has(digest))) };
}

function wrong(because: string): Failure {
  return new Failure("gate/artifact-report", `The report of artifacts cannot be used: ${because}.`, {
    hint: "Make it in the same run: assent artifacts verify --at <head> --format json.",
  });
}
