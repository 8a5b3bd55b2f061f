/** `assent template`: render a template, and see what another version of it changes. */
import { renderEntry, renderOne, templateDiff } from "../../app/template.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Command } from "../command.ts";
import { readFields } from "../field-flags.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { escapeLine } from "../render/escape.ts";
import {
  templateDiffText,
  templateDiffWire,
  templateFaults,
  templateWire,
  templateYaml,
} from "../render/template.ts";
import { showWritten } from "../render/written.ts";
import { readWriteFlags, writeOptions } from "../write-flags.ts";

const render: Command = {
  name: "render",
  summary: "what a template gives for parameters, as text, a file or an entry",
  description:
    "Parameters are values and stay values: nothing in them is read again. With --as, a pipeline becomes a Pipeline, an " +
    "invocation or a deployment a Config, and the entry records template and parameters; lint renders it again and says " +
    "where the two differ.",
  arguments: [{ name: "<template>", description: "such as template:fraud/score@1.0.0" }],
  options: [
    {
      flags: "--set <name=value>",
      description: "a parameter, or a field of one (retry.max=3); JSON where it takes JSON",
      repeatable: true,
    },
    { flags: "--out <file>", description: "write it there, with a line about where it came from" },
    { flags: "--as <entry>", description: "add it to the registry as this entry" },
    { flags: "--type <type>", description: "what the Config configures (default: parameters)" },
    ...writeOptions,
  ],
  examples: [
    {
      line: "assent template render fraud/score@1.0.0 --set model=model:fraud/scorer@1.1.0",
      does: "shows what it gives",
    },
    {
      line: "assent template render fraud/score@1.0.0 --set model=model:fraud/scorer@1.1.0 --as fraud/score@2.0.0",
      does: "adds the pipeline",
    },
  ],
  async run(context, args, flags) {
    const request = { ...selectionOf(context), template: String(args[0]), sets: readFields(flags) };
    const [as, out, configType] = [textFlag(flags, "as"), textFlag(flags, "out"), textFlag(flags, "type")];
    const { style } = context;
    const isJson = context.global.format === "json";
    const write = readWriteFlags(flags, context);
    if (as !== undefined) {
      if (out !== undefined)
        throw new Failure("usage/out-and-as", "--out writes a file, --as an entry.", {
          hint: "Leave one of them out.",
        });
      const result = await renderEntry({ ...request, as, configType }, write, context.ports);
      const { rendered, ref, written } = result;
      if (written === undefined) {
        context.out(isJson ? `${JSON.stringify(templateWire(rendered))}\n` : templateFaults(rendered, style));
        return 1;
      }
      const { template, parameters } = rendered;
      const next = [
        { command: `assent show ${ref}`, does: "see it, and what is derived" },
        { command: "assent lint --base HEAD", does: "check the change" },
      ];
      return showWritten(written, { title: ref, wire: { ref, template, parameters }, next }, context);
    }
    if (
      write.commit ||
      write.dryRun ||
      write.branch !== undefined ||
      write.pullRequest !== undefined ||
      configType !== undefined
    )
      throw new Failure("usage/as", "Nothing is added to the registry, so there is nothing to commit.", {
        hint: "Say which entry it becomes: --as <entry>.",
      });
    const rendered = await renderOne(request, context.ports);
    const { result } = rendered;
    const wire = `${JSON.stringify(templateWire(rendered))}\n`;
    if ("faults" in result) {
      context.out(isJson ? wire : templateFaults(rendered, style));
      return 1;
    }
    const yaml = templateYaml(rendered, result.value);
    if (out !== undefined) {
      const text = out.endsWith(".json") ? `${JSON.stringify(result.value, null, 2)}\n` : yaml;
      context.ports.writeOutput(request.folder, out, new TextEncoder().encode(text));
    }
    if (isJson) context.out(wire);
    else context.out(out === undefined ? yaml : `${style.green("written")}  ${escapeLine(out)}\n`);
    return 0;
  },
};

const diff: Command = {
  name: "diff",
  summary: "what another version of a template makes of everything that was rendered from it",
  arguments: [
    { name: "<from>", description: "the version that entries were rendered from, or both as <from>..<to>" },
    { name: "[to]", description: "the other version" },
  ],
  examples: [
    {
      line: "assent template diff fraud/score@1.0.0..fraud/score@1.1.0",
      does: "which entries would change, and how",
    },
  ],
  async run(context, args) {
    const [first = "", second] = String(args[0]).split("..", 2);
    const to = args[1] === undefined ? second : String(args[1]);
    if (to === undefined || to === "" || (args[1] !== undefined && second !== undefined))
      throw new Failure("usage/two-versions", "Two versions are compared.", {
        hint: "Write assent template diff <from>..<to>.",
      });
    const result = await templateDiff({ ...selectionOf(context), from: first, to }, context.ports);
    if (context.global.format === "json") context.out(`${JSON.stringify(templateDiffWire(result))}\n`);
    else context.out(templateDiffText(result, context.style));
    return 0;
  },
};

export const template: Command = {
  name: "template",
  summary: "pipelines, invocations and deployments with parameters: render, compare",
  examples: [...render.examples, ...diff.examples],
  subcommands: [render, diff],
};
