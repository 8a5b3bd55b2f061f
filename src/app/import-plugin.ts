/**
 * Importers of plugins as formats: what a pinned plugin makes of a text is read as `assent import json` reads a
 * stranger's JSON, and goes the way of every import from there.
 */
import { json } from "../core/import/json.ts";
import type { ImportFormat } from "../core/import/record.ts";
import { Failure } from "../core/model/failure.ts";
import { pluginsOf } from "../core/plugin/pinned.ts";
import { choosePart, readForeign } from "../core/plugin/texts.ts";
import { decodeText } from "../core/source/parse.ts";
import { noPart } from "./plugin.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";

/** How a format is spelled that is a plugin's. */
export const PLUGIN_FORMAT = "plugin:";

/** The format of `plugin:<plugin>` or `plugin:<plugin>/<importer>`, from the work tree's pins. */
export async function pluginFormat(
  spelled: string,
  selection: Selection,
  ports: Ports,
): Promise<ImportFormat> {
  const name = spelled.slice(PLUGIN_FORMAT.length);
  const { registry, sandbox } = await openRegistry(selection, ports);
  const chosen = choosePart(pluginsOf(registry, sandbox), "importers", name);
  if ("fault" in chosen) throw noPart("importer", name, chosen);
  const { plugin, part } = chosen;
  return {
    ...json,
    name: `${PLUGIN_FORMAT}${plugin.pinned.name}/${part}`,
    summary: plugin.manifest.importers.find((each) => each.name === part)?.summary ?? "",
    looksRight: () => true,
    read({ files }, wanted, hints) {
      const encoder = new TextEncoder();
      const read = files.map((file) => {
        if (file.kind !== "file") return file;
        const said = readForeign(plugin, part, decodeText(file.bytes));
        if ("value" in said) return { ...file, bytes: encoder.encode(JSON.stringify(said.value)) };
        throw new Failure("import/plugin", `The plugin cannot read ${file.path}: ${said.fault}.`, {
          hint: `Mend the file, or try the plugin: assent plugin test ${plugin.pinned.name}`,
        });
      });
      return json.read({ files: read }, wanted, hints);
    },
  };
}
