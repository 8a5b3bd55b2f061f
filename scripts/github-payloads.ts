/**
 * Takes a few recorded webhook payloads out of npm's @octokit/webhooks-examples (MIT), as data for tests. Install that
 * package in a folder outside the project and run: `node scripts/github-payloads.ts <folder>/node_modules/@octokit/webhooks-examples`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Event and action; of several examples the first. */
const wanted = [
  ["pull_request", "opened"],
  ["pull_request", "synchronize"],
  ["pull_request", "ready_for_review"],
  ["pull_request_review", "submitted"],
  ["pull_request_review", "dismissed"],
  ["check_run", "rerequested"],
  ["merge_group", "checks_requested"],
  ["push", undefined],
  ["workflow_run", "completed"],
  ["issue_comment", "created"],
] as const;

const source = process.argv[2];
if (source === undefined) throw new Error("name the folder of the package @octokit/webhooks-examples");
const { version, license } = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as {
  version: string;
  license: string;
};
const all = JSON.parse(readFileSync(join(source, "api.github.com/index.json"), "utf8")) as {
  name: string;
  examples: { action?: string }[];
}[];

const payloads = wanted.map(([event, action]) => {
  const payload = all.find(({ name }) => name === event)?.examples.find((each) => each.action === action);
  if (payload === undefined) throw new Error(`there is no ${event} ${action ?? ""}`);
  return `${JSON.stringify(`${event}${action === undefined ? "" : `.${action}`}`)}:${JSON.stringify(payload)}`;
});
const from = {
  package: "@octokit/webhooks-examples",
  version,
  licence: license,
  file: "api.github.com/index.json",
  by: "scripts/github-payloads.ts",
};
writeFileSync(
  join(import.meta.dirname, "../test/github/payloads.json"),
  `{"from":${JSON.stringify(from)},\n"payloads":{\n${payloads.join(",\n")}\n}}\n`,
);
