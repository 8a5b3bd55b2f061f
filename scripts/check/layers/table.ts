/**
 * Which folder of src/ may import what: the one place where directions are written down. The lint reads it
 * (plugin.ts), src/README.md explains it, and test/architecture/layers.test.ts breaks each line of it on purpose.
 */

/** A folder of src/ (or a file standing directly in it) and what it may touch. */
export interface Layer {
  /** Path below src/; a folder ends with a slash. The first layer of the table that is a prefix decides. */
  readonly path: string;
  /** Paths below src/ that may be imported besides the layer itself. */
  readonly may: readonly string[];
  /** Paths of which only types may be imported. */
  readonly mayTypes?: readonly string[];
  /** npm packages. */
  readonly packages: readonly string[];
  /** Node's own modules: none unless named; "*" is all of them. */
  readonly builtins?: readonly string[];
  /** False when sibling folders of this layer must not know each other. */
  readonly siblings?: boolean;
  /** What a newcomer who ran into the boundary should do instead. */
  readonly teach: string;
}

/** Packages that turn values into values: no files, no network, no clock. */
const pure = [
  "@marcbachmann/cel-js",
  "ajv",
  "ajv-formats",
  "minisearch",
  "re2js",
  "semver",
  "smol-toml",
  "yaml",
];

/** Reads and checks metadata and signatures, given as values. */
const trust = ["@sigstore/bundle", "@sigstore/verify", "@tufjs/canonical-json", "@tufjs/models"];

const pureCore =
  "The core is a function of its arguments: let app/ read the value through a port and pass it in.";

export const layers: readonly Layer[] = [
  {
    path: "core/model/digest.ts",
    may: ["core/model/"],
    packages: [],
    builtins: ["node:crypto"],
    teach: pureCore,
  },
  {
    path: "core/model/",
    may: [],
    mayTypes: ["generated/entries.ts"],
    packages: ["semver"],
    teach:
      "The vocabulary knows nothing but itself: put what needs more into the folder of core/ that does the work.",
  },
  {
    path: "core/trust/",
    may: ["core/"],
    packages: [...pure, ...trust],
    builtins: ["node:crypto"],
    teach: pureCore,
  },
  {
    path: "core/export/report/",
    may: ["core/", "generated/"],
    // Turns calls into bytes; its one look at a clock is overridden where a document is made.
    packages: ["pdfkit"],
    teach: pureCore,
  },
  { path: "core/", may: ["generated/"], packages: pure, teach: pureCore },
  {
    path: "client/",
    may: ["core/model/", "core/resolve/", "core/trust/"],
    packages: ["@tufjs/models"],
    builtins: ["*"],
    teach: "The client stays small enough for any service: no YAML, no Ajv, no git in its import graph.",
  },
  {
    path: "app/",
    may: ["core/", "client/", "generated/"],
    packages: pure,
    teach:
      "An operation reads through app/ports.ts, calls the core and writes through app/ports.ts; join.ts joins the ports to adapters.",
  },
  {
    path: "adapters/",
    // A destination of releases speaks to its host as the reader for that host does.
    may: ["core/model/", "client/source/"],
    mayTypes: [
      "core/",
      "app/ports.ts",
      "app/artifact-port.ts",
      "app/forge-ports.ts",
      "app/snapshot-port.ts",
      "app/walk-port.ts",
      "app/witness-port.ts",
      "app/exchange-port.ts",
      "app/keys-port.ts",
      "app/release-port.ts",
    ],
    packages: [
      "@aws-sdk/client-s3",
      "@sigstore/bundle",
      "@sigstore/sign",
      "fast-glob",
      "isomorphic-git",
      "octokit",
      "quickjs-emscripten",
    ],
    builtins: ["*"],
    siblings: false,
    teach:
      "An adapter fetches and stores and decides nothing: let the operation in app/ combine it with others, and give a neighbour that needs several files a folder.",
  },
  {
    path: "cli/",
    may: ["core/", "app/", "client/", "generated/"],
    packages: ["chalk", "commander"],
    // Joins and splits what the user typed; the folder it is relative to is an argument.
    builtins: ["node:path"],
    teach:
      "The CLI only translates: flags to an operation, its value to text. Streams and the environment are arguments, join.ts joins adapters.",
  },
  {
    path: "service/",
    may: ["core/", "app/", "client/", "generated/"],
    packages: [],
    teach: "The service renders values; join.ts joins adapters.",
  },
  {
    path: "web/",
    may: ["core/", "app/", "client/", "generated/"],
    packages: [],
    teach: "The page renders values; join.ts joins adapters.",
  },
  {
    path: "index.ts",
    may: ["core/", "app/", "client/", "generated/"],
    packages: [],
    teach: "The library exports values and functions of values.",
  },
  {
    path: "join.ts",
    may: ["core/", "app/", "client/", "adapters/"],
    packages: [],
    teach: "join.ts puts adapters behind the ports of app/; work belongs to the layers.",
  },
  {
    path: "main.ts",
    may: ["core/", "app/", "adapters/", "cli/", "service/", "client/", "join.ts"],
    packages: ["chalk"],
    builtins: ["*"],
    teach: "main.ts joins and starts; work belongs to the layers.",
  },
];
