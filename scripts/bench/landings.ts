/**
 * Registries with a long history, made by `git fast-import`: ten people promote, roll back, publish, reprice
 * and now and then govern; a quarter of the landings are merges. The same count gives the same commits.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Scene } from "./corpus.ts";

/** Where a scope's Activation stands that lands again and again. */
export const BUSY_SCOPE = "prod/team-0/usecase-0";

const NAMESPACES = 8;
const USECASES = 5;
const MODELS = 400;
const PEOPLE = 10;
const START = 1_700_000_000;

/** A repository whose protected branch has this many landings. */
export function longHistory({ work }: Pick<Scene, "work">, landings: number): string {
  const folder = join(work, `landings-${landings}`);
  if (existsSync(folder)) return folder;
  mkdirSync(folder);
  run(folder, ["init", "-q", "-b", "main"]);
  run(folder, ["fast-import", "--quiet", "--done"], stream(landings));
  run(folder, ["reset", "-q", "--hard", "main"]);
  run(folder, ["repack", "-adq"]);
  return folder;
}

/** One more landing on the protected branch: the busy scope moves. */
export function landOnce(folder: string): void {
  const reason = String(process.hrtime.bigint());
  const tip = run(folder, ["rev-parse", "main"]).trim();
  const time = Number(run(folder, ["show", "-s", "--format=%ct", tip]).trim()) + 60;
  const path = `registry/live/${BUSY_SCOPE}.yaml`;
  const head = header({ person: 0, time, message: "Once more" });
  const text = `${head}from ${tip}\n${file(path, activation("1.0.0", reason))}done\n`;
  run(folder, ["fast-import", "--quiet", "--done"], text);
}

function run(folder: string, args: readonly string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync("git", args, {
    cwd: folder,
    input,
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout;
}

interface Header {
  readonly ref?: string;
  readonly person: number;
  readonly time: number;
  readonly message: string;
  readonly mark?: number;
}

function header({ ref = "refs/heads/main", person, time, message, mark }: Header): string {
  const who = `Person ${person} <${1000 + person}+person-${person}@users.noreply.github.com> ${time} +0000`;
  const marked = mark === undefined ? "" : `mark :${mark}\n`;
  return `commit ${ref}\n${marked}author ${who}\ncommitter ${who}\ndata ${Buffer.byteLength(message)}\n${message}\n`;
}

function file(path: string, text: string): string {
  return `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
}

function activation(version: string, reason: string): string {
  return `bundle: "${version}"\nreason: ${JSON.stringify(reason)}\n`;
}

function model(index: number, price: number, state: string): string {
  return [
    `title: Model ${index}`,
    `state: ${state}`,
    `reason: Reviewed on round ${price}`,
    "spec:",
    "  provider: provider:vendor",
    `  upstreamId: model-${index}`,
    "  type: completion",
    "facts:",
    "  capabilities:",
    "    contextLength: 128000",
    "    maxOutputTokens: 16384",
    "    modalities:",
    "      input:",
    "        - text",
    "        - image",
    "      output:",
    "        - text",
    "    functions: true",
    "    streaming: true",
    '  knowledgeCutoff: "2025-01"',
    "serving:",
    "  pricing:",
    "    currency: USD",
    `    inputPerMillionTokens: "${price}.50"`,
    `    outputPerMillionTokens: "${price * 4}.00"`,
    "",
  ].join("\n");
}

function bundle(usecase: string, version: string, model: number): string {
  return [
    `title: ${usecase} ${version}`,
    "state: approved",
    "spec:",
    "  artifacts:",
    "    - role: prompt",
    `      text: Score what the client asks in the manner of release ${version}.`,
    "  models:",
    `    - model:vendor/model-${model}@1.0.0`,
    "  provenance:",
    `    codeRevision: ${version.replaceAll(".", "a").padStart(40, "0")}`,
    "gateReceipt:",
    "  decision: PASS",
    "  gates: []",
    "  issuer: identity:person-0",
    '  issuedAt: "2026-01-01T00:00:00Z"',
    "",
  ].join("\n");
}

function dataset(version: string): string {
  return [
    `title: What release ${version} was measured on`,
    "spec:",
    `  uri: https://data.example/releases/${version}.parquet`,
    `  digest: sha256:${version.replaceAll(".", "").padStart(64, "0")}`,
    "",
  ].join("\n");
}

function genesis(): string {
  const parts = [
    file("registry/registry.yaml", "id: bench\nprotectedBranch: main\n"),
    file("registry/governance/roles/everyone.yaml", "title: Everyone\nmembers:\n  - identity:person-0\n"),
    file("registry/governance/environments/dev.yaml", "title: Development\nrank: 1\n"),
    file("registry/governance/environments/prod.yaml", "title: Production\nrank: 2\n"),
    file("registry/providers/vendor.yaml", "title: Vendor\nbaseUrl: https://vendor.example\n"),
  ];
  for (let person = 0; person < PEOPLE; person++) {
    const text = `title: Person ${person}\ngithub:\n  login: person-${person}\n  id: ${1000 + person}\n`;
    parts.push(file(`registry/governance/identities/person-${person}.yaml`, text));
  }
  for (let index = 0; index < MODELS; index++) {
    parts.push(file(`registry/models/vendor/model-${index}/1.0.0.yaml`, model(index, 1, "production")));
  }
  for (let ns = 0; ns < NAMESPACES; ns++) {
    for (let usecase = 0; usecase < USECASES; usecase++) {
      const id = `team-${ns}/usecase-${usecase}`;
      parts.push(
        file(
          `registry/usecases/${id}.yaml`,
          `title: ${id}\npurpose: Scores.\nowner: role:everyone\nriskTier: low\n`,
        ),
      );
      parts.push(file(`registry/bundles/${id}/1.0.0.yaml`, bundle(id, "1.0.0", ns)));
      for (const environment of ["dev", "prod"])
        parts.push(file(`registry/live/${environment}/${id}.yaml`, activation("1.0.0", "The first")));
    }
  }
  return parts.join("");
}

function stream(landings: number): string {
  const parts = ["feature done\n", header({ person: 0, time: START, message: "Begin", mark: 1 }), genesis()];
  const latest = new Map<string, number>();
  let seed = 1;
  const pick = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >>> 8) % below;
  };
  let tip = 1;
  for (let landing = 2; landing <= landings; landing++) {
    const time = START + landing * 3600;
    const person = pick(PEOPLE);
    const { message, files } = change(landing, pick, latest);
    const from = `from :${tip}\n`;
    if (pick(4) === 0) {
      const side = { ref: "refs/heads/side", person, time: time - 60, message, mark: tip + 1 };
      parts.push(header(side), from, files);
      parts.push(header({ person, time, message: `Merge: ${message}`, mark: tip + 2 }), from);
      parts.push(`merge :${tip + 1}\n`, files);
      tip += 2;
    } else {
      parts.push(header({ person, time, message, mark: tip + 1 }), from, files);
      tip += 1;
    }
  }
  parts.push("done\n");
  return parts.join("");
}

/** What one landing does; `latest` knows the last patch version of each use case. */
function change(landing: number, pick: (below: number) => number, latest: Map<string, number>) {
  const usecase = `team-${pick(NAMESPACES)}/usecase-${pick(USECASES)}`;
  const known = latest.get(usecase) ?? 0;
  const live = (environment: string, patch: number): string =>
    file(`registry/live/${environment}/${usecase}.yaml`, activation(`1.0.${patch}`, `Landing ${landing}`));
  const kind = pick(100);
  if (kind < 40) return { message: `Promote ${usecase}`, files: live(pick(2) === 0 ? "dev" : "prod", known) };
  if (kind < 48) {
    return { message: `Roll back ${usecase}`, files: live("prod", Math.max(known - 1, 0)) };
  }
  if (kind < 70) {
    const version = `1.0.${known + 1}`;
    latest.set(usecase, known + 1);
    const files =
      file(`registry/bundles/${usecase}/${version}.yaml`, bundle(usecase, version, pick(MODELS))) +
      file(`registry/datasets/${usecase}/${version}.yaml`, dataset(version));
    return { message: `Publish ${usecase} ${version}`, files };
  }
  if (kind < 95) {
    const index = pick(MODELS);
    const text = model(index, landing % 97, "production");
    return {
      message: `Reprice model ${index}`,
      files: file(`registry/models/vendor/model-${index}/1.0.0.yaml`, text),
    };
  }
  if (kind < 98) {
    const text = `title: ${usecase}\npurpose: Scores, as of landing ${landing}.\nowner: role:everyone\nriskTier: low\n`;
    return { message: `Describe ${usecase}`, files: file(`registry/usecases/${usecase}.yaml`, text) };
  }
  const person = pick(PEOPLE);
  const text = `title: Person ${person} (${landing})\ngithub:\n  login: person-${person}\n  id: ${1000 + person}\n`;
  return {
    message: `Rename person ${person}`,
    files: file(`registry/governance/identities/person-${person}.yaml`, text),
  };
}
