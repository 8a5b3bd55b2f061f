/**
 * Who made a change, and therefore cannot approve it (DESIGN 5.3): authors, committers, co-authors, pushers, and for a
 * bot's or a model's change its controller and whoever caused it.
 * The attacker controls every name and address in a commit; those can exclude people, and never let anybody in.
 */
import type { Contributor } from "../model/decision.ts";
import { compareBytes } from "../model/json.ts";
import type { Entry } from "../model/registry.ts";
import * as codes from "./codes.ts";
import type { Account, CommitPerson, Facts } from "./facts.ts";
import { identitiesOf, isWebCommitter, type Persons } from "./persons.ts";
import { allowed, denied, type Verdict } from "./verdict.ts";

export interface Contributors {
  /** In byte order of part, name and identity; each once. */
  readonly listed: readonly Contributor[];
  /** References of identities that cannot approve. */
  readonly excluded: ReadonlySet<string>;
  /** Whether it is known who made the change. */
  readonly verdict: Verdict;
}

/** Gathers the contributors. Commits may come in any order. */
export function contributorsOf(facts: Facts, persons: Persons, file: string): Contributors {
  const listed = new Map<string, Contributor>();
  const excluded = new Set<string>();
  let isAutomatic = false;
  const add = (part: string, name: string, identities: readonly Entry<"Identity">[]): void => {
    for (const identity of identities.length === 0 ? [null] : identities) {
      const contributor = { part, name, identity: identity?.ref ?? null };
      listed.set(JSON.stringify([part, name, contributor.identity]), contributor);
      if (identity === null) continue;
      excluded.add(identity.ref);
      const { type = "human", controller } = identity.value;
      if (type === "human") continue;
      isAutomatic = true;
      const person = controller === undefined ? undefined : persons.get(controller);
      if (person !== undefined && part !== "controller") add("controller", person.ref, [person]);
    }
  };
  const addAccount = (part: string, account: Account): void => {
    add(part, account.login, persons.byAccount(account.id));
    if (account.type !== undefined && account.type !== "User") isAutomatic = true;
  };
  const addPerson = (part: string, person: CommitPerson): void =>
    add(part, person.login ?? "an e-mail address", identitiesOf(persons, person));

  if (facts.author !== null) addAccount("author", facts.author);
  const signers = facts.headKey === null ? [] : persons.byKey(facts.headKey);
  if (facts.origin === "git" && facts.headKey !== null) add("author", facts.headKey, signers);
  for (const { author, committer, coAuthors, addsNothing } of facts.commits) {
    if (addsNothing) continue;
    addPerson("author", author);
    if (!isWebCommitter(committer)) addPerson("committer", committer);
    for (const coAuthor of coAuthors) {
      // Whoever signed the head is the author already.
      if (facts.origin === "git" && coAuthor.login !== null && coAuthor.login === facts.headKey) continue;
      addPerson("co-author", coAuthor);
    }
  }
  for (const pusher of facts.pushers ?? []) addAccount("pusher", pusher);
  // Whoever asked a machine for a change made it; where nobody's machine is involved the field says nothing new.
  if (facts.requestedBy !== null) addAccount("requester", facts.requestedBy);
  const verdict = judgeAuthor(facts, signers, isAutomatic, file);
  const order = (a: Contributor, b: Contributor): number =>
    compareBytes(a.part, b.part) ||
    compareBytes(a.name, b.name) ||
    compareBytes(a.identity ?? "", b.identity ?? "");
  return { listed: [...listed.values()].sort(order), excluded, verdict };
}

function judgeAuthor(
  facts: Facts,
  signers: readonly Entry<"Identity">[],
  isAutomatic: boolean,
  file: string,
): Verdict {
  const requirement = "it is known who made the change";
  const refuse = (because: string): Verdict =>
    denied(requirement, because, { code: codes.authorUnknown, at: { file } });
  if (facts.origin === "git") {
    if (facts.headKey === null)
      return refuse("The head is not signed, and there is no forge that says who made it.");
    const [signer, ...more] = signers;
    if (signer === undefined || more.length > 0)
      return refuse(
        `The key ${facts.headKey} that signed the head is in force for ${signers.length} identities.`,
      );
    // Whoever left could otherwise come back as somebody else and agree to what the old key signed.
    if (signer.value.active === false)
      return refuse(`${signer.ref}, whose key signed the head, is inactive at the base.`);
  } else if (facts.author === null) {
    return refuse("The forge does not say who opened the pull request.");
  }
  return allowed(
    requirement,
    isAutomatic
      ? "A machine had a part in it; who controls or asked it cannot approve."
      : "Author and contributors are known.",
  );
}
