/** `assent audit`: append evidence, prove history, hand it to an auditor. */
import { auditDocument } from "../../core/audit/verify-wire.ts";
import type { Command } from "../command.ts";
import { listFlag, repositoryFlag, selectionOf, textFlag, wholeNumber } from "../flags.ts";
import { renderAuditText, renderExportText, renderRecordText } from "../render/audit.ts";
import { jsonLine } from "../render/escape.ts";

const trust = {
  flags: "--trust <anchor.json>",
  description: "the trust anchor, handed over outside the repository",
};

const record: Command = {
  name: "record",
  summary: "append a signed record for every landing that has none",
  description:
    "Catches up from the last recorded landing to the tip, one record a landing on the branch\n" +
    "registry-evidence. Decides with the clock of now, or of --as-of. May run twice at once, again, or be\n" +
    "killed: records are appended whole or not at all. What should not have landed is recorded as VIOLATION.",
  options: [
    {
      flags: "--key <file>",
      description: "the witness's ed25519 key (else ASSENT_WITNESS_KEY, else the workflow's identity)",
    },
    {
      flags: "--reviews <file>",
      description: "what the forge said about a pull request; give it for each",
      repeatable: true,
    },
    {
      flags: "--verified-artifacts <file>",
      description: "what `artifacts verify --at <landing>` reported to this witness; give it for each",
      repeatable: true,
    },
    {
      flags: "--github <owner/repo>",
      description: "ask GitHub about the pull requests that landed (GITHUB_TOKEN)",
    },
    {
      flags: "--checkpoint <file>",
      description: "write a signed checkpoint of the history, to be kept elsewhere",
    },
    { flags: "--outside", description: "this runs outside of the repository that it judges" },
  ],
  examples: [
    { line: "assent audit record --key ~/.ssh/witness", does: "records everything that has landed since" },
  ],
  async run(context, _args, flags) {
    const { recordEvidence } = await import("../../app/audit/record.ts");
    const { env, version, ports } = context;
    const repo = repositoryFlag(flags, context, false);
    const forge = repo === undefined ? undefined : { repo, forge: await ports.openForge({ env, version }) };
    const result = await recordEvidence(
      {
        ...selectionOf(context),
        keyFile: textFlag(flags, "key"),
        reviews: listFlag(flags, "reviews"),
        artifacts: listFlag(flags, "verifiedArtifacts"),
        forge,
        checkpoint: textFlag(flags, "checkpoint"),
        isOutside: flags["outside"] === true,
        version,
      },
      ports,
    );
    const { branch, evidence, recorded, records, unhealed } = result;
    context.out(
      context.global.format === "json"
        ? jsonLine({ format: "assent.audit-record/v1", branch, evidence, records, recorded, unhealed })
        : renderRecordText(result, context),
    );
    return recorded.some(({ decision }) => decision === "VIOLATION") ? 1 : 0;
  },
};

const verify: Command = {
  name: "verify",
  summary: "prove that every landing was agreed to under the rules then in force",
  description:
    "Reads this clone and nothing else: every object is hashed, every decision made again. Without --trust\n" +
    "the repository vouches for itself (trust on first use). Exit code 1 on any violation, gap, fork or\n" +
    "landing without a record.",
  options: [
    trust,
    {
      flags: "--sigstore-root <file>",
      description: "sigstore's trusted root for certificates of witnesses (else the registry's own)",
    },
    { flags: "--checkpoint <file>", description: "a checkpoint that the history must hold" },
    { flags: "--afresh", description: "verify everything, whatever this clone remembers" },
  ],
  examples: [
    {
      line: "assent audit verify --trust anchor.json",
      does: "proves the whole history from a pinned beginning",
    },
    { line: "assent audit verify --format json", does: "for other programs; holds the anchor to pin" },
  ],
  async run(context, _args, flags) {
    const { verifyAudit } = await import("../../app/audit/verify.ts");
    const report = await verifyAudit(
      {
        ...selectionOf(context),
        trust: textFlag(flags, "trust"),
        sigstoreRoot: textFlag(flags, "sigstore-root"),
        checkpoint: textFlag(flags, "checkpoint"),
        afresh: flags["afresh"] === true,
        version: context.version,
      },
      context.ports,
    );
    context.out(
      context.global.format === "json" ? jsonLine(auditDocument(report)) : renderAuditText(report, context),
    );
    return report.ok ? 0 : 1;
  },
};

const exported: Command = {
  name: "export",
  summary: "everything an auditor needs, in one archive that standard tools re-verify",
  description:
    "Events, decisions, evidence, keys and the rules in force, with a page to read and a script that\n" +
    "verifies it all with Python's standard library and openssl. The same history gives the same bytes.",
  options: [
    { flags: "--out <file>", description: "the archive (a tar file)" },
    { flags: "--from <instant>", description: "decisions of landings from this instant on" },
    { flags: "--to <instant>", description: "decisions of landings before this instant" },
    { flags: "--sample <n>", description: "draw this many decisions, the same ones for the same seed" },
    { flags: "--seed <text>", description: "what the sample follows from (default: 0)" },
    { flags: "--action <action>", description: "decisions with this action only, such as promote" },
    { flags: "--key <file>", description: "the witness's key: puts a signed checkpoint into the archive" },
    trust,
  ],
  examples: [
    { line: "assent audit export --out audit.tar", does: "writes all of it" },
    {
      line: "assent audit export --out q2.tar --from 2026-04-01T00:00:00Z --to 2026-07-01T00:00:00Z --sample 25 --seed 7 --action promote",
      does: "25 promotions of a quarter",
    },
  ],
  async run(context, _args, flags) {
    const { exportAudit } = await import("../../app/audit/export.ts");
    const sample = textFlag(flags, "sample");
    const result = await exportAudit(
      {
        ...selectionOf(context),
        out: textFlag(flags, "out"),
        from: textFlag(flags, "from"),
        to: textFlag(flags, "to"),
        sample: sample === undefined ? undefined : wholeNumber(sample, "--sample"),
        seed: textFlag(flags, "seed") ?? "0",
        action: textFlag(flags, "action"),
        keyFile: textFlag(flags, "key"),
        trust: textFlag(flags, "trust"),
        version: context.version,
      },
      context.ports,
    );
    const { path, digest, length, files, decisions, ok } = result;
    context.out(
      context.global.format === "json"
        ? jsonLine({ format: "assent.audit-export/v1", ok, path, digest, length, files, decisions })
        : renderExportText(result, context),
    );
    return ok ? 0 : 1;
  },
};

export const audit: Command = {
  name: "audit",
  summary: "append evidence; prove history; hand it to an auditor",
  examples: [],
  subcommands: [record, verify, exported],
};
