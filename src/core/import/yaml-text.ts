/**
 * Foreign YAML, read without trust: one document of the core schema, no anchors, aliases, tags or merges, no key twice,
 * of bounded size, depth and number of keys. The bounds are wider than a registry file's, because catalogues come as one file.
 */
import { isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import type { Json } from "../model/json.ts";
import { composeTokens, tokensOf } from "../source/compose.ts";
import { isForbiddenKey, MAX_DEPTH } from "../source/limits.ts";
import { quoted } from "./text.ts";

const mostBytes = 8 * 1024 * 1024;
/** A catalogue of ten thousand models. */
const mostKeys = 200_000;
const mostItems = 300_000;

/** A text to a value, or the reason as a sentence why not. */
export function readYaml(text: string): { readonly value: Json } | { readonly reason: string } {
  if (text.length > mostBytes)
    return { reason: `Its YAML has ${text.length} characters; at most ${mostBytes} are read.` };
  // Items of lists are no keys, and the library takes long over millions of them: each has a line or a comma.
  const items = countOf(text, "\n") + countOf(text, ",");
  if (items > mostItems)
    return { reason: `It has ${items} lines and commas; at most ${mostItems} are read.` };
  const made = tokensOf(text, mostKeys);
  if ("beyond" in made)
    return {
      reason:
        made.beyond === "depth"
          ? `It is nested more than ${MAX_DEPTH} deep.`
          : `It has more than ${mostKeys} keys.`,
    };
  const documents = composeTokens(made.tokens, text);
  const [document] = documents;
  if (document === undefined || documents.length > 1) return { reason: "It is not one YAML document." };
  const [error] = document.errors;
  if (error !== undefined)
    return { reason: `It is no YAML (${(error.message.split("\n")[0] ?? "").slice(0, 200)}).` };
  const reader = { reason: undefined as string | undefined, keys: 0 };
  const value = plain(document.contents, reader);
  return reader.reason === undefined ? { value } : { reason: reader.reason };
}

/** The tokenizer has bounded the depth, so this may recurse. */
function plain(node: Node | null, reader: { reason: string | undefined; keys: number }): Json {
  const refuse = (reason: string): null => {
    reader.reason ??= reason;
    return null;
  };
  if (node === null) return null;
  if (isAlias(node)) return refuse("It uses an alias (*name), which can make little text mean very much.");
  if (node.tag !== undefined && !standard.has(node.tag))
    return refuse(`It uses the tag ${quoted(node.tag)}.`);
  if ("anchor" in node && node.anchor !== undefined) return refuse("It uses an anchor (&name).");
  if (++reader.keys > mostKeys) return refuse(`It has more than ${mostKeys} keys and items.`);
  if (isScalar(node)) {
    const { value } = node;
    if (typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value !== "number") return null;
    return Number.isFinite(value) ? value : refuse(`${String(value)} is no finite number.`);
  }
  if (isSeq(node)) return node.items.map((item) => plain(nodeOf(item), reader));
  if (!isMap(node)) return refuse("It holds something that is neither map, list nor value.");
  const out: Record<string, Json> = {};
  for (const pair of node.items) {
    const name = nodeOf(pair.key);
    const key = isScalar(name) ? (name.source ?? String(name.value)) : undefined;
    if (key === undefined) return refuse("A key is no text.");
    if (isForbiddenKey(key)) return refuse(`The key ${quoted(key)} is not allowed in any source.`);
    if (key === "<<") return refuse("It merges maps (<<).");
    if (Object.hasOwn(out, key)) return refuse(`The key ${quoted(key)} stands twice in one map.`);
    out[key] = plain(nodeOf(pair.value), reader);
  }
  return out;
}

function countOf(text: string, char: string): number {
  let count = 0;
  for (let at = text.indexOf(char); at >= 0; at = text.indexOf(char, at + 1)) count++;
  return count;
}

function nodeOf(value: unknown): Node | null {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value : null;
}

const standard: ReadonlySet<string> = new Set(
  ["str", "int", "float", "bool", "null", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`),
);
