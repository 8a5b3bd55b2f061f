/**
 * Who an entry is: from references and from paths (DESIGN 2 and 2.2).
 * The path is the identity; this module must never look into a file.
 */
import type { Kind, KindName } from "../model/kind.ts";
import { isName, isVersion, type Identity, type Ref } from "../model/ref.ts";
import { kindOf, kindOfPrefix, kinds } from "../kinds/index.ts";

/** Makes the identity of an entry from a kind and its id; undefined when the id does not fit the kind's shape. */
export function identityOf(kindName: KindName, id: string): Identity | undefined {
  const kind = kindOf(kindName);
  const parts = partsOf(kind, id);
  if (parts === undefined) return undefined;
  return { kind: kindName, ref: `${kind.prefix}:${id}` as Ref, id, ...parts };
}

/** Reads a full reference; undefined when it is not one. */
export function parseRef(text: string): Identity | undefined {
  const colon = text.indexOf(":");
  if (colon < 1) return undefined;
  const kind = kindOfPrefix(text.slice(0, colon));
  return kind === undefined ? undefined : identityOf(kind.name, text.slice(colon + 1));
}

/** Reads a path below `registry/`; undefined when no kind has such paths or a name in it is illegal. */
export function identityOfPath(path: string): Identity | undefined {
  if (!path.startsWith("registry/") || !path.endsWith(".yaml")) return undefined;
  // Paths come folder by folder, so the namespace is nearly always the one of the path before.
  const { start } = lastNamespace;
  if (start !== "" && path.startsWith(start)) return identityOfVersion(path, lastNamespace);
  const below = path.slice("registry/".length, -".yaml".length);
  const kind = kindOfFolder(below);
  if (kind === undefined) return below === "registry" ? identityOf("Registry", "registry") : undefined;
  const from = kind.folder.length + 1;
  if (kind.shape !== "versioned") return identityOf(kind.name, below.slice(from));
  const ns = below.slice(from, below.indexOf("/", from));
  if (!isName(ns)) return undefined;
  lastNamespace = { start: `registry/${kind.folder}/${ns}/`, kind, ns };
  return identityOfVersion(path, lastNamespace);
}

interface Namespace {
  /** What the paths in it begin with. */
  readonly start: string;
  readonly kind: Kind;
  readonly ns: string;
}

/** Nearly every file of a large registry is a version, so this way is short: no lists, no second spelling of the path. */
function identityOfVersion(path: string, { start, kind, ns }: Namespace): Identity | undefined {
  const slash = path.lastIndexOf("/");
  if (slash < start.length) return undefined;
  const name = path.slice(start.length, slash);
  const version = path.slice(slash + 1, -".yaml".length);
  if (!isName(name)) return undefined;
  if (version === "aliases" && hasAliases(kind)) return identityOf("Aliases", `${kind.prefix}/${ns}/${name}`);
  if (version !== lastVersion && !isVersion(version)) return undefined;
  lastVersion = version;
  const id = `${ns}/${name}@${version}`;
  return { kind: kind.name, ref: `${kind.prefix}:${id}` as Ref, id, ns, name, version, path };
}

/** The legal version met last: most models have one version, and it is 1.0.0. */
let lastVersion = "1.0.0";

/** The kind whose folder holds this path below `registry/`, or undefined. */
export function kindOfFolder(below: string): Kind | undefined {
  const first = below.slice(0, below.indexOf("/"));
  if (first === "governance") {
    const second = below.indexOf("/", first.length + 1);
    return second < 0 ? undefined : byFolder.get(below.slice(0, second));
  }
  return byFolder.get(first);
}

/** Kinds whose named versions may carry aliases (DESIGN 2). */
export function hasAliases(kind: Kind): boolean {
  return kind.name === "Model" || kind.name === "Pipeline";
}

let lastNamespace: Namespace = { start: "", kind: kindOf("Model"), ns: "" };

const byFolder = new Map(kinds.filter((kind) => kind.folder !== "").map((kind) => [kind.folder, kind]));

type Parts = Pick<Identity, "ns" | "name" | "version" | "path">;

function partsOf(kind: Kind, id: string): Parts | undefined {
  const file = (below: string): string => `registry/${kind.folder}/${below}.yaml`;
  switch (kind.shape) {
    case "singleton":
      return id === "registry"
        ? { ns: null, name: id, version: null, path: "registry/registry.yaml" }
        : undefined;
    case "named":
      return isName(id) ? { ns: null, name: id, version: null, path: file(id) } : undefined;
    case "versioned": {
      const at = id.lastIndexOf("@");
      if (at < 0) return undefined;
      const [ns, name, more] = id.slice(0, at).split("/");
      const version = id.slice(at + 1);
      if (ns === undefined || name === undefined || more !== undefined) return undefined;
      if (!isName(ns) || !isName(name) || !isVersion(version)) return undefined;
      return { ns, name, version, path: file(`${ns}/${name}/${version}`) };
    }
    case "aliases": {
      const [prefix, ns, name, more] = id.split("/");
      const owner = prefix === undefined ? undefined : kindOfPrefix(prefix);
      if (owner === undefined || !hasAliases(owner) || ns === undefined || name === undefined)
        return undefined;
      if (more !== undefined || !isName(ns) || !isName(name)) return undefined;
      return { ns, name, version: null, path: `registry/${owner.folder}/${ns}/${name}/aliases.yaml` };
    }
    case "namespaced":
    case "run":
    case "scope": {
      const parts = id.split("/");
      if (!parts.every(isName)) return undefined;
      const [least, most] = kind.shape === "namespaced" ? [2, 2] : kind.shape === "run" ? [3, 3] : [3, 5];
      if (parts.length < least || parts.length > most) return undefined;
      const first = kind.shape === "scope" ? 1 : 0;
      return { ns: parts[first] ?? null, name: parts[first + 1] ?? "", version: null, path: file(id) };
    }
  }
}
