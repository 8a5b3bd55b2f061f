/**
 * `verifiedArtifacts` of approval policies: what the target and all it reaches keep elsewhere was opened by somebody
 * trusted, and each has the digest that it is pinned by. What nobody opened is never taken for verified.
 */
import type { Entry } from "../model/registry.ts";
import { contentOf } from "./artifacts.ts";
import { listed, type Change } from "./change.ts";
import * as codes from "./codes.ts";
import type { Facts } from "./facts.ts";
import { allowed, denied, type Verdict } from "./verdict.ts";

/** Judges the artifacts of what moves; `policies` are those that ask, `file` is where the finding points. */
export function judgeArtifacts(
  { result, head }: Change,
  target: Entry,
  policies: readonly string[],
  { verifiedArtifacts: verified }: Facts,
  file: string,
): Verdict {
  const requirement = `every artifact of ${target.ref} was fetched and compared (${policies.join(", ")})`;
  const artifacts = contentOf(target, result);
  if (artifacts.length === 0) return allowed(requirement, "It keeps none elsewhere.");
  const missing = artifacts.filter(({ digest }) => verified?.has(digest) !== true);
  if (missing.length === 0) return allowed(requirement, "All of them were.");
  const names = listed(missing.map(({ subject, pointer }) => `${subject} at ${pointer}`));
  const because =
    verified === null
      ? `${policies.join(", ")} asks for verified artifacts; not opened by anyone: ${names}.`
      : `Not verified: ${names}.`;
  const command = `assent artifacts verify ${target.ref} --at ${head} --format json`;
  const next = [{ who: [], do: "open them in a trusted job, and hand its report to the gate", command }];
  return denied(requirement, because, {
    code: codes.evidenceMissing,
    at: { file },
    subject: target.ref,
    next,
  });
}
