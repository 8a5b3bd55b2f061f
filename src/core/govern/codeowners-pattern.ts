/**
 * One CODEOWNERS pattern, read exactly as GitHub documents it (docs.github.com, "About code owners"; gitignore's
 * rules where that page points to them). Matching never backtracks over more than one wildcard: the time is bounded
 * by pattern length times path length, whatever a stranger writes into a registry.
 *
 * - A leading or inner `/` anchors at the root; a lone segment matches at any depth.
 * - A pattern that matches a directory owns everything below it; a trailing `/` means nothing but that.
 * - A last segment `*` in a pattern with `/` means direct children only.
 * - `**` as a whole segment is any number of segments; `*` and `?` never cross `/`; everything is case-sensitive.
 */

/** What a path is divided into, and one piece of a pattern: a segment, or any number of them. */
type Token = string | typeof ANY;

const ANY = Symbol("any number of segments");

/** A pattern ready for matching. */
export interface CodeownersPattern {
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** Why no line with this pattern can count on GitHub; undefined when it can. */
export function patternProblem(text: string): string | undefined {
  if (text === "") return "an empty pattern names nothing";
  if (/[\r\n]/.test(text)) return "a pattern ends where its line ends";
  if (text.startsWith("#")) return "`#` begins a comment";
  if (text.startsWith("!")) return "`!` does not negate in CODEOWNERS";
  if (text.startsWith("\\#")) return "`\\#` does not escape a comment sign in CODEOWNERS";
  if (/[[\]]/.test(text)) return "`[ ]` is no character range in CODEOWNERS";
  return undefined;
}

/** Compiles a pattern as it stands in the file, with backslash escapes (`\ ` is a space). */
export function compilePattern(text: string): CodeownersPattern {
  const segments = text.split("/");
  const isDirectory = segments.length > 1 && segments.at(-1) === "";
  if (isDirectory) segments.pop();
  const isAnchored = segments.length > 1;
  if (segments[0] === "" && segments.length > 1) segments.shift();
  // "/" alone names no path that git could hold.
  if (text === "/" || text === "") return { text, tokens: [""] };
  const tokens: Token[] = isAnchored ? [] : [ANY];
  for (const segment of segments) tokens.push(segment === "**" ? ANY : segment.replace(/\*{2,}/g, "*"));
  const last = segments.at(-1);
  if (isDirectory) tokens.push(...(last === "**" ? ["*"] : []), "*", ANY);
  // `x/**` is everything inside x, not x; a lone `**` is everything.
  else if (last === "**") tokens.push("*");
  else if (last !== "*" || !isAnchored) tokens.push(ANY);
  return { text, tokens: normal(tokens) };
}

/** Whether a pattern matches a file's path (relative to the repository's root, no leading slash). */
export function matchesPath(pattern: CodeownersPattern, path: string): boolean {
  return matchesAll(pattern.tokens, path.split("/"), ANY, segmentMatches);
}

/**
 * Whether every path that `inner` matches is matched by `outer`. May answer false where wildcards inside one segment
 * would have to be compared with each other; never answers true wrongly.
 */
export function covers(outer: CodeownersPattern, inner: CodeownersPattern): boolean {
  const [first, second, ...more] = outer.tokens;
  if (first === "*" && second === ANY && more.length === 0) return true;
  return matchesAll(outer.tokens, inner.tokens, ANY, tokenCovers);
}

/** Puts the stars of a run of `*` and ANY first, and one ANY after them, so that equal languages look equal. */
function normal(tokens: readonly Token[]): readonly Token[] {
  const result: Token[] = [];
  let open = false;
  for (const token of tokens) {
    if (token === ANY) {
      open = true;
      continue;
    }
    if (open && token !== "*") {
      result.push(ANY);
      open = false;
    }
    result.push(token);
  }
  if (open) result.push(ANY);
  return result;
}

/**
 * Wildcard matching with one point of return: after a later wildcard has been reached, earlier ones never need to
 * take more, because the leftmost match of what stands between them is as good as any.
 */
function matchesAll<P, T>(
  pattern: ArrayLike<P>,
  text: ArrayLike<T>,
  wildcard: P,
  one: (pattern: P, text: T) => boolean,
): boolean {
  let p = 0;
  let t = 0;
  let returnTo = -1;
  let taken = 0;
  while (t < text.length) {
    if (p < pattern.length && pattern[p] === wildcard) {
      returnTo = p++;
      taken = t;
    } else if (p < pattern.length && one(pattern[p]!, text[t]!)) {
      p++;
      t++;
    } else if (returnTo >= 0) {
      p = returnTo + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.length && pattern[p] === wildcard) p++;
  return p === pattern.length;
}

function tokenCovers(outer: Token, inner: Token): boolean {
  if (inner === ANY || outer === ANY) return false;
  if (outer === inner || outer === "*") return true;
  return !/[*?]/.test(inner) && !inner.includes("\\") && segmentMatches(outer, inner);
}

function segmentMatches(pattern: Token, segment: string): boolean {
  if (pattern === ANY) return false;
  if (pattern === "*") return segment !== "";
  if (!/[*?\\]/.test(pattern)) return pattern === segment;
  return matchesAll(
    charactersOf(pattern),
    Array.from(segment),
    "*",
    (p, c) => p === c || p === "?" || p === `\\${c}`,
  );
}

/** Characters by code point, an escaped one together with its backslash so that it stays literal. */
function charactersOf(pattern: string): string[] {
  return pattern.match(/\\?[^]/gu) ?? [];
}
