/**
 * Whether the registry stands after the change (DESIGN 5): its data is valid, what the change touches complies with
 * enforced policies, and the rules it was judged by could be read. No approval can make up for any of it.
 */
import type { Finding } from "../model/diagnostic.ts";
import type { Instant } from "../model/instant.ts";
import { compareBytes } from "../model/json.ts";
import type { KindName } from "../model/kind.ts";
import type { Entry, Registry } from "../model/registry.ts";
import type { TreeFile } from "../model/tree.ts";
import { activationRefs } from "../compile/references.ts";
import { ruleFilesOf } from "../compile/policy-revision.ts";
import { reachOf } from "../compile/reach.ts";
import { judgeOf, type Judge, type Violation } from "../policy/compliance.ts";
import { registryOf } from "../source/registry-of.ts";
import { identityOfPath } from "../source/reference.ts";
import { listed, type Change } from "./change.ts";
import * as codes from "./codes.ts";
import { allOf, allowed, denied, type Verdict } from "./verdict.ts";

/** Findings that time alone brings about; they deny only what touches their subject (DESIGN 9). */
const byClock: ReadonlySet<string> = new Set(["override/expired", "waiver/expired"]);

/** No error in the data of R. A heal restores what stood, so what separates it from B is none of its faults. */
export function judgeData(change: Change, findings: readonly Finding[] | null): Verdict {
  const requirement = "the registry is valid after the change";
  if (change.heals !== null) return allowed(requirement, "A heal restores what stood before.");
  const touched = new Set(change.paths.map(({ path }) => path));
  if (findings === null) {
    const at = { file: change.paths[0]?.path ?? "registry/registry.yaml" };
    return denied(requirement, "Nobody has checked the data after the change.", { code: codes.unknown, at });
  }
  const errors = findings.filter(
    ({ definition, severity, at }) =>
      (severity ?? definition.severity) === "error" &&
      (!byClock.has(definition.code) || touched.has(at.file)),
  );
  const [first] = errors;
  if (first === undefined) return allowed(requirement, "No check finds an error.");
  const named = [...new Set(errors.map(({ definition }) => definition.code))].sort(compareBytes);
  const because = `${errors.length === 1 ? "There is one error" : `There are ${errors.length} errors`}: ${listed(named)}.`;
  const file = errors.map(({ at }) => at.file).sort(compareBytes)[0] ?? first.at.file;
  return denied(requirement, because, {
    code: codes.dataInvalid,
    at: { file },
    next: [{ who: [], do: "mend the errors", command: "assent lint" }],
  });
}

/** Every file that rules are read from can be read; a rule that cannot be read may be the one that denies. */
export function judgeRules({ rules }: Change): Verdict {
  const requirement = "the rules at the base can be read";
  const { registry } = rules;
  const broken = ruleFilesOf(registry.tree)
    .filter(({ path }) => path.startsWith("registry/") && !path.startsWith("registry/policies/"))
    .filter((file) => {
      const ref = refOf(file);
      return ref === null ? !file.path.endsWith("/README.md") : registry.get(ref) === undefined;
    })
    .map(({ path }) => path);
  const [file] = broken;
  if (file === undefined) return allowed(requirement, "All of them can.");
  const hint = "Land a heal: the governed files as the last landing had them whose rules can be read.";
  return denied(requirement, `${listed(broken)} cannot be read at the base.`, {
    code: codes.unknown,
    at: { file },
    hint,
  });
}

/** The entries that files are, null where one is none; along a history they are the same files again and again. */
const refs = new WeakMap<TreeFile, string | null>();

function refOf(file: TreeFile): string | null {
  let ref = refs.get(file);
  if (ref === undefined) refs.set(file, (ref = identityOfPath(file.path)?.ref ?? null));
  return ref;
}

/** What the change touches violates no enforced policy without a waiver, and lacks no evidence. */
export function judgeCompliance(change: Change, asOf: Instant): Verdict {
  const requirement = "what the change touches complies with enforced policies";
  if (change.heals !== null) return allowed(requirement, "A heal restores what stood before.");
  const judged = underRulesOfBase(change);
  if (judged.ofKind("PolicyBinding").length === 0)
    return allowed(requirement, "No policy is bound to anything.");
  const judge = judgeOf(judged, asOf);
  const verdicts = touchedEntries(change).flatMap(({ entry, environment, path }) =>
    judgeEntry(judge, entry, environment, path),
  );
  return allOf(requirement, verdicts, "Everything does.");
}

/** R with the bindings, waivers and policies of B: a change cannot bind less, or excuse more, for itself. */
function underRulesOfBase({ base, result, paths }: Change): Registry {
  const isRule = (kind: KindName): boolean =>
    kind === "PolicyBinding" || kind === "Waiver" || kind === "Policy";
  const changesRules = paths.some(({ path }) => isRule(identityOfPath(path)?.kind ?? "Model"));
  if (!changesRules) return result;
  const landed = base.registry.entries.filter(({ kind }) => isRule(kind));
  // A policy that is new here is bound to nothing yet, but others may refer to it.
  const kept = result.entries.filter(
    ({ kind, ref }) => !isRule(kind) || (kind === "Policy" && base.registry.get(ref) === undefined),
  );
  return registryOf(result.tree, [...kept, ...landed]);
}

interface Touched {
  readonly entry: Entry;
  /** The environment it goes live in; null = wherever bindings name one. */
  readonly environment: string | null;
  readonly path: string;
}

/** The entries of the changed files; for an activation also its bundles and all they reach. */
function touchedEntries({ result, paths }: Change): readonly Touched[] {
  const found = new Map<string, Touched>();
  const add = (touched: Touched): void => {
    const key = `${touched.entry.ref} ${touched.environment ?? ""}`;
    if (!found.has(key)) found.set(key, touched);
  };
  for (const { path } of paths) {
    const identity = identityOfPath(path);
    const entry = identity === undefined ? undefined : result.get(identity.ref);
    if (entry === undefined) continue;
    add({ entry, environment: null, path });
    if (entry.kind !== "Activation") continue;
    const environment = `environment:${entry.id.split("/")[0]}`;
    for (const bundle of entriesOf(result, activationRefs(entry))) {
      for (const reached of [bundle, ...reachOf(bundle, result)]) add({ entry: reached, environment, path });
    }
  }
  return [...found].sort((a, b) => compareBytes(a[0], b[0])).map(([, touched]) => touched);
}

function judgeEntry(
  judge: Judge,
  entry: Entry,
  environment: string | null,
  path: string,
): readonly Verdict[] {
  const places = environment === null ? [null, ...judge.environmentsOf(entry)] : [null, environment];
  const seen = new Set<string>();
  return places.flatMap((place) =>
    judge.judge(entry, place).violations.flatMap((violation) => {
      const key = `${violation.policy} ${violation.rule}`;
      if (violation.mode !== "enforce" || violation.waivers.length > 0 || seen.has(key)) return [];
      seen.add(key);
      return [refusal(entry, violation, place, path)];
    }),
  );
}

function refusal(entry: Entry, violation: Violation, environment: string | null, path: string): Verdict {
  const { policy, rule, message, isPending, error, remediation } = violation;
  const where = environment === null ? "" : ` in ${environment}`;
  const what = isPending
    ? "the evidence for it is missing"
    : error === null
      ? message
      : `it cannot be answered: ${error}`;
  const because = `${entry.ref} and ${rule} of ${policy}${where}: ${what}`;
  const at = { file: entry.path === "" ? path : entry.path };
  return denied(`${entry.ref} meets ${rule} of ${policy}`, because, {
    code: codes.nonCompliant,
    at,
    subject: entry.ref,
    ...(remediation !== null && { hint: remediation }),
  });
}

function entriesOf(registry: Registry, refs: readonly string[]): readonly Entry[] {
  return refs.flatMap((ref) => registry.get(ref) ?? []);
}

/** Whether two registries hold the same files, modes and bytes. */
export function sameTree(a: Registry, b: Registry): boolean {
  const [left, right] = [a.tree.files, b.tree.files];
  return (
    left.length === right.length &&
    left.every((file, index) => {
      const other = right[index];
      if (
        other === undefined ||
        file.path !== other.path ||
        file.mode !== other.mode ||
        file.mode === "160000"
      )
        return false;
      const [x, y] = [file.read(), other.read()];
      return x.length === y.length && x.every((byte, at) => byte === y[at]);
    })
  );
}
