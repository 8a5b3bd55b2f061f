/**
 * A history under audit, in memory: landings made of edits to the governed world, each with the facts of an honest
 * forge, recorded by a witness and verified again. A test changes what it is about: a step, a record, the line.
 */
import { createPrivateKey } from "node:crypto";
import { startChain, advanceChain } from "../src/core/audit/chain.ts";
import { judgeLanding } from "../src/core/audit/chain-judge.ts";
import type { ChainState, Landed } from "../src/core/audit/chain-state.ts";
import type { Evidence, EvidenceSignature } from "../src/core/audit/evidence.ts";
import { approvalText, evidenceFacts } from "../src/core/audit/evidence-facts.ts";
import { recordMessage, recordPath, renderRecord, type RecordFile } from "../src/core/audit/record.ts";
import { verifyChain, type AuditReport, type Line, type VerifyChainInput } from "../src/core/audit/verify.ts";
import { changeOf } from "../src/core/govern/change.ts";
import { personsOf } from "../src/core/govern/persons.ts";
import { noFacts, type Facts } from "../src/core/govern/facts.ts";
import { digestOfBytes, sha256Hex, type Digest } from "../src/core/model/digest.ts";
import { instantOfSeconds, type Instant } from "../src/core/model/instant.ts";
import { numberLandings, type Landing } from "../src/core/model/landing.ts";
import { treeOf, treeOfTexts, type Tree } from "../src/core/model/tree.ts";
import { loadRegistry, scanTree } from "../src/core/source/load.ts";
import { parseStrict } from "../src/core/source/strict.ts";
import { identityOfPath } from "../src/core/source/reference.ts";
import { APPROVAL_NAMESPACE } from "../src/core/trust/sshsig.ts";
import { joinBytes, wireString } from "../src/core/trust/ssh-wire.ts";
import { parseSigningKey, type SigningKey } from "../src/core/trust/signing-key.ts";
import { lintRegistry } from "../src/core/validate/lint.ts";
import { expressionRules } from "../src/core/validate/rules/expressions.ts";
import { rules } from "../src/core/validate/rules/index.ts";
import { account, differences, files, paths, registryYaml, type Person, type Texts } from "./govern-world.ts";

export const REF = "refs/heads/main";
export const VERSION = "1.2.0";
const START = Date.parse("2026-07-10T00:00:00Z") / 1000;

/** A witness's key, the same on every run. */
export function witnessKey(name: string): SigningKey {
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  const der = Buffer.concat([prefix, Buffer.from(sha256Hex(name), "hex")]);
  const pem = createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({
    format: "pem",
    type: "pkcs8",
  });
  const key = parseSigningKey(String(pem));
  if ("problem" in key) throw new Error(key.problem);
  return key;
}

export const settings = (mode: string, ...witnesses: readonly string[]): string =>
  registryYaml({
    mode,
    extra:
      witnesses.length === 0
        ? ""
        : `witness:\n${witnesses.map((name) => `  - { sshPublicKey: ${witnessKey(name).publicKey.text} }\n`).join("")}`,
  });

export interface Step {
  readonly edits: Texts;
  readonly by?: Person;
  readonly approvers?: readonly Person[];
  /** The whole tree of this landing comes back, and nothing else. */
  readonly restores?: number;
  readonly signatures?: (change: Landed["change"]) => readonly EvidenceSignature[];
  /** Seconds after the step before; an hour when absent. */
  readonly after?: number;
  /** Seconds between landing and record. */
  readonly recordedAfter?: number;
  readonly signedBy?: readonly string[];
  readonly evaluator?: string;
  readonly facts?: Partial<Facts>;
  readonly tampered?: (evidence: Evidence) => Evidence;
}

export interface Chain {
  readonly landed: readonly Landed[];
  readonly records: readonly RecordFile[];
  readonly evidence: readonly Evidence[];
  readonly line: Line;
  readonly state: ChainState;
}

export const oidOf = (name: string): string => sha256Hex(`commit ${name}`).slice(0, 40);

/** The story so far: a world that observes, then enforces with the witness `w1`. */
export const beginning: readonly Step[] = [
  { edits: { [paths.registry]: settings("observe") } },
  { edits: { [paths.registry]: settings("enforce", "w1") }, by: "frank", approvers: ["dave"] },
];

/** Alice writes, Bob agrees: an activation in dev, where nobody else is asked. */
export const tries = (version: string, reason: string): Step => ({
  edits: { [paths.live("dev/fraud/score")]: `bundle: "${version}"\nreason: ${reason}\n` },
  by: "alice",
  approvers: ["bob"],
});

function load(tree: Tree) {
  return loadRegistry(scanTree(tree), parseStrict);
}

type Loaded = ReturnType<typeof load>;

/** Plays the steps and records every landing. `salt` makes other commits of the same content. */
export function play(steps: readonly Step[], salt = ""): Chain {
  const landed: Landed[] = [];
  const records: RecordFile[] = [];
  const evidence: Evidence[] = [];
  const trees: Loaded[] = [];
  let texts: Record<string, string> = { ...files };
  const history: Record<string, string>[] = [];
  let state = startChain({ anchor: null, ref: REF });
  let before: Loaded = load(treeOf([]));
  let previous: Landing | undefined;
  let seconds = START;
  for (const [index, step] of steps.entries()) {
    const sequence = index + 1;
    texts = step.restores === undefined ? edited(texts, step.edits) : { ...history[step.restores - 1] };
    history.push(texts);
    const after = load(treeOfTexts(texts));
    seconds += step.after ?? 3600;
    const person = { name: "x", email: "x@example.com", time: seconds };
    const [landing] = numberLandings(
      [
        {
          oid: oidOf(`${salt}${sequence} ${JSON.stringify(texts)}`),
          parents: previous === undefined ? [] : [previous.oid],
          author: person,
          committer: person,
          subject: "x",
        },
      ],
      previous,
    );
    if (landing === undefined) throw new Error("no landing");
    const restored = step.restores === undefined ? undefined : landed[step.restores - 1];
    const recordedAt = instantOfSeconds(seconds + (step.recordedAfter ?? 60));
    const change = changeOf({
      ref: REF,
      base: { commit: previous?.oid ?? "", registry: before.registry },
      head: landing.oid,
      mergeBases: [previous?.oid ?? ""],
      paths: differences(before.registry.tree, after.registry.tree),
      result: after.registry,
      heals: restored && {
        commit: restored.landing.oid,
        registry: trees[(step.restores ?? 1) - 1]!.registry,
      },
    });
    const own: Landed = {
      landing,
      change,
      findings: lint(before, after, change, recordedAt),
      head: landing.oid,
      headKey: null,
      commits: [],
      healed: restored ? { sequence: restored.landing.sequence, commit: restored.landing.oid } : null,
    };
    const facts = evidenceFacts(
      { ...factsOf(step, own), ...step.facts },
      step.signatures?.(change) ?? [],
      personsOf(change.rules.registry),
    );
    const judged = judgeLanding(anchored(state, own), own, facts, {
      decidedAt: recordedAt,
      recordedAt,
      evaluator: step.evaluator ?? VERSION,
      witness: "outside",
    });
    const isJudged = state.anchor !== null;
    const said = step.tampered?.(judged.evidence) ?? judged.evidence;
    const bytes = sealed(said, ...(step.signedBy ?? ["w1"]));
    state = advanceChain(anchored(state, own), own, {
      evidence: said,
      record: digestOfBytes(bytes),
      decided: judged.decided,
      signers: isJudged
        ? (step.signedBy ?? ["w1"]).map((name) => witnessKey(name).publicKey.fingerprint)
        : [],
      isJudged,
    });
    landed.push(own);
    evidence.push(said);
    records.push({ path: recordPath(sequence), bytes });
    trees.push(after);
    before = after;
    previous = landing;
  }
  return { landed, records, evidence, line: lineOf(landed), state };
}

/** The recorder knows its registry's genesis as the verifier does. */
function anchored(state: ChainState, { landing, change }: Landed): ChainState {
  const value = change.result.ofKind("Registry")[0]?.value;
  if (state.anchor !== null || value?.mode !== "enforce") return state;
  const { oid, sequence } = landing;
  return {
    ...state,
    anchor: {
      registry: value.id,
      ref: REF,
      sequence,
      landing: oid,
      record: null,
      witness: value.witness ?? [],
    },
  };
}

/** An SSH signature (PROTOCOL.sshsig) over a digest in the namespace of approvals. */
export function approvalBy(name: string, digest: Digest): string {
  const key = witnessKey(name);
  const blob = Buffer.from(key.publicKey.text.split(" ")[1] ?? "", "base64");
  const text = (value: string): Uint8Array => wireString(Buffer.from(value));
  const hash = Buffer.from(sha256Hex(approvalText(digest)), "hex");
  const about = [text(APPROVAL_NAMESPACE), text(""), text("sha256")];
  const signed = joinBytes([Buffer.from("SSHSIG"), ...about, wireString(hash)]);
  const signature = joinBytes([text("ssh-ed25519"), wireString(key.sign(signed))]);
  const whole = joinBytes([
    Buffer.from("SSHSIG"),
    Uint8Array.of(0, 0, 0, 1),
    wireString(blob),
    ...about,
    wireString(signature),
  ]);
  const lines = Buffer.from(whole)
    .toString("base64")
    .replace(/(.{70})/g, "$1\n");
  return `-----BEGIN SSH SIGNATURE-----\n${lines}\n-----END SSH SIGNATURE-----\n`;
}

/** An identity's file whose key is a real one, which `approvalBy` signs with. */
export function signerText(name: Person, revokedSince?: number): string {
  const revoked =
    revokedSince === undefined ? "" : `\n    revoked: { reason: Lost it, since: ${revokedSince} }`;
  const { id, login } = account(name);
  return `title: ${name}\ngithub: { login: ${login}, id: ${id} }\nkeys:\n  - sshPublicKey: ${witnessKey(name).publicKey.text}${revoked}\n`;
}

/** A record's file, signed by these witnesses. */
export function sealed(evidence: Evidence, ...witnesses: readonly string[]): Uint8Array {
  const message = recordMessage(evidence);
  return renderRecord(
    evidence,
    witnesses.map((name) => {
      const key = witnessKey(name);
      return { keyid: key.publicKey.fingerprint, sig: key.sign(message) };
    }),
  );
}

export function lineOf(landed: readonly Landed[], merged: readonly string[] = []): Line {
  const numbers = new Map(landed.map(({ landing }) => [landing.oid, landing.sequence]));
  return {
    sequenceOf: (commit) => numbers.get(commit),
    isMerged: (commit) => merged.includes(commit),
    commitOf: (sequence) => landed.find(({ landing }) => landing.sequence === sequence)?.landing.oid,
  };
}

export function audit(chain: Chain, more: Partial<VerifyChainInput> = {}): AuditReport {
  return verifyChain(inputOf(chain, more)).report;
}

export function inputOf(
  { landed, records, line }: Chain,
  more: Partial<VerifyChainInput> = {},
): VerifyChainInput {
  return { anchor: null, ref: REF, landed, records, evaluator: VERSION, line, ...more };
}

/** `code sequence`, one a violation. */
export function spelled({ violations }: Pick<AuditReport, "violations">): readonly string[] {
  return violations.map(({ code, sequence }) => `${code} ${sequence}`);
}

function factsOf({ by = "alice", approvers = [] }: Step, { landing, change }: Landed): Facts {
  const who = account(by);
  const person = { id: who.id, login: who.login, email: "somebody@example.com" };
  return {
    ...noFacts,
    author: who,
    commits: [{ sha: landing.oid, author: person, committer: person, coAuthors: [], addsNothing: false }],
    reviews: approvers.map((name) => ({
      id: account(name).id * 10,
      user: account(name),
      state: "APPROVED",
      commitId: landing.oid,
      submittedAt: landing.time,
      digest: change.digest,
      isAncestor: true,
    })),
  };
}

function lint(
  before: Loaded,
  after: Loaded,
  { paths: changed }: Landed["change"],
  asOf: Instant,
): Landed["findings"] {
  const changes = changed.map(({ path, modeFrom, modeTo }) => {
    const ref = identityOfPath(path)?.ref ?? "";
    const [was, is] = [before.registry.get(ref), after.registry.get(ref)];
    return {
      path,
      ...(was && { before: was }),
      ...(is && { after: is }),
      inBase: modeFrom !== null,
      inHead: modeTo !== null,
    };
  });
  const found = lintRegistry(after.registry, {
    asOf,
    rules: [...rules, ...expressionRules],
    base: { registry: before.registry, changes },
  });
  // CODEOWNERS has rules and tests of its own.
  return [...after.findings, ...found].filter(({ definition }) => !definition.code.startsWith("codeowners/"));
}

function edited(texts: Readonly<Record<string, string>>, edits: Texts): Record<string, string> {
  const all: Record<string, string> = { ...texts };
  for (const [path, text] of Object.entries(edits)) {
    if (text === null) delete all[path];
    else all[path] = text;
  }
  return all;
}
