/**
 * Opens the parts of the built program; bundled into assent.js (parts.ts says what a part is). What V8 has compiled
 * of a part by the end of a run is kept beside the program, so that the next run of the same command compiles nothing
 * again: of half a megabyte of functions this is most of a start. Node's own compile cache keeps what was compiled
 * when a file was loaded, and that is hardly a function.
 * It is a cache and nothing else: where it cannot be read or written, or V8 refuses it (another Node, other flags, a
 * file cut short), the program only starts later. Whoever can write it can write the program beside it as well.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { constants, Script } from "node:vm";

/** A digest of all parts, filled in by the build: kept code belongs to exactly these sources. */
const build = "ASSENT-BUILD-ASSENT-BUILD-ASSENT";

/** What a part is given, as Node gives it to a file. */
type Run = (
  exports: object,
  load: (name: string) => unknown,
  module: { exports: object },
  folder: string,
) => void;

interface Opened {
  readonly script: Script;
  readonly kept: string;
  readonly module: { exports: object };
}

const opened = new Map<string, Opened>();
/** Whether some part ran without kept code; then all of them have run functions that are not kept yet. */
let isStale = false;

/** The exports of `parts/<name>.js`, which runs when it is first asked for. */
export function openPart(name: string): object {
  const known = opened.get(name);
  if (known !== undefined) return known.module.exports;
  const folder = `${__dirname}/parts`;
  const filename = `${folder}/${name}.js`;
  const source = readFileSync(filename, "utf8");
  const kept = `${folderOfCommand()}/${name}`;
  const cachedData = isKeeping ? contentOf(kept) : undefined;
  const script = new Script(`${before}${source}\n})`, {
    filename,
    columnOffset: -before.length,
    ...(cachedData && { cachedData }),
    importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (cachedData === undefined || script.cachedDataRejected === true) isStale = true;
  const module = { exports: {} };
  if (opened.size === 0 && isKeeping) process.once("exit", keep);
  opened.set(name, { script, kept, module });
  const load = (asked: string): unknown =>
    asked.startsWith("./") ? openPart(asked.slice(2, -3)) : require(asked);
  (script.runInThisContext() as Run)(module.exports, load, module, folder);
  return module.exports;
}

const before = "(function (exports, require, module, __dirname) {";
const { NODE_DISABLE_COMPILE_CACHE, NODE_V8_COVERAGE } = process.env;
const isKeeping = NODE_DISABLE_COMPILE_CACHE === undefined && NODE_V8_COVERAGE === undefined;

/** Commands run different functions; what one needs should not slow down another. Only plain words become folders. */
function folderOfCommand(): string {
  const [command = ""] = process.argv.slice(2);
  const word = /^[a-z]{2,20}$/.test(command) ? command : "other";
  return `${__dirname}/cache/${process.version}-${process.arch}-${build}/${word}`;
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Keeps what was compiled, whole or not at all. A word that is no command ends with 2 and leaves nothing, nor does a bug (3);
 * a command that was denied something, or must wait for it, has run.
 */
function keep(exitCode: number): void {
  if (!isStale || exitCode === 2 || exitCode === 3) return;
  try {
    mkdirSync(folderOfCommand(), { recursive: true });
    for (const { script, kept } of opened.values()) replace(kept, script.createCachedData());
  } catch {
    // A read-only installation keeps nothing.
  }
}

function replace(path: string, content: Buffer): void {
  const temporary = `${path}.${process.pid}`;
  const descriptor = openSync(temporary, "wx", 0o600);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
}
