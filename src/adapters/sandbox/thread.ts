/**
 * The thread that plugins run in. It has no work but theirs, so that the program can end it when a call never returns:
 * some loops of the engine ask nobody (a search through an object that claims to be endless).
 */
import { readFileSync } from "node:fs";
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { openEngine, type Engine } from "./engine.ts";
import type { PluginAnswer } from "../../core/model/plugin.ts";
import type { Reply, Request, ThreadData } from "./messages.ts";

const { signal, engine } = workerData as ThreadData;
const flags = new Int32Array(signal);
const engines = new Map<number, Engine>();
let binary: ArrayBuffer | null = null;

async function answer(request: Request): Promise<Reply> {
  if (request.ask === "load") {
    if (engine !== null && binary === null) binary = Uint8Array.from(readFileSync(engine)).buffer;
    const opened = await openEngine(request.source, binary);
    if ("fault" in opened) return opened;
    engines.set(request.id, opened);
    return { description: opened.description };
  }
  const asked = engines.get(request.id);
  if (asked === undefined) return { broken: "the plugin was never read" };
  const path = JSON.stringify(request.path);
  const answers: PluginAnswer[] = [];
  for (const input of request.inputs) {
    const given = asked.call(path, input);
    answers.push(given);
    if ("fault" in given) break;
    Atomics.add(flags, 1, 1);
  }
  return { answers };
}

// The first thing said is where to listen: only a port of its own can be read by somebody who does not return to Node.
parentPort?.once("message", (port: MessagePort) => {
  port.on("message", (request: Request) => {
    void answer(request)
      .catch((error: unknown): Reply => ({ broken: error instanceof Error ? error.message : String(error) }))
      .then((reply) => {
        port.postMessage(reply);
        Atomics.store(flags, 0, 1);
        Atomics.notify(flags, 0);
      });
  });
});
