/**
 * Cuts what the stand-in needs out of GitHub's published description of its API (npm @octokit/openapi, MIT), so that a
 * few hundred kilobytes stand here instead of hundreds of megabytes. Install that package in a folder outside the
 * project and run: `node scripts/github-extract.ts <folder>/node_modules/@octokit/openapi`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What the program asks of GitHub, and what people do there in the tests. */
const operations = [
  "GET /app",
  "POST /app/installations/{installation_id}/access_tokens",
  "GET /user",
  "GET /user/{account_id}",
  "GET /orgs/{org}/members/{username}",
  "GET /orgs/{org}/teams/{team_slug}",
  "GET /orgs/{org}/teams/{team_slug}/members",
  "GET /repos/{owner}/{repo}",
  "PATCH /repos/{owner}/{repo}",
  "GET /repos/{owner}/{repo}/installation",
  "GET /repos/{owner}/{repo}/activity",
  "GET /repos/{owner}/{repo}/actions/permissions",
  "PUT /repos/{owner}/{repo}/actions/permissions",
  "GET /repos/{owner}/{repo}/actions/permissions/workflow",
  "PUT /repos/{owner}/{repo}/actions/permissions/workflow",
  "POST /repos/{owner}/{repo}/check-runs",
  "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
  "GET /repos/{owner}/{repo}/codeowners/errors",
  "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
  "GET /repos/{owner}/{repo}/compare/{basehead}",
  "GET /repos/{owner}/{repo}/environments",
  "PUT /repos/{owner}/{repo}/environments/{environment_name}",
  "GET /repos/{owner}/{repo}/git/ref/{ref}",
  "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
  "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
  "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
  "GET /repos/{owner}/{repo}/pulls",
  "POST /repos/{owner}/{repo}/pulls",
  "GET /repos/{owner}/{repo}/pulls/{pull_number}",
  "PATCH /repos/{owner}/{repo}/pulls/{pull_number}",
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/commits",
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
  "POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
  "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers",
  "GET /repos/{owner}/{repo}/releases",
  "POST /repos/{owner}/{repo}/releases",
  "PATCH /repos/{owner}/{repo}/releases/{release_id}",
  "GET /repos/{owner}/{repo}/releases/{release_id}/assets",
  "POST /repos/{owner}/{repo}/releases/{release_id}/assets",
  "GET /repos/{owner}/{repo}/releases/assets/{asset_id}",
  "DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}",
  "GET /repos/{owner}/{repo}/rulesets",
  "POST /repos/{owner}/{repo}/rulesets",
  "GET /repos/{owner}/{repo}/rulesets/{ruleset_id}",
  "PUT /repos/{owner}/{repo}/rulesets/{ruleset_id}",
];

type Node = { [key: string]: unknown };

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Words for people; a validator does not read them. `properties` may hold fields of these names. */
const prose = new Set([
  "description",
  "example",
  "examples",
  "externalDocs",
  "title",
  "summary",
  "deprecated",
  "x-github",
  "x-multi-segment",
  "discriminator",
]);

const source = process.argv[2];
if (source === undefined) throw new Error("name the folder of the package @octokit/openapi");
const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as {
  version: string;
  license: string;
};
const description = JSON.parse(readFileSync(join(source, "generated/api.github.com.json"), "utf8")) as Node;

/** Follows `#/a/b/c`. */
function at(pointer: string): unknown {
  return pointer
    .slice(2)
    .split("/")
    .reduce<unknown>(
      (value, key) => (isNode(value) ? value[key.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined),
      description,
    );
}

const resolved = (value: unknown): Node => {
  const node = isNode(value) && typeof value["$ref"] === "string" ? at(value["$ref"]) : value;
  if (!isNode(node)) throw new Error("a reference leads nowhere");
  return node;
};

const schemas = new Map<string, unknown>();

/** A schema without prose; what it refers to is collected. Says with JSON Schema what OpenAPI 3.0 says with `nullable`. */
function lean(value: unknown, names = false): unknown {
  if (Array.isArray(value)) return value.map((each) => lean(each));
  if (!isNode(value)) return value;
  const reference = value["$ref"];
  if (typeof reference === "string") {
    const name = reference.slice(reference.lastIndexOf("/") + 1);
    if (!schemas.has(name)) {
      schemas.set(name, undefined);
      schemas.set(name, lean(at(reference)));
    }
    return { $ref: `#/schemas/${name}` };
  }
  const kept: Node = {};
  for (const [key, each] of Object.entries(value)) {
    if (!names && (prose.has(key) || key === "nullable")) continue;
    kept[key] =
      key === "enum" || key === "const" || key === "default"
        ? each
        : lean(each, key === "properties" && !names);
  }
  if (names || value["nullable"] !== true) return kept;
  return { anyOf: [{ type: "null" }, kept] };
}

const schemaOf = (content: unknown): unknown => {
  const json =
    isNode(content) && isNode(content["content"]) ? content["content"]["application/json"] : undefined;
  return isNode(json) ? lean(json["schema"]) : undefined;
};

const cut = operations.map((operation) => {
  const [method = "", path = ""] = operation.split(" ");
  const found = resolved(at(`#/paths/${path.replaceAll("/", "~1")}/${method.toLowerCase()}`));
  const parameters = (found["parameters"] as unknown[]).map(resolved).map((each) => {
    return {
      name: each["name"],
      in: each["in"],
      required: each["required"] === true,
      schema: lean(each["schema"]),
    };
  });
  const body = found["requestBody"] === undefined ? undefined : schemaOf(resolved(found["requestBody"]));
  const answers = Object.entries(found["responses"] as Node)
    .filter(([status]) => status.startsWith("2"))
    .map(([status, answer]) => [status, schemaOf(resolved(answer)) ?? null]);
  return {
    operation,
    parameters,
    ...(body !== undefined && { body }),
    answers: Object.fromEntries(answers) as unknown,
  };
});

const extract = {
  from: {
    package: "@octokit/openapi",
    version: manifest.version,
    licence: manifest.license,
    file: "generated/api.github.com.json",
    by: "scripts/github-extract.ts",
  },
  operations: cut,
  schemas: Object.fromEntries([...schemas].toSorted(([a], [b]) => (a < b ? -1 : 1))),
};
// One operation and one schema a line, so that a newer description shows in a diff what it changed.
const schemaLines = Object.entries(extract.schemas).map(
  ([name, schema]) => `${JSON.stringify(name)}:${JSON.stringify(schema)}`,
);
const text = `{"from":${JSON.stringify(extract.from)},
"operations":[
${cut.map((each) => JSON.stringify(each)).join(",\n")}
],
"schemas":{
${schemaLines.join(",\n")}
}}
`;
writeFileSync(join(import.meta.dirname, "../test/github/openapi/extract.json"), text);
