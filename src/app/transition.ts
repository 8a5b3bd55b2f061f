/** `assent transition`: edits `state`, with the reason, and what the new state needs beside it (DESIGN 4). */
import { kindOf } from "../core/kinds/index.ts";
import { Failure } from "../core/model/failure.ts";
import { nearest } from "../core/model/nearest.ts";
import { editText, type Edit } from "../core/source/edit.ts";
import { decodeText } from "../core/source/parse.ts";
import { stateOf } from "../core/validate/states.ts";
import { keyOrders } from "../generated/key-order.ts";
import { findEntry } from "./entry.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";
import { writeChanges, type WriteOptions, type WriteResult } from "./write.ts";

export interface TransitionRequest extends Selection {
  readonly entry: string;
  readonly state: string;
  readonly reason: string;
  /** For `deprecated`: `YYYY-MM-DD` or `unknown`. */
  readonly sunset?: string | undefined;
  /** For `deprecated`: the reference of what takes its place. */
  readonly replacedBy?: string | undefined;
}

export interface Transitioned extends WriteResult {
  readonly ref: string;
  readonly from: string | null;
  readonly to: string;
}

/** Moves one version to another state. An illegal move is refused with the legal ones. */
export async function transition(
  request: TransitionRequest,
  options: Omit<WriteOptions, "message">,
  ports: Ports,
): Promise<Transitioned> {
  const open = await openRegistry(request, ports);
  const entry = findEntry(open.registry, request.entry);
  const { lifecycle } = kindOf(entry.kind);
  if (lifecycle === undefined) {
    throw new Failure("usage/no-states", `${entry.ref} is a ${entry.kind}, which has no states.`, {
      hint: "Only versioned kinds have states; edit the file, or use assent promote for what is live.",
    });
  }
  if (!lifecycle.states.includes(request.state)) {
    const near = nearest(request.state, lifecycle.states);
    throw new Failure("usage/unknown-state", `"${request.state}" is no state of a ${entry.kind}.`, {
      hint: near === undefined ? `Its states are ${lifecycle.states.join(", ")}.` : `Did you mean ${near}?`,
    });
  }
  const from = stateOf(entry);
  const file = open.registry.tree.get(entry.path);
  if (file === undefined) throw new Error(`${entry.path} is not in the tree it was read from`);
  const text = decodeText(file.read());
  const edits: Edit[] = [
    { pointer: ["state"], value: request.state },
    { pointer: ["reason"], value: request.reason },
  ];
  if (request.sunset !== undefined) edits.push({ pointer: ["sunset"], value: request.sunset });
  if (request.replacedBy !== undefined) {
    edits.push({
      pointer: ["replacedBy"],
      value: findEntry(open.registry, request.replacedBy, entry.kind).ref,
    });
  }
  const content = from === request.state ? text : editText(text, edits, keyOrders[entry.kind]);
  const message = `Move ${entry.ref} from ${from ?? "no state"} to ${request.state}\n\n${request.reason}`;
  const result = await writeChanges(open, [{ path: entry.path, content }], { ...options, message });
  return { ...result, ref: entry.ref, from, to: request.state };
}
