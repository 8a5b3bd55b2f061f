/**
 * What a policy pack is: a policy that others have needed too, the metadata it reads, where it is usually bound, and what
 * it does not say. A pack is a beginning: once its entries are in a registry, the registry decides, not the pack.
 * This file must never judge anything.
 */
import type { MetadataSchemaEntry, PolicySpec, TestSuiteEntry } from "../../../generated/entries.ts";

export interface Pack {
  /** The name of its Policy, and of the file it stands in. */
  readonly name: string;
  /** Of the Policy's version; raised whenever `spec` changes, because a landed spec is frozen. */
  readonly version: string;
  readonly title: string;
  /** One sentence, without a full stop: what it asks for. */
  readonly summary: string;
  readonly spec: PolicySpec;
  /** Whether it is about what is live, so that it should be bound in an environment; then the one in examples. */
  readonly environment?: string;
  /** The metadata its rules read, by the key below `extensions`. */
  readonly schemas?: Readonly<Record<string, MetadataSchemaEntry>>;
  /** The suites whose runs it reads, by their ids; they come along with the Policy. */
  readonly suites?: Readonly<Record<string, TestSuiteEntry>>;
  /** What to know before binding it: paragraphs of Markdown, the first one first. */
  readonly notes: readonly string[];
}
