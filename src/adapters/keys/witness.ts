/**
 * Where the witness's private key comes from: a file that was named, else a variable that a workflow's secret fills. It
 * must never print, log or quote any of it, and it reads nothing that nobody named.
 */
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { Failure } from "../../core/model/failure.ts";

/** The variable that may hold the key itself. */
const VARIABLE = "ASSENT_WITNESS_KEY";

/** Larger than any such key. */
const LIMIT = 20_000;

/** The key's text; undefined where neither a file nor the variable names one. */
export function readWitnessKey(
  { folder, file }: { readonly folder: string; readonly file: string | undefined },
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (file === undefined) return (env[VARIABLE] ?? "") === "" ? undefined : env[VARIABLE];
  const path = resolve(folder, file);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === true && found.size <= LIMIT) return readFileSync(path, "latin1");
  throw new Failure("keys/not-found", `There is no key in ${file}.`, {
    hint: "Name the file of the witness's private key.",
  });
}
