/** `assent policy`: the policy packs that come with the program, brought into a registry as entries of its own. */
import type { PlannedEntry } from "../core/author/request.ts";
import { entriesOfPack, standingOf, type Bind } from "../core/author/pack-entries.ts";
import { packs } from "../core/author/packs/index.ts";
import type { Pack } from "../core/author/packs/pack.ts";
import { Failure } from "../core/model/failure.ts";
import { nearest } from "../core/model/nearest.ts";
import type { Registry } from "../core/model/registry.ts";
import { render } from "../core/source/render.ts";
import type { Diagnostic } from "../core/validate/report.ts";
import { keyOrders } from "../generated/key-order.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";
import { writeChanges, type WriteOptions, type WriteResult } from "./write.ts";

export interface AddPackRequest extends Selection {
  readonly pack: string;
  /** Where the Policy belongs. */
  readonly namespace: string;
  /** Without one nothing is judged yet. */
  readonly bind: Bind | null;
}

export interface PackAdded extends WriteResult {
  readonly pack: Pack;
  /** What the pack is in this registry, in the order in which it refers to each other. */
  readonly refs: readonly string[];
  /** Of these, what was there already and stays as it is. */
  readonly kept: readonly string[];
  /** How many findings say that an entry does not meet what is bound now. They stop nothing, and lint shows them. */
  readonly unmet: number;
}

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

/** Writes a pack's entries, as far as the registry does not hold them; refused as a whole when one would be wrong. */
export async function addPack(
  request: AddPackRequest,
  options: Omit<WriteOptions, "message">,
  ports: Ports,
): Promise<PackAdded> {
  const pack = packNamed(request.pack);
  const open = await openRegistry(request, ports);
  const { registry } = open;
  const { bind, namespace } = request;
  if (bind !== null) refuseUnknown(bind, registry);
  const entries = entriesOfPack(pack, { namespace, bind }, registry);
  if (entries === undefined) {
    throw new Failure("usage/namespace", `"${namespace}" is no namespace.`, {
      hint: "Namespaces are lower-case letters, digits, dots, dashes and underscores: --namespace core.",
    });
  }
  const kept = standingOf(entries, registry).map(({ ref }) => ref as string);
  const missing = entries.filter(({ ref }) => !kept.includes(ref));
  refuseUnreadable(missing, registry);
  const changes = missing.map(({ kind, path, value }) => ({ path, content: render(value, keyOrders[kind]) }));
  const what =
    bind === null ? "" : `, bound ${bind.environment === null ? "everywhere" : `in ${bind.environment}`}`;
  const message = `Add the policy ${pack.name}${what}\n\n${missing.map(({ ref }) => ref).join("\n")}`;
  const result = await writeChanges(open, changes, { ...options, message });
  const isUnmet = ({ code }: Diagnostic): boolean => code === "policy/violated" || code === "policy/pending";
  return {
    ...result,
    diagnostics: result.diagnostics.filter((each) => !isUnmet(each)),
    unmet: result.diagnostics.filter(isUnmet).length,
    pack,
    refs: entries.map(({ ref }) => ref),
    kept,
  };
}

function refuseUnknown({ environment }: Bind, registry: Registry): void {
  if (environment === null || registry.get(`environment:${environment}`) !== undefined) return;
  const names = registry.ofKind("Environment").map(({ name }) => name);
  throw new Failure("usage/unknown-environment", `There is no environment "${environment}".`, {
    hint:
      names.length === 0
        ? "Add one: assent new environment dev."
        : `The environments are ${names.join(", ")}.`,
  });
}

/** A file that cannot be read as an entry may be what the pack would write, with somebody's work in it. */
function refuseUnreadable(entries: readonly PlannedEntry[], registry: Registry): void {
  const [broken] = entries.filter(({ ref }) => registry.isBroken(ref));
  if (broken === undefined) return;
  throw new Failure("author/exists", `${broken.path} exists and cannot be read as an entry.`, {
    category: "conflict",
    hint: `Mend it first: assent lint ${broken.path}.`,
  });
}
