/**
 * Which evaluations behind a change are attested: asks the core, with the trusted root for certificates that B holds.
 * The root is loaded only where a run was signed by a certificate.
 */
import { attestedAmong, runsToAttest } from "../core/govern/attested.ts";
import type { Change } from "../core/govern/change.ts";
import { noFacts, type Facts } from "../core/govern/facts.ts";
import type { Registry } from "../core/model/registry.ts";
import type { Certifier } from "../core/trust/sigstore.ts";
import { certifierFor, rootInTree } from "./audit/certified.ts";

/** What is known about attestations of a change. */
export async function attestedFacts(change: Change): Promise<Pick<Facts, "attested" | "unattested">> {
  const runs = runsToAttest(change);
  if (runs === null) return { attested: noFacts.attested };
  const hasCertificate = runs.some(({ value }) => value.attestation?.verificationMaterial !== undefined);
  return attestedAmong(
    runs,
    change,
    hasCertificate ? await certifierOfRegistry(change.rules.registry) : undefined,
  );
}

/** The certifier by a registry's trusted root; undefined where it has none, or one that cannot be read. */
export async function certifierOfRegistry({ tree }: Registry): Promise<Certifier | undefined> {
  const root = rootInTree(tree);
  const certifier = root === undefined ? undefined : await certifierFor(root);
  return typeof certifier === "function" ? certifier : undefined;
}
