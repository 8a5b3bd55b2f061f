/** The transition digest D (DESIGN 5.4): its exact bytes, and that nothing but what it names reaches it. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bareDigest, transitionDigest, type ChangedPath } from "../../src/core/model/transition.ts";
import type { FileMode } from "../../src/core/model/tree.ts";
import { pathOfBytes } from "../../src/core/model/path.ts";

const hex = (text: string): string => createHash("sha256").update(text).digest("hex");
const target = { registryId: "example", ref: "refs/heads/main" };

const modes: readonly FileMode[] = ["100644", "100755", "120000"];
const side = fc.option(fc.record({ mode: fc.constantFrom(...modes), sha: fc.string().map(hex) }), {
  nil: null,
});
const change = (path: string): fc.Arbitrary<ChangedPath> =>
  fc.tuple(side, side).map(([a, b]) => ({
    path,
    modeFrom: a?.mode ?? null,
    from: a?.sha ?? null,
    modeTo: b?.mode ?? null,
    to: b?.sha ?? null,
  }));
const paths = fc
  .uniqueArray(fc.stringMatching(/^[a-zé/\u{1f600}]{1,8}$/u), { minLength: 1, maxLength: 6 })
  .chain((names) => fc.tuple(...names.map(change)));

describe("the exact bytes", () => {
  const one: ChangedPath = {
    path: "registry/live/prod/fraud/score.yaml",
    modeFrom: "100644",
    modeTo: "100644",
    from: hex("a"),
    to: hex("b"),
  };
  const added: ChangedPath = {
    path: "CODEOWNERS",
    modeFrom: null,
    modeTo: "100644",
    from: null,
    to: hex("c"),
  };
  const removed: ChangedPath = { path: "é", modeFrom: "100755", modeTo: null, from: hex("d"), to: null };

  test("are those that DESIGN 5.4 spells", () => {
    const spelled =
      "assent-transition/v1\0example\0refs/heads/main\0" +
      `000000 100644 - ${hex("c")} CODEOWNERS\0` +
      `100644 100644 ${hex("a")} ${hex("b")} registry/live/prod/fraud/score.yaml\0` +
      `100755 000000 ${hex("d")} - é\0`;
    expect(transitionDigest(target, [removed, one, added])).toBe(`sha256:${hex(spelled)}`);
    expect(bareDigest(transitionDigest(target, [removed, one, added]))).toBe(hex(spelled));
  });

  test("of nothing are the head alone", () => {
    expect(transitionDigest(target, [])).toBe(
      `sha256:${hex("assent-transition/v1\0example\0refs/heads/main\0")}`,
    );
  });

  test("hold a path's own bytes, also where they are no UTF-8, in the order of bytes", () => {
    const path = pathOfBytes(Uint8Array.of(0x66, 0xff));
    // As UTF-16 the lone surrogate would stand before U+FF01; as bytes it stands behind it.
    const other = "f！";
    const bytes = Buffer.concat([
      Buffer.from(`assent-transition/v1\0example\0refs/heads/main\x00000000 100644 - ${hex("y")} `),
      Buffer.from(other),
      Buffer.from(`\x00000000 100644 - ${hex("x")} `),
      Buffer.from([0x66, 0xff, 0]),
    ]);
    const expected = createHash("sha256").update(bytes).digest("hex");
    const both = [
      { path, modeFrom: null, modeTo: "100644" as const, from: null, to: hex("x") },
      { path: other, modeFrom: null, modeTo: "100644" as const, from: null, to: hex("y") },
    ];
    expect(transitionDigest(target, both)).toBe(`sha256:${expected}`);
  });

  test("refuse one path twice", () => {
    expect(() => transitionDigest(target, [one, { ...one, to: hex("z") }])).toThrow(/twice/);
  });
});

describe("properties", () => {
  test("the order of paths does not matter", () => {
    fc.assert(
      fc.property(
        paths.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray([...list], { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          expect(transitionDigest(target, shuffled)).toBe(transitionDigest(target, list));
        },
      ),
    );
  });

  test("any other byte, mode, path, registry or branch gives another digest", () => {
    const kinds = ["from", "to", "modeFrom", "modeTo", "path", "drop", "registryId", "ref"] as const;
    fc.assert(
      fc.property(paths, fc.nat(), fc.constantFrom(...kinds), (list, pick, kind) => {
        const at = pick % list.length;
        const chosen = list[at] as ChangedPath;
        const changed: ChangedPath = {
          ...chosen,
          ...(kind === "from" && { from: hex(`${chosen.from} other`) }),
          ...(kind === "to" && { to: hex(`${chosen.to} other`) }),
          ...(kind === "modeFrom" && {
            modeFrom: chosen.modeFrom === "100644" ? ("100755" as const) : ("100644" as const),
          }),
          ...(kind === "modeTo" && { modeTo: chosen.modeTo === null ? ("100644" as const) : null }),
          ...(kind === "path" && { path: `${chosen.path}x` }),
        };
        const others = list.filter((_, index) => index !== at && list[index]?.path !== changed.path);
        const mutated = kind === "drop" ? others : [...others, changed];
        const mutatedTarget = {
          registryId: kind === "registryId" ? "example2" : target.registryId,
          ref: kind === "ref" ? "refs/heads/maint" : target.ref,
        };
        expect(transitionDigest(mutatedTarget, mutated)).not.toBe(transitionDigest(target, list));
      }),
    );
  });
});
