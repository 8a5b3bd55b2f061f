/**
 * The texts that source code quotes, with their places: enough to see the names of models in any language, in one pass and
 * without reading the language. What it misreads (a quote inside a comment, say) costs a name, never more.
 */

export interface Literal {
  readonly text: string;
  /** UTF-16 offsets of the text inside the file. */
  readonly start: number;
  readonly end: number;
  /** What it is assigned to on its line, where that shows: `model`, `modelName`, `MODEL_ID`. */
  readonly key: string | undefined;
}

const longest = 160;
/** Lines longer than this are no code that people write (bundles, data). */
const longestLine = 2_000;
const plausible = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{1,158}$/;
/** `model: gpt-4o`, `MODEL=gpt-4o`: values without quotes, in files of settings only. */
const bare = /^[\s-]*([A-Za-z_][\w.-]*)\s*[:=]\s*([A-Za-z0-9][\w.:/@+-]{1,158})\s*(?:#.*)?$/;
const keyBefore = /([A-Za-z_][\w.-]*)["'`]?\s*(?::|=|=>|:=)\s*$/;

/** The literals of a text, in order. `settings`: a file whose values need no quotes. */
export function* literalsOf(text: string, settings: boolean): Generator<Literal> {
  let from = 0;
  while (from < text.length) {
    const lf = text.indexOf("\n", from);
    const to = lf < 0 ? text.length : lf;
    if (to - from <= longestLine) yield* inLine(text.slice(from, to), from, settings);
    from = to + 1;
  }
}

function* inLine(line: string, from: number, settings: boolean): Generator<Literal> {
  if (settings) {
    const [, key, value] = bare.exec(line) ?? [];
    if (key !== undefined && value !== undefined) {
      const start = from + line.indexOf(value, line.indexOf(key) + key.length);
      yield { text: value, start, end: start + value.length, key };
      return;
    }
  }
  let at = 0;
  while (at < line.length) {
    const open = line.slice(at).search(/["'`]/);
    if (open < 0) return;
    const start = at + open + 1;
    const close = line.indexOf(line[start - 1] ?? "", start);
    if (close < 0) return;
    const inner = line.slice(start, close);
    if (inner.length <= longest && plausible.test(inner)) {
      const [, key] = keyBefore.exec(line.slice(Math.max(0, start - 100), start - 1)) ?? [];
      yield { text: inner, start: from + start, end: from + close, key };
    }
    at = close + 1;
  }
}
