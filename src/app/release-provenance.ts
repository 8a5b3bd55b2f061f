/** The provenance that a release carries where somebody asks for it; loads what signs it only then. */
import type { ExtraTarget } from "../core/release/contents.ts";
import { Failure } from "../core/model/failure.ts";
import {
  provenancePayload,
  PROVENANCE_TARGET,
  PROVENANCE_TYPE,
  renderProvenance,
} from "../core/trust/provenance.ts";
import type { Ports } from "./ports.ts";
import type { ReleaseSubject } from "./release-subject.ts";

/** A statement about what is released, by the identity that the platform vouches for. */
export async function provenanceOf(
  { snapshot, custom }: ReleaseSubject,
  version: string,
  ports: Ports,
): Promise<ExtraTarget> {
  const signer = await ports.openIdentitySigner();
  if (signer === undefined) {
    throw new Failure(
      "release/no-identity",
      "Nobody vouches for who runs this, so nobody can say where it comes from.",
      {
        hint: "In GitHub Actions give the job `permissions: id-token: write`; elsewhere set SIGSTORE_ID_TOKEN.",
        category: "auth",
      },
    );
  }
  const { sequence, asOf, registry, commit } = custom;
  const manifest = { sha256: snapshot.digest.slice("sha256:".length), length: 0 };
  const payload = provenancePayload({ pair: { sequence, asOf }, registry, commit, manifest }, version);
  const bytes = renderProvenance(payload, await signer.sign(PROVENANCE_TYPE, payload));
  return { name: PROVENANCE_TARGET, bytes };
}
