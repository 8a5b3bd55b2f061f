/**
 * Console examples in Markdown: what is typed (`$ ...`) and what must come out. In expected output `…` stands for any
 * text of a line, a line that is only `…` for any lines, and `[exit 1]` for an exit code other than 0.
 * `<!-- folder: name -->` before a block runs it in an empty folder of that name, kept between blocks.
 */
export interface Step {
  readonly command: string;
  readonly expected: readonly string[];
  readonly exit: number;
  /** The line of the command in the file, from 1. */
  readonly line: number;
}

export interface Example {
  /** Null = a copy of this repository's own registry. */
  readonly folder: string | null;
  readonly steps: readonly Step[];
}

/** Every console block of a Markdown text. */
export function examplesOf(markdown: string): Example[] {
  const lines = markdown.split("\n");
  const examples: Example[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (lines[at] !== "```console") continue;
    const end = lines.indexOf("```", at + 1);
    const marker = lines.slice(Math.max(0, at - 2), at).join("\n");
    const folder = /<!-- folder: ([a-z-]+) -->/.exec(marker)?.[1] ?? null;
    examples.push({ folder, steps: stepsOf(lines.slice(at + 1, end), at + 2) });
    at = end;
  }
  return examples;
}

function stepsOf(lines: readonly string[], first: number): Step[] {
  const steps: { command: string; expected: string[]; exit: number; line: number }[] = [];
  lines.forEach((line, index) => {
    const last = steps.at(-1);
    if (line.startsWith("$ "))
      steps.push({ command: line.slice(2), expected: [], exit: 0, line: first + index });
    else if (last?.command.endsWith("\\") === true)
      last.command = `${last.command.slice(0, -1)}${line.trim()}`;
    else if (/^\[exit \d+\]$/.test(line)) last!.exit = Number(/\d+/.exec(line)![0]);
    else last?.expected.push(line);
  });
  return steps;
}

/** Whether the output is what the example promises. */
export function matches(expected: readonly string[], output: string): boolean {
  const source = expected
    .join("\n")
    .trim()
    .split("\n")
    .map((line) => (line === "…" ? "[^]*?" : line.split("…").map(escape).join("[^\\n]*")))
    .join("\\n");
  return new RegExp(
    `^${source.replaceAll("[^]*?\\n", "(?:[^]*?\\n)?").replaceAll("\\n[^]*?", "(?:\\n[^]*?)?")}$`,
  ).test(output.trim());
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
