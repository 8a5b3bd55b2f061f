/**
 * `npm run fuzz [-- <documents> [seed]]`: the long differential run of the parsers. Exit code 1 on any difference.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fuzzYaml } from "./yaml.ts";

const count = Number(process.argv[2] ?? 200_000);
const seed = Number(process.argv[3] ?? 1);
const root = join(import.meta.dirname, "../..");
const files = ["registry", "../shared/examples/registry"]
  .flatMap((folder) => yamlBelow(join(root, folder)))
  .slice(0, 2_000);

const result = fuzzYaml(seed, count, files);
for (const { index, text, fast, judge } of result.differences) {
  console.log(`document ${index} of seed ${seed}:\n${text}\nfast:  ${fast}\njudge: ${judge}\n`);
}
console.log(
  `${result.documents} documents, ${result.accepted} accepted by the fast parser, ${result.differences.length} differences`,
);
if (result.differences.length > 0) process.exitCode = 1;

function yamlBelow(folder: string): string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    return names
      .filter((name) => name.endsWith(".yaml"))
      .map((name) => readFileSync(join(folder, name), "utf8"));
  } catch {
    return [];
  }
}
