/**
 * A provider.toml of models.dev -> the content of a Provider entry: names of environment variables, never a value.
 */
import type { Finding } from "../model/diagnostic.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { fieldsOf, type Fields, type Sink } from "./fields.ts";
import { noteOf } from "./models-dev-model.ts";
import { compact } from "./record.ts";
import type { TomlFile } from "./toml.ts";

/** Variables whose content must be kept secret, by their names. */
const secretName = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/;
const webAddress = /^https?:\/\/[^\s<>"]{1,1990}$/;
const variableName = /^[A-Za-z_0-9][A-Za-z0-9_]{0,99}$/;
const carried: ReadonlySet<string> = new Set(["name", "env", "api", "npm", "doc"]);

/** Builds the entry's content; what has another form than its field is reported and left out. */
export function providerValue(
  file: string,
  id: string,
  source: TomlFile,
  add: (finding: Finding) => void,
  dropped: Map<string, number>,
): JsonObject {
  const sink: Sink = { dropped, report: (definition, message) => add({ definition, message, at: { file } }) };
  const fields = fieldsOf(source.value, sink);
  fieldsOf(source.value, sink, "provider.toml ").countOthers(carried);
  const address = (key: string): Json | undefined => {
    const found = source.value[key];
    if (found === undefined || (typeof found === "string" && webAddress.test(found))) return found;
    return fields.wrong(key, "no web address");
  };
  return compact({
    title: fields.text("name", 200) ?? id,
    env: envOf(fields),
    baseUrl: address("api"),
    sdk: fields.text("npm", 200),
    docs: address("doc"),
    sources: [compact({ path: file, note: noteOf(source.comment, sink) })],
  });
}

/** One variable is required; of several the source does not say which belong together, so none is called so. */
function envOf(fields: Fields): readonly JsonObject[] | undefined {
  const env = fields.value["env"];
  if (env === undefined) return undefined;
  const list: readonly Json[] = Array.isArray(env) ? env : [];
  const names = list.filter((name): name is string => typeof name === "string" && variableName.test(name));
  if (!Array.isArray(env) || names.length !== list.length) fields.wrong("env", "no list of variable names");
  const unique = [...new Set(names)].slice(0, 50);
  if (unique.length === 0) return undefined;
  return unique.map((name) => ({ name, required: unique.length === 1, secret: secretName.test(name) }));
}
