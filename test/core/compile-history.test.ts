/** The History part: every event once, cut so that a landing moves the last file only, the same bytes whenever it is built. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { appendHistory, buildHistory, emptyHistory, type LandedValues } from "../../src/core/audit/events.ts";
import { DERIVATION } from "../../src/core/audit/state.ts";
import {
  compileHistory,
  CUT,
  parseCompiledHistory,
  renderCompiledHistory,
} from "../../src/core/compile/history.ts";
import { instantOfSeconds } from "../../src/core/model/instant.ts";
import { HISTORY_PATH, isSnapshotPath } from "../../src/core/model/snapshot.ts";

const person = { name: "Ada", email: "ada@example.com", time: 0 };

/** Landing n changes the title of one model, or makes it. */
function landing(sequence: number): LandedValues {
  const time = instantOfSeconds(1_700_000_000 + sequence * 60);
  const oid = sequence.toString(16).padStart(40, "0");
  const value = (n: number): object => ({
    title: `T${n}`,
    state: "beta",
    spec: { provider: "provider:x", type: "other" },
  });
  const before = sequence === 1 ? null : value(sequence - 1);
  const change = {
    path: "registry/models/x/m/1.0.0.yaml",
    existed: sequence > 1,
    before,
    after: value(sequence),
    sha256: oid.padStart(64, "0"),
  };
  return {
    landing: {
      oid,
      parents: [],
      author: person,
      committer: person,
      subject: `Landing ${sequence}`,
      sequence,
      time,
    },
    changes: [change as LandedValues["changes"][number]],
  };
}

const landings = (count: number): LandedValues[] => Array.from({ length: count }, (_, i) => landing(i + 1));
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

describe("the history part", () => {
  const compiled = compileHistory(buildHistory(landings(2100)));
  const files = new Map(compiled.files.map(({ path, bytes }) => [path, bytes]));

  it("holds every event once, in order, a thousand landings a file", () => {
    expect(compiled.manifest.events.map(({ first, last }) => [first, last])).toEqual([
      [1, 1000],
      [1001, 2000],
      [2001, 2100],
    ]);
    const lines = compiled.manifest.events.flatMap(({ path, events }) => {
      const rows = text(files.get(path))
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as { sequence: number; eventId: string });
      expect(rows.length).toBe(events);
      return rows;
    });
    expect(lines.map(({ sequence }) => sequence)).toEqual(
      [...lines].sort((a, b) => a.sequence - b.sequence).map(({ sequence }) => sequence),
    );
    expect(new Set(lines.map(({ eventId }) => eventId)).size).toBe(lines.length);
    expect(lines.length).toBe(2100);
  });

  it("says when each entry was registered and updated", () => {
    const [root = ""] = [...files.keys()].filter((path) => path === compiled.manifest.marks);
    const list =
      (JSON.parse(text(files.get(root))) as { lists: { digest: string }[] }).lists[0]?.digest.slice(7) ?? "";
    const shard = (
      JSON.parse(text(files.get(`history/${list}.jsonl`)).trimEnd()) as { digest: string }
    ).digest.slice(7);
    expect(JSON.parse(text(files.get(`history/${shard}.jsonl`)))).toMatchObject({
      ref: "model:x/m@1.0.0",
      registered: { sequence: 1, by: "unknown" },
      updated: { sequence: 2100, at: instantOfSeconds(1_700_000_000 + 2100 * 60) },
    });
  });

  it("is named by its bytes, its digest is that of its manifest", () => {
    for (const { path, bytes } of compiled.files) {
      expect(isSnapshotPath(path)).toBe(true);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      if (path === HISTORY_PATH) expect(compiled.digest).toBe(`sha256:${sha256}`);
      else expect(path).toContain(sha256);
    }
    expect(compiled.files.at(-1)?.path).toBe(HISTORY_PATH);
  });

  it("appended and built anew are the same bytes; a landing leaves the older files alone", () => {
    const grown = compileHistory(
      appendHistory(appendHistory(emptyHistory, landings(700)), landings(2100).slice(700)),
    );
    expect(grown.digest).toBe(compiled.digest);
    const after = compileHistory(buildHistory(landings(2101)));
    expect(after.manifest.events.slice(0, 2)).toEqual(compiled.manifest.events.slice(0, 2));
    expect(after.manifest.events[2]).not.toEqual(compiled.manifest.events[2]);
  });

  it("holds what happened to a file whose name is no text", () => {
    const change = { path: ".github/\udcff.md", existed: false, before: null, after: null, sha256: "0" };
    const { files: told } = compileHistory(buildHistory([{ ...landing(1), changes: [change] }]));
    const [line = ""] = text(told.find(({ path }) => path.endsWith(".jsonl"))?.bytes).split("\n");
    expect(JSON.parse(line)).toMatchObject({
      type: "governance_changed",
      subject: "%bytes:2e6769746875622fff2e6d64",
    });
  });

  it("kept as text it comes back, byte for byte, for the commit it ends with and no other", () => {
    const first = landing(1);
    const odd = { ...first, landing: { ...first.landing, subject: "Größe 🧪\u2028" } };
    for (const each of [compiled, compileHistory(buildHistory([odd]))]) {
      const kept = renderCompiledHistory(each);
      const { commit } = each.manifest;
      expect(parseCompiledHistory(kept, commit)).toEqual(each);
      expect(parseCompiledHistory(kept, "f".repeat(40))).toBe(undefined);
      const middle = kept.length >> 1;
      const damaged = [
        "",
        kept.slice(0, middle),
        `${kept} `,
        `${kept.slice(0, middle)}~${kept.slice(middle + 1)}`,
        kept.replace(`/v1 ${DERIVATION}.${CUT} `, `/v1 ${DERIVATION}.${CUT - 1} `),
      ];
      for (const text of damaged) expect(parseCompiledHistory(text, commit)).toBe(undefined);
    }
  });

  it("is cut as it was, or has another number: what an older program kept is made anew", () => {
    expect([CUT, compiled.digest]).toEqual([
      1,
      "sha256:ee82f5fc3388dca3919656dcafad9153ee5883f1ef90756e857d48d21a686d1f",
    ]);
  });
});
