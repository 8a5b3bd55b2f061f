/**
 * Judges a change from what git alone knows, with signed approvals (DESIGN 5.6): the part that plan, sign, merge and
 * the pre-receive hook have in common, so that none of them can come to another answer than the others.
 */
import { EVIDENCE_BRANCH } from "../core/audit/evidence.ts";
import { assess, decideFully, type Decided } from "../core/govern/decide.ts";
import type { Facts } from "../core/govern/facts.ts";
import { sameTree } from "../core/govern/standing.ts";
import type { Instant } from "../core/model/instant.ts";
import type { Landing } from "../core/model/landing.ts";
import { Failure } from "../core/model/failure.ts";
import type { Sandbox } from "../core/model/plugin.ts";
import { changeJudgedBy } from "../core/plugin/change.ts";
import { transitionFindings } from "../core/plugin/transitions.ts";
import type { BaseStanding } from "./audit/base-standing.ts";
import { gitFacts } from "./git-facts.ts";
import { protectedBranch } from "./landed.ts";
import type { Exchange, Repository } from "./ports.ts";
import { readChange, readWhole, type Question, type ReadChange } from "./read-change.ts";
import { hasLanded, signaturesFor } from "./signatures.ts";

/** Without a witness nothing is known against a base. */
const baseStands: BaseStanding = { isViolation: false, restorable: null, unknown: [] };

export interface Judged {
  readonly decided: Decided;
  readonly read: ReadChange;
  readonly facts: Facts;
  /** The landings up to B. */
  readonly landings: readonly Landing[];
}

export interface JudgeOptions {
  readonly asOf: Instant;
  /** Where the plugins of the base run. */
  readonly sandbox: Sandbox;
  /** A commit of the branch of signatures; null = there is none. */
  readonly approvals: string | null;
  /** Identities that are taken to approve; only for plans. */
  readonly assumed?: readonly string[];
  /** Read the whole registry, also where the change cannot reach it; the answer is the same. */
  readonly whole?: boolean;
  /** Adds to or replaces what git says: a forge's reviews, say. */
  readonly complete?: (facts: Facts, read: ReadChange) => Promise<Facts>;
}

/** Decides about a change. */
export async function judge(
  question: Question,
  repository: Repository,
  options: JudgeOptions,
): Promise<Judged> {
  const [own, landings] = await Promise.all([
    readChange(question, repository, { whole: options.whole === true }),
    repository.landings(question.base),
  ]);
  const { read: found, standing } = await withHeal(own, question, landings, repository);
  const read = { ...found, change: changeJudgedBy(found.change, options.sandbox) };
  const { change } = read;
  const [known, signatures] = await Promise.all([
    gitFacts(read, landings, repository, options.asOf),
    signaturesFor(change.digest, options.approvals, repository),
  ]);
  const spent = signatures.length > 0 && (await hasLanded(change, landings, repository));
  const signed: Facts = {
    ...known,
    signatures,
    spent,
    assumed: options.assumed ?? [],
    baseIsViolation: standing.isViolation,
    unknown: [...known.unknown, ...standing.unknown],
  };
  const facts = options.complete === undefined ? signed : await options.complete(signed, read);
  return { ...decidedWith(read, facts, options.asOf), read, landings };
}

/** Decides, with what plugins say before the transitions added to what lint found. */
function decidedWith(
  { change }: ReadChange,
  given: Facts,
  asOf: Instant,
): { readonly decided: Decided; readonly facts: Facts } {
  const { plugins } = change.result;
  if (plugins === undefined) return { decided: decideFully(change, given, asOf), facts: given };
  const assessment = assess(change, given.stacks, asOf);
  const said = transitionFindings(plugins, assessment.transitions, change.result);
  const facts = { ...given, findings: given.findings && [...given.findings, ...said] };
  return { decided: decideFully(change, facts, asOf, assessment), facts };
}

/** The change as a heal, where evidence says that the base does not stand and the change restores what stood before. */
async function withHeal(
  read: ReadChange,
  question: Question,
  landings: readonly Landing[],
  repository: Repository,
): Promise<{ readonly read: ReadChange; readonly standing: BaseStanding }> {
  if ((await repository.tipOf(EVIDENCE_BRANCH)) === null) return { read, standing: baseStands };
  const { standingOf } = await import("./audit/base-standing.ts");
  const standing = await standingOf(landings, repository);
  const { restorable } = standing;
  if (restorable === null) return { read, standing };
  const whole = await readChange(question, repository, { whole: true });
  const registry = await readWhole(restorable.oid, repository);
  if (!sameTree(whole.change.result, registry)) return { read, standing };
  const heals = { commit: restorable.oid, registry };
  return { read: { ...whole, change: { ...whole.change, heals, rules: heals } }, standing };
}

/**
 * The protected branch that all clones share, as the registry says where HEAD of the shared repository stands; never as
 * a change says, which could lead whoever signs it to another branch.
 */
export async function sharedBranch(exchange: Exchange, repository: Repository): Promise<string> {
  const main = (await exchange.defaultBranch()) ?? "main";
  const tip = (await exchange.fetch([main])).get(main);
  return tip == null ? main : protectedBranch(repository, tip);
}

/** A base as typed, else the protected branch as this clone knows it (CLI.md, Words). */
export async function baseOf(
  repository: Repository,
  typed: string | undefined,
  branch: string,
): Promise<string> {
  if (typed !== undefined) return repository.resolveRevision(typed);
  const tip = await repository.tipOf(branch);
  if (tip !== null) return tip;
  throw new Failure("git/no-base", `This clone has no branch ${branch}, which the registry protects.`, {
    hint: `Run git fetch origin ${branch}, or name another base with --base <rev>.`,
    category: "unknown",
  });
}
