/**
 * A governed registry with a long history: every landing is a signed merge that somebody approved with a signature, and
 * moves one scope of a registry that stays as large as it is. The same count gives the same commits. `previous` is the
 * landing before the last.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "../../src/core/model/digest.ts";
import { bareDigest, transitionDigest } from "../../src/core/model/transition.ts";
import { scriptedKey } from "../../test/scenarios/scripted-year/keys.ts";
import { objectMaker, runGit } from "../../test/scenarios/scripted-year/objects.ts";
import {
  activation,
  addressOf,
  at,
  beginning,
  registry,
  release,
  usecases,
  witness,
} from "../../test/scenarios/scripted-year/texts.ts";

const START = Date.UTC(2026, 0, 1) / 1000;
const HOUR = 3600;

/** So many models stand in one namespace of those that only make a registry large. */
const IN_NAMESPACE = 2_500;

/**
 * A bare repository with this many landings and no evidence yet, and the file of its witness's key; `entries` are models
 * that are there from the beginning and never move.
 */
export function governedHistory(
  work: string,
  landings: number,
  entries = 0,
): { readonly folder: string; readonly key: string; readonly previous: string } {
  const [folder, key] = [join(work, `governed-${landings}-${entries}.git`), join(work, "witness.pem")];
  if (existsSync(folder)) return { folder, key, previous: runGit(folder, ["rev-parse", "main^1"]).trim() };
  mkdirSync(folder);
  writeFileSync(key, witness.pem, { mode: 0o600 });
  runGit(folder, ["init", "-q", "--bare", "-b", "main", "."]);
  const objects = objectMaker();
  const day = new Date((START - 24 * HOUR) * 1000).toISOString().replace(".000Z", "Z");
  const texts: Record<string, string> = {
    ...beginning(day),
    ...Object.assign({}, ...usecases.map((name) => release(name, "1.1.0", day))),
    [at.registry]: registry("enforce"),
  };
  const files = new Map(Object.entries(texts).map(([path, text]) => [path, objects.blob(text)]));
  if (entries > 0)
    files.set(
      "registry/providers/vendor.yaml",
      objects.blob("title: Vendor\nbaseUrl: https://vendor.example\n"),
    );
  for (let from = 0; from < entries; from += IN_NAMESPACE) {
    const models = new Map<string, string>();
    for (let made = from; made < Math.min(entries, from + IN_NAMESPACE); made++)
      models.set(`model-${String(made).padStart(6, "0")}/1.0.0.yaml`, objects.blob(model(made)));
    files.set(`registry/models/vendor-${from / IN_NAMESPACE}`, objects.folder(models));
  }
  const approvals = new Map<string, string>();
  const [alice, bob] = [scriptedKey("alice"), scriptedKey("bob")];
  let tip = objects.commit({ files, parents: [], author: addressOf("frank"), time: START, message: "Begin" });
  for (let landing = 2; landing <= landings; landing++) {
    const usecase = usecases[landing % usecases.length] ?? "score";
    const path = at.live("dev", usecase);
    const after = activation((landing >> 2) % 2 === 0 ? "1.1.0" : "1.0.0", `Round ${landing}.`);
    const changed = {
      path,
      modeFrom: "100644",
      modeTo: "100644",
      from: sha256Hex(texts[path] ?? ""),
      to: sha256Hex(after),
    } as const;
    const digest = bareDigest(transitionDigest({ registryId: "example", ref: "refs/heads/main" }, [changed]));
    texts[path] = after;
    files.set(path, objects.blob(after));
    const about = { files, author: addressOf("alice"), message: `${usecase}, round ${landing}` };
    const head = objects.commit({
      ...about,
      parents: [tip],
      time: START + landing * HOUR - 60,
      sign: (payload) => alice.sign("git", payload),
    });
    tip = objects.commit({ ...about, parents: [tip, head], time: START + landing * HOUR });
    approvals.set(`${digest}/bob.sig`, objects.blob(bob.sign("assent-approval@v1", `${digest}\n`)));
  }
  const signed = objects.commit({
    files: approvals,
    parents: [],
    author: addressOf("bob"),
    time: START + landings * HOUR,
    message: "Signatures",
  });
  objects.write(folder, { "refs/heads/main": tip, "refs/heads/registry-approvals": signed });
  return { folder, key, previous: runGit(folder, ["rev-parse", "main^1"]).trim() };
}

function model(made: number): string {
  const name = `model-${String(made).padStart(6, "0")}`;
  return `title: ${name}
state: production
spec:
  provider: provider:vendor
  upstreamId: ${name}
  type: completion
facts:
  capabilities:
    contextLength: 128000
    maxOutputTokens: 16384
    modalities: { input: [text, image], output: [text] }
    functions: true
    streaming: true
  knowledgeCutoff: "2025-01"
serving:
  pricing: { currency: USD, inputPerMillionTokens: "${1 + (made % 9)}.50", outputPerMillionTokens: "12.00" }
`;
}
