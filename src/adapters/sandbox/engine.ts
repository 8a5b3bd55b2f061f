/**
 * One plugin in QuickJS, compiled to WebAssembly: its memory is an array of its own, bounded, and holds all of its
 * state, so that each call begins from a copy of how the memory was when the plugin had been read.
 * The engine is given no function of the host but the one that counts steps.
 */
import { newQuickJSWASMModuleFromVariant, newVariant, RELEASE_SYNC } from "quickjs-emscripten";
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from "quickjs-emscripten";
import type { PluginAnswer, PluginFault } from "../../core/model/plugin.ts";
import { prelude } from "./prelude.ts";

/** Node has it; the types of Node do not. */
declare const WebAssembly: {
  readonly Memory: new (pages: typeof MEMORY) => { readonly buffer: ArrayBuffer };
};

/**
 * Pages of 64 KiB: 32 MiB, and never more: memory that grew in one call would leave the next one more room. The engine has
 * a limit of its own, which does not count what an array grows by.
 */
const MEMORY = { initial: 512, maximum: 512 };
const STACK_BYTES = 256 * 1024;
/** The engine asks every 10,000 jumps, calls or steps of a pattern: 20 million of them, well under a second. */
const MAX_POLLS = 2_000;

/** What a plugin may use: no clock, no promises (nothing would ever run them). */
const intrinsics = {
  BaseObjects: true,
  Eval: true,
  StringNormalize: true,
  RegExpCompiler: true,
  RegExp: true,
  JSON: true,
  Proxy: true,
  MapSet: true,
  TypedArrays: true,
  BigInt: true,
};

export interface Engine {
  readonly description: string;
  call(path: string, input: string): PluginAnswer;
}

/** Reads a plugin. What it does wrong is a fault; whatever is thrown is the engine's own failure. */
export async function openEngine(
  source: string,
  wasmBinary: ArrayBuffer | null,
): Promise<Engine | { readonly fault: PluginFault }> {
  const memory = new WebAssembly.Memory(MEMORY);
  const options = { wasmMemory: memory, ...(wasmBinary !== null && { wasmBinary }) };
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(RELEASE_SYNC, options));
  const runtime = quickjs.newRuntime();
  runtime.setMaxStackSize(STACK_BYTES);
  const steps = countSteps(runtime);
  const context = runtime.newContext({ intrinsics });
  const host = context.unwrapResult(context.evalCode(prelude, "prelude.js", { strict: true }));
  const [describe, run, tell] = ["describe", "run", "tell"].map((name) => context.getProp(host, name));
  if (describe === undefined || run === undefined || tell === undefined) throw new Error("no prelude");
  const machine: Machine = { context, steps };

  const read = attempt(machine, () => context.evalCode(source, "plugin.js", { strict: true }), "source");
  if ("fault" in read) return read;
  const told = attempt(machine, () => context.callFunction(describe, context.undefined), "source");
  if ("fault" in told) return told;
  const description = context.getString(told.value);

  const view = (): Uint8Array => new Uint8Array(memory.buffer);
  const before = usedOf(view());
  return {
    description,
    call(path, input) {
      // Handles of the last call are gone with what it left behind; none of them is used or given back.
      view().set(before);
      const args = [context.newString(path), context.newString(input)];
      const given = attempt(machine, () => context.callFunction(run, context.undefined, ...args), "threw");
      if ("fault" in given) return given;
      const text = attempt(
        machine,
        () => context.callFunction(tell, context.undefined, given.value),
        "answer",
      );
      return "fault" in text ? text : { json: context.getString(text.value) };
    },
  };
}

interface Machine {
  readonly context: QuickJSContext;
  readonly steps: { left: number };
}

function countSteps(runtime: QuickJSRuntime): { left: number } {
  const steps = { left: MAX_POLLS };
  runtime.setInterruptHandler(() => --steps.left < 0);
  return steps;
}

/** Runs something in the engine; an error in it is a fault with this reason, unless a bound was met. */
function attempt(
  { context, steps }: Machine,
  go: () => ReturnType<QuickJSContext["evalCode"]>,
  reason: PluginFault["reason"],
): { readonly value: QuickJSHandle } | { readonly fault: PluginFault } {
  steps.left = MAX_POLLS;
  const result = go();
  if (result.error === undefined) return { value: result.value };
  if (steps.left < 0) return { fault: { reason: "steps", message: "it does not come to an end" } };
  const error = textOfError(context, result.error);
  // The engine's own words; a plugin that throws the same is told so, and is wrong all the same.
  if (error.startsWith("InternalError: out of memory") || error === "null")
    return { fault: { reason: "memory", message: "it needs more memory than a plugin may have" } };
  if (/^(?:InternalError|SyntaxError): stack overflow/.test(error))
    return { fault: { reason: "stack", message: "it calls itself too deeply" } };
  const message = reason === "threw" ? `it threw ${error}` : error.replace(/^TypeError: /, "");
  return { fault: { reason, message } };
}

/** What was thrown, as text, read without running anything of the plugin's. */
function textOfError(context: QuickJSContext, error: QuickJSHandle): string {
  let text: string;
  switch (context.typeof(error)) {
    case "string":
      text = context.getString(error);
      break;
    case "object": {
      const [name, message] = ["name", "message"].map((key) => ownText(context, error, key));
      text =
        name === undefined && message === undefined ? "an object" : `${name ?? "Error"}: ${message ?? ""}`;
      break;
    }
    default:
      text = `a ${context.typeof(error)}`;
  }
  const line = text
    .replace(/\p{C}+/gu, " ")
    .toWellFormed()
    .trim();
  return line.length > 200 ? `${line.slice(0, 200).toWellFormed()}…` : line;
}

function ownText(context: QuickJSContext, error: QuickJSHandle, key: string): string | undefined {
  // A getter may stand there; it runs under the same bounds, and what it throws is nothing.
  try {
    const value = context.getProp(error, key);
    return context.typeof(value) === "string" ? context.getString(value) : undefined;
  } catch {
    return undefined;
  }
}

/** The memory up to its last eight bytes that are not all zero. */
function usedOf(bytes: Uint8Array): Uint8Array {
  const words = new BigUint64Array(bytes.buffer);
  let end = words.length;
  while (end > 0 && words[end - 1] === 0n) end--;
  return bytes.slice(0, end * 8);
}
