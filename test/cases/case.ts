/**
 * Cases: whole small registries with the answer written into them. A place that must be found is marked in the text,
 * `⟦code|place⟧`, so a case says what is wrong, where, and with the marks taken out is what a person would have typed.
 * Everything else in it must stay silent.
 */
import type { FileMode, Tree } from "../../src/core/model/tree.ts";
import { treeOf } from "../../src/core/model/tree.ts";

export interface Link {
  readonly mode: Exclude<FileMode, "100644">;
  readonly text: string;
}

/** Marked texts, bytes, or what is no ordinary file; null takes a file of the base world away. */
export type Files = Readonly<Record<string, string | Uint8Array | Link | null>>;

export interface Case {
  readonly name: string;
  /** What stands beside the base world, or in place of its files. */
  readonly files: Files;
  /** What landed before, where the case is about a move; without marks. */
  readonly landed?: Files;
  /** Findings that no text can be marked for: `code file line:column-line:column`. */
  readonly elsewhere?: readonly string[];
}

/** A registry that lints clean: what every case starts from. */
export const world: Files = {
  CODEOWNERS:
    "# Generated from registry/registry.yaml (ownership). Do not edit: assent codeowners generate\n* @test/owners\n",
  "registry/registry.yaml":
    'title: Test\nid: test\nmode: enforce\nownership:\n  - { path: "*", roles: [role:owners] }\n',
  "registry/governance/roles/owners.yaml":
    'title: Owners\nmembers: [identity:ada, identity:bea]\ngithubTeam: "@test/owners"\n',
  "registry/governance/identities/ada.yaml": "title: Ada\ngithub: { login: ada, id: 1 }\n",
  "registry/governance/identities/bea.yaml": "title: Bea\ngithub: { login: bea, id: 2 }\n",
  "registry/providers/acme.yaml": "title: Acme\n",
};

/** The files as they stand on disk, and the findings they are marked with, sorted. */
export interface Unmarked {
  readonly files: ReadonlyMap<string, { readonly mode: FileMode; readonly bytes: Uint8Array }>;
  readonly expected: readonly string[];
}

/** Takes the marks out of a case. */
export function unmark(files: Files, elsewhere: readonly string[] = []): Unmarked {
  const encoder = new TextEncoder();
  const made = new Map<string, { mode: FileMode; bytes: Uint8Array }>();
  const expected = [...elsewhere];
  for (const [path, content] of Object.entries({ ...world, ...files })) {
    if (content === null) continue;
    if (content instanceof Uint8Array) made.set(path, { mode: "100644", bytes: content });
    else if (typeof content === "object")
      made.set(path, { mode: content.mode, bytes: encoder.encode(content.text) });
    else {
      const { text, marks } = unmarkText(content);
      made.set(path, { mode: "100644", bytes: encoder.encode(text) });
      expected.push(...marks.map(({ code, range }) => `${code} ${path} ${range}`));
    }
  }
  return { files: made, expected: expected.sort() };
}

/** The tree of a case, without a disk. */
export function treeOfCase({ files }: Unmarked): Tree {
  return treeOf([...files].map(([path, { mode, bytes }]) => ({ path, mode, read: () => bytes })));
}

interface Mark {
  readonly code: string;
  readonly range: string;
}

/** Marks may stand in one another; one mark may carry several codes. */
function unmarkText(marked: string): { readonly text: string; readonly marks: readonly Mark[] } {
  const open: { codes: string[]; from: string }[] = [];
  const marks: Mark[] = [];
  let text = "";
  for (let at = 0; at < marked.length; at++) {
    const char = marked[at]!;
    if (char === "⟦") {
      const bar = marked.indexOf("|", at);
      open.push({ codes: marked.slice(at + 1, bar).split(" "), from: position(text) });
      at = bar;
    } else if (char === "⟧") {
      const mark = open.pop();
      for (const code of mark?.codes ?? []) marks.push({ code, range: `${mark?.from}-${position(text)}` });
    } else text += char;
  }
  return { text, marks };
}

function position(text: string): string {
  const lines = text.split("\n");
  return `${lines.length}:${lines.at(-1)!.length + 1}`;
}
