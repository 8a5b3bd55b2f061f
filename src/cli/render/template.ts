/** What a template gives, as YAML with a line about where it came from, or as assent.template/v1. */
import type { TemplateDiff, TemplateRendered } from "../../app/template.ts";
import { canonicalJson } from "../../core/model/canonical.ts";
import type { Json, JsonObject } from "../../core/model/json.ts";
import { changedRenderingDocument, jsonPointer, standingAt } from "../../core/template/wire.ts";
import type { ChangedRendering } from "../../core/template/renderings.ts";
import { reasonOf } from "../../core/template/renderings.ts";
import { asFound } from "../../core/source/key-order.ts";
import { render } from "../../core/source/render.ts";
import type { Style } from "../command.ts";
import { escapeLine } from "./escape.ts";
import { plural } from "./words.ts";

/** The wire value of a rendering. */
export function templateWire({ template, digest, type, parameters, result }: TemplateRendered): object {
  return {
    format: "assent.template/v1",
    template,
    digest,
    type,
    parameters,
    rendered: "value" in result ? result.value : null,
    faults:
      "value" in result
        ? []
        : result.faults.map(({ in: where, pointer, message, hint = null }) => ({
            in: where,
            pointer: jsonPointer(pointer),
            message,
            hint,
          })),
  };
}

/**
 * The rendered value as YAML. Its first lines say what it came from; what the attacker controls there are parameters, so
 * they are JSON on one line in ASCII, which no reader of YAML takes for more than a comment.
 */
export function templateYaml({ template, digest, parameters }: TemplateRendered, value: Json): string {
  const given = canonicalJson(parameters).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const head = `# Rendered from ${template} (${digest}); do not edit.\n# Parameters: ${given}\n`;
  const body = typeof value === "object" && value !== null && !Array.isArray(value);
  return `${head}${body ? render(value as JsonObject, asFound) : `${canonicalJson(value)}\n`}`;
}

/** Why a template gives nothing. */
export function templateFaults({ template, result }: TemplateRendered, style: Style): string {
  if ("value" in result) return "";
  const lines = result.faults.flatMap((fault) => [
    `  ${escapeLine(reasonOf(fault))}`,
    ...(fault.hint === undefined ? [] : [style.dim(`      ${escapeLine(fault.hint)}`)]),
  ]);
  return `${style.red("refused")}  ${escapeLine(template)} gives nothing for these parameters\n${lines.join("\n")}\n`;
}

/** The wire value of what a new version changes. */
export function templateDiffWire({ from, to, renderings }: TemplateDiff): object {
  return {
    format: "assent.template-diff/v1",
    from,
    to,
    renderings: renderings.map(changedRenderingDocument),
  };
}

/** What a new version changes, rendering by rendering. */
export function templateDiffText({ from, to, renderings }: TemplateDiff, style: Style): string {
  const head = `${style.bold(escapeLine(from))} -> ${style.bold(escapeLine(to))}`;
  const counts = (["changed", "refused", "same"] as const)
    .map((outcome) => [outcome, renderings.filter((each) => each.outcome === outcome).length] as const)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`);
  const sum = renderings.length === 0 ? "nothing was rendered from it" : counts.join(", ");
  return `${head}  ${plural(renderings.length, "rendering")}: ${sum}\n${changedLines(renderings, style).join("\n")}\n`;
}

/** Changed renderings with what changes in them. */
export function changedLines(renderings: readonly ChangedRendering[], style: Style): readonly string[] {
  return renderings.flatMap(({ ref, outcome, comparison, before, after, reasons }) => {
    const paint = outcome === "refused" ? style.red : outcome === "same" ? style.dim : style.yellow;
    const changes = (comparison?.changes ?? []).flatMap(({ pointer, impact, why }) => [
      `    ${impact.padEnd(10)} ${escapeLine(pointer.join("."))}  ${style.dim(escapeLine(why))}`,
      ...sideOf("-", standingAt(before, pointer), style.red),
      ...sideOf("+", standingAt(after ?? {}, pointer), style.green),
    ]);
    return [
      `  ${paint(outcome.padEnd(8))} ${escapeLine(ref)}`,
      ...changes,
      ...reasons.map((reason) => `    ${escapeLine(reason)}`),
    ];
  });
}

function sideOf(sign: string, value: Json | undefined, paint: (text: string) => string): readonly string[] {
  if (value === undefined) return [];
  const text = escapeLine(canonicalJson(value));
  return [paint(`      ${sign} ${text.length <= 88 ? text : `${text.slice(0, 87)}…`}`)];
}
