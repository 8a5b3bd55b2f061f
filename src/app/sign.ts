/**
 * `assent sign`: one person's yes to exactly these bytes, as an SSH signature over D on the branch of signatures
 * (DESIGN 5.6). What could not count is refused before anything is signed. It must never sign what was not shown.
 */
import { personsOf } from "../core/govern/persons.ts";
import type { Entry } from "../core/model/registry.ts";
import type { Digest } from "../core/model/digest.ts";
import { Failure } from "../core/model/failure.ts";
import { parseSshPublicKey } from "../core/trust/ssh-key.ts";
import { APPROVAL_NAMESPACE, verifySshSignature } from "../core/trust/sshsig.ts";
import { decideFully } from "../core/govern/decide.ts";
import { judge, sharedBranch, type Judged } from "./judge.ts";
import { identityOf, planned, type PlanResult } from "./plan.ts";
import type { Exchange, NewFile, Ports } from "./ports.ts";
import { needGit, type Selection } from "./read.ts";
import { rootOf } from "./root.ts";
import { approvalMessage, approvalPath, APPROVALS_BRANCH } from "./signatures.ts";

export interface SignRequest extends Selection {
  readonly revision: string;
  readonly identity: string;
  readonly keyFile?: string | undefined;
  readonly withdraw: boolean;
  /** Shows what is signed, before it is. */
  show(plan: PlanResult): Promise<void>;
}

export interface Signed {
  readonly status: "SIGNED" | "WITHDRAWN" | "UNCHANGED" | "REFUSED";
  readonly identity: string;
  readonly digest: Digest;
  /** Why the approval would not count; null unless refused. */
  readonly reason: string | null;
  /** The commit on the branch of signatures; null where nothing was written. */
  readonly commit: string | null;
  /** Where the branch was pushed to; null = it stays here. */
  readonly remote: string | null;
}

/** Signs, or takes a signature back. */
export async function sign(request: SignRequest, ports: Ports): Promise<Signed> {
  const root = rootOf(request.folder, ports);
  const repository = needGit(await ports.openRepository(root), "assent sign");
  const exchange = await ports.openExchange(root);
  const head = await repository.resolveRevision(request.revision);
  const branch = await sharedBranch(exchange, repository);
  const identity = identityOf(request.identity, "--identity");
  const tips = await exchange.fetch([branch, APPROVALS_BRANCH]);
  const base = requireTip(tips.get(branch), branch);
  const asOf = request.asOf ?? ports.now();
  const judged = await judge({ base, head, ref: `refs/heads/${branch}` }, repository, {
    asOf,
    sandbox: ports.sandbox,
    approvals: tips.get(APPROVALS_BRANCH) ?? null,
  });
  await request.show(await planned(judged, false));
  const { digest } = judged.read.change;
  const answer = { identity, digest, reason: null, commit: null, remote: exchange.remote };
  const path = approvalPath(digest, identity);
  if (request.withdraw) {
    if (!judged.facts.signatures.some((signature) => signature.identity === identity))
      return { ...answer, status: "UNCHANGED" };
    const commit = await write(exchange, [{ path, content: null }], `Withdraw ${identity} from ${digest}`);
    return { ...answer, status: "WITHDRAWN", commit };
  }
  const keys = keysOf(judged, identity);
  const reason = objectionTo(judged, identity, keys[0]?.fingerprint ?? "");
  if (reason !== null) return { ...answer, status: "REFUSED", reason };
  const armored = await ports.signer.sign({
    message: approvalMessage(digest),
    namespace: APPROVAL_NAMESPACE,
    folder: request.folder,
    keyFile: request.keyFile,
    publicKeys: keys.map(({ text }) => text),
  });
  requireOwnKey(
    armored,
    digest,
    identity,
    keys.map(({ fingerprint }) => fingerprint),
  );
  const content = new TextEncoder().encode(armored);
  const commit = await write(exchange, [{ path, content }], `Approve ${digest} as ${identity}`);
  return { ...answer, status: "SIGNED", commit };
}

/** Where the protected branch stands. */
export function requireTip(tip: string | null | undefined, branch: string): string {
  if (typeof tip === "string") return tip;
  throw new Failure("git/no-base", `There is no branch ${branch}, which the registry protects.`, {
    hint: `Push it first: git push origin ${branch}.`,
    category: "unknown",
  });
}

/** The identity's keys that are in force at the base. */
function keysOf(
  { read }: Judged,
  identity: string,
): readonly { readonly text: string; readonly fingerprint: string }[] {
  const entry = personsOf(read.change.rules.registry).get(identity);
  return ((entry as Entry<"Identity"> | undefined)?.value.keys ?? []).flatMap(({ sshPublicKey, revoked }) => {
    const key = revoked === undefined ? parseSshPublicKey(sshPublicKey) : undefined;
    return key === undefined ? [] : [{ text: key.text, fingerprint: key.fingerprint }];
  });
}

/** Why an approval by this identity would not count; null where it would. The gate itself is asked. */
function objectionTo({ read, facts, decided }: Judged, identity: string, key: string): string | null {
  const { change } = read;
  const others = facts.signatures.filter((signature) => signature.identity !== identity);
  const signatures = [...others, { identity, key, digest: change.digest, valid: true }];
  const { reviews } = decideFully(change, { ...facts, signatures }, decided.decision.asOf).decision;
  const own = reviews.find(({ id }) => id === `signature:${identity}`);
  return own === undefined || own.counted ? null : own.reason;
}

function requireOwnKey(
  armored: string,
  digest: Digest,
  identity: string,
  fingerprints: readonly string[],
): void {
  const verdict = verifySshSignature(armored, approvalMessage(digest), APPROVAL_NAMESPACE);
  if ("key" in verdict && fingerprints.includes(verdict.key.fingerprint)) return;
  const because =
    "problem" in verdict ? verdict.problem : `${verdict.key.fingerprint} is none of its keys in force`;
  throw new Failure("keys/not-in-force", `The signature would not count for ${identity}: ${because}.`, {
    hint: "Sign with a key that stands in the Identity on the protected branch; a new key lands there first.",
    category: "auth",
  });
}

/** How often a lost race is run again. */
const ATTEMPTS = 10;

async function write(exchange: Exchange, files: readonly NewFile[], message: string): Promise<string> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const tip = (await exchange.fetch([APPROVALS_BRANCH])).get(APPROVALS_BRANCH) ?? null;
    const to = await exchange.makeCommit({ parents: tip === null ? [] : [tip], files, message });
    const published = await exchange.publish([{ branch: APPROVALS_BRANCH, expected: tip, to }]);
    if (published.outcome === "published") return to;
    if (published.outcome === "refused") {
      throw new Failure(
        "git/push-refused",
        `The branch ${APPROVALS_BRANCH} was not taken: ${published.said}`,
        {
          hint: "Whoever approves needs the right to push to that branch.",
          category: "auth",
        },
      );
    }
  }
  throw new Failure("git/busy", `The branch ${APPROVALS_BRANCH} moved ${ATTEMPTS} times meanwhile.`, {
    hint: "Try again.",
    category: "conflict",
  });
}
