/** `assent policy`: policies that come with the program, listed, read and brought into a registry, bound. */
import { addPack, bindPolicy, packNamed, type PolicyWritten } from "../../app/policy.ts";
import { packs } from "../../core/author/packs/index.ts";
import { pageOfPack } from "../../core/author/pack-page.ts";
import type { Command, CommandContext, ExitCode } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { showWritten, type Shown } from "../render/written.ts";
import { wrap } from "../render/text.ts";
import { plural } from "../render/words.ts";
import { readWriteFlags, writeOptions } from "../write-flags.ts";

const name = { name: "<pack>", description: "one of those that assent policy list shows" };

const list: Command = {
  name: "list",
  summary: "the policies that come with the program",
  examples: [{ line: "assent policy list", does: "every pack, with what it asks for" }],
  run(context) {
    if (context.global.format === "json") {
      const rows = packs.map(({ name: pack, version, title, summary, spec, environment = null }) => ({
        name: pack,
        version,
        title,
        summary,
        appliesTo: spec.appliesTo,
        rules: spec.rules.length,
        environment,
      }));
      context.out(`${JSON.stringify({ format: "assent.packs/v1", packs: rows })}\n`);
    } else {
      const width = Math.max(...packs.map((pack) => pack.name.length));
      const room = context.columns - width - 4;
      for (const pack of packs) {
        const [first = "", ...rest] = wrap(pack.summary, room);
        context.out(`  ${context.style.bold(pack.name.padEnd(width))}  ${first}\n`);
        for (const line of rest) context.out(`${" ".repeat(width + 4)}${line}\n`);
      }
      context.out(`\nRead one: assent policy show ${packs[0]?.name ?? "<pack>"}\n`);
    }
    return Promise.resolve(0);
  },
};

const show: Command = {
  name: "show",
  summary: "the page of a pack: its rules, what they read, what to know before binding it",
  arguments: [name],
  formats: ["markdown"],
  examples: [{ line: "assent policy show licence-allow-list", does: "what it asks, and how to bring it in" }],
  run(context, args) {
    const pack = packNamed(String(args[0]));
    const page = pageOfPack(pack);
    if (context.global.format === "json") {
      const { name: named, version, title, summary, spec, schemas = {} } = pack;
      const answer = {
        format: "assent.pack/v1",
        name: named,
        version,
        title,
        summary,
        spec,
        schemas,
      };
      context.out(`${JSON.stringify({ ...answer, page })}\n`);
    } else context.out(page);
    return Promise.resolve(0);
  },
};

const add: Command = {
  name: "add",
  summary: "bring a pack into the registry as a Policy",
  description:
    "Writes the pack's Policy, which judges nobody until it is bound. Read it, change what should be otherwise here, and let " +
    "it land; then bind it. A Policy that is there already stays as it is.",
  arguments: [name],
  options: [
    { flags: "--namespace <name>", description: "where the Policy belongs (default: core)" },
    ...writeOptions,
  ],
  examples: [
    { line: "assent policy add licence-allow-list", does: "writes the policy, which judges nobody yet" },
  ],
  async run(context, args, flags) {
    const request = {
      ...selectionOf(context),
      pack: String(args[0]),
      namespace: textFlag(flags, "namespace") ?? "core",
    };
    const result = await addPack(request, readWriteFlags(flags, context), context.ports);
    const { environment } = packNamed(request.pack);
    const bound = `assent policy bind ${request.pack}${environment === undefined ? "" : ` ${environment}`}`;
    const next = [
      { command: `assent show ${result.policy}`, does: "read it, and edit it before it lands" },
      { command: bound, does: "once it has landed: make it judge" },
    ];
    return showPolicy(result, next, context);
  },
};

const bind: Command = {
  name: "bind",
  summary: "make a policy judge all that it can, in an environment or everywhere",
  description:
    "Writes a PolicyBinding, and the MetadataSchemas that the rules of a pack read. A binding enforces per change: entries " +
    "that do not meet the policy stay as they are and show as non-compliant; a change that touches one is denied. The Policy " +
    "lands first: bindings are rules, policies are catalogue, and one change never holds both.",
  arguments: [
    { name: "<policy>", description: "a Policy; without its version the highest one" },
    { name: "[environment]", description: "only there (default: everywhere)" },
  ],
  options: [{ flags: "--warn", description: "show who does not meet it, and deny nothing" }, ...writeOptions],
  examples: [
    {
      line: "assent policy bind no-deprecated-in-prod prod --commit",
      does: "what goes live in prod must be current, from this landing on",
    },
    { line: "assent policy bind licence-allow-list --warn", does: "first see who would not meet it" },
  ],
  async run(context, args, flags) {
    const request = {
      ...selectionOf(context),
      policy: String(args[0]),
      environment: args[1] === undefined ? null : String(args[1]).replace(/^environment:/, ""),
      mode: flags["warn"] === true ? ("warn" as const) : ("enforce" as const),
    };
    const result = await bindPolicy(request, readWriteFlags(flags, context), context.ports);
    return showPolicy(result, [{ command: "assent lint", does: "see who does not meet it" }], context);
  },
};

function showPolicy(result: PolicyWritten, next: Shown["next"], context: CommandContext): ExitCode {
  const { policy: title, refs, kept, unmet, outcome } = result;
  for (const ref of outcome === "unchanged" ? [] : kept)
    context.note(`${ref} is here already and stays as it is\n`);
  if (unmet > 0 && outcome !== "refused")
    context.note(
      `${plural(unmet, "finding")} among what is here; they stop nothing but changes of the same entries\n`,
    );
  return showWritten(result, { title, wire: { policy: title, refs, kept, unmet }, next }, context);
}

export const policy: Command = {
  name: "policy",
  summary: "policies that come with the program: list, read, bring in, bind",
  examples: [...list.examples, ...add.examples, ...bind.examples],
  subcommands: [list, show, add, bind],
};
