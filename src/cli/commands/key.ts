/** `assent key`: the keys that sign releases; made, exchanged, looked at. */
import { resolve } from "node:path";
import type { Command, CommandContext, Flags } from "../command.ts";
import { listFlag, selectionOf, textFlag, wholeNumber } from "../flags.ts";
import { durationFlag, resolved, resolvedKey } from "../release-flags.ts";
import { jsonLine } from "../render/escape.ts";
import { Failure } from "../../core/model/failure.ts";

const roots = {
  flags: "--roots <dir>",
  description: "the folder of roots (default: trust in the repository)",
};
const passphrase = {
  flags: "--passphrase-file <file>",
  description: "what keys are encrypted with (else ASSENT_KEY_PASSPHRASE)",
};
const expires = {
  flags: "--expires <duration>",
  description: "how long the root stays good (default: P365D)",
};

/** What the commands have in common. */
function common(context: CommandContext, flags: Flags) {
  return {
    folder: selectionOf(context).folder,
    roots: resolved(textFlag(flags, "roots"), context.cwd),
    passphraseFile: resolved(textFlag(flags, "passphraseFile"), context.cwd),
    rootLifetime: durationFlag(flags, "expires"),
  };
}

const generate: Command = {
  name: "generate",
  summary: "make keys, encrypted, and the first root that names them",
  description:
    "Without --role: keys for root, targets, snapshot and timestamp in a folder outside of the repository, and " +
    "trust/1.root.json in it, to be committed and handed to consumers. With --role: one key, whose .pub.json " +
    "goes to whoever composes the root (assent key rotate --add). Secrets are never printed.",
  options: [
    { flags: "--out <dir>", description: "the folder for the keys" },
    { flags: "--role <role>", description: "one key only: root, targets, snapshot or timestamp" },
    { flags: "--root-keys <n>", description: "how many root keys (default: 1)" },
    { flags: "--root-threshold <n>", description: "how many of them must sign a root (default: 1)" },
    passphrase,
    roots,
    expires,
  ],
  examples: [
    {
      line: "assent key generate --out ~/assent-keys --root-keys 3 --root-threshold 2",
      does: "the ceremony, at one desk",
    },
    { line: "assent key generate --role root --out ~/assent-keys", does: "one person's own root key" },
  ],
  async run(context, _args, flags) {
    const out = textFlag(flags, "out");
    if (out === undefined) {
      throw new Failure("usage/no-out", "Keys need a folder of their own, and none is named.", {
        hint: "Write --out ~/assent-keys, for example.",
      });
    }
    const [{ generateKeys }, { ROLES }, { unknownRole }, { renderGenerated }] = await Promise.all([
      import("../../app/key-generate.ts"),
      import("../../core/trust/tuf/metadata.ts"),
      import("../../app/release-keys.ts"),
      import("../render/key.ts"),
    ]);
    const typed = textFlag(flags, "role");
    const role = ROLES.find((one) => one === typed);
    if (typed !== undefined && role === undefined) throw unknownRole(typed);
    const count = (name: string, flag: string): number => wholeNumber(textFlag(flags, name) ?? "1", flag);
    const result = await generateKeys(
      {
        ...common(context, flags),
        out: resolve(context.cwd, out),
        role,
        rootKeys: count("rootKeys", "--root-keys"),
        rootThreshold: count("rootThreshold", "--root-threshold"),
      },
      context.ports,
    );
    context.out(
      context.global.format === "json"
        ? jsonLine({ format: "assent.key-generate/v1", ...result })
        : renderGenerated(result, context),
    );
    return 0;
  },
};

const rotate: Command = {
  name: "rotate",
  summary: "the next root: other keys, other thresholds, a new expiry; signed in as many steps as it takes",
  description:
    "Writes trust/<n+1>.root.json, signed with the keys at hand. It is in force once as many old and as many " +
    "new root keys have signed it as each root asks for; until then exit code 4 says who is missing, and each " +
    "of them runs --sign. Without --add, --remove and --threshold only the expiry is renewed. In a registry " +
    "without a root it begins the first one.",
  options: [
    { flags: "--sign", description: "only add signatures to the root that waits" },
    { flags: "--add <role=file>", description: "a key's .pub.json", repeatable: true },
    {
      flags: "--remove <role=keyid>",
      description: "a key that counts no more; eight digits of its id will do",
      repeatable: true,
    },
    { flags: "--threshold <role=n>", description: "how many keys must sign", repeatable: true },
    { flags: "--key <file>", description: "an encrypted root key to sign with", repeatable: true },
    passphrase,
    roots,
    expires,
  ],
  examples: [
    {
      line: "assent key rotate --remove timestamp=0e6f05b1 --add timestamp=new.pub.json --key root.pem",
      does: "another timestamp key",
    },
    { line: "assent key rotate --sign --key bela.pem", does: "a second signature for a root that waits" },
  ],
  async run(context, _args, flags) {
    const [{ rotateKeys }, { renderRotated }] = await Promise.all([
      import("../../app/key-rotate.ts"),
      import("../render/key.ts"),
    ]);
    const result = await rotateKeys(
      {
        ...common(context, flags),
        signOnly: flags["sign"] === true,
        keys: listFlag(flags, "key").map((typed) => resolvedKey(typed, context.cwd)),
        add: listFlag(flags, "add").map((typed) => resolvedKey(typed, context.cwd)),
        remove: listFlag(flags, "remove"),
        thresholds: listFlag(flags, "threshold"),
      },
      context.ports,
    );
    context.out(
      context.global.format === "json"
        ? jsonLine({ format: "assent.key-rotate/v1", ...result })
        : renderRotated(result, context),
    );
    return result.complete ? 0 : 4;
  },
};

const inspect: Command = {
  name: "inspect",
  summary: "who may sign what, with how many keys, until when; exit code 1 when something has expired",
  options: [
    { flags: "--release <dir>", description: "a folder of releases, to look at its metadata as well" },
    roots,
  ],
  examples: [{ line: "assent key inspect --release dist/release", does: "also what runs out soon" }],
  async run(context, _args, flags) {
    const [{ inspectKeys }, { renderInspected }] = await Promise.all([
      import("../../app/key-inspect.ts"),
      import("../render/key.ts"),
    ]);
    const { folder, roots: named } = common(context, flags);
    const result = await inspectKeys(
      { folder, roots: named, release: resolved(textFlag(flags, "release"), context.cwd) },
      context.ports,
    );
    context.out(
      context.global.format === "json"
        ? jsonLine({ format: "assent.key-inspect/v1", ...result })
        : renderInspected(result, context),
    );
    return result.ok ? 0 : 1;
  },
};

export const key: Command = {
  name: "key",
  summary: "the keys that sign releases: made, exchanged, looked at",
  examples: [],
  subcommands: [generate, rotate, inspect],
};
