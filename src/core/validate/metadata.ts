/** Which MetadataSchemas govern the custom metadata of an entry (DESIGN 3). It must never look at the metadata itself. */
import type { Entry, Registry } from "../model/registry.ts";

/** Whether entries of this kind in this namespace may carry the key. */
export function governs(schema: Entry<"MetadataSchema">, entry: Entry): boolean {
  const { appliesTo, namespaces } = schema.value;
  if (appliesTo !== undefined && !appliesTo.includes(entry.kind)) return false;
  return namespaces === undefined || (entry.ns !== null && namespaces.includes(entry.ns));
}

/** The schema of a key of `extensions`; undefined when there is none. */
export function metadataSchemaOf(registry: Registry, key: string): Entry<"MetadataSchema"> | undefined {
  const found = registry.get(`metadata-schema:${key}`);
  return found?.kind === "MetadataSchema" ? (found as Entry<"MetadataSchema">) : undefined;
}

/** The custom metadata of an entry. */
export function extensionsOf(entry: Entry): NonNullable<Entry<"Model">["value"]["extensions"]> {
  return entry.value.extensions ?? none;
}

const none = {};
