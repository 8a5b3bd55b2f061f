/** Plugins as text, and as assent.plugins/v1, assent.plugin-verify/v1 and assent.plugin-test/v1. */
import type { PluginState, PluginTested } from "../../app/plugin.ts";
import type { CommandContext } from "../command.ts";
import { escapeLine } from "./escape.ts";
import { wrap } from "./text.ts";
import { plural } from "./words.ts";

/** The JSON answer of `plugin list`. */
export function listWire(states: readonly PluginState[]): object {
  const plugins = states.map(({ manifest, ...state }) => ({
    ...state,
    summary: manifest?.summary ?? null,
    rules: (manifest?.rules ?? []).map(({ definition, kinds }) => {
      const { code, severity, summary } = definition;
      return { code, severity, summary, kinds };
    }),
    functions: manifest?.functions ?? [],
    reports: manifest?.reports ?? [],
    importers: manifest?.importers ?? [],
  }));
  return { format: "assent.plugins/v1", plugins };
}

const words: Readonly<Record<PluginState["state"], string>> = {
  pinned: "pinned",
  differs: "is not the file that is pinned",
  missing: "is pinned and not there",
  unpinned: "not pinned: it runs nowhere",
  unfit: "pinned, and cannot be run",
};

/** Plugins one below the other, each with what it has. */
export function listText(states: readonly PluginState[], { style, columns }: CommandContext): string {
  if (states.length === 0)
    return "There are no plugins. They stand in .github/assent/plugins/<name>.js: assent plugin add <name> <file>\n";
  const lines: string[] = [];
  for (const { name, state, fault, manifest } of states) {
    const word = words[state];
    const paint = state === "pinned" ? style.green : state === "unpinned" ? style.yellow : style.red;
    lines.push(`${style.bold(name)}  ${paint(word)}`);
    for (const line of wrap(escapeLine(manifest?.summary ?? sentence(fault)), columns - 2))
      lines.push(`  ${line}`);
    const parts: readonly (readonly [string, string])[] = [
      ...(manifest?.rules ?? []).map(
        ({ definition }) => [definition.code, `${definition.severity}: ${definition.summary}`] as const,
      ),
      ...(manifest?.functions ?? []).map(
        (each) => [`plugin("${name}/${each}", ...)`, "in expressions"] as const,
      ),
      ...(manifest?.importers ?? []).map(
        (each) => [`assent import plugin:${name}/${each.name}`, each.summary] as const,
      ),
      ...(manifest?.reports ?? []).map(
        (each) => [`assent plugin render ${name}/${each.name}`, each.summary] as const,
      ),
      ...(manifest?.hooks.includes("onBeforeTransition")
        ? [["onBeforeTransition", "may object to transitions"] as const]
        : []),
      ...(manifest?.hooks.includes("onAfterLanding")
        ? [["onAfterLanding", "tells events: assent events --plugins"] as const]
        : []),
    ];
    const width = Math.max(0, ...parts.map(([what]) => what.length));
    for (const [what, says] of parts) {
      const [first = "", ...rest] = wrap(escapeLine(says), Math.max(20, columns - width - 4));
      lines.push(`  ${what.padEnd(width)}  ${first}`);
      for (const line of rest) lines.push(`${" ".repeat(width + 4)}${line}`);
    }
    lines.push("");
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

/** The JSON answer of `plugin verify`. */
export function verifyWire(states: readonly PluginState[]): {
  readonly format: string;
  readonly ok: boolean;
  readonly plugins: readonly object[];
} {
  const plugins = states.map(({ name, path, pinned, found, state, fault }) => {
    return { name, path, state, pinned, found, fault };
  });
  return { format: "assent.plugin-verify/v1", ok: states.every(isGood), plugins };
}

/** What is not pinned runs nowhere, and so differs from nothing. */
function isGood({ state }: PluginState): boolean {
  return state === "pinned" || state === "unpinned";
}

/** One line for each plugin, and one for all. */
export function verifyText(states: readonly PluginState[], { style }: CommandContext): string {
  const width = Math.max(0, ...states.map(({ name }) => name.length));
  const lines = states.map(({ name, state, fault }) => {
    const why = state === "unfit" ? `: ${escapeLine(fault ?? "")}` : "";
    return `  ${name.padEnd(width)}  ${words[state]}${why}`;
  });
  const bad = states.filter((state) => !isGood(state)).length;
  const count = plural(states.filter(({ state }) => state !== "unpinned").length, "pinned plugin");
  lines.push(bad > 0 ? `${style.red("failed")}  ${bad} of ${count}` : `${style.green("ok")}  ${count}`);
  return `${lines.join("\n")}\n`;
}

/** Whether nothing failed. */
export function testsPass(tested: readonly PluginTested[]): boolean {
  return tested.every(({ fault, cases }) => fault === null && cases.every(({ passed }) => passed));
}

/** The JSON answer of `plugin test`. */
export function testWire(tested: readonly PluginTested[]): object {
  const plugins = tested.map(({ name, fault, cases }) => ({
    name,
    fault,
    cases: cases.map(({ expected, ...rest }) => ({ ...rest, expected: expected ?? null })),
  }));
  return { format: "assent.plugin-test/v1", ok: testsPass(tested), plugins };
}

/** Each case that failed, with what came and what was meant; of the others how many they are. */
export function testText(tested: readonly PluginTested[], { style }: CommandContext): string {
  const lines: string[] = [];
  for (const { name, fault, cases } of tested) {
    const failed = cases.filter(({ passed }) => !passed);
    const isWrong = fault !== null || failed.length > 0;
    const count =
      cases.length === 0 ? "no tests" : `${cases.length - failed.length} of ${plural(cases.length, "test")}`;
    lines.push(
      `${isWrong ? style.red("failed") : style.green("ok")}  ${style.bold(name)}  ${fault === null ? count : escapeLine(sentence(fault))}`,
    );
    for (const each of failed) {
      lines.push(`  ${escapeLine(each.name)}  ${style.dim(escapeLine(each.call))}`);
      const expected = each.expected === undefined ? "that it fails" : JSON.stringify(each.expected);
      lines.push(`    expected  ${escapeLine(expected)}`);
      lines.push(
        `    got       ${escapeLine(each.fault === null ? JSON.stringify(each.got) : sentence(each.fault))}`,
      );
    }
  }
  return lines.length === 0 ? "There are no plugins.\n" : `${lines.join("\n")}\n`;
}

function sentence(clause: string | null): string {
  return clause === null ? "" : `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}
