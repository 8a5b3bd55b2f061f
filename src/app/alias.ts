/** `assent alias set`: a name for an exact version of a model or pipeline. */
import { kindOf, kinds } from "../core/kinds/index.ts";
import { editText } from "../core/source/edit.ts";
import { decodeText } from "../core/source/parse.ts";
import { hasAliases } from "../core/source/reference.ts";
import { render } from "../core/source/render.ts";
import { keyOrders } from "../generated/key-order.ts";
import { findName } from "./entry.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";
import { writeChanges, type WriteOptions, type WriteResult } from "./write.ts";

export interface AliasRequest extends Selection {
  /** `model:openai/gpt-4o` or `openai/gpt-4o`. */
  readonly name: string;
  readonly alias: string;
  readonly version: string;
}

/** Sets one alias; whether it may be called so and whether the version exists is for lint. */
export async function setAlias(
  request: AliasRequest,
  options: Omit<WriteOptions, "message">,
  ports: Ports,
): Promise<WriteResult & { readonly ref: string }> {
  const open = await openRegistry(request, ports);
  const { kind, name } = findName(
    open.registry,
    request.name,
    kinds.filter(hasAliases).map((each) => each.name),
  );
  const path = `registry/${kindOf(kind).folder}/${name}/aliases.yaml`;
  const file = open.registry.tree.get(path);
  const content =
    file === undefined
      ? render({ aliases: { [request.alias]: request.version } }, keyOrders.Aliases)
      : editText(
          decodeText(file.read()),
          [{ pointer: ["aliases", request.alias], value: request.version }],
          keyOrders.Aliases,
        );
  const ref = `${kindOf(kind).prefix}:${name}`;
  const message = `Let ${request.alias} of ${ref} mean ${request.version}`;
  return { ...(await writeChanges(open, [{ path, content }], { ...options, message })), ref };
}
