/** What is told about the pull request that a writing command opened, or would open. */
import type { Proposed } from "../../app/propose.ts";
import { fullName } from "../../core/model/repository-name.ts";
import type { Style } from "../command.ts";
import { escapeLine, escapeTerminal } from "./escape.ts";

/** Lines for a person; one that is only planned is shown whole. */
export function proposedLines(proposed: Proposed, style: Style): readonly string[] {
  const { state, repo, number, url, branch, base, title, body } = proposed;
  const way = `${escapeLine(branch)} -> ${escapeLine(base)}`;
  if (state !== "planned") {
    const word = state === "unchanged" ? "stands as it was" : state;
    return [
      `  ${word} ${style.bold(`${fullName(repo)}#${number ?? 0}`)}  ${way}`,
      `  ${style.blue(escapeLine(url ?? ""))}`,
    ];
  }
  const text = escapeTerminal(body).trimEnd().split("\n");
  return [
    `  would open a pull request in ${fullName(repo)}: ${way}`,
    `  ${style.bold(escapeLine(title))}`,
    ...text.map((line) => (line === "" ? "" : `    ${line}`)),
  ];
}

/** For the JSON answers of commands that write. */
export function proposedWire(proposed: Proposed | undefined): object | null {
  if (proposed === undefined) return null;
  const { state, repo, number, url, branch, base, title, body } = proposed;
  return { state, repository: fullName(repo), number, url, branch, base, title, body };
}

/** What to type next, once it is open. */
export function proposedNext({
  repo,
  number,
}: Proposed): readonly { readonly command: string; readonly does: string }[] {
  return number === null
    ? []
    : [{ command: `assent gate --github ${fullName(repo)}#${number}`, does: "see who has yet to agree" }];
}
