/** New and changed text files as a patch that `git apply` takes. It must never hold a path that needs quoting. */

export interface FilePatch {
  /** Relative to the repository; letters, digits and `._-/` only. */
  readonly path: string;
  /** Null for a new file. */
  readonly before: string | null;
  readonly after: string;
}

const CONTEXT = 3;

/** One patch of several files, in their order. Files that do not change are left out. */
export function patchText(files: readonly FilePatch[]): string {
  return files
    .filter(({ before, after }) => before !== after)
    .map(filePatch)
    .join("");
}

function filePatch({ path, before, after }: FilePatch): string {
  const head = `diff --git a/${path} b/${path}\n`;
  const added = linesOf(after);
  if (before === null) {
    const hunk = `@@ -0,0 +${range(1, added.length)} @@\n${added.map((line) => signed("+", line)).join("")}`;
    return `${head}new file mode 100644\n--- /dev/null\n+++ b/${path}\n${hunk}`;
  }
  const removed = linesOf(before);
  let same = 0;
  while (same < removed.length && same < added.length && removed[same] === added[same]) same++;
  let end = 0;
  while (
    end < removed.length - same &&
    end < added.length - same &&
    removed.at(-1 - end) === added.at(-1 - end)
  )
    end++;
  const from = Math.max(0, same - CONTEXT);
  const below = Math.min(end, CONTEXT);
  const lines = [
    ...removed.slice(from, same).map((line) => signed(" ", line)),
    ...removed.slice(same, removed.length - end).map((line) => signed("-", line)),
    ...added.slice(same, added.length - end).map((line) => signed("+", line)),
    ...removed.slice(removed.length - end, removed.length - end + below).map((line) => signed(" ", line)),
  ];
  const old = range(from + 1, removed.length - end + below - from);
  const now = range(from + 1, added.length - end + below - from);
  return `${head}--- a/${path}\n+++ b/${path}\n@@ -${old} +${now} @@\n${lines.join("")}`;
}

function range(first: number, count: number): string {
  return count === 0 ? `${first - 1},0` : `${first},${count}`;
}

/** Each with its line end; the last may lack it. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function signed(sign: string, line: string): string {
  return line.endsWith("\n") ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;
}
