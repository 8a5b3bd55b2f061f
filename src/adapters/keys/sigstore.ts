/**
 * Signs by a workflow's identity through sigstore: the platform's token is exchanged for a certificate of some minutes, the
 * signature is entered into the transparency log, and all that proves it is handed back. The token may sign as the
 * workflow, so it must never stand in a message, and it goes nowhere but to the certificate authority.
 */
import { bundleToJSON } from "@sigstore/bundle";
import { DSSEBundleBuilder, FulcioSigner, RekorWitness, TSAWitness } from "@sigstore/sign";
import type { CertifiedSignature, IdentitySigner } from "../../app/witness-port.ts";
import { Failure } from "../../core/model/failure.ts";
import type { JsonObject } from "../../core/model/json.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the token must be made out to; sigstore's authorities take no other. */
const AUDIENCE = "sigstore";

const PUBLIC = { fulcio: "https://fulcio.sigstore.dev", rekor: "https://rekor.sigstore.dev" } as const;

/**
 * A signer by the identity that an environment offers: the token in SIGSTORE_ID_TOKEN, else the one that GitHub Actions
 * gives to a job with `id-token: write`. Undefined where it offers none. SIGSTORE_FULCIO_URL, SIGSTORE_REKOR_URL and
 * SIGSTORE_TSA_URL name other authorities than the public ones.
 */
export function openIdentitySigner(env: Environment): IdentitySigner | undefined {
  const isOffered = isSet(env["SIGSTORE_ID_TOKEN"]) || isSet(env["ACTIONS_ID_TOKEN_REQUEST_URL"]);
  if (!isOffered) return undefined;
  const limits = { retry: 2, timeout: 30_000 };
  const tsa = env["SIGSTORE_TSA_URL"];
  const builder = new DSSEBundleBuilder({
    signer: new FulcioSigner({
      identityProvider: { getToken: () => tokenOf(env) },
      fulcioBaseURL: urlOf(env["SIGSTORE_FULCIO_URL"], PUBLIC.fulcio),
      ...limits,
    }),
    witnesses: [
      new RekorWitness({ rekorBaseURL: urlOf(env["SIGSTORE_REKOR_URL"], PUBLIC.rekor), ...limits }),
      ...(isSet(tsa) ? [new TSAWitness({ tsaBaseURL: urlOf(tsa, ""), ...limits })] : []),
    ],
  });
  return {
    async sign(payloadType, payload) {
      // A token lives for minutes; a run that catches up may take longer, so each signature asks for its own.
      try {
        const bundle = await builder.create({ data: Buffer.from(payload), type: payloadType });
        return signatureOf(JSON.stringify(bundleToJSON(bundle)));
      } catch (error) {
        throw error instanceof Failure ? error : failed(error);
      }
    },
  };
}

function signatureOf(text: string): CertifiedSignature {
  const { verificationMaterial, dsseEnvelope } = JSON.parse(text) as {
    readonly verificationMaterial: JsonObject;
    readonly dsseEnvelope: { readonly signatures: readonly { readonly sig: string }[] };
  };
  return {
    sig: new Uint8Array(Buffer.from(dsseEnvelope.signatures[0]?.sig ?? "", "base64")),
    material: verificationMaterial,
  };
}

async function tokenOf(env: Environment): Promise<string> {
  const token = env["SIGSTORE_ID_TOKEN"];
  if (token !== undefined && token !== "") return token;
  const address = new URL(env["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "");
  address.searchParams.set("audience", AUDIENCE);
  const response = await fetch(address, {
    headers: { authorization: `bearer ${env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? ""}` },
    redirect: "error",
    signal: AbortSignal.timeout(30_000),
  });
  const answer = (response.ok ? await response.json() : {}) as { readonly value?: unknown };
  if (typeof answer.value === "string") return answer.value;
  throw new Failure("sigstore/no-token", `The platform gave no identity token (status ${response.status}).`, {
    hint: "The job needs the permission id-token: write.",
    category: "auth",
  });
}

function urlOf(text: string | undefined, otherwise: string): string {
  if (text === undefined || text === "") return otherwise;
  if (URL.canParse(text)) return text.replace(/\/+$/, "");
  throw new Failure("sigstore/address", `${JSON.stringify(text)} is no address of a sigstore authority.`, {
    hint: "Write it as https://<host>.",
  });
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text !== "";
}

/** The library's messages may quote the token; its codes say enough. */
function failed(error: unknown): Failure {
  const cause = error instanceof Error && "cause" in error ? error.cause : undefined;
  if (cause instanceof Failure) return cause;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const step = /^[A-Z_]{3,60}$/.test(code) ? code : "UNKNOWN";
  const isToken = step.startsWith("IDENTITY_TOKEN");
  return new Failure("sigstore/not-signed", `Nothing could be signed by the workflow's identity: ${step}.`, {
    hint: isToken
      ? "The token must be an OpenID Connect token of the audience sigstore, and not run out."
      : "Check that the certificate authority and the log can be reached, and try again.",
    category: isToken ? "auth" : "unavailable",
  });
}
