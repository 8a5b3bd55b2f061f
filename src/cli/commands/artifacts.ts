/** `assent artifacts verify`: opens what entries keep elsewhere, and says of each whether it is what they pin. */
import { resolve } from "node:path";
import { verifyArtifacts, type ArtifactsResult } from "../../app/artifacts.ts";
import { ARTIFACTS_FORMAT } from "../../core/govern/artifacts.ts";
import { millisecondsOfDuration } from "../../core/model/duration.ts";
import { Failure } from "../../core/model/failure.ts";
import type { Command, CommandContext } from "../command.ts";
import { listFlag, selectionOf, textFlag, wholeNumber } from "../flags.ts";
import { escapeLine, jsonLine } from "../render/escape.ts";
import { wrap } from "../render/text.ts";
import { plural } from "../render/words.ts";

const verify: Command = {
  name: "verify",
  summary: "open every artifact of entries, and compare its digest and size",
  description:
    "Streams what bundles, models, configs and evaluations keep elsewhere (file, https, s3, oci), and what\n" +
    "they reach; nothing is held in memory or kept. VERIFIED: these are the bytes. MISMATCH: others are there.\n" +
    "UNREACHABLE: nobody knows. Exit code 1 unless all are VERIFIED. Addresses come from entries: only https,\n" +
    "public hosts and files of this repository are opened unless a flag names more. Secrets are the\n" +
    "environment's: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (AWS_ENDPOINT_URL for another store than\n" +
    "Amazon's), docker's configuration, or ASSENT_OCI_USERNAME and ASSENT_OCI_PASSWORD with ASSENT_OCI_HOST.",
  arguments: [{ name: "[entries...]", description: "references; all entries when none is named" }],
  options: [
    {
      flags: "--allow-folder <folder>",
      description: "a folder that file: addresses may lie in, besides the repository",
      repeatable: true,
    },
    {
      flags: "--allow-host <host>",
      description: "a host (or host:port) that may be asked although it is private or without TLS",
      repeatable: true,
    },
    { flags: "--jobs <n>", description: "how many are read at once (default 4)" },
    { flags: "--timeout <duration>", description: "for one artifact (default PT1H)" },
  ],
  examples: [
    { line: "assent artifacts verify bundle:fraud/score@1.4.0", does: "its files and those it reaches" },
    {
      line: "assent artifacts verify --at HEAD --format json",
      does: "a report that assent gate takes as --verified-artifacts",
    },
  ],
  async run(context, args, flags) {
    const typed = args[0];
    const { env, cwd } = context;
    const jobs = wholeNumber(textFlag(flags, "jobs") ?? "4", "--jobs");
    const result = await verifyArtifacts(
      {
        ...selectionOf(context),
        entries: Array.isArray(typed) ? typed.map(String) : [],
        env,
        folders: listFlag(flags, "allowFolder").map((folder) => resolve(cwd, folder)),
        hosts: listFlag(flags, "allowHost"),
        timeout: timeoutOf(textFlag(flags, "timeout") ?? "PT1H"),
        jobs: Math.max(1, jobs),
      },
      context.ports,
    );
    context.out(context.global.format === "json" ? jsonOf(result) : textOf(result, context));
    return result.ok ? 0 : 1;
  },
};

export const artifacts: Command = {
  name: "artifacts",
  summary: "are the files that entries keep elsewhere the ones they pin",
  examples: verify.examples,
  subcommands: [verify],
};

/** No more than a day: what nobody waits for is no bound. */
function timeoutOf(typed: string): number {
  const milliseconds = millisecondsOfDuration(typed);
  if (milliseconds !== undefined && milliseconds > 0 && milliseconds <= 86_400_000) return milliseconds;
  throw new Failure("usage/duration", `--timeout takes a duration of up to a day, not "${typed}".`, {
    hint: "Write --timeout PT10M, for example.",
  });
}

function jsonOf({ ok, commit, artifacts: all }: ArtifactsResult): string {
  return jsonLine({
    format: ARTIFACTS_FORMAT,
    ok,
    commit,
    counts: countsOf(all),
    artifacts: all.map(({ subject, pointer, uri, digest, size, status, found, reason }) => ({
      subject,
      pointer,
      uri,
      digest,
      size,
      status,
      found: found === null ? null : { digest: found.digest, size: found.size },
      category: status === "VERIFIED" ? null : status === "MISMATCH" ? "invalid" : "unavailable",
      retryable: status === "UNREACHABLE",
      reason,
    })),
  });
}

function countsOf(all: ArtifactsResult["artifacts"]) {
  const count = (wanted: string): number => all.filter(({ status }) => status === wanted).length;
  return { verified: count("VERIFIED"), mismatch: count("MISMATCH"), unreachable: count("UNREACHABLE") };
}

function textOf({ artifacts: all }: ArtifactsResult, { style, columns }: CommandContext): string {
  const lines = all.flatMap(({ subject, uri, digest, status, found, reason }) => {
    const paint = status === "VERIFIED" ? style.green : status === "MISMATCH" ? style.red : style.yellow;
    const more = [
      // The address stands above already.
      ...(reason === null ? [] : [reason.replace(/^[a-z0-9+.-]+:\S*: /, "")]),
      ...(status === "MISMATCH"
        ? [`pinned ${digest}`, `found  ${found?.digest ?? "not read to its end"}`]
        : []),
    ];
    return [
      `${paint(status.padEnd(11))}  ${escapeLine(subject)}`,
      `             ${style.dim(escapeLine(uri))}`,
      ...more.flatMap((line) => wrap(escapeLine(line), columns - 13)).map((line) => `             ${line}`),
    ];
  });
  const { verified, mismatch, unreachable } = countsOf(all);
  const bad = [
    ...(mismatch > 0 ? [`${mismatch} with other bytes`] : []),
    ...(unreachable > 0 ? [`${unreachable} not reached`] : []),
  ];
  const sum =
    all.length === 0
      ? "Nothing is kept elsewhere."
      : `${verified} of ${plural(all.length, "artifact")} verified`;
  return `${[...lines, ...(lines.length > 0 ? [""] : []), [sum, ...bad].join(", ")].join("\n")}\n`;
}
