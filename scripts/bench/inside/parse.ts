/** Valid files in the canonical layout: the loader's fast path, `yaml`, and JSON.parse of the same data. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { parseFast } from "../../../src/core/source/fast.ts";
import { filesBelow } from "../corpus.ts";
import { answer, inTurns } from "./turns.ts";

const [, , folder = "", rounds = "5"] = process.argv;
const files = filesBelow(folder).filter((path) => path.endsWith(".yaml"));
const bytes = files.map((path) => readFileSync(join(folder, path)));
const readable = bytes.filter((each) => parseFast(each) !== undefined);
const texts = readable.map((each) => each.toString());
const json = readable.map((each) => JSON.stringify(parseFast(each)));
// `yaml` is so much slower that a share of the files tells as much in a bearable time.
const share = texts.filter((_, index) => index % Math.ceil(texts.length / 200) === 0);

const times = inTurns(
  [
    { name: "fast", run: () => readable.map((each) => parseFast(each)) },
    { name: "json", run: () => json.map((each) => JSON.parse(each) as unknown) },
    { name: "yaml", run: () => share.map((each) => parse(each, { schema: "core" }) as unknown) },
  ],
  Number(rounds),
);

const perFile = (name: string, count: number) => ((times[name] ?? Number.NaN) / count) * 1000;
answer({
  files: files.length,
  declined: files.length - readable.length,
  fast: perFile("fast", readable.length),
  json: perFile("json", json.length),
  yaml: perFile("yaml", share.length),
});
