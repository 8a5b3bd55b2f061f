/** A registry that is not compiled because of its errors -> those errors, in the format that was asked for. */
import { countsOf, type Diagnostic } from "../../core/validate/report.ts";
import type { OpenRegistry } from "../../app/read.ts";
import type { CommandContext } from "../command.ts";
import { diagnosticFormats } from "./diagnostics.ts";
import { sourceReader } from "./source.ts";

export async function renderUnfit(
  { diagnostics, registry }: { readonly diagnostics: readonly Diagnostic[]; readonly registry: OpenRegistry },
  { global, style, columns, version }: CommandContext,
): Promise<string> {
  const render = await diagnosticFormats[global.format]?.();
  if (render === undefined) throw new Error(`no renderer for ${global.format}`);
  const sourceOf = sourceReader(registry.registry.tree);
  const report = { entries: registry.files, counts: countsOf(diagnostics), diagnostics };
  return render(report, { style, columns, version, sourceOf });
}
