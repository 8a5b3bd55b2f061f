/** A line diff of two short texts, with one line around each change. It must never be fed to a machine. */

export interface DiffLine {
  readonly sign: "+" | "-" | " " | "~";
  readonly text: string;
}

/** Removed and added lines in order, with a neighbour; `~` stands for lines that are left out. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = linesOf(before);
  const b = linesOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail++;
  const middle = common(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const lines: DiffLine[] = [];
  if (head > 1) lines.push({ sign: "~", text: "" });
  const first = a[head - 1];
  if (first !== undefined) lines.push({ sign: " ", text: first });
  lines.push(...middle);
  const last = a[a.length - tail];
  if (last !== undefined) lines.push({ sign: " ", text: last });
  if (tail > 1) lines.push({ sign: "~", text: "" });
  return lines.map((line) => (line.sign === "~" ? { sign: " ", text: "..." } : line));
}

/** The longest common subsequence where the texts are short, else everything out and everything in. */
function common(a: readonly string[], b: readonly string[]): DiffLine[] {
  if (a.length * b.length > 250_000) return [...a.map((text) => minus(text)), ...b.map((text) => plus(text))];
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  const cell = (i: number, j: number): number => table[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] =
        a[i] === b[j] ? cell(i + 1, j + 1) + 1 : Math.max(cell(i + 1, j), cell(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const from = a[i];
    const to = b[j];
    if (from !== undefined && from === to) {
      lines.push({ sign: " ", text: from });
      i++;
      j++;
    } else if (from !== undefined && (to === undefined || cell(i + 1, j) >= cell(i, j + 1))) {
      lines.push(minus(from));
      i++;
    } else {
      lines.push(plus(to ?? ""));
      j++;
    }
  }
  return lines;
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

const minus = (text: string): DiffLine => ({ sign: "-", text });
const plus = (text: string): DiffLine => ({ sign: "+", text });
