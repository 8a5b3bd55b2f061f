/** `assent codegen`: typed constants of what the registry names, for code. */
import { derive } from "../../app/derived.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Registry } from "../../core/model/registry.ts";
import type { Command } from "../command.ts";
import { selectionOf, textFlag } from "../flags.ts";
import { showDerived } from "../render/derived.ts";

type Language = (registry: Registry) => string;

const languages: Readonly<Record<string, { readonly out: string; readonly load: () => Promise<Language> }>> =
  {
    ts: {
      out: "generated/assent-registry.ts",
      load: async () => {
        const [{ namesOf }, { typescriptOf }] = await Promise.all([
          import("../../core/export/codegen.ts"),
          import("../../core/export/codegen-ts.ts"),
        ]);
        return (registry) => typescriptOf(namesOf(registry));
      },
    },
    python: {
      out: "generated/assent_registry.py",
      load: async () => {
        const [{ namesOf }, { pythonOf }] = await Promise.all([
          import("../../core/export/codegen.ts"),
          import("../../core/export/codegen-python.ts"),
        ]);
        return (registry) => pythonOf(namesOf(registry));
      },
    },
  };

export const codegen: Command = {
  name: "codegen",
  summary: "typed constants of models, aliases, bundles and scopes, for code",
  description:
    "Writes one file for TypeScript or Python: ids, aliases and scopes as constants, what is deprecated marked with why, " +
    "and a shim that warns of ids in tables which code keeps by hand. With --check nothing is written and a stale file is " +
    "exit code 1, for CI.",
  arguments: [{ name: "<language>", description: "ts or python" }],
  options: [
    {
      flags: "--out <file>",
      description: "the file, from the root of the repository (default: generated/...)",
    },
    { flags: "--check", description: "write nothing; exit 1 when the file is stale" },
  ],
  examples: [
    { line: "assent codegen ts --out src/registry.ts", does: "constants for TypeScript" },
    { line: "assent codegen python --check", does: "fails when the module is stale" },
  ],
  async run(context, args, flags) {
    const name = String(args[0]);
    const language = Object.hasOwn(languages, name) ? languages[name] : undefined;
    if (language === undefined)
      throw new Failure("usage/language", `There are no constants for ${JSON.stringify(name)}.`, {
        hint: `Write assent codegen ${Object.keys(languages).join(" or assent codegen ")}.`,
      });
    const write = await language.load();
    const check = flags["check"] === true;
    const request = { ...selectionOf(context), out: textFlag(flags, "out") ?? language.out, check };
    const make = (registry: Registry) => [{ path: "", text: write(registry) }];
    const made = await derive(request, { make, mark: null }, context.ports);
    return showDerived(
      made,
      { format: "assent.codegen/v1", check, command: `assent codegen ${name}` },
      context,
    );
  },
};
