/**
 * Where the registry is. Apart from read.ts, so that commands which only need a folder do not load the whole loader:
 * `assent resolve` from a compiled snapshot must start like Node itself.
 */
import { Failure } from "../core/model/failure.ts";
import type { Ports } from "./ports.ts";

/** Finds the repository around a folder; a Failure says what to do where there is none. */
export function rootOf(folder: string, ports: Pick<Ports, "findRoot">): string {
  const root = ports.findRoot(folder);
  if (root !== undefined) return root;
  throw new Failure("repository/not-found", `There is no registry at or above "${folder}".`, {
    hint: "Go to a folder that holds registry/registry.yaml, name one with -C <dir>, or make one: assent init <dir>.",
  });
}
