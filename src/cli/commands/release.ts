/** `assent release`: flags -> the release operation -> what is in force now, and until when. */
import { resolve } from "node:path";
import type { Command } from "../command.ts";
import { keepFlag, listFlag, selectionOf, textFlag } from "../flags.ts";
import { lifetimesFlag, resolved, resolvedKey } from "../release-flags.ts";
import { Failure } from "../../core/model/failure.ts";

export const release: Command = {
  name: "release",
  summary: "sign what landed, so that services can verify it offline",
  description:
    "Compiles HEAD and wraps it in TUF metadata, in a folder that any static host serves and any TUF client " +
    "reads. Refuses a work tree with changes, errors of the data, a commit that has not landed, an older " +
    "release, and where registry.yaml names a witness whatever audit verify does not pass. What is released " +
    "already is left alone. Keys come from --keys, --key or ASSENT_<ROLE>_KEY, their passphrase from " +
    "--passphrase-file, ASSENT_<ROLE>_PASSPHRASE or ASSENT_KEY_PASSPHRASE.",
  options: [
    {
      flags: "--out <dir>",
      description: "the folder of releases, with the one before (in a job: assent pull first)",
    },
    {
      flags: "--refresh",
      description: "sign a new timestamp only; compile where something expired since (nextChange)",
    },
    { flags: "--keys <dir>", description: "the folder that key generate wrote" },
    {
      flags: "--key <role=file>",
      description: "the encrypted key of targets, snapshot or timestamp",
      repeatable: true,
    },
    { flags: "--passphrase-file <file>", description: "what the keys open with" },
    { flags: "--roots <dir>", description: "the folder of roots (default: trust in the repository)" },
    {
      flags: "--expires <role=duration>",
      description: "how long it stays good (default: targets and snapshot P90D, timestamp P2D)",
      repeatable: true,
    },
    {
      flags: "--keep <n>",
      description: "take away what none of the n newest releases needs (2 or more)",
    },
    {
      flags: "--provenance",
      description: "let the job's identity sign where it comes from (sigstore; a public log keeps it)",
    },
    { flags: "--trust <anchor.json>", description: "the trust anchor that audit verify begins with" },
  ],
  examples: [
    {
      line: "assent release --out dist/release --keys ~/assent-keys",
      does: "releases HEAD; ASSENT_KEY_PASSPHRASE opens the keys",
    },
    { line: "assent release --out dist/release --refresh", does: "for a job that runs every few hours" },
  ],
  async run(context, _args, flags) {
    const [{ release: releaseOperation }, { LIFETIMES }] = await Promise.all([
      import("../../app/release.ts"),
      import("../../core/release/lifetimes.ts"),
    ]);
    const out = textFlag(flags, "out");
    if (out === undefined) {
      throw new Failure("usage/no-out", "release writes into a folder, and none is named.", {
        hint: "Write --out dist/release, for example.",
      });
    }
    const { at, asOf } = context.global;
    if (flags["refresh"] === true && (at !== undefined || asOf !== undefined)) {
      throw new Failure(
        "usage/refresh-what-is-there",
        `--refresh renews the release in ${out} as of now, and cannot be told ${at === undefined ? "--as-of" : "--at"}.`,
        { hint: "Leave that out; or leave out --refresh, and release a commit as of an instant." },
      );
    }
    const result = await releaseOperation(
      {
        ...selectionOf(context),
        out: resolve(context.cwd, out),
        roots: resolved(textFlag(flags, "roots"), context.cwd),
        refresh: flags["refresh"] === true,
        provenance: flags["provenance"] === true,
        keep: keepFlag(flags),
        keys: listFlag(flags, "key").map((typed) => resolvedKey(typed, context.cwd)),
        keysFolder: resolved(textFlag(flags, "keys"), context.cwd),
        passphraseFile: resolved(textFlag(flags, "passphraseFile"), context.cwd),
        lifetimes: lifetimesFlag(flags, LIFETIMES),
        trust: resolved(textFlag(flags, "trust"), context.cwd),
        version: context.version,
      },
      context.ports,
    );
    if ("diagnostics" in result) {
      const { renderUnfit } = await import("../render/unfit.ts");
      context.out(await renderUnfit(result, context));
      context.note("Nothing was released: mend the errors first.\n");
      return 1;
    }
    const { renderReleased } = await import("../render/released.ts");
    context.out(renderReleased(result, out, context.global.format, context));
    return 0;
  },
};
