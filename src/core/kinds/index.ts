/**
 * The table of kinds. A new kind is its file, its schema and one line here; a test asserts that this list
 * and the folder agree. It must never hold what one kind alone knows.
 */
import { activation } from "./activation.ts";
import { aliases } from "./aliases.ts";
import { approvalPolicy } from "./approval-policy.ts";
import { bundle } from "./bundle.ts";
import { config } from "./config.ts";
import { dataset } from "./dataset.ts";
import { environment } from "./environment.ts";
import { evaluation } from "./evaluation.ts";
import { identity } from "./identity.ts";
import { metadataSchema } from "./metadata-schema.ts";
import { model } from "./model.ts";
import { pipeline } from "./pipeline.ts";
import { policyBinding } from "./policy-binding.ts";
import { policy } from "./policy.ts";
import { provider } from "./provider.ts";
import { registry } from "./registry.ts";
import { role } from "./role.ts";
import { template } from "./template.ts";
import { testSuite } from "./test-suite.ts";
import { usecase } from "./usecase.ts";
import { waiver } from "./waiver.ts";
import type { Kind, KindName } from "../model/kind.ts";

export const kinds: readonly Kind[] = [
  registry,
  identity,
  role,
  approvalPolicy,
  environment,
  policyBinding,
  waiver,
  metadataSchema,
  provider,
  usecase,
  model,
  aliases,
  dataset,
  config,
  pipeline,
  template,
  testSuite,
  policy,
  bundle,
  evaluation,
  activation,
];

const byName = new Map(kinds.map((kind) => [kind.name, kind]));
const byPrefix = new Map(kinds.map((kind) => [kind.prefix, kind]));

/** The definition of a kind by its name. */
export function kindOf(name: KindName): Kind {
  const kind = byName.get(name);
  if (kind === undefined) throw new Error(`the table of kinds has no ${name}`);
  return kind;
}

/** The kind with this reference prefix (`model`), or undefined. */
export function kindOfPrefix(prefix: string): Kind | undefined {
  return byPrefix.get(prefix);
}

/** The kind with this name in the spelling of files and flags (`Model`, `model`, `test-suite`), or undefined. */
export function kindOfWord(word: string): Kind | undefined {
  const plain = word.toLowerCase().replaceAll("-", "");
  return kinds.find((kind) => kind.name.toLowerCase() === plain || kind.prefix.replaceAll("-", "") === plain);
}
