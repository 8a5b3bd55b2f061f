/**
 * Compliance of many entries with twenty policies, against the bare evaluations of their expressions: the same
 * programs over the same entries in the same order, and nothing kept.
 */
import { bindingsOf } from "../../../src/core/policy/bindings.ts";
import { compileExpression, evaluate, type Program } from "../../../src/core/policy/cel.ts";
import { compliance } from "../../../src/core/policy/compliance.ts";
import { namesOfPolicy } from "../../../src/core/policy/policies.ts";
import type { Instant } from "../../../src/core/model/instant.ts";
import type { Entry, Registry } from "../../../src/core/model/registry.ts";
import { treeOf } from "../../../src/core/model/tree.ts";
import { registryOf } from "../../../src/core/source/registry-of.ts";
import { identityOfPath } from "../../../src/core/source/reference.ts";
import { answer, inTurns } from "./turns.ts";

const turns = Number(process.argv[3] ?? 15);
const MODELS = turns < 10 ? 10_000 : 100_000;
const asOf = "2026-07-01T00:00:00Z" as Instant;

/** Twenty rules as people write them; each is violated by a few of the entries. */
const rules: readonly (readonly [when: string, assert: string])[] = [
  ['facts.role == "general"', 'facts.sizeClass in ["large", "xl", "xxl"]'],
  ['facts.role == "general"', "facts.sizeEvidence != null"],
  ['facts.role == "general"', 'like(name, "(^|[-_.])(mini|nano|low)([-_.]|$)") != true'],
  ["facts.openWeights == true", "facts.license != null"],
  ["facts.license != null", 'facts.license in ["Apache-2.0", "MIT", "BSD-3-Clause"]'],
  ['state == "production"', 'labels.team != ""'],
  ['state == "production"', "facts.capabilities.contextLength >= 8000"],
  ["true", 'state != "deprecated" || title != null'],
  ["true", 'spec.provider.startsWith("provider:")'],
  ["true", "serving.endpoints.all(e, e.region != null)"],
  ['ns == "n7"', "size(tags) > 0"],
  ["facts.knowledgeCutoff != null", 'facts.knowledgeCutoff >= "2023-01"'],
  ["true", 'spec.type in ["completion", "embedding", "image"]'],
  ['spec.type == "completion"', 'facts.capabilities.contextLength != "unknown"'],
  ["serving.pricing.currency != null", 'serving.pricing.currency == "USD"'],
  ["serving.pricing.inputPerMillionTokens != null", "double(serving.pricing.inputPerMillionTokens) < 100.0"],
  ["true", 'owner != null && owner.startsWith("role:")'],
  ['"tier" in labels', 'labels["tier"] in ["1", "2"]'],
  ["true", "size(name) < 60"],
  ["facts.releaseDate != null", 'facts.releaseDate > "2020-01"'],
];

function registry(): Registry {
  const values: [string, object][] = [];
  for (let i = 0; i < MODELS; i++) {
    const [is, of] = [(every: number) => i % every === 0, <T>(list: readonly T[]) => list[i % list.length]];
    values.push([
      `registry/models/n${i % 50}/m${i}${is(200) ? "-mini" : ""}/1.0.0.yaml`,
      {
        title: `Model ${i}`,
        owner: is(100) ? "identity:x" : "role:ml",
        state: of(["production", "beta", "experimental"]),
        labels: { team: is(90) ? "" : "core", ...(is(3) && { tier: is(150) ? "9" : "1" }) },
        ...(is(5) && { tags: ["a", "b"] }),
        spec: { provider: "provider:p", type: of(["completion", "embedding", "image"]), upstreamId: `m${i}` },
        facts: {
          role: of(["general", "specialist"]),
          sizeClass: is(70) ? "nano" : "xl",
          ...(is(80) ? {} : { sizeEvidence: "card" }),
          openWeights: i % 2 === 1,
          ...(is(3) && { license: is(60) ? "GPL-3.0-only" : "MIT" }),
          knowledgeCutoff: is(110) ? "2022-06" : "2025-06",
          releaseDate: "2025-09-01",
          capabilities: { contextLength: is(120) ? 4_000 : 128_000 },
        },
        serving: {
          endpoints: [{ type: "rest", ...(is(130) ? {} : { region: "eu-1" }) }],
          pricing: { currency: "USD", inputPerMillionTokens: is(140) ? "250.00" : "2.50" },
        },
      },
    ]);
  }
  rules.forEach(([when, assert], i) => {
    const spec = {
      appliesTo: ["Model"],
      rules: [
        { id: "r", when, assert, severity: "high", message: "It does not hold.", remediation: "Mend it." },
      ],
    };
    values.push([`registry/policies/core/p${i}/1.0.0.yaml`, { state: "active", spec }]);
    values.push([
      `registry/governance/policy-bindings/b${i}.yaml`,
      { selector: { kinds: ["Model"] }, policies: [`policy:core/p${i}@1.0.0`] },
    ]);
  });
  const entries = values.map(([path, value]) => ({ ...identityOfPath(path), value }) as Entry);
  return registryOf(treeOf([]), entries);
}

const all = registry();
const models = all.ofKind("Model");
const names = namesOfPolicy(["Model"]);
const programs = rules.map((pair) => pair.map((text) => programOf(text)));

function programOf(text: string): Program {
  const compiled = compileExpression(text, names);
  if ("faults" in compiled) throw new Error(`${text}: ${compiled.faults[0]?.message}`);
  return compiled.program;
}

const around = { asOf };

function bare(): number {
  let violated = 0;
  for (const entry of models) {
    for (const [when, assert] of programs) {
      if (when === undefined || assert === undefined) continue;
      const asked = evaluate(when, entry, around);
      if (!("value" in asked) || asked.value !== true) continue;
      const met = evaluate(assert, entry, around);
      if (!("value" in met) || met.value !== true) violated++;
    }
  }
  return violated;
}

function judged(): number {
  return compliance(all, asOf, { entries: models }).reduce(
    (sum, { violations }) => sum + violations.length,
    0,
  );
}

const [a, b] = [bare(), judged()];
if (a !== b || a < MODELS / 20) throw new Error(`${a} violations by hand, ${b} judged`);
if (bindingsOf(all).policiesOf(models[0] as Entry, null).length !== rules.length)
  throw new Error("not all bound");

const rounds = Math.max(3, Math.round(turns / 2));
const times = inTurns(
  [
    { name: "bare", run: bare },
    { name: "judged", run: judged },
  ],
  rounds,
);
answer({ ...times, entries: models.length, violated: a });
