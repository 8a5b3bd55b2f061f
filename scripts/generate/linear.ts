/**
 * Proves that a regular expression cannot backtrack badly. A pattern is taken apart into positions (one for each
 * character it can eat); it passes when, inside every repetition, the next character alone decides which position
 * comes next, and no repetition can eat nothing or be split in two ways. Then a matcher that backtracks has at most
 * a fixed number of ways to try, however long the text, so its time is proportional to the text.
 * The proof is sufficient, not necessary: some harmless patterns are refused, no harmful one passes.
 */

type Range = readonly [from: number, to: number];
type CharSet = readonly Range[];

interface Position {
  readonly set: CharSet;
  readonly source: string;
  inLoop: boolean;
}

interface Part {
  readonly nullable: boolean;
  readonly first: readonly number[];
  readonly last: readonly number[];
}

const LAST_CODE_POINT = 0x10ffff;
const ANY: CharSet = [[0, LAST_CODE_POINT]];
const NOTHING: Part = { nullable: true, first: [], last: [] };
const SPACES: CharSet = [
  [9, 13],
  [32, 32],
  [160, 160],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

/** Why a pattern may take more than linear time, or null when it provably does not. */
export function ambiguityOf(pattern: string): string | null {
  if (!pattern.startsWith("^") || !pattern.endsWith("$")) return "it is not anchored at both ends";
  try {
    new Prover(Array.from(pattern.slice(1, -1))).prove();
    return null;
  } catch (error) {
    if (error instanceof Ambiguity) return error.message;
    throw error;
  }
}

class Ambiguity extends Error {}

/** One walk over one pattern: parses it and collects its positions and which of them may follow which. */
class Prover {
  readonly #chars: readonly string[];
  readonly #positions: Position[] = [];
  readonly #follow = new Map<number, Set<number>>();
  #at = 0;

  constructor(chars: readonly string[]) {
    this.#chars = chars;
  }

  prove(): void {
    this.#choice();
    if (this.#at < this.#chars.length) throw new Ambiguity(`what is ${this.#rest()}?`);
    for (const [from, next] of this.#follow) {
      if (this.#positions[from]!.inLoop) this.#mustDiffer([...next], this.#positions[from]!.source);
    }
  }

  #choice(): Part {
    let part = this.#sequence();
    while (this.#take("|")) {
      const other = this.#sequence();
      part = {
        nullable: part.nullable || other.nullable,
        first: [...part.first, ...other.first],
        last: [...part.last, ...other.last],
      };
    }
    return part;
  }

  #sequence(): Part {
    let part = NOTHING;
    while (this.#at < this.#chars.length && this.#chars[this.#at] !== "|" && this.#chars[this.#at] !== ")") {
      const next = this.#repeated();
      this.#connect(part.last, next.first);
      part = {
        nullable: part.nullable && next.nullable,
        first: part.nullable ? [...part.first, ...next.first] : part.first,
        last: next.nullable ? [...part.last, ...next.last] : next.last,
      };
    }
    return part;
  }

  #repeated(): Part {
    const begin = this.#positions.length;
    const part = this.#atom();
    const bounds = this.#bounds();
    if (bounds === null) return part;
    const [least, most] = bounds;
    if (most > 1) {
      if (part.nullable) throw new Ambiguity("a repetition can eat nothing");
      for (const position of this.#positions.slice(begin)) position.inLoop = true;
      this.#connect(part.last, part.first);
    }
    return least === 0 ? { ...part, nullable: true } : part;
  }

  #bounds(): readonly [number, number] | null {
    if (this.#take("?")) return [0, 1];
    if (this.#take("*")) return [0, Infinity];
    if (this.#take("+")) return [1, Infinity];
    const counted = /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.#rest());
    if (counted === null) return null;
    this.#at += counted[0].length;
    const least = Number(counted[1]);
    const most = counted[2] === undefined ? least : counted[3] === "" ? Infinity : Number(counted[3]);
    return [least, most];
  }

  #atom(): Part {
    if (this.#take("(")) {
      if (!this.#take("?") || !this.#take(":"))
        throw new Ambiguity("only groups of the form (?:...) are understood");
      const part = this.#choice();
      if (!this.#take(")")) throw new Ambiguity("a group is not closed");
      return part;
    }
    const start = this.#at;
    const set = this.#take("[") ? this.#class() : this.#take(".") ? ANY : this.#single();
    const index = this.#positions.length;
    this.#positions.push({ set, source: this.#chars.slice(start, this.#at).join(""), inLoop: false });
    return { nullable: false, first: [index], last: [index] };
  }

  #class(): CharSet {
    const negated = this.#take("^");
    const ranges: Range[] = [];
    while (!this.#take("]")) {
      if (this.#at >= this.#chars.length) throw new Ambiguity("a class is not closed");
      const from = this.#single();
      const isRange = this.#chars[this.#at] === "-" && this.#chars[this.#at + 1] !== "]";
      if (!isRange) {
        ranges.push(...from);
        continue;
      }
      this.#at++;
      const to = this.#single();
      ranges.push([from[0]![0], to[0]![1]]);
    }
    return negated ? complement(ranges) : ranges;
  }

  #single(): CharSet {
    const char = this.#chars[this.#at++];
    if (char !== "\\") return single(char!);
    const escaped = this.#chars[this.#at++]!;
    if (escaped === "s") return SPACES;
    if (escaped === "n") return single("\n");
    if (escaped === "r") return single("\r");
    if (/[a-zA-Z0-9]/.test(escaped)) throw new Ambiguity(`the escape \\${escaped} is not understood`);
    return single(escaped);
  }

  /** Lets each of `next` follow each of `before`. The same step in two ways is a repetition that can be split. */
  #connect(before: readonly number[], next: readonly number[]): void {
    for (const from of before) {
      let set = this.#follow.get(from);
      if (set === undefined) this.#follow.set(from, (set = new Set()));
      for (const to of next) {
        if (set.has(to))
          throw new Ambiguity(
            `a repetition around ${this.#positions[from]!.source} can be split in two ways`,
          );
        set.add(to);
      }
    }
  }

  #mustDiffer(next: readonly number[], after: string): void {
    for (const [i, one] of next.entries()) {
      for (const other of next.slice(i + 1)) {
        if (overlap(this.#positions[one]!.set, this.#positions[other]!.set)) {
          const [a, b] = [this.#positions[one]!.source, this.#positions[other]!.source];
          throw new Ambiguity(`after ${after} both ${a} and ${b} can come next`);
        }
      }
    }
  }

  #take(char: string): boolean {
    if (this.#chars[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #rest(): string {
    return this.#chars.slice(this.#at).join("");
  }
}

function single(char: string): CharSet {
  const code = char.codePointAt(0)!;
  return [[code, code]];
}

function overlap(a: CharSet, b: CharSet): boolean {
  return a.some(([from, to]) => b.some(([start, end]) => from <= end && start <= to));
}

function complement(ranges: CharSet): CharSet {
  const out: Range[] = [];
  let next = 0;
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    if (from > next) out.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= LAST_CODE_POINT) out.push([next, LAST_CODE_POINT]);
  return out;
}
