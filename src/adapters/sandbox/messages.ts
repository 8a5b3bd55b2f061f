/** What the program and the thread of its sandbox say to each other. */
import type { PluginAnswer, PluginFault } from "../../core/model/plugin.ts";

/** What a thread is started with. */
export interface ThreadData {
  /** Three 32-bit numbers: whether an answer is there, how many calls have ended, and whether the thread has. */
  readonly signal: SharedArrayBuffer;
  /** The URL of the file that it runs. */
  readonly file: string;
  /** The engine's file; null = where its package keeps it. */
  readonly engine: string | null;
}

export type Request =
  | { readonly ask: "load"; readonly id: number; readonly source: string }
  | {
      readonly ask: "call";
      readonly id: number;
      readonly path: readonly string[];
      readonly inputs: readonly string[];
    };

export type Reply =
  | { readonly description: string }
  | { readonly fault: PluginFault }
  | { readonly answers: readonly PluginAnswer[] }
  /** The sandbox itself failed, which says nothing about the plugin. */
  | { readonly broken: string };
