/** What `assent key` says on a terminal. No secret reaches this file. */
import type { GenerateResult } from "../../app/key-generate.ts";
import type { InspectResult } from "../../app/key-inspect.ts";
import type { RotateResult } from "../../app/key-rotate.ts";
import type { Side } from "../../core/release/root.ts";
import type { CommandContext } from "../command.ts";
import { escapeLine } from "./escape.ts";
import { renderTable } from "./table.ts";

type Place = Pick<CommandContext, "style" | "columns">;

/** Key ids as people compare them: the beginning is enough where all are listed. */
const short = (keyid: string): string => keyid.slice(0, 16);

export function renderGenerated({ keys, root }: GenerateResult, { style, columns }: Place): string {
  const rows = keys.map(({ role, keyid, file }) => [role, short(keyid), file]);
  const lines = [
    ...renderTable(["ROLE", "KEY", "ENCRYPTED FILE"], rows, columns, style),
    "",
    ...(root === null
      ? [
          `Hand ${keys.map(({ publicFile }) => escapeLine(publicFile)).join(", ")} to whoever composes the root.`,
        ]
      : [
          `${style.green("root 1")} of ${escapeLine(root.registry)}, good until ${root.expires}`,
          `  ${escapeLine(root.file)}`,
          "",
          "Commit the root and hand it to consumers. Keep the root keys offline; give targets, snapshot",
          "and timestamp to whoever releases: assent release --out <dir> --keys <dir of these keys>.",
        ]),
  ];
  return `${lines.join("\n")}\n`;
}

export function renderRotated(result: RotateResult, { style }: Place): string {
  const { version, registry, expires, complete, sides, file, signedNow } = result;
  const lines = [
    `${complete ? style.green(`root ${version}`) : style.yellow(`root ${version} waits`)} of ${escapeLine(registry)}, good until ${expires}`,
    `  ${escapeLine(file)}`,
    ...sidesText(sides),
    signedNow.length === 0 ? "  nobody signed it now" : `  signed now by ${signedNow.map(short).join(", ")}`,
    ...(complete
      ? ["", "Commit it; the next assent release publishes it."]
      : ["", "Let those sign who are missing: assent key rotate --sign --key <file>"]),
  ];
  return `${lines.join("\n")}\n`;
}

function sidesText(sides: readonly Side[]): readonly string[] {
  return sides.map(({ whose, threshold, signed, missing }) => {
    const could = missing.length === 0 ? "" : `; not by ${missing.map(short).join(", ")}`;
    return `  ${whose} root keys: ${signed.length} of ${threshold} needed${could}`;
  });
}

export function renderInspected(result: InspectResult, { style, columns }: Place): string {
  const { registry, roles, waiting } = result;
  const words = {
    good: "good",
    soon: "runs out soon",
    expired: "expired",
    unsigned: "not signed by these keys",
  };
  const rows = roles.map(({ role, threshold, keyids, version, expires, standing }) => [
    role,
    `${threshold} of ${keyids.length}`,
    keyids.map((keyid) => keyid.slice(0, 8)).join(" "),
    version === null ? "-" : String(version),
    expires ?? "-",
    standing === null ? "-" : words[standing],
  ]);
  const lines = [
    style.bold(escapeLine(registry)),
    ...renderTable(["ROLE", "NEEDS", "KEYS", "VERSION", "GOOD UNTIL", ""], rows, columns, style, 2),
    ...(waiting === null
      ? []
      : ["", style.yellow(`root ${waiting.version} waits for signatures`), ...sidesText(waiting.sides)]),
  ];
  return `${lines.join("\n")}\n`;
}
