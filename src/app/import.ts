/**
 * `assent import`: read a foreign source, plan what it means for the registry, write that. One bad record never stops
 * the others: what would not lint is left out and reported, and the rest is written.
 */
import { compareBytes } from "../core/model/json.ts";
import { digestOfBytes, sha256Hex } from "../core/model/digest.ts";
import type { Finding } from "../core/model/diagnostic.ts";
import { Failure } from "../core/model/failure.ts";
import type { JsonObject } from "../core/model/json.ts";
import { nearest } from "../core/model/nearest.ts";
import { isName } from "../core/model/ref.ts";
import type { ImportPlan, PlannedWrite } from "../core/import/draft.ts";
import { importFormatOf, importFormats } from "../core/import/index.ts";
import * as codes from "../core/import/codes.ts";
import { unmatched, wantedBy } from "../core/import/only.ts";
import { planImport } from "../core/import/plan.ts";
import { identityKey, type ImportFormat, type Incoming, type Source } from "../core/import/record.ts";
import { kindOf } from "../core/kinds/index.ts";
import { editText } from "../core/source/edit.ts";
import { decodeText } from "../core/source/parse.ts";
import { parseRef } from "../core/source/reference.ts";
import { render } from "../core/source/render.ts";
import { schemaFindings } from "../core/validate/schema.ts";
import { keyOrders } from "../generated/key-order.ts";
import { PLUGIN_FORMAT, pluginFormat } from "./import-plugin.ts";
import type { FileChange, Ports } from "./ports.ts";
import { openRegistry, type OpenRegistry, type Selection } from "./read.ts";
import { writeChanges, type WriteOptions, type WriteResult } from "./write.ts";

export interface ImportRequest extends Selection {
  /** A name of the table of formats. */
  readonly format: string;
  /** A folder or a file; relative to `folder`. */
  readonly source: string;
  readonly namespace?: string | undefined;
  /** State of new models; default experimental. */
  readonly state?: string | undefined;
  /** `role:...` or `identity:...` for new models. */
  readonly owner?: string | undefined;
  readonly adopt?: boolean;
  readonly allowVanished?: boolean;
  /** Which model a card is about, where neither it nor its path says so. */
  readonly id?: string | undefined;
  /** `<column>=<field>`: what columns mean, for sources with columns. */
  readonly columns?: readonly string[];
  /** Patterns over `<provider>/<id>`; empty = everything. */
  readonly only?: readonly string[];
}

export interface ImportResult extends WriteResult {
  readonly plan: ImportPlan;
}

/** Imports a source into the work tree. */
export async function importSource(
  request: ImportRequest,
  options: Omit<WriteOptions, "message">,
  ports: Ports,
): Promise<ImportResult> {
  const format = request.format.startsWith(PLUGIN_FORMAT)
    ? await pluginFormat(request.format, request, ports)
    : formatOf(request.format);
  const state = stateOf(request.state);
  if (request.namespace !== undefined && !isName(request.namespace)) {
    throw new Failure("usage/namespace", `${JSON.stringify(request.namespace)} is no legal namespace.`, {
      hint: "Names are lower-case letters, digits, dots, dashes and underscores.",
    });
  }
  if (
    request.owner !== undefined &&
    !/^(?:role|identity)$/.test(parseRef(request.owner)?.kind.toLowerCase() ?? "")
  ) {
    throw new Failure("usage/owner", `${JSON.stringify(request.owner)} is no role and no identity.`, {
      hint: "Write --owner role:<name>.",
    });
  }
  const source = readSource(format, request, ports);
  const patterns = request.only ?? [];
  const wanted = wantedBy(patterns);
  const incoming = format.read(source, wanted, {
    columns: columnsOf(request.columns ?? [], format),
    typed: request.source,
    id: idFor(request.id, format),
  });
  refuseUnmatched(patterns, incoming);
  refuseUnreadable(request.source, incoming);
  const open = await openRegistry(request, ports);
  if (request.owner !== undefined && open.registry.get(request.owner) === undefined)
    throw new Failure("usage/owner", `${request.owner} does not exist.`, {
      hint: "Write --owner role:<name>, or add the role first (assent new role <name>).",
    });
  const plan = planImport(open.registry, incoming, {
    uri: format.uri,
    partial: format.partial === true,
    about: format.uri === null ? {} : await aboutSource(format, source, request, ports),
    namespace: request.namespace,
    state,
    owner: request.owner,
    adopt: request.adopt === true,
    allowVanished: request.allowVanished === true,
    wanted,
    schema: schemaFindings,
  });
  const message = `Import ${plan.imported.length} new and ${plan.changed.length} changed entries from ${format.name}`;
  return writeWhatLints(open, plan, { ...options, message, topic: `import ${format.name}` });
}

function formatOf(name: string): ImportFormat {
  const format = importFormatOf(name);
  if (format !== undefined) return format;
  const names = importFormats.map((known) => known.name);
  const near = nearest(name, names);
  throw new Failure("usage/unknown-format", `"${name}" is no format that can be imported.`, {
    hint: near === undefined ? `Formats are ${names.join(", ")}.` : `Did you mean ${near}?`,
  });
}

/** Only a card is about one model that it may not name. */
function idFor(id: string | undefined, format: ImportFormat): string | undefined {
  if (id !== undefined && format.name !== "huggingface-card")
    throw new Failure("usage/id", `${format.name} says itself what its records are about.`, {
      hint: "Leave out --id.",
    });
  return id;
}

/** Words for columns; only a source with columns has any. */
function columnsOf(words: readonly string[], format: ImportFormat): ReadonlyMap<string, string> {
  if (words.length > 0 && format.name !== "csv")
    throw new Failure("usage/map", `${format.name} has no columns.`, { hint: "Leave out --map." });
  return new Map(
    words.map((word) => {
      const at = word.lastIndexOf("=");
      if (at > 0) return [word.slice(0, at).trim(), word.slice(at + 1).trim()] as const;
      throw new Failure("usage/map", `${JSON.stringify(word)} is not <column>=<field>.`, {
        hint: 'Write --map "Context window=facts.capabilities.contextLength".',
      });
    }),
  );
}

/** New models may land in any state of theirs but the last (DESIGN 4). */
function stateOf(typed: string | undefined): string {
  const { lifecycle } = kindOf("Model");
  const states =
    lifecycle?.states.filter((state) => !lifecycle.notInitial.includes(state) && state !== "deprecated") ??
    [];
  const state = typed ?? lifecycle?.initial ?? "";
  if (states.includes(state)) return state;
  throw new Failure("usage/unknown-state", `"${state}" is no state that an import can give.`, {
    hint: `Choose one of ${states.join(", ")}.`,
  });
}

function readSource(format: ImportFormat, { folder, source }: ImportRequest, ports: Ports): Source {
  const { source: shape } = format;
  if (shape.is === "file") {
    const name = source.split(/[/\\]/).at(-1) ?? source;
    return { files: [{ path: name, kind: "file", bytes: ports.readInput(folder, source) }] };
  }
  const files = ports.readSourceFolder(folder, source, shape.folders);
  if (format.looksRight({ files })) return { files };
  throw new Failure("import/wrong-source", `${JSON.stringify(source)} holds no ${format.name} catalogue.`, {
    hint: `Name the folder that holds ${shape.folders.join("/ and ")}/.`,
  });
}

/** A pattern that nothing matches is a typing mistake, and would pass as an import of nothing. */
function refuseUnmatched(patterns: readonly string[], incoming: Incoming): void {
  const keys = incoming.records.map(({ identity }) =>
    identity.by === "exact"
      ? (parseRef(identity.ref)?.id ?? "")
      : identityKey(
          identity.by === "version" ? identity.namespace : (identity.provider ?? identity.id),
          identity.id,
        ),
  );
  const [first] = unmatched(patterns, [...keys, ...incoming.unreadable]);
  if (first === undefined) return;
  throw new Failure("usage/only", `Nothing in the source matches --only ${JSON.stringify(first)}.`, {
    hint: "Patterns are <provider>/<id> as the source spells them; * stands for anything.",
  });
}

/** One bad record is skipped; a source of nothing else is the wrong source, and no import of nothing. */
function refuseUnreadable(source: string, { records, findings }: Incoming): void {
  const [first] = findings;
  if (records.length > 0 || first === undefined) return;
  throw new Failure(
    "import/unreadable-source",
    `Nothing in ${JSON.stringify(source)} can be imported. ${first.message}`,
    {
      hint: "Check that the format is the one of this source.",
    },
  );
}

/** What is known of the source as a whole: the digest of all that was read, and its commit where it is a repository. */
async function aboutSource(
  format: ImportFormat,
  source: Source,
  request: ImportRequest,
  ports: Ports,
): Promise<JsonObject> {
  const [only] = source.files;
  if (format.source.is === "file" && only?.kind === "file") return { digest: digestOfBytes(only.bytes) };
  const lines = source.files.map((file) => {
    if (file.kind === "file") return `${sha256Hex(file.bytes)} ${file.path}\n`;
    return `${file.kind} ${file.kind === "link" ? file.target : ""} ${file.path}\n`;
  });
  const digest = digestOfBytes(lines.sort(compareBytes).join(""));
  const repository = await ports.openRepository(
    request.source.startsWith("/") ? request.source : `${request.folder}/${request.source}`,
  );
  const commit = await repository?.head();
  return commit === undefined || commit === null ? { digest } : { digest, commit };
}

/** Writes the plan; entries that bring errors are taken out of it, one round after the other, until the rest is good. */
async function writeWhatLints(
  open: OpenRegistry,
  plan: ImportPlan,
  options: WriteOptions,
): Promise<ImportResult> {
  let writes = plan.writes;
  const rejected: Finding[] = [];
  for (;;) {
    const changes = writes.map((write) => changeOf(write, open));
    const result = await writeChanges(open, changes, options);
    const bad = new Map<string, string>();
    if (result.outcome === "refused") {
      for (const { severity, file, message } of result.diagnostics)
        if (severity === "error" && !bad.has(file)) bad.set(file, message);
    }
    const left = writes.filter(({ path }) => !bad.has(path));
    if (left.length === writes.length) return { ...result, plan: without(plan, writes, rejected) };
    for (const { path, ref } of writes) {
      const message = bad.get(path);
      if (message !== undefined)
        rejected.push({ definition: codes.invalidEntry, message, at: { file: path }, subject: ref });
    }
    writes = left;
  }
}

function changeOf({ path, kind, write }: PlannedWrite, open: OpenRegistry): FileChange {
  if (write.by === "new") return { path, content: render(write.value, keyOrders[kind]) };
  const file = open.registry.tree.get(path);
  if (file === undefined) throw new Error(`${path} is not in the tree it was read from`);
  return { path, content: editText(decodeText(file.read()), write.edits, keyOrders[kind]) };
}

/** The plan as it was carried out: without the entries that did not lint. */
function without(
  plan: ImportPlan,
  writes: readonly PlannedWrite[],
  rejected: readonly Finding[],
): ImportPlan {
  if (rejected.length === 0) return plan;
  const written = new Set(writes.map(({ ref }) => ref));
  return {
    ...plan,
    writes,
    imported: plan.imported.filter((ref) => written.has(ref)),
    changed: plan.changed.filter((ref) => written.has(ref)),
    skipped: [...plan.skipped, ...rejected],
  };
}
