/**
 * What the rules of plugins find. A rule is asked about one entry at a time and sees nothing else, so that what it
 * finds is the same however much of the registry was read. A plugin that cannot be asked, or fails, is an error: what
 * it would have judged does not pass.
 */
import type { Finding } from "../model/diagnostic.ts";
import type { PinnedPlugin } from "../model/plugin.ts";
import type { Json, Pointer } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";
import {
  ask,
  lineIn,
  listOf,
  objectWith,
  openWith,
  optionalLine,
  pointerIn,
  type OpenPlugin,
} from "./call.ts";
import * as codes from "./codes.ts";
import { entryText } from "./entry-value.ts";
import { pinsOf } from "./pinned.ts";

/** Findings of one rule about one entry. */
const MOST = 100;
/** How many entries are asked about at once. */
const BATCH = 500;

/** Everything that plugins' rules find about the files that are asked for. Costs nothing where no plugin is pinned. */
export function pluginFindings(registry: Registry, asks: (file: string) => boolean = () => true): Finding[] {
  const { plugins } = registry;
  // Functions say for themselves that nobody asks them.
  if (plugins === undefined)
    return pinsOf(registry).some(({ hooks }) => hooks.includes("rules")) ? [notRun(registry)] : [];
  const findings: Finding[] = [];
  const failed = (pinned: PinnedPlugin, fault: string): void => {
    findings.push(failure(pinned, fault, registry));
  };
  for (const plugin of openWith(plugins, "rules", failed)) {
    for (const { name, kinds, definition } of plugin.manifest.rules) {
      const entries = [...new Set(kinds)].flatMap((kind) =>
        registry.ofKind(kind).filter(({ path }) => asks(path) && plugins.only?.has(path) !== false),
      );
      const fault = askRule(plugin, name, entries, (entry, said) => {
        findings.push({
          definition,
          message: said.message,
          at: { file: entry.path, pointer: standing(entry.value, said.at) },
          subject: entry.ref,
          ...(said.hint !== undefined && { hint: said.hint }),
        });
      });
      if (fault !== undefined) failed(plugin.pinned, `${name}: ${fault}`);
    }
  }
  return findings;
}

interface RuleSays {
  readonly message: string;
  readonly hint: string | undefined;
  readonly at: Pointer;
}

const ruleSays = listOf(MOST, (value: Json): RuleSays => {
  const object = objectWith(value, ["message", "hint", "at"]);
  return {
    message: lineIn(object, "message"),
    hint: optionalLine(object, "hint"),
    at: pointerIn(object, "at"),
  };
});

/** Asks a rule about entries in their order; a clause for the first that it fails on, which ends it. */
export function askRule(
  { loaded }: Pick<OpenPlugin, "loaded">,
  rule: string,
  entries: readonly Entry[],
  found: (entry: Entry, said: RuleSays) => void,
): string | undefined {
  for (let from = 0; from < entries.length; from += BATCH) {
    const batch = entries.slice(from, from + BATCH);
    const answers = ask(loaded, ["rules", rule, "check"], batch.map(entryText), ruleSays);
    for (const [index, answer] of answers.entries()) {
      const entry = batch[index];
      if (entry === undefined) break;
      if ("fault" in answer) return `${answer.fault} (asked about ${entry.ref})`;
      for (const said of answer.value) found(entry, said);
    }
  }
  return undefined;
}

/**
 * A plugin that cannot judge, said at its pin. Where the registry that is judged pins another file, or none, it is a
 * warning: the rules' owners agree to that change, and nobody could ever replace a broken plugin otherwise.
 */
export function failure(pinned: PinnedPlugin, fault: string, registry: Registry): Finding {
  const index = pinsOf(registry).findIndex(({ name }) => name === pinned.name);
  const isReplaced = pinsOf(registry)[index]?.digest !== pinned.digest;
  return {
    definition: codes.failed,
    message: `The plugin ${pinned.name} cannot judge: ${fault}.`,
    at: { file: "registry/registry.yaml", ...(index >= 0 && { pointer: ["plugins", index, "name"] }) },
    ...(isReplaced && { severity: "warning" as const }),
  };
}

function notRun(registry: Registry): Finding {
  const names = pinsOf(registry).map(({ name }) => name);
  return {
    definition: codes.notRun,
    message: `Nobody ran ${names.join(", ")}.`,
    at: { file: "registry/registry.yaml", pointer: ["plugins"] },
  };
}

/** As much of a pointer as leads to something. */
export function standing(value: object, pointer: Pointer): Pointer {
  let at: unknown = value;
  const steps: (string | number)[] = [];
  for (const step of pointer) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) break;
    at = (at as Readonly<Record<string | number, unknown>>)[step];
    steps.push(step);
  }
  return steps;
}
