/** The grammar of GTO's tags (gto/constants.py, `tag_re`), read in one pass over a bounded name. It must never guess. */

export interface GtoTag {
  /** With its folder, as GTO shows it: `models:churn`. */
  readonly artifact: string;
  /** Without the `v`. */
  readonly version: string | undefined;
  readonly stage: string | undefined;
  readonly deprecated: boolean;
  /** `!`: a version deregistered, a stage unassigned. */
  readonly cancel: boolean;
  /** The number behind the last `#`; 0 without one. */
  readonly counter: number;
}

const longest = 300;
const name = "[a-z0-9](?:[a-z0-9/-]*[a-z0-9])?";
const artifactPattern = new RegExp(`^(?:[a-z0-9_./-]+=)?${name}$`);
const stagePattern = new RegExp(`^${name}$`);

/** Reads the name of a tag; undefined when GTO would pass it over. */
export function parseTag(text: string): GtoTag | undefined {
  if (text.length > longest) return undefined;
  const at = text.search(/[@#]/);
  if (at < 1 || !artifactPattern.test(text.slice(0, at))) return undefined;
  const artifact = text.slice(0, at).replace("=", ":");
  const [, body = "", number] = /^(.*?)(?:#(\d{1,9}))?$/.exec(text.slice(at + 1)) ?? [];
  const cancel = body.endsWith("!");
  const word = cancel ? body.slice(0, -1) : body;
  const tag = {
    artifact,
    version: undefined,
    stage: undefined,
    deprecated: false,
    cancel,
    counter: Number(number ?? 0),
  };
  if (text[at] === "#") return stagePattern.test(word) ? { ...tag, stage: word } : undefined;
  if (/^v\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/.test(word)) return { ...tag, version: word.slice(1) };
  if (cancel) return undefined;
  if (word === "deprecated") return { ...tag, deprecated: true };
  return word === "created" ? tag : undefined;
}
