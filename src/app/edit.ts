/**
 * `assent edit`: one change over many entries. All of them are changed or none: when one of them would become invalid,
 * or landed content would change, the whole is refused.
 */
import { applyEdit, editOf, type FieldChange } from "../core/author/fields.ts";
import { sameJson } from "../core/author/request.ts";
import { Failure } from "../core/model/failure.ts";
import type { JsonObject } from "../core/model/json.ts";
import type { Entry } from "../core/model/registry.ts";
import { editText, type Edit } from "../core/source/edit.ts";
import { decodeText } from "../core/source/parse.ts";
import { keyOrders } from "../generated/key-order.ts";
import { filter, readKind } from "./find.ts";
import type { FileChange, Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";
import { writeChanges, type WriteOptions, type WriteResult } from "./write.ts";

export interface EditRequest extends Selection {
  readonly kind: string;
  readonly where: string;
  /** Fields to set and to take away, in the order in which they are done. */
  readonly changes: readonly FieldChange[];
  readonly reason: string;
}

export interface Edited extends WriteResult {
  /** How many entries the expression chose. */
  readonly matched: number;
  /** The references of those that change. */
  readonly refs: readonly string[];
  /** How many files of the registry could not be read as entries, and were therefore not asked. */
  readonly unreadable: number;
}

/** Changes the same fields of every entry of a kind that an expression chooses. */
export async function editEntries(
  request: EditRequest,
  options: Omit<WriteOptions, "message">,
  ports: Ports,
): Promise<Edited> {
  const kind = readKind(request.kind);
  const open = await openRegistry(request, ports);
  const { matches, skipped } = await filter(open.registry.ofKind(kind), request.where, open, kind);
  const [undecided] = skipped;
  if (undecided !== undefined) {
    const more = skipped.length === 1 ? "" : ` (and for ${skipped.length - 1} more)`;
    throw new Failure(
      "usage/where-undecided",
      `The expression has no answer for ${undecided.ref}${more}: ${undecided.message}`,
      {
        hint: "Ask in a way that every entry can answer, such as 'has(spec.x) && spec.x == 1'.",
      },
    );
  }
  const changes: FileChange[] = [];
  const refs: string[] = [];
  for (const entry of matches) {
    const edits = editsOf(entry, request);
    if (edits.length === 0) continue;
    const file = open.registry.tree.get(entry.path);
    if (file === undefined) throw new Error(`${entry.path} is not in the tree it was read from`);
    changes.push({ path: entry.path, content: editText(decodeText(file.read()), edits, keyOrders[kind]) });
    refs.push(entry.ref);
  }
  const subject = refs.length === 1 ? refs[0] : `${refs.length} entries of kind ${kind}`;
  const message = `Edit ${subject}\n\n${request.reason}\n\nWhere ${request.where}: ${request.changes.map(wordsOf).join(", ")}.`;
  return {
    ...(await writeChanges(open, changes, { ...options, message })),
    matched: matches.length,
    refs,
    unreadable: open.files - open.registry.entries.length,
  };
}

/** The edits an entry needs; none where it says all of it already. */
function editsOf(entry: Entry, { changes, reason }: EditRequest): readonly Edit[] {
  const before = entry.value as JsonObject;
  const edits: Edit[] = [];
  let value = before;
  for (const change of changes) {
    const edit = editOf(entry.kind, value, change);
    value = applyEdit(value, edit);
    edits.push(edit);
  }
  if (sameJson(before, value)) return [];
  // Where the entry itself says why it stands as it does, a move changes that too (DESIGN 2.1; 3, Activation).
  const explained = entry.kind === "Activation" ? "bundle" : entry.version === null ? undefined : "state";
  const moves = explained !== undefined && !sameJson(before[explained], value[explained]);
  if (moves && sameJson(before["reason"], value["reason"]))
    edits.push({ pointer: ["reason"], value: reason });
  return edits;
}

function wordsOf({ path, text }: FieldChange): string {
  return text === undefined ? `unset ${path}` : `${path}=${text}`;
}
