/** The catalogue's shards: exact cuts against a plain reading of DESIGN 7, and how little a change touches. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutShards, type Catalogue, type CatalogueLine } from "../../src/core/compile/shards.ts";
import { uuidOf } from "../../src/core/model/digest.ts";

const decoder = new TextDecoder();
const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
const lineOf = (ref: string, note = 0): CatalogueLine => ({ ref, line: `{"note":${note},"ref":"${ref}"}` });
const linesOf = (n: number): CatalogueLine[] =>
  Array.from({ length: n }, (_, i) => lineOf(`model:ns${i % 7}/m${i}@1.0.0`));

/** Bits of sha256(ref) as text: the slow, obvious way. */
function startsWithZeroBits(ref: string, bits: number): boolean {
  const text = [...sha256(ref)]
    .map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, "0"))
    .join("");
  return text.startsWith("0".repeat(bits));
}

function digests(catalogue: Catalogue): Set<string> {
  return new Set(catalogue.shards.map((shard) => shard.digest));
}

/** How many blobs of `after` are new. */
function fresh(before: Catalogue, after: Catalogue): { shards: number; lists: number } {
  const old = digests(before);
  const oldLists = new Set(before.lists.map((list) => list.digest));
  return {
    shards: after.shards.filter((shard) => !old.has(shard.digest)).length,
    lists: after.lists.filter((list) => !oldLists.has(list.digest)).length,
  };
}

const refs = fc
  .uniqueArray(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 1500, size: "max" })
  .map((ids) => ids.map((id) => lineOf(`model:a/m${id}@1.0.0`)));

describe("cutShards", () => {
  it("cuts exactly after references whose sha256 begins with six zero bits, and lists after twelve", () => {
    const lines = linesOf(20_000);
    const { bits, shards, lists, root } = cutShards(lines);
    expect(bits).toBe(6);
    const sorted = lines.map((entry) => entry.ref).sort();
    const ends = sorted.filter((ref, i) => i === sorted.length - 1 || startsWithZeroBits(ref, 6));
    expect(shards.map((shard) => shard.last)).toEqual(ends);
    expect(lists.map((list) => list.last)).toEqual(
      ends.filter((ref, i) => i === ends.length - 1 || startsWithZeroBits(ref, 12)),
    );
    expect(lists.length).toBeGreaterThan(2);
    const byRef = new Map(lines.map((entry) => [entry.ref, entry.line]));
    expect(shards.map((shard) => decoder.decode(shard.bytes)).join("")).toBe(
      sorted.map((ref) => `${byRef.get(ref)}\n`).join(""),
    );
    for (const blob of [...shards, ...lists, root]) expect(blob.digest).toBe(`sha256:${sha256(blob.bytes)}`);
    expect(
      lists
        .map((list) => decoder.decode(list.bytes))
        .join("")
        .split("\n")
        .filter(Boolean)
        .map((row) => JSON.parse(row) as unknown),
    ).toEqual(
      shards.map(({ digest, entries, first, last, bytes }) => ({
        digest,
        entries,
        first,
        last,
        length: bytes.length,
      })),
    );
    expect(JSON.parse(decoder.decode(root.bytes))).toEqual({
      format: "assent.catalogue/v1",
      bits: 6,
      entries: 20_000,
      lists: lists.map(({ digest, entries, first, last, bytes, shards: count }) => ({
        digest,
        entries,
        first,
        last,
        length: bytes.length,
        shards: count,
      })),
    });
  });

  it("takes one more bit where six would make 4,096 shards", () => {
    const lines = linesOf(300_000);
    const { bits, shards } = cutShards(lines);
    const ends = (zeros: number): number =>
      lines.filter((entry) => startsWithZeroBits(entry.ref, zeros)).length;
    expect(ends(6)).toBeGreaterThanOrEqual(4096);
    expect(bits).toBe(7);
    expect(shards.length).toBeGreaterThan(2000);
    expect(shards.length).toBeLessThan(4096);
  }, 30_000);

  it("makes a root of nothing, and one shard of one line", () => {
    const empty = cutShards([]);
    expect([empty.shards, empty.lists]).toEqual([[], []]);
    expect(decoder.decode(empty.root.bytes)).toBe(
      '{"bits":6,"entries":0,"format":"assent.catalogue/v1","lists":[]}\n',
    );
    const one = cutShards([lineOf("model:a/b@1.0.0")]);
    expect(one.shards.map((shard) => decoder.decode(shard.bytes))).toEqual([
      '{"note":0,"ref":"model:a/b@1.0.0"}\n',
    ]);
    expect(one.lists).toHaveLength(1);
  });

  it("refuses two lines with one reference", () => {
    expect(() => cutShards([lineOf("model:a/b@1.0.0"), lineOf("model:a/b@1.0.0", 1)])).toThrow(
      "model:a/b@1.0.0",
    );
  });

  it("does not depend on the order of its input", () => {
    fc.assert(
      fc.property(
        refs.chain((lines) =>
          fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })),
        ),
        ([lines, shuffled]) => {
          expect(cutShards(shuffled).root.digest).toBe(cutShards(lines).root.digest);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("touches one shard for a changed entry, at most two for an added or removed one, and as few lists", () => {
    fc.assert(
      fc.property(refs, fc.nat(), fc.integer({ min: 5001, max: 9_999_999 }), (lines, at, id) => {
        const before = cutShards(lines);
        const i = at % lines.length;
        const changed = cutShards(lines.map((entry, j) => (j === i ? lineOf(entry.ref, 1) : entry)));
        expect(fresh(before, changed)).toEqual({ shards: 1, lists: 1 });
        const added = cutShards([...lines, lineOf(`model:a/m${id}@1.0.0`)]);
        expect(fresh(before, added).shards).toBeLessThanOrEqual(2);
        expect(fresh(added, before).shards).toBeLessThanOrEqual(2);
        expect(fresh(before, added).lists).toBeLessThanOrEqual(2);
      }),
      { numRuns: 100 },
    );
  });
});

describe("uuidOf", () => {
  it("is the UUIDv5 of assent:<reference> in RFC 9562's URI namespace", () => {
    // python3: uuid.uuid5(uuid.NAMESPACE_URL, "assent:model:openai/gpt-4o@1.0.0")
    expect(uuidOf("model:openai/gpt-4o@1.0.0")).toBe("f5132fe0-4ab6-5304-bb83-39695ab7073b");
  });
});
