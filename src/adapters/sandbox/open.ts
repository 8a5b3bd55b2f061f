/**
 * Runs plugins in a thread of their own and waits for it, so that whoever asks need not know of threads. The thread
 * starts with the first plugin that is read; without one nothing is loaded. It must never read what a plugin means.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { Failure } from "../../core/model/failure.ts";
import type { Sandbox } from "../../core/model/plugin.ts";
import type { Reply, Request, ThreadData } from "./messages.ts";

declare const ASSENT_VERSION: string;

export interface SandboxOptions {
  /** Milliseconds that one call may take at most. The bound on steps is far below; this is for what nobody counts. */
  readonly patience?: number;
  /** The file that the thread runs; where this program has it when absent. */
  readonly file?: string;
}

/** A sandbox, nothing of which has started. */
export function openSandbox({ patience = 20_000, file }: SandboxOptions = {}): Sandbox {
  let thread: Thread | undefined;
  let loaded = 0;
  const known = new Map<string, ReturnType<Sandbox["load"]>>();
  const ask = (request: Request): Reply => {
    const running = (thread ??= startThread(file));
    const reply = running.ask(request, patience);
    if (reply !== undefined && !("broken" in reply)) return reply;
    thread = undefined;
    running.end();
    known.clear();
    throw new Failure(
      "plugin/sandbox",
      reply === undefined
        ? `A plugin did not answer within ${patience / 1000} seconds.`
        : `The sandbox of plugins failed: ${reply.broken}.`,
      {
        category: "unavailable",
        hint: "Nothing was decided. assent plugin test says which plugin it is; take its pin out of registry.yaml, or mend it.",
      },
    );
  };
  const read = (source: string): ReturnType<Sandbox["load"]> => {
    const id = ++loaded;
    const reply = ask({ ask: "load", id, source });
    if ("fault" in reply) return reply;
    if (!("description" in reply)) throw new Error("the sandbox answered something else");
    const { description } = reply;
    return {
      description,
      call(path, inputs) {
        if (inputs.length === 0) return [];
        const answered = ask({ ask: "call", id, path, inputs });
        if (!("answers" in answered)) throw new Error("the sandbox answered something else");
        return answered.answers;
      },
    };
  };
  return {
    load(source) {
      const opened = known.get(source) ?? read(source);
      known.set(source, opened);
      return opened;
    },
  };
}

const ended: Reply = { broken: "its thread ended before it answered" };

interface Thread {
  /** Undefined when nothing has moved for as long as one call may take. */
  ask(request: Request, patience: number): Reply | undefined;
  end(): void;
}

/**
 * What the thread runs first. Whoever waits for an answer hears no event, so that a thread that ends, because its file
 * cannot be loaded or for any other reason, says so in the memory that is waited on.
 */
const FIRST = `
const { workerData } = require("node:worker_threads");
const flags = new Int32Array(workerData.signal);
require("node:process").on("exit", () => {
  Atomics.store(flags, 2, 1);
  Atomics.store(flags, 0, 2);
  Atomics.notify(flags, 0);
});
void import(workerData.file);`;

function startThread(file: string | undefined): Thread {
  const signal = new SharedArrayBuffer(12);
  const flags = new Int32Array(signal);
  const isBuilt = typeof ASSENT_VERSION === "string";
  const data: ThreadData = {
    signal,
    file: pathToFileURL(file ?? join(import.meta.dirname, isBuilt ? "sandbox.js" : "thread.ts")).href,
    engine: isBuilt ? join(import.meta.dirname, "quickjs.wasm") : null,
  };
  const worker = new Worker(FIRST, {
    eval: true,
    workerData: data,
    // The engine bounds its own stack, which must be met before this one is.
    resourceLimits: { stackSizeMb: 32 },
    env: {},
    execArgv: [],
    stdin: false,
  });
  worker.unref();
  // Whoever waits notices that nobody answers; there is nobody else to tell.
  worker.on("error", () => undefined);
  const { port1, port2 } = new MessageChannel();
  worker.postMessage(port2, [port2]);
  port1.unref();
  return {
    ask(request, patience) {
      Atomics.store(flags, 0, 0);
      // In this order on both sides: the end of the thread is seen here, or it ends the waiting below.
      if (Atomics.load(flags, 2) === 1) return ended;
      port1.postMessage(request);
      for (let moved = Atomics.load(flags, 1); ; moved = Atomics.load(flags, 1)) {
        const waited = Atomics.wait(flags, 0, 0, patience);
        if (waited !== "timed-out") break;
        if (Atomics.load(flags, 1) === moved) return undefined;
      }
      return (receiveMessageOnPort(port1)?.message as Reply | undefined) ?? ended;
    },
    end() {
      void worker.terminate();
    },
  };
}
