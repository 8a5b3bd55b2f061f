/** Cases about paths: names, depth, extensions, modes, collisions, crowds (DESIGN 2). */
import type { Case, Files } from "./case.ts";

const model = "spec:\n  provider: provider:acme\n  upstreamId: a\n  type: classification\n";
/** A file that is found wrong for where it stands, as a whole. */
const misplaced = (code: string, ...paths: readonly string[]): Files =>
  Object.fromEntries(paths.map((path) => [path, `⟦${code}|title: Any⟧\n`]));
const crowd = (count: number): Files =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`registry/providers/p${i}.yaml`, "title: P\n"]),
  );

export const paths: readonly Case[] = [
  { name: "a folder misspelt", files: misplaced("path/unknown", "registry/policys/core/a/1.0.0.yaml") },
  { name: "a name that Windows reserves", files: misplaced("path/name", "registry/providers/nul.x.yaml") },
  { name: "a version that is none", files: misplaced("path/version", "registry/models/acme/a/v1.0.yaml") },
  { name: "a hidden file", files: misplaced("path/hidden", "registry/providers/.a.yaml") },
  { name: "another extension", files: misplaced("path/extension", "registry/providers/a.yml") },
  {
    name: "a link",
    files: { "registry/providers/link.yaml": { mode: "120000", text: "acme.yaml" } },
    elsewhere: ["path/symlink registry/providers/link.yaml 1:1-1:1"],
  },
  {
    name: "a submodule",
    files: { "registry/models/vendor": { mode: "160000", text: "" } },
    elsewhere: ["path/submodule registry/models/vendor 1:1-1:1"],
  },
  {
    name: "two spellings of one name",
    files: {
      ...misplaced("path/name", "registry/providers/Acme.yaml"),
      "registry/providers/acme.yaml": "⟦path/collision|title: Acme⟧\n",
    },
  },
  {
    name: "a folder that is no kind's, a folder misspelt, a file at the top, too shallow, too deep",
    files: {
      ...misplaced(
        "path/unknown",
        "registry/things/a.yaml",
        "registry/model/acme/a/1.0.0.yaml",
        "registry/other.yaml",
        "registry/governance/x.yaml",
      ),
      ...misplaced(
        "path/unknown",
        "registry/governance/rolls/x.yaml",
        "registry/providers/a/b.yaml",
        "registry/live/prod.yaml",
        "registry/live/prod/a.yaml",
      ),
      ...misplaced(
        "path/unknown",
        "registry/live/p/a/b/c/d/e.yaml",
        "registry/models/acme/a.yaml",
        "registry/models/acme/a/b/1.0.0.yaml",
        "registry/usecases/a.yaml",
      ),
    },
  },
  {
    name: "names that Windows reserves, that end in a dot or twice in .yaml, that are upper case, too long, or odd",
    files: misplaced(
      "path/name",
      ...[
        "con",
        "nul.x",
        "aux",
        "com1",
        "lpt9.a",
        "a.",
        "a.yaml",
        "A",
        "-a",
        "a b",
        "a\\b",
        "ä",
        `${"a".repeat(101)}`,
      ].map((name) => `registry/providers/${name}.yaml`),
      "registry/models/con/a/1.0.0.yaml",
      "registry/live/prod/acme/Nul.yaml",
    ),
  },
  {
    name: "names that only look reserved, and the longest one",
    files: Object.fromEntries(
      ["console", "nully", "com10", "a_b.c-d", "0", "a".repeat(100)].map((name) => [
        `registry/providers/${name}.yaml`,
        "title: Any\n",
      ]),
    ),
  },
  {
    name: "versions that are none",
    files: misplaced(
      "path/version",
      ...[
        "1.0",
        "v1.0.0",
        "01.0.0",
        "1.0.0+build",
        "1.0.0-RC.1",
        "latest",
        "alias",
        "1.0.0-",
        "1.0.0-01",
        `9007199254740993.0.0`,
      ].map((version) => `registry/models/acme/a/${version}.yaml`),
      "registry/datasets/acme/a/aliases.yaml",
    ),
  },
  {
    name: "versions",
    files: Object.fromEntries(
      ["1.0.0", "2.0.0-rc.1", "2.0.0-0a.b-c"].map((version) => [
        `registry/models/acme/a/${version}.yaml`,
        model,
      ]),
    ),
  },
  {
    name: "other extensions, and none",
    files: misplaced(
      "path/extension",
      ...["a.yml", "b.YAML", "c.Yml", "d.json", "e", "f.yaml~", "readme.md"].map(
        (name) => `registry/providers/${name}`,
      ),
    ),
  },
  {
    name: "a README in any folder",
    files: {
      "registry/README.md": "# Hello\n",
      "registry/models/acme/README.md": "# Hello\n",
      "registry/things/README.md": "# Hello\n",
    },
  },
  {
    name: "hidden files and folders",
    files: {
      "registry/.DS_Store": "⟦path/hidden|x⟧",
      "registry/models/.git.yaml": "⟦path/hidden|x⟧",
      "registry/.idea/a.yaml": "⟦path/hidden|title: A⟧\n",
      "registry/providers/.a.yaml": "⟦path/hidden|title: A⟧\n",
      "registry/.things/README.md": "⟦path/hidden|# Hello⟧\n",
    },
  },
  {
    name: "links, submodules and programs",
    files: {
      "registry/providers/link.yaml": { mode: "120000", text: "acme.yaml" },
      "registry/models/vendor": { mode: "160000", text: "" },
      "registry/providers/run.yaml": { mode: "100755", text: "title: Run\n" },
      "registry/run.sh": { mode: "100755", text: "true\n" },
      "registry/.hidden": { mode: "120000", text: "/etc/passwd" },
    },
    elsewhere: [
      "path/symlink registry/providers/link.yaml 1:1-1:1",
      "path/submodule registry/models/vendor 1:1-1:1",
      "path/executable registry/providers/run.yaml 1:1-1:11",
      "path/executable registry/run.sh 1:1-1:5",
      "path/extension registry/run.sh 1:1-1:5",
      "path/symlink registry/.hidden 1:1-1:1",
      "path/hidden registry/.hidden 1:1-1:1",
    ],
  },
  {
    name: "an executable file is read all the same",
    files: { "registry/providers/run.yaml": { mode: "100755", text: "titel: Run\n" } },
    elsewhere: [
      "path/executable registry/providers/run.yaml 1:1-1:11",
      "schema/unknown-key registry/providers/run.yaml 1:1-1:6",
    ],
  },
  {
    name: "files, and folders, that differ in case only",
    files: {
      "registry/models/acme/A/1.0.0.yaml": `⟦path/name|spec:⟧ {}\n`.replace("⟧ {}", " {}⟧"),
      "registry/models/acme/a/1.0.0.yaml": `⟦path/collision|spec:⟧\n  provider: provider:acme\n  upstreamId: a\n  type: classification\n`,
      "registry/providers/Acme.yaml": "⟦path/name|title: Any⟧\n",
      "registry/providers/acme.yaml": "⟦path/collision|title: Acme⟧\n",
      "registry/Suites/readme.md": "⟦path/extension|x⟧",
      "registry/suites/README.md": "⟦path/collision|x⟧",
    },
  },
  {
    name: "a folder that differs in case only is told once, whatever it holds",
    files: {
      "registry/models/acme/A/1.0.0.yaml": `⟦path/name|spec:⟧ {}\n`.replace("⟧ {}", " {}⟧"),
      "registry/models/acme/A/README.md": "x",
      "registry/models/acme/a/1.0.0.yaml": `⟦path/collision|spec:⟧\n  provider: provider:acme\n  upstreamId: a\n  type: classification\n`,
      "registry/models/acme/a/1.1.0.yaml":
        "spec:\n  provider: provider:acme\n  upstreamId: a\n  type: classification\n",
      "registry/models/acme/a/README.md": "x",
    },
  },
  {
    name: "what a killed write left behind",
    files: { "registry/providers/.assent-x1y2.tmp": "title: A" },
    elsewhere: ["path/hidden registry/providers/.assent-x1y2.tmp 1:1-1:9"],
  },
  { name: "a folder with 4,000 entries", files: crowd(3999) },
  {
    name: "a folder with 4,001 entries",
    files: crowd(4000),
    elsewhere: ["path/crowded registry/providers 1:1-1:1"],
  },
  {
    name: "folders count as entries",
    files: Object.fromEntries(
      Array.from({ length: 4001 }, (_, i) => [`registry/datasets/n${i}/README.md`, "x"]),
    ),
    elsewhere: ["path/crowded registry/datasets 1:1-1:1"],
  },
];
