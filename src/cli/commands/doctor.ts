/** `assent doctor`: what is unsafe around the registry, and how to mend it. */
import { examine } from "../../app/doctor.ts";
import type { Command } from "../command.ts";
import { repositoryFlag, selectionOf } from "../flags.ts";
import { escapeLine } from "../render/escape.ts";
import { renderTable } from "../render/table.ts";
import { wrap } from "../render/text.ts";

export const doctor: Command = {
  name: "doctor",
  summary: "find what is unsafe around the registry, and how to mend it",
  description:
    "Looks at this clone, at the workflows and at the lock of the tool that judges; with --github also at the repository's " +
    "rulesets and settings (best with a token of an administrator in GITHUB_TOKEN). Changes nothing. Exit 1 when something is unsafe.",
  options: [
    { flags: "--github <owner/repo>", description: "look at the repository on GitHub too" },
    { flags: "--env", description: "are the variables set that providers need (names only, never values)" },
  ],
  examples: [
    { line: "assent doctor", does: "looks at this clone" },
    { line: "assent doctor --env", does: "also: are the providers' variables set here" },
    { line: "assent doctor --github octo/registry", does: "looks at the rulesets and settings as well" },
  ],
  async run(context, _args, flags) {
    const github = repositoryFlag(flags, context, false);
    const forge = () => context.ports.openForge({ env: context.env, version: context.version });
    const isSet = (name: string): boolean => (context.env[name] ?? "") !== "";
    const asked = flags["env"] === true ? isSet : undefined;
    const {
      ailments,
      forge: looked,
      variables,
    } = await examine({ ...selectionOf(context), github, forge, isSet: asked }, context.ports);
    const errors = ailments.filter(({ definition }) => definition.severity === "error").length;
    if (context.global.format === "json") {
      const diagnostics = ailments.map(({ definition, message, where }) => {
        const { code, severity, fix } = definition;
        return { code, severity, where, message, hint: fix };
      });
      context.out(
        `${JSON.stringify({ format: "assent.doctor/v1", ok: errors === 0, forge: looked, diagnostics, ...(variables && { variables }) })}\n`,
      );
      return errors === 0 ? 0 : 1;
    }
    const { style, columns } = context;
    for (const { definition, message, where } of ailments) {
      const paint = definition.severity === "error" ? style.red : style.yellow;
      context.out(
        `${paint(definition.severity)} ${style.bold(definition.code)}  ${style.dim(escapeLine(where))}\n`,
      );
      for (const line of wrap(escapeLine(message), columns - 2)) context.out(`  ${line}\n`);
      for (const line of wrap(`fix: ${definition.fix}`, columns - 2)) context.out(`  ${style.dim(line)}\n`);
    }
    if (variables !== undefined) {
      const rows = variables.map(({ provider, name, required, present }) => [
        provider,
        name,
        present ? "set" : required ? "missing" : "not set, optional",
      ]);
      context.out(`${renderTable(["PROVIDER", "VARIABLE", ""], rows, columns, style).join("\n")}\n\n`);
    }
    const place = looked ? "here and on GitHub" : "here; --github <owner/repo> looks at the forge too";
    context.out(
      ailments.length === 0
        ? `${style.green("safe")}  nothing unsafe ${place}\n`
        : `\n${ailments.length} found ${place}\n`,
    );
    return errors === 0 ? 0 : 1;
  },
};
