/** Canonical JSON: ours and the RFC 8785 packages of npm on the same values, which must give the same text. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import canonicalize from "canonicalize";
import { canonicalize as jsonCanonicalize } from "json-canonicalize";
import { parse } from "yaml";
import { canonicalJsonOf } from "../../../src/core/model/canonical.ts";
import { filesBelow } from "../corpus.ts";
import { answer, inTurns } from "./turns.ts";

const [, , folder = "", rounds = "5"] = process.argv;
const files = filesBelow(folder).filter((path) => path.endsWith(".yaml"));
const every = Math.ceil(files.length / 1000);
const values = files
  .filter((_, index) => index % every === 0)
  .map((path) => parse(readFileSync(join(folder, path), "utf8"), { schema: "core" }) as object);
const differing = values.filter((value) => {
  const ours = canonicalJsonOf(value);
  return ours !== canonicalize(value) || ours !== jsonCanonicalize(value);
});
if (differing.length > 0) throw new Error(`${differing.length} of ${values.length} values differ`);

// Small values finish within the clock's grain: each turn does them several times.
const again =
  <T>(run: (value: object) => T) =>
  () => {
    let length = 0;
    for (let time = 0; time < 10; time++) for (const value of values) length += String(run(value)).length;
    return length;
  };
const times = inTurns(
  [
    { name: "ours", run: again(canonicalJsonOf) },
    { name: "canonicalize", run: again(canonicalize) },
    { name: "json-canonicalize", run: again(jsonCanonicalize) },
  ],
  Number(rounds),
);
answer({ values: values.length * 10, ...times });
