/**
 * Standard output and standard error. A terminal gets the runtime's stream; a file or a pipe is written directly,
 * because making a stream costs more than most commands. It must never lose text, and a reader that has seen enough
 * (`| head`) ends the program quietly.
 */
import { fstatSync, writeSync } from "node:fs";
import type { WriteStream } from "node:tty";

export interface Output {
  readonly isTerminal: boolean;
  /** Only of a terminal. */
  readonly columns: number | undefined;
  write(text: string): void;
}

/** Opens a descriptor; `stream` makes the runtime's stream for it, `end` leaves the process when nobody reads. */
export function openOutput(descriptor: 1 | 2, stream: () => WriteStream, end: () => void): Output {
  if (isCharacterDevice(descriptor)) {
    const terminal = stream();
    terminal.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      end();
    });
    return { isTerminal: terminal.isTTY === true, columns: terminal.columns, write: (text) => void terminal.write(text) };
  }
  return { isTerminal: false, columns: undefined, write: (text) => writeAll(descriptor, Buffer.from(text), end) };
}

function isCharacterDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    // A descriptor that is closed has no readers; writing to it fails below and ends the program.
    return false;
  }
}

function writeAll(descriptor: number, bytes: Buffer, end: () => void): void {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE" || code === "EBADF") return end();
      if (code !== "EAGAIN") throw error;
      // A pipe that somebody made non-blocking is full; its reader gets a moment.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}
