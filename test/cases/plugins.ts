/** Cases about pins of plugins; none of them is run. What running one says stands in test/core/plugin.test.ts. */
import { digestOfBytes } from "../../src/core/model/digest.ts";
import type { Case } from "./case.ts";

const file = ".github/assent/plugins/reader.js";
const source = "plugin({});\n";
const digest = digestOfBytes(new TextEncoder().encode(source));
const other = `sha256:${"0".repeat(64)}`;
const settings = (pins: string): string =>
  `title: Test\nid: test\nmode: enforce\nplugins:\n${pins}ownership:\n  - { path: "*", roles: [role:owners] }\n`;
const pin = (name: string, pinned: string): string =>
  `  - name: ${name}\n    digest: ${pinned}\n    api: assent.plugin/v1\n    hooks: [importers]\n`;

export const plugins: readonly Case[] = [
  {
    name: "a plugin that is pinned as it stands",
    files: { [file]: source, "registry/registry.yaml": settings(pin("reader", digest)) },
  },
  {
    name: "a plugin that changed without its pin",
    files: { [file]: source, "registry/registry.yaml": settings(pin("reader", `⟦plugin/digest|${other}⟧`)) },
  },
  {
    name: "a pin of nothing",
    files: { "registry/registry.yaml": settings(pin("⟦plugin/missing|reader⟧", digest)) },
  },
  {
    name: "a plugin that is a link",
    files: {
      [file]: { mode: "120000", text: "../../../elsewhere.js" },
      "registry/registry.yaml": settings(
        pin("⟦plugin/missing|reader⟧", digestOfBytes(new TextEncoder().encode("../../../elsewhere.js"))),
      ),
    },
  },
  {
    name: "a plugin that is pinned twice",
    files: {
      [file]: source,
      "registry/registry.yaml": settings(pin("reader", digest) + pin("⟦plugin/duplicate|reader⟧", digest)),
    },
  },
  {
    name: "a plugin that nobody pinned",
    files: { [file]: source },
    elsewhere: [`plugin/unpinned ${file} 1:1-1:12`],
  },
  {
    name: "what stands deeper is no plugin",
    files: { ".github/assent/plugins/examples/reader.js": source },
  },
];
