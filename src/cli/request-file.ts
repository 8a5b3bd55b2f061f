/** A request that the user named, or `-` for standard input -> its bytes and where it lies. */
import { dirname, resolve } from "node:path";
import type { RequestFile } from "../app/request.ts";
import type { CommandContext } from "./command.ts";
import { selectionOf } from "./flags.ts";

/** Reads the file; relative names start at -C, else at the working folder. */
export async function requestFile(typed: string, context: CommandContext): Promise<RequestFile> {
  const { folder } = selectionOf(context);
  if (typed === "-")
    return { name: "request.json", folder: resolve(folder), bytes: await context.readStdin() };
  const path = resolve(folder, typed);
  return { name: typed, folder: dirname(path), bytes: context.ports.readInput(folder, path) };
}
