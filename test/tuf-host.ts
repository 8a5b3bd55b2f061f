/**
 * A host of releases on loopback, and two clients of it that remember: ours, and a stock tuf-js that knows nothing of
 * Assent. Both meet the same bytes, at the same time of a clock that the test sets.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Updater } from "tuf-js";
import { readManifest } from "../src/client/read-file.ts";
import { refreshRelease, type Maxima, type Refreshed } from "../src/client/refresh.ts";
import type { ReleaseReader } from "../src/client/source/reader.ts";
import type { Instant } from "../src/core/model/instant.ts";
import { openTrusted, renderTrusted } from "../src/core/trust/tuf/state.ts";
import type { Files } from "./tuf-repository.ts";

export interface Host {
  readonly url: string;
  /** What lies there; a test changes it. */
  readonly files: Files;
  /** Paths at which the host never stops answering. */
  readonly endless: Set<string>;
  /** How often each path was asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

export async function openHost(files: Files = new Map()): Promise<Host> {
  const endless = new Set<string>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? "/").slice(1));
    asked.push(path);
    if (endless.has(path)) {
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
      };
      response.on("drain", more);
      more();
      return;
    }
    const bytes = files.get(path);
    response.statusCode = bytes === undefined ? 404 : 200;
    response.end(bytes);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    files,
    endless,
    asked,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

/** Reads at most one byte more than it may, and leaves it to the client to see that. */
export function plainReader(url: string): ReleaseReader {
  return {
    address: url,
    async read(path, { maxLength }) {
      const response = await fetch(`${url}/${path}`);
      if (response.status === 404) return undefined;
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of response.body ?? []) {
        chunks.push(chunk);
        length += chunk.length;
        if (length > maxLength) break;
      }
      return { bytes: Buffer.concat(chunks).subarray(0, maxLength + 1) };
    },
  };
}

/** What a client says: the manifest it came to, or why it refuses. */
export type Verdict = { readonly manifest: string } | { readonly refused: string };

export interface Client {
  refresh(now: Instant): Promise<Verdict>;
  close(): void;
}

/** Ours: keeps what it was told to keep, also of a refresh that fails, as bytes. */
export function ourClient(
  reader: ReleaseReader,
  root: Uint8Array,
  maxima?: Partial<Maxima>,
): Client & {
  kept(): Uint8Array | undefined;
  last(): Refreshed | undefined;
} {
  let kept: Uint8Array | undefined;
  let last: Refreshed | undefined;
  return {
    async refresh(now) {
      try {
        const keep = (state: Parameters<typeof renderTrusted>[0]): void => {
          kept = renderTrusted(state);
        };
        last = await refreshRelease(reader, openTrusted(root, kept), { now, maxima, keep });
        const { bytes } = await readManifest(reader, last);
        return { manifest: Buffer.from(bytes).toString() };
      } catch (error) {
        return { refused: error instanceof Error && "code" in error ? String(error.code) : String(error) };
      }
    },
    kept: () => kept,
    last: () => last,
    close: () => {},
  };
}

/** Theirs: reads the machine's clock, which the test has set. */
export function stockClient(
  url: string,
  root: Uint8Array,
): Client & { download(target: string): Promise<string> } {
  const folder = mkdtempSync(join(tmpdir(), "assent-tuf-"));
  const metadataDir = join(folder, "metadata");
  const targetDir = join(folder, "targets");
  mkdirSync(metadataDir);
  mkdirSync(targetDir);
  writeFileSync(join(metadataDir, "root.json"), root);
  const open = (): Updater =>
    new Updater({
      metadataDir,
      metadataBaseUrl: `${url}/metadata`,
      targetDir,
      targetBaseUrl: `${url}/targets`,
      config: { fetchRetries: 0 },
    });
  const download = async (name: string, updater: Updater): Promise<string> => {
    const target = await updater.getTargetInfo(name);
    if (target === undefined) throw new Error(`no ${name}`);
    return readFileSync(await updater.downloadTarget(target), "utf8");
  };
  return {
    async refresh() {
      try {
        const updater = open();
        await updater.refresh();
        return { manifest: await download("manifest.json", updater) };
      } catch (error) {
        return { refused: String(error) };
      }
    },
    download: (name) => download(name, open()),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
