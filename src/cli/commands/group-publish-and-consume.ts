/** Commands that hand the registry to others. One line a command; see index.ts. */
import type { CommandLine } from "./index.ts";

export const commands: readonly CommandLine[] = [
  {
    name: "schema",
    group: "Publish and consume",
    summary: "schemas for editors, completing references to the entries that exist now",
    load: async () => (await import("./schema.ts")).schema,
  },
  {
    name: "compile",
    group: "Publish and consume",
    summary: "the unsigned snapshot of a commit: what consumers read, with one digest",
    load: async () => (await import("./compile.ts")).compile,
  },
  {
    name: "key",
    group: "Publish and consume",
    summary: "the keys that sign releases: made, exchanged, looked at",
    load: async () => (await import("./key.ts")).key,
  },
  {
    name: "release",
    group: "Publish and consume",
    summary: "sign what landed, so that services can verify it offline",
    load: async () => (await import("./release.ts")).release,
  },
  {
    name: "push",
    group: "Publish and consume",
    summary: "publish a release to static hosts, OCI registries, S3 stores and GitHub",
    load: async () => (await import("./push.ts")).push,
  },
  {
    name: "pull",
    group: "Publish and consume",
    summary: "copy a release into a folder, verified whole",
    load: async () => (await import("./pull.ts")).pull,
  },
  {
    name: "verify",
    group: "Publish and consume",
    summary: "check a release down to its last file, and show who signed it until when",
    load: async () => (await import("./verify.ts")).verify,
  },
  {
    name: "export",
    group: "Publish and consume",
    summary: "the registry, or one entry, as what another program reads",
    load: async () => (await import("./export.ts")).exportCommand,
  },
  {
    name: "docs",
    group: "Publish and consume",
    summary: "Markdown tables of what the registry holds, and whether they are stale",
    load: async () => (await import("./docs.ts")).docs,
  },
  {
    name: "codegen",
    group: "Publish and consume",
    summary: "typed constants of models, aliases, bundles and scopes, for code",
    load: async () => (await import("./codegen.ts")).codegen,
  },
  {
    name: "reconcile",
    group: "Publish and consume",
    summary: "where code, or another system's configuration, and the registry disagree",
    load: async () => (await import("./reconcile.ts")).reconcile,
  },
  {
    name: "agent",
    group: "Publish and consume",
    summary: "keep a verified slice as a JSON file, for services in any language",
    load: async () => (await import("./agent.ts")).agent,
  },
  {
    name: "audit",
    group: "Publish and consume",
    summary: "append evidence; prove history; hand it to an auditor",
    load: async () => (await import("./audit.ts")).audit,
  },
];
