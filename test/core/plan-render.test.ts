/**
 * How plans and decisions look: one change that holds everything a plan can show, in text, Markdown and JSON, kept as
 * files. What a stranger wrote into the registry stays text in all of them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decideFully } from "../../src/core/govern/decide.ts";
import { dependentsIn, planOf } from "../../src/core/govern/plan.ts";
import { decisionDocument, planDocument } from "../../src/core/govern/wire.ts";
import { createPlacer, diagnosticsOf } from "../../src/core/validate/report.ts";
import type { Style } from "../../src/cli/command.ts";
import { renderDecisionMarkdown } from "../../src/cli/render/decision-markdown.ts";
import { renderDecisionText } from "../../src/cli/render/decision-text.ts";
import { renderPlanMarkdown } from "../../src/cli/render/plan-markdown.ts";
import { renderPlanText } from "../../src/cli/render/plan-text.ts";
import { asOf, bundle, evaluation, paths, review, world } from "../govern-world.ts";

const config = (version: string, text: string) =>
  `title: Prompt ${version}\nstate: active\nspec:\n  type: prompt\n  text: |\n${text.replace(/^/gm, "    ")}\n`;
const hostile =
  "You decide.\n```\n@everyone <img src=x> ::set-output name=a::b [x](javascript:1) | a\nBe kind.";
const text = bundle("1.3.0", "candidate").replace(
  "  compatibility:",
  "  configs: [config:fraud/prompt@1.1.0]\n  compatibility:",
);

const subject = world(
  {
    [paths.live("prod/fraud/score")]: 'bundle: "1.1.0"\nreason: Next.\n',
    [paths.bundle("1.3.0")]: text,
    [paths.run("1.3.0")]: evaluation("1.3.0", text, { auc: 0.97 }).replace(
      "metrics: { auc: 0.97 }",
      "metrics: { auc: 0.97, latency: 12 }",
    ),
    "registry/configs/fraud/prompt/1.1.0.yaml": config("1.1.0", hostile),
  },
  { "registry/configs/fraud/prompt/1.0.0.yaml": config("1.0.0", "You decide.\nBe strict.") },
);
const { change, facts } = subject;
const decided = decideFully(
  change,
  { ...facts, reviews: [review(change, "carol"), review(change, "alice", { id: 7 })] },
  asOf,
);
const plan = planOf(decided, dependentsIn(change.result));
const { decision } = decided;
const diagnostics = diagnosticsOf(decision.findings, createPlacer(change.result.tree));
const plain = (value: string): string => value;
const style: Style = {
  bold: plain,
  dim: plain,
  red: plain,
  yellow: plain,
  green: plain,
  blue: plain,
  cyan: plain,
};
const context = { style, columns: 100, version: "0.0.0", sourceOf: () => undefined };

const rendered = {
  "plan.txt": renderPlanText({ plan, decision, diagnostics, tree: change.result.tree }, context),
  "plan.md": renderPlanMarkdown({ plan, diagnostics }),
  "plan.json": `${JSON.stringify(planDocument(plan, diagnostics), null, 2)}\n`,
  "decision.txt": renderDecisionText({ decision, diagnostics }, context),
  "decision.md": renderDecisionMarkdown({ decision, diagnostics, plan }),
  "decision.json": `${JSON.stringify(decisionDocument(decision, diagnostics), null, 2)}\n`,
};

test.each(Object.entries(rendered))("%s", (name, answer) => {
  const file = join(import.meta.dirname, "golden", name);
  if (process.env["BLESS"] === "1") writeFileSync(file, answer);
  expect(answer).toBe(readFileSync(file, "utf8"));
});

test("nothing that the registry says marks up, mentions or commands", () => {
  expect(rendered["plan.md"]).not.toMatch(/^```$\n@/m);
  for (const answer of [rendered["plan.txt"], rendered["decision.txt"]])
    expect(answer).not.toMatch(/(?:^|\s)::set-output/m);
});
