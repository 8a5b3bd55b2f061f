/**
 * `assent audit export`: one archive with everything that an auditor needs, verified here first and re-verified there by
 * a script that knows nothing of us. It must never leave out what did not verify.
 */
import { auditDocument } from "../../core/audit/verify-wire.ts";
import { anchorDocument, parseAnchor } from "../../core/audit/anchor.ts";
import type { Evidence } from "../../core/audit/evidence.ts";
import { withViolations } from "../../core/audit/evidence-events.ts";
import { parseRecord } from "../../core/audit/record.ts";
import type { AuditedTransition } from "../../core/audit/verify.ts";
import { isRulePath } from "../../core/compile/policy-revision.ts";
import { accessOf, dutiesOf, type Access, type Duty } from "../../core/export/auditor-access.ts";
import { auditorReadme } from "../../core/export/auditor-readme.ts";
import { drawSample } from "../../core/export/auditor-sample.ts";
import { auditorScript } from "../../core/export/auditor-script.ts";
import { tarOf, type ArchiveFile } from "../../core/export/auditor-tar.ts";
import { identitiesOf, personsOf, type Persons } from "../../core/govern/persons.ts";
import { digestOfBytes, sha256Hex, type Digest } from "../../core/model/digest.ts";
import { Failure } from "../../core/model/failure.ts";
import { parseInstant } from "../../core/model/instant.ts";
import { compareBytes } from "../../core/model/json.ts";
import type { Landing } from "../../core/model/landing.ts";
import type { Registry } from "../../core/model/registry.ts";
import type { HistorySource } from "../history-take.ts";
import { readHistory } from "../history.ts";
import type { Ports, ProofRepository } from "../ports.ts";
import { loadTree, type Selection } from "../read.ts";
import { auditorPage } from "./export-page.ts";
import { auditRoot } from "./open.ts";
import { makeCheckpoint, noCheckpoint } from "./checkpoint.ts";
import { evidenceSigner, type EvidenceSigner } from "./witness-key.ts";
import { verifyIn, type Proven } from "./verify.ts";

export interface ExportRequest extends Selection {
  /** The archive's file. */
  readonly out: string | undefined;
  /** Instants: decisions of landings from the first on and before the second. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly sample: number | undefined;
  readonly seed: string;
  readonly action: string | undefined;
  /** The file of the witness's key; with it a signed checkpoint stands in the archive. */
  readonly keyFile?: string | undefined;
  readonly trust: string | undefined;
  readonly version: string;
}

export interface ExportResult {
  /** Whether the history verified. */
  readonly ok: boolean;
  readonly path: string;
  /** Of the archive. */
  readonly digest: Digest;
  readonly length: number;
  readonly files: number;
  /** How many decisions are shown: the sample where one was drawn. */
  readonly decisions: number;
}

/** Writes the archive. */
export async function exportAudit(request: ExportRequest, ports: Ports): Promise<ExportResult> {
  const { out, folder } = request;
  if (out === undefined)
    throw new Failure("usage/no-out", "No file is named for the archive.", { hint: "Add --out audit.tar." });
  const text =
    request.trust === undefined
      ? undefined
      : new TextDecoder().decode(ports.readInput(folder, request.trust));
  const repository = await ports.openProof(auditRoot(folder, ports));
  try {
    const [refusal] = await repository.refusals();
    if (refusal !== undefined)
      throw new Failure(
        `audit/${refusal}`,
        "Nothing is handed to an auditor from a clone that may show another history.",
        { hint: "Run assent audit verify, which says what is wrong with it and what to do." },
      );
    const proven = await verifyIn(
      repository,
      text === undefined ? null : parseAnchor(text),
      { ...request, sandbox: ports.sandbox, afresh: true },
      null,
    );
    const { keyFile } = request;
    const signer = keyFile === undefined ? undefined : await evidenceSigner({ folder, keyFile }, ports);
    if (signer !== undefined && !proven.report.ok) throw noCheckpoint();
    const source = { repository, sandbox: ports.sandbox };
    const { files, decisions } = await archiveFiles(proven, request, source, signer);
    const bytes = tarOf(files);
    ports.writeOutput(folder, out, bytes);
    return {
      ok: proven.report.ok,
      path: out,
      digest: digestOfBytes(bytes),
      length: bytes.length,
      files: files.length,
      decisions,
    };
  } finally {
    repository.close();
  }
}

async function archiveFiles(
  { report, walked, landings, tip }: Proven,
  request: ExportRequest,
  source: HistorySource & { readonly repository: ProofRepository },
  signer: EvidenceSigner | undefined,
): Promise<{ readonly files: readonly ArchiveFile[]; readonly decisions: number }> {
  const { repository } = source;
  const period = periodOf(request);
  const bySequence = new Map(landings.map((landing) => [landing.sequence, landing]));
  const inPeriod = report.transitions.filter(
    ({ sequence, action }) =>
      isWithin(bySequence.get(sequence), period) &&
      (request.action === undefined || action === request.action),
  );
  const drawn = request.sample === undefined ? inPeriod : drawSample(inPeriod, request.sample, request.seed);
  const recorded = await walked.records.all();
  const records = [...recorded];
  const evidence = records.flatMap(([, file]): readonly Evidence[] => {
    const record = parseRecord(file.bytes);
    return "evidence" in record ? [record.evidence] : [];
  });
  const rules = await rulesInForce(evidence, repository);
  const people = peopleOf(evidence, rules);
  const commits = await repository.readCommits(
    records.flatMap(([sequence]) => bySequence.get(sequence)?.oid ?? []),
  );
  const history = await readHistory(source, tip);
  const recordOf = (sequence: number) => recorded.get(sequence)?.bytes;
  const events = withViolations(history.events, landings, history.registryId, recordOf);
  const manifest = {
    format: "assent.audit-export/v1",
    registry: history.registryId,
    tip,
    landings: report.landings,
    records: report.records,
    ok: report.ok,
    assurance: report.assurance,
    trust: report.trust,
    anchor: report.anchor === null ? null : anchorDocument(report.anchor),
    from: request.from ?? null,
    to: request.to ?? null,
    action: request.action ?? null,
    sample: request.sample ?? null,
    seed: request.sample === undefined ? null : request.seed,
    evaluator: request.version,
  };
  const page = auditorPage({
    manifest,
    report,
    decisions: drawn,
    landings: bySequence,
    access: people.access,
    duties: people.duties,
  });
  const known = [...new Set(walked.state.known.flatMap(({ sshPublicKey }) => sshPublicKey ?? []))].sort(
    compareBytes,
  );
  const files: ArchiveFile[] = [
    textFile("README.txt", auditorReadme),
    textFile("verify.py", auditorScript),
    textFile("index.html", page),
    jsonFile("manifest.json", manifest),
    jsonFile("report.json", auditDocument(report)),
    textFile("decisions.jsonl", lines(inPeriod)),
    jsonFile("sample.json", { seed: request.seed, from: inPeriod.length, drawn }),
    textFile("events.jsonl", lines(events.map((event) => ({ format: "assent.event/v1", ...event })))),
    jsonFile("access.json", people.access),
    jsonFile("duties.json", people.duties),
    jsonFile("keys/people.json", people.keys),
    textFile("keys/witness.txt", `${known.join("\n")}\n`),
    ...records.map(([sequence, { bytes }]) => ({ path: `evidence/${sequence}.dsse.json`, bytes })),
    ...records.flatMap(([sequence]) => {
      const bytes = commits.get(bySequence.get(sequence)?.oid ?? "");
      return bytes === undefined ? [] : [{ path: `landings/${sequence}.commit`, bytes }];
    }),
    ...rules.flatMap(({ files: own }) => own),
    ...(signer === undefined
      ? []
      : [{ path: "checkpoint.dsse.json", bytes: await makeCheckpoint(walked.state, signer, repository) }]),
  ];
  const sorted = files.sort((a, b) => compareBytes(a.path, b.path));
  const sums = sorted.map(({ path, bytes }) => `${sha256Hex(bytes)}  ${path}\n`).join("");
  return { files: [...sorted, textFile("SHA256SUMS", sums)], decisions: drawn.length };
}

type Period = readonly [from: number, to: number];

function periodOf({ from, to }: ExportRequest): Period {
  const at = (text: string | undefined, otherwise: number, flag: string): number => {
    if (text === undefined) return otherwise;
    const instant = parseInstant(text);
    if (instant !== undefined) return Date.parse(instant);
    throw new Failure("usage/instant", `"${text}" is not an instant.`, {
      hint: `Write ${flag} 2026-04-01T00:00:00Z, for example.`,
    });
  };
  return [at(from, Number.NEGATIVE_INFINITY, "--from"), at(to, Number.POSITIVE_INFINITY, "--to")];
}

function isWithin(landing: Landing | undefined, [from, to]: Period): boolean {
  const time = landing === undefined ? Number.NaN : Date.parse(landing.time);
  return time >= from && time < to;
}

/** One set of rules: since which landing, the registry that holds them, and its files. */
interface Rules {
  readonly policyRevision: string;
  readonly since: number;
  readonly registry: Registry;
  readonly persons: Persons;
  readonly files: readonly ArchiveFile[];
}

/** Every set of rules that a record was judged under, in order. */
async function rulesInForce(
  evidence: readonly Evidence[],
  repository: ProofRepository,
): Promise<readonly Rules[]> {
  const found = new Map<string, Rules>();
  for (const { policyRevision, previousLanding, heals, sequence } of evidence) {
    const commit = heals?.commit ?? previousLanding;
    if (found.has(policyRevision) || commit === null) continue;
    const tree = await repository.treeAt(commit);
    const { registry } = await loadTree(tree);
    const folder = `policies/${policyRevision.slice("sha256:".length, "sha256:".length + 16)}`;
    const files = tree.files
      .filter(({ path, mode }) => isRulePath(path) && mode !== "160000")
      .map(({ path, read }) => {
        const bytes = read();
        const isPlain = /^[\u0020-\u007e]{1,180}$/.test(path);
        return { path: `${folder}/${isPlain ? path : `other/${sha256Hex(bytes)}`}`, bytes };
      });
    found.set(policyRevision, {
      policyRevision,
      since: sequence,
      registry,
      persons: personsOf(registry),
      files: uniquePaths(files),
    });
  }
  return [...found.values()];
}

function uniquePaths(files: readonly ArchiveFile[]): readonly ArchiveFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

/** Who could agree to what, who did what, and whose keys were whose. */
function peopleOf(
  evidence: readonly Evidence[],
  rules: readonly Rules[],
): {
  readonly access: readonly Access[];
  readonly duties: readonly Duty[];
  readonly keys: readonly object[];
} {
  const access = rules.flatMap(({ registry, policyRevision, since }) =>
    accessOf(registry, policyRevision, since),
  );
  const byRevision = new Map(rules.map((each) => [each.policyRevision, each.persons]));
  const authors = new Map(
    evidence.map((each) => [each.sequence, authorsOf(each, byRevision.get(each.policyRevision))]),
  );
  const last = rules.at(-1)?.registry;
  const keys = (last?.ofKind("Identity") ?? []).map(({ ref, value }) => ({
    identity: ref,
    keys: value.keys ?? [],
  }));
  return { access, duties: dutiesOf(evidence, authors), keys };
}

/** The identities that had a part in a landing's commits, as its record tells. */
function authorsOf({ facts }: Evidence, persons: Persons | undefined): readonly string[] {
  const named = facts.commits.flatMap(({ author, coAuthors }) => [author, ...coAuthors]);
  const found = named.flatMap(({ id, login, identities }) => {
    if (id === null || persons === undefined) return identities;
    return identitiesOf(persons, { id, login, email: null }).map(({ ref }) => ref);
  });
  const signed =
    facts.headKey === null || persons === undefined ? [] : persons.byKey(facts.headKey).map(({ ref }) => ref);
  return [...new Set([...found, ...signed])].sort(compareBytes);
}

function textFile(path: string, text: string): ArchiveFile {
  return { path, bytes: new TextEncoder().encode(text) };
}

function jsonFile(path: string, value: unknown): ArchiveFile {
  return textFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

function lines(values: readonly (AuditedTransition | object)[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}
