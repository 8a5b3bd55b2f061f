/**
 * `attestedEvaluations` of approval policies: which runs of what moves were signed by their issuers, by keys and
 * certificate identities of B. It depends on the change alone, so that whoever records a landing learns the same.
 * It must never say whether attested runs are asked for here and now; judge them who asked.
 */
import type { Entry } from "../model/registry.ts";
import { identityOfPath } from "../source/reference.ts";
import { attesterOf } from "../trust/attestation.ts";
import type { Certifier } from "../trust/sigstore.ts";
import { runsOf } from "../validate/gates.ts";
import { registryIdOf, type Change } from "./change.ts";
import type { Facts } from "./facts.ts";

/** The runs of everything that a change touches or makes live; null where no policy of B asks whether they are attested. */
export function runsToAttest({ paths, rules, result }: Change): readonly Entry<"Evaluation">[] | null {
  const isAsked = rules.registry
    .ofKind("ApprovalPolicy")
    .some(({ value }) => value.require?.attestedEvaluations === true);
  if (!isAsked) return null;
  const targets = new Set(
    paths.flatMap(({ path }) => {
      const entry = result.get(identityOfPath(path)?.ref ?? "");
      if (entry?.kind !== "Activation") return entry ?? [];
      const { ns, name, value } = entry as Entry<"Activation">;
      return result.get(`bundle:${ns}/${name}@${value.bundle}`) ?? [];
    }),
  );
  return [...targets].flatMap((target) => (target.version === null ? [] : runsOf(result, target)));
}

/** Which of these runs are attested, and why the others are not. */
export function attestedAmong(
  runs: readonly Entry<"Evaluation">[],
  { base, result, rules }: Change,
  certifier: Certifier | undefined,
): Pick<Facts, "attested" | "unattested"> {
  const id = registryIdOf(base.registry, result);
  const attested = new Set<string>();
  const unattested = new Map<string, string>();
  for (const run of runs) {
    const verdict = attesterOf(run, { registry: rules.registry, id, certifier });
    if ("by" in verdict) attested.add(run.ref);
    else unattested.set(run.ref, verdict.problem);
  }
  return { attested, unattested };
}
