/**
 * Standard output and standard error. A terminal gets the runtime's stream; a file or a pipe is written directly,
 * because making a stream costs more than most commands. It must never lose text without saying so, and never end the
 * program: a reader that has seen enough (`| head`) changes nothing about the exit code.
 */
import { fstatSync, writeSync } from "node:fs";
import type { WriteStream } from "node:tty";

export interface Output {
  readonly isTerminal: boolean;
  /** Only of a terminal. */
  readonly columns: number | undefined;
  /** Never throws. After the first failure nothing more is written. */
  write(text: string): void;
}

/**
 * Opens a descriptor; `stream` makes the runtime's stream for it, `lost` is told the system's error code, once, when
 * text could not be written (a full disk). A reader that went away is not a loss.
 */
export function openOutput(
  descriptor: 1 | 2,
  stream: () => WriteStream,
  lost: (code: string) => void,
): Output {
  let open = true;
  const failed = (error: unknown): void => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    if (open && code !== "EPIPE" && code !== "EBADF") lost(code);
    open = false;
  };
  const guarded = (write: (text: string) => void) => (text: string) => {
    if (!open) return;
    try {
      write(text);
    } catch (error) {
      failed(error);
    }
  };
  if (isCharacterDevice(descriptor)) {
    const terminal = stream();
    terminal.on("error", failed);
    const { columns } = terminal;
    return {
      isTerminal: terminal.isTTY === true,
      columns,
      write: guarded((text) => void terminal.write(text)),
    };
  }
  return {
    isTerminal: false,
    columns: undefined,
    write: guarded((text) => writeAll(descriptor, Buffer.from(text))),
  };
}

function isCharacterDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    // A descriptor that is closed has no readers; writing to it fails below.
    return false;
  }
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      // A pipe that somebody made non-blocking is full; its reader gets a moment.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}
