/** `assent policy`: policy packs that come with the program become entries of a registry, and policies are bound. */
import { bindingOf, policyOfPack, suitesOfPack, type Bind } from "../core/author/pack-entries.ts";
import { packs } from "../core/author/packs/index.ts";
import type { Pack } from "../core/author/packs/pack.ts";
import { sameJson, type PlannedEntry } from "../core/author/request.ts";
import { Failure } from "../core/model/failure.ts";
import type { JsonObject } from "../core/model/json.ts";
import { nearest } from "../core/model/nearest.ts";
import type { Entry, Registry } from "../core/model/registry.ts";
import { render } from "../core/source/render.ts";
import type { Diagnostic } from "../core/validate/report.ts";
import { keyOrders } from "../generated/key-order.ts";
import { findEntry } from "./entry.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type OpenRegistry, type Selection } from "./read.ts";
import { writeChanges, type WriteOptions, type WriteResult } from "./write.ts";

export interface AddPackRequest extends Selection {
  readonly pack: string;
  /** Where the Policy belongs. */
  readonly namespace: string;
}

export interface BindRequest extends Selection, Bind {
  /** A Policy: exact, `<ns>/<name>` or the bare name of its pack for the highest version. */
  readonly policy: string;
}

export interface PolicyWritten extends WriteResult {
  /** The Policy. */
  readonly policy: string;
  /** All that was asked for, in the order in which it refers to each other. */
  readonly refs: readonly string[];
  /** Of these, what was there already and stays as it is. */
  readonly kept: readonly string[];
  /** How many findings say that an entry does not meet what is bound now. They stop nothing, and lint shows them. */
  readonly unmet: number;
}

type Options = Omit<WriteOptions, "message">;

/** The pack of a name. */
export function packNamed(name: string): Pack {
  const found = packs.find((pack) => pack.name === name);
  if (found !== undefined) return found;
  const names = packs.map((pack) => pack.name);
  const near = nearest(name, names);
  throw new Failure("policy/no-pack", `There is no pack "${name}".`, {
    hint: near === undefined ? `The packs are ${names.join(", ")}.` : `Did you mean ${near}?`,
  });
}

/** Writes a pack's Policy and its suites; it judges nobody until it is bound. A Policy that is there already stays as it is. */
export async function addPack(
  { pack: name, namespace, ...selection }: AddPackRequest,
  options: Options,
  ports: Ports,
): Promise<PolicyWritten> {
  const pack = packNamed(name);
  const open = await openRegistry(selection, ports);
  const policy = policyOfPack(pack, namespace, open.registry);
  if (policy === undefined) {
    throw new Failure("usage/namespace", `"${namespace}" is no namespace.`, {
      hint: "Namespaces are lower-case letters, digits, dots, dashes and underscores: --namespace core.",
    });
  }
  const entries = [...suitesOfPack(pack, open.registry), policy];
  return writeMissing(entries, policy.ref, `Add the policy ${pack.name}`, open, options);
}

/** Binds a Policy to all that it can judge. A binding that says something else already is a conflict. */
export async function bindPolicy(
  { policy: word, environment, mode, ...selection }: BindRequest,
  options: Options,
  ports: Ports,
): Promise<PolicyWritten> {
  const open = await openRegistry(selection, ports);
  const { registry } = open;
  refuseUnknown(environment, registry);
  const policy = policyMeant(word, registry);
  const entries = bindingOf(policy, { environment, mode });
  const binding = entries.find(({ kind }) => kind === "PolicyBinding");
  const there = binding === undefined ? undefined : registry.get(binding.ref);
  if (binding !== undefined && there !== undefined && !sameJson(there.value as JsonObject, binding.value)) {
    const only = `assent edit policy-binding --where 'name == "${there.name}"'`;
    throw new Failure("author/exists", `${there.ref} exists already, and says something else.`, {
      category: "conflict",
      hint: `Edit ${there.path}, or change its mode: ${only} --set mode=${mode} --reason <text>.`,
    });
  }
  const where = environment === null ? "everywhere" : `in ${environment}`;
  return writeMissing(entries, policy.ref, `Bind ${policy.ref} ${where}`, open, options);
}

/** The Policy that a word means; of a name without version the highest one that is in use. */
function policyMeant(word: string, registry: Registry): Entry<"Policy"> {
  const typed = word.replace(/^policy:/, "");
  const named = registry
    .ofKind("Policy")
    .filter(({ ns, name }) => typed === name || typed === `${ns}/${name}`)
    .map(({ ns, name }) => `${ns}/${name}`);
  const [name, other] = [...new Set(named)];
  if (name !== undefined && other === undefined) {
    const versions = registry.versions("Policy", name) as readonly Entry<"Policy">[];
    const highest = versions.filter(({ value }) => value.state !== "retired").at(-1);
    if (highest !== undefined) return highest;
  }
  if (named.length === 0 && packs.some((pack) => pack.name === typed)) {
    throw new Failure("usage/unknown-entry", `The policy ${typed} is not in this registry yet.`, {
      hint: `Add it, and let it land first: assent policy add ${typed}.`,
    });
  }
  return findEntry(registry, word, "Policy") as Entry<"Policy">;
}

async function writeMissing(
  entries: readonly PlannedEntry[],
  policy: string,
  title: string,
  open: OpenRegistry,
  options: Options,
): Promise<PolicyWritten> {
  const { registry } = open;
  const refs = entries.map(({ ref }) => ref);
  const kept = refs.filter((ref) => registry.get(ref) !== undefined);
  const missing = entries.filter(({ ref }) => !kept.includes(ref));
  refuseUnreadable(missing, registry);
  const changes = missing.map(({ kind, path, value }) => ({ path, content: render(value, keyOrders[kind]) }));
  const message = `${title}\n\n${missing.map(({ ref }) => ref).join("\n")}`;
  const result = await writeChanges(open, changes, { ...options, message });
  const isUnmet = ({ code }: Diagnostic): boolean => code === "policy/violated" || code === "policy/pending";
  return {
    ...result,
    diagnostics: result.diagnostics.filter((each) => !isUnmet(each)),
    unmet: result.diagnostics.filter(isUnmet).length,
    policy,
    refs,
    kept,
  };
}

function refuseUnknown(environment: string | null, registry: Registry): void {
  if (environment === null || registry.get(`environment:${environment}`) !== undefined) return;
  const names = registry.ofKind("Environment").map(({ name }) => name);
  throw new Failure("usage/unknown-environment", `There is no environment "${environment}".`, {
    hint:
      names.length === 0
        ? "Add one: assent new environment dev."
        : `The environments are ${names.join(", ")}.`,
  });
}

/** A file that cannot be read as an entry may be what would be written, with somebody's work in it. */
function refuseUnreadable(entries: readonly PlannedEntry[], registry: Registry): void {
  const [broken] = entries.filter(({ ref }) => registry.isBroken(ref));
  if (broken === undefined) return;
  throw new Failure("author/exists", `${broken.path} exists and cannot be read as an entry.`, {
    category: "conflict",
    hint: `Mend it first: assent lint ${broken.path}.`,
  });
}
