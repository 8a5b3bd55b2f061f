/** `assent explain <code>`: a diagnostic's page, made from its definition. */
import { Failure } from "../../core/model/failure.ts";
import { allCodes } from "../../core/validate/codes.ts";
import type { CodeDefinition } from "../../core/model/diagnostic.ts";
import { nearest } from "../../core/model/nearest.ts";
import type { Command } from "../command.ts";
import { selectionOf } from "../flags.ts";
import { wrap } from "../render/text.ts";

export const explain: Command = {
  name: "explain",
  summary: "the page of a diagnostic: what it means, why it matters, how to fix it",
  arguments: [{ name: "[code]", description: "a code such as schema/required; without one, all are listed" }],
  examples: [
    { line: "assent explain schema/unknown-key", does: "explains one code" },
    { line: "assent explain", does: "lists every code with its summary" },
  ],
  run: async (context, args) => {
    const { style, columns, global } = context;
    const code = args[0];
    const json = global.format === "json";
    if (typeof code !== "string") {
      const codes = allCodes();
      if (json) {
        const items = codes.map(({ code: name, severity, summary }) => ({ code: name, severity, summary }));
        context.out(`${JSON.stringify({ format: "assent.codes/v1", codes: items })}\n`);
        return 0;
      }
      const width = Math.max(...codes.map(({ code: name }) => name.length));
      for (const { code: name, summary } of codes)
        context.out(`${style.bold(name.padEnd(width))}  ${summary}\n`);
      return 0;
    }
    const own = allCodes();
    let codes: readonly CodeDefinition[] = own;
    // What a plugin finds it explains itself; its text is asked for only where no code of this program is meant.
    if (/^plugin\/[^/]+\/./.test(code) && !own.some((candidate) => candidate.code === code)) {
      const { pluginCodes } = await import("../../app/plugin.ts");
      codes = [...own, ...(await pluginCodes(code, selectionOf(context), context.ports))];
    }
    const definition = codes.find((candidate) => candidate.code === code);
    if (definition === undefined) {
      const near = nearest(
        code,
        codes.map((candidate) => candidate.code),
      );
      throw new Failure("usage/unknown-code", `There is no diagnostic "${code}".`, {
        hint: near === undefined ? "assent explain lists them all." : `Did you mean ${near}?`,
      });
    }
    const { severity, category, summary, why, fix, example } = definition;
    if (json) {
      context.out(
        `${JSON.stringify({ format: "assent.code/v1", code, severity, category, summary, why, fix, example: example ?? null })}\n`,
      );
      return 0;
    }
    const paragraph = (text: string): string =>
      wrap(text, columns - 2)
        .map((line) => `  ${line}\n`)
        .join("");
    const block = (text: string): string =>
      text
        .trimEnd()
        .split("\n")
        .map((line) => `    ${line}\n`)
        .join("");
    context.out(`${style.bold(code)}  ${severity}\n\n${paragraph(summary)}\n`);
    context.out(
      `${style.bold("Why it matters")}\n${paragraph(why)}\n${style.bold("How to fix it")}\n${paragraph(fix)}`,
    );
    if (example !== undefined) {
      context.out(
        `\n${style.bold("Wrong")}\n${block(example.bad)}\n${style.bold("Right")}\n${block(example.good)}`,
      );
    }
    return 0;
  },
};
