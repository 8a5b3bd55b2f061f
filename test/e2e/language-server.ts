/** A client of yaml-language-server over stdio: as much of the protocol as an editor needs to show help. */
import { spawn, type ChildProcess } from "node:child_process";
import { pathToFileURL } from "node:url";

type Message = Record<string, unknown> & { readonly id?: number; readonly method?: string };

export interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

export interface Completion {
  readonly label: string;
  readonly documentation?: unknown;
}

export interface LanguageServer {
  /** Opens a text as the file at this path and waits for its first diagnostics. */
  open(path: string, text: string): Promise<readonly Diagnostic[]>;
  complete(path: string, line: number, character: number): Promise<readonly Completion[]>;
  /** The text shown over a place; empty when there is none. */
  hover(path: string, line: number, character: number): Promise<string>;
  close(): Promise<void>;
}

/** Starts the server for a folder, with these schemas (file URL -> globs), the schema store off, nothing to fetch. */
export async function startLanguageServer(
  binary: string,
  folder: string,
  schemas: Readonly<Record<string, readonly string[]>>,
): Promise<LanguageServer> {
  const child = spawn(process.execPath, [binary, "--stdio"], {
    cwd: folder,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const settings = {
    yaml: {
      schemas,
      schemaStore: { enable: false },
      validate: true,
      completion: true,
      hover: true,
      format: { enable: false },
    },
  };
  const waiting = new Map<number, (result: unknown) => void>();
  const diagnosed = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();
  let next = 1;

  const send = (message: Message): void => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    child.stdin!.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const ask = (method: string, params: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      const id = next++;
      waiting.set(id, resolve);
      send({ id, method, params });
    });

  readMessages(child, (message) => {
    if (message.method === undefined) {
      waiting.get(message.id!)?.(message["result"]);
    } else if (message.method === "textDocument/publishDiagnostics") {
      const { uri, diagnostics } = message["params"] as { uri: string; diagnostics: readonly Diagnostic[] };
      diagnosed.get(uri)?.(diagnostics);
    } else if (message.id !== undefined) {
      const { items = [] } = (message["params"] ?? {}) as { items?: readonly { section: string }[] };
      const result =
        message.method === "workspace/configuration"
          ? items.map(({ section }) => sectionOf(settings, section))
          : null;
      send({ id: message.id, result });
    }
  });

  const uriOf = (path: string): string => pathToFileURL(`${folder}/${path}`).href;
  const at = (path: string, line: number, character: number) => ({
    textDocument: { uri: uriOf(path) },
    position: { line, character },
  });

  await ask("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "registry" }],
    capabilities: {
      workspace: { configuration: true },
      textDocument: { completion: {}, hover: {}, publishDiagnostics: {} },
    },
  });
  send({ method: "initialized", params: {} });
  send({ method: "workspace/didChangeConfiguration", params: { settings } });

  return {
    open: (path, text) =>
      new Promise((resolve) => {
        diagnosed.set(uriOf(path), resolve);
        send({
          method: "textDocument/didOpen",
          params: { textDocument: { uri: uriOf(path), languageId: "yaml", version: 1, text } },
        });
      }),
    async complete(path, line, character) {
      const answer = (await ask("textDocument/completion", at(path, line, character))) as {
        items: readonly Completion[];
      } | null;
      return answer?.items ?? [];
    },
    async hover(path, line, character) {
      const answer = (await ask("textDocument/hover", at(path, line, character))) as {
        contents: { value: string };
      } | null;
      return answer?.contents.value ?? "";
    },
    async close() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      await ask("shutdown", null);
      send({ method: "exit" });
      await gone;
    },
  };
}

function sectionOf(settings: Readonly<Record<string, unknown>>, section: string): unknown {
  return settings[section] ?? {};
}

function readMessages(child: ChildProcess, onMessage: (message: Message) => void): void {
  let buffer = Buffer.alloc(0);
  child.stdout!.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const end = buffer.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, end).toString())?.[1]);
      if (buffer.length < end + 4 + length) return;
      const body = buffer.subarray(end + 4, end + 4 + length).toString();
      buffer = buffer.subarray(end + 4 + length);
      onMessage(JSON.parse(body) as Message);
    }
  });
}
