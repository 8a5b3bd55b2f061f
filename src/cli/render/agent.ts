/** What the agent wrote -> a few lines, or the document itself. */
import type { AgentDocument } from "../../app/agent.ts";
import type { Failure } from "../../core/model/failure.ts";
import type { Style } from "../command.ts";
import { escapeLine } from "./escape.ts";
import { plural } from "./words.ts";

/** `assent.agent/v1`: what stands in the file. */
export function renderAgent(
  document: AgentDocument,
  { format, style, out }: { readonly format: string; readonly style: Style; readonly out: string },
): string {
  if (format === "json") return `${JSON.stringify(document)}\n`;
  const { registry, environment, tenant, state, sequence, asOf, digest, expires, servesUntil, slice } =
    document;
  const word = state === "fresh" ? style.green("written") : style.yellow(state);
  const release = sequence === null ? "a work tree" : `landing ${sequence}`;
  const until =
    expires === null
      ? "unsigned: nothing says how old it may become"
      : `good until ${expires}${servesUntil === expires ? "" : `, served until ${servesUntil ?? "ever"}`}`;
  return [
    `${word}  ${escapeLine(out)}`,
    `  ${registry}  ${environment}${tenant === null ? "" : ` for ${tenant}`}, ${release} as of ${asOf}`,
    `  ${style.dim(digest)}`,
    slice === null
      ? "  nothing in it may be used any more"
      : `  ${plural(slice.scopes.length, "scope")}, ${until}`,
    "",
  ].join("\n");
}

/** Why a refresh failed, on one line. */
export function renderAgentFailure({ code, message }: Failure): string {
  return `error ${code}: ${escapeLine(message)}\n`;
}
