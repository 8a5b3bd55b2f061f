/**
 * The TOML catalogue of models.dev: `providers/<provider>/models/<id>.toml`, many of them links to another
 * provider's file or children of a provider-agnostic record in `models/<lab>/<id>.toml`. This module finds the
 * records, follows links and inheritance inside the source, and reports what leads nowhere; it must never look
 * outside the list of files it was given.
 */
import type { CodeDefinition, Finding } from "../model/diagnostic.ts";
import { compareBytes } from "../model/json.ts";
import * as codes from "./codes.ts";
import { inherit } from "./models-dev-inherit.ts";
import { modelValue, type ModelSource } from "./models-dev-model.ts";
import { providerValue } from "./models-dev-provider.ts";
import {
  identityKey,
  type ImportFormat,
  type ImportRecord,
  type Incoming,
  type Source,
  type SourceFile,
  type Wanted,
} from "./record.ts";
import { isPlainId, quoted } from "./text.ts";
import { readToml, type TomlFile } from "./toml.ts";

export const MODELS_DEV = "https://models.dev";

export const modelsDev: ImportFormat = {
  name: "models.dev",
  summary: "A checkout of the models.dev catalogue: the folder that holds models/ and providers/.",
  source: { is: "folder", folders: ["models", "providers"] },
  uri: MODELS_DEV,
  looksRight: (source) =>
    source.files.some((file) => providerPath.test(file.path) || modelPath.test(file.path)),
  read: readModelsDev,
};

/** File names may hold line feeds: such an id is refused, not overlooked. */
const modelPath = /^providers\/([^/]+)\/models\/(.+)$/s;
const providerPath = /^providers\/([^/]+)\/provider\.toml$/;
const ending = ".toml";
/** Where only folders belong; the reader hands over a folder's path only when it is a link or cannot be read. */
const folderPath = /^(?:providers(?:\/[^/]+(?:\/models)?)?|models(?:\/[^/]+)?)$/;
/** Links lead to files, not to links to links to links. */
const mostHops = 4;

/**
 * Reads the catalogue: a record for every model that can be resolved and for every provider with a wanted model,
 * in byte order of their paths.
 */
export function readModelsDev(source: Source, wanted: Wanted): Incoming {
  const reader = new Map(source.files.map((file) => [file.path, file]));
  const context: Context = { files: reader, parsed: new Map(), findings: [], dropped: new Map() };
  const records: ImportRecord[] = [];
  const unreadable = new Set<string>();
  const providers = new Set<string>();
  const paths = [...reader.keys()].sort(compareBytes);
  for (const path of paths) {
    const match = modelPath.exec(path);
    if (match === null) {
      if (folderPath.test(path)) skipFolder(context, path);
      continue;
    }
    const [, provider = "", rest = ""] = match;
    const id = rest.endsWith(ending) ? rest.slice(0, -ending.length) : rest;
    const key = identityKey(provider, id);
    if (!wanted(key)) continue;
    if (!rest.endsWith(ending)) {
      skip(context, codes.noEnding, path, `${quoted(rest)} does not end in .toml.`);
      continue;
    }
    const record = readModel(context, path, provider, id);
    if (record === undefined) unreadable.add(key);
    else {
      records.push(record);
      providers.add(provider);
    }
  }
  for (const path of paths) {
    const provider = providerPath.exec(path)?.[1];
    if (provider === undefined || !providers.has(provider)) continue;
    const record = readProvider(context, path, provider);
    if (record !== undefined) records.push(record);
  }
  return { records, findings: context.findings, dropped: context.dropped, unreadable };
}

interface Context {
  readonly files: ReadonlyMap<string, SourceFile>;
  /** Parsed files by path: a link's target and a base are read once however often they are used. */
  readonly parsed: Map<string, TomlFile | { readonly reason: string }>;
  readonly findings: Finding[];
  readonly dropped: Map<string, number>;
}

function skip(context: Context, definition: CodeDefinition, path: string, message: string): undefined {
  context.findings.push({ definition, message, at: { file: path } });
  return undefined;
}

/** A folder that is not read must not look like a folder without records. */
function skipFolder(context: Context, path: string): void {
  const file = context.files.get(path);
  if (file?.kind === "link")
    skip(context, codes.foreignLink, path, "The folder is a link; links to folders are not followed.");
  else if (file?.kind === "unread") skip(context, codes.unreadable, path, file.reason);
}

function readModel(context: Context, path: string, provider: string, id: string): ImportRecord | undefined {
  if (!isPlainId(id) || !isPlainId(provider)) {
    return skip(
      context,
      codes.illegalId,
      path,
      `The id ${quoted(`${provider}/${id}`)} is empty, too long or holds characters that no entry may hold.`,
    );
  }
  const real = follow(context, path);
  if (real === undefined) return undefined;
  const own = parsed(context, real);
  if ("reason" in own) return skip(context, codes.unreadable, path, own.reason);
  const baseName = own.value["base_model"];
  const basePath = baseName === undefined ? undefined : `models/${String(baseName)}${ending}`;
  const base = basePath === undefined ? undefined : readBase(context, path, basePath);
  if (basePath !== undefined && base === undefined) return undefined;
  const source: ModelSource = {
    file: path,
    real,
    id,
    value: base === undefined ? own.value : inherit(base.value, own.value),
    own,
    base,
    basePath,
  };
  const value = modelValue(source, (finding) => context.findings.push(finding), context.dropped);
  return {
    kind: "Model",
    file: path,
    identity: { by: "upstream", provider, id },
    value,
  };
}

function readBase(context: Context, path: string, basePath: string): TomlFile | undefined {
  if (context.files.get(basePath)?.kind !== "file") {
    return skip(
      context,
      codes.missingBase,
      path,
      `base_model leads to ${quoted(basePath)}, which is not in the source.`,
    );
  }
  const base = parsed(context, basePath);
  if ("reason" in base)
    return skip(context, codes.missingBase, path, `base_model leads to ${quoted(basePath)}: ${base.reason}`);
  if (base.value["base_model"] === undefined) return base;
  return skip(
    context,
    codes.missingBase,
    path,
    `base_model leads to ${quoted(basePath)}, which inherits itself; one level is allowed.`,
  );
}

function readProvider(context: Context, path: string, provider: string): ImportRecord | undefined {
  const real = follow(context, path);
  if (real === undefined) return undefined;
  const own = parsed(context, real);
  if ("reason" in own) return skip(context, codes.unreadable, path, own.reason);
  const value = providerValue(
    path,
    provider,
    own,
    (finding) => context.findings.push(finding),
    context.dropped,
  );
  return {
    kind: "Provider",
    file: path,
    identity: { by: "upstream", provider: null, id: provider },
    value,
  };
}

function parsed(context: Context, path: string): TomlFile | { readonly reason: string } {
  const known = context.parsed.get(path);
  if (known !== undefined) return known;
  const file = context.files.get(path);
  const fresh =
    file?.kind === "file"
      ? readToml(file.bytes)
      : { reason: file?.kind === "unread" ? file.reason : "The file is not there." };
  context.parsed.set(path, fresh);
  return fresh;
}

/** The regular file behind a path; links are resolved in the list of files, so nothing outside it is reachable. */
function follow(context: Context, start: string): string | undefined {
  let path = start;
  for (let hop = 0; hop <= mostHops; hop++) {
    const file = context.files.get(path);
    if (file === undefined)
      return skip(
        context,
        codes.danglingLink,
        start,
        `The link points at ${quoted(path)}, which is not there.`,
      );
    if (file.kind !== "link") return path;
    const target = resolveLink(path, file.target);
    if (target === undefined)
      return skip(
        context,
        codes.foreignLink,
        start,
        `The link points at ${quoted(file.target)}, outside the source.`,
      );
    if (!target.endsWith(ending) || !target.startsWith("providers/")) {
      return skip(
        context,
        codes.foreignLink,
        start,
        `The link points at ${quoted(target)}, which is no provider's file.`,
      );
    }
    path = target;
  }
  return skip(
    context,
    codes.foreignLink,
    start,
    `The link leads through more than ${mostHops} others, or in a circle.`,
  );
}

/** Where a link leads, relative to the root; undefined when that is outside. */
function resolveLink(path: string, target: string): string | undefined {
  if (target.startsWith("/") || target.includes("\\") || target.includes("\0")) return undefined;
  const parts = path.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}
