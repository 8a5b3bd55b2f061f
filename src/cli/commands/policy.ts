/** `assent policy`: policies that come with the program, listed, read and brought into a registry. */
import { addPack, packNamed } from "../../app/policy.ts";
import { packs } from "../../core/author/packs/index.ts";
import { pageOfPack } from "../../core/author/pack-page.ts";
import type { Command } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { showWritten } from "../render/written.ts";
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
        const [first = "", ...rest] = wrapped(pack.summary, room);
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
      const { name: named, version, title, summary, spec, schemas = {}, selector } = pack;
      const answer = {
        format: "assent.pack/v1",
        name: named,
        version,
        title,
        summary,
        selector,
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
  summary: "bring a pack into the registry, and bind it",
  description:
    "Writes the pack's Policy and the MetadataSchemas that its rules read; with --bind also a PolicyBinding. What is there " +
    "already stays as it is, so that the same command binds a policy in a further environment. A binding enforces per " +
    "change: entries that violate the policy today stay, and a change that touches one is denied.",
  arguments: [name],
  options: [
    {
      flags: "--bind [environment]",
      description: "bind it in this environment; without a name everywhere",
    },
    { flags: "--warn", description: "bind it without denying anything" },
    { flags: "--namespace <name>", description: "where the Policy belongs (default: core)" },
    ...writeOptions,
  ],
  examples: [
    { line: "assent policy add licence-allow-list", does: "writes the policy, which judges nobody yet" },
    {
      line: "assent policy add no-deprecated-in-prod --bind prod --commit",
      does: "what goes live in prod must be current, from this landing on",
    },
  ],
  async run(context, args, flags) {
    const { bind } = flags;
    const environment = typeof bind === "string" ? bind.replace(/^environment:/, "") : null;
    const request = {
      ...selectionOf(context),
      pack: String(args[0]),
      namespace: textFlag(flags, "namespace") ?? "core",
      bind:
        bind === undefined
          ? null
          : { environment, mode: flags["warn"] === true ? ("warn" as const) : ("enforce" as const) },
    };
    const result = await addPack(request, readWriteFlags(flags, context), context.ports);
    const { pack, refs, kept, unmet } = result;
    const policy = refs.find((ref) => ref.startsWith("policy:")) ?? "";
    for (const ref of result.outcome === "unchanged" ? [] : kept)
      context.note(`${ref} is here already and stays as it is\n`);
    const next =
      request.bind === null
        ? [
            { command: `assent show ${policy}`, does: "read it, and edit it before it lands" },
            {
              command: `assent policy add ${pack.name} --bind${pack.environment === undefined ? "" : ` ${pack.environment}`}`,
              does: "make it judge",
            },
          ]
        : [{ command: "assent lint", does: "see who does not meet it" }];
    if (unmet > 0 && result.outcome !== "refused")
      context.note(
        `${plural(unmet, "finding")} among what is here; they stop nothing but changes of the same entries\n`,
      );
    return showWritten(
      result,
      { title: policy, wire: { pack: pack.name, refs, kept, unmet }, next },
      context,
    );
  },
};

export const policy: Command = {
  name: "policy",
  summary: "policies that come with the program: list, read, bring in",
  examples: [...list.examples, ...add.examples],
  subcommands: [list, show, add],
};

/** Words in lines of at most so many characters. */
function wrapped(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
