/** The canonical form of a name, by which near-duplicates are found (DESIGN 5, Anti-Sybil). */

/** The provider asked about last, and its plain form: names come provider by provider. */
let lastProvider = "";
let lastPrefix = "";

/**
 * Lower case without anything but letters and digits, and without the provider's name in front:
 * `anthropic-claude-3-7-sonnet` and `claude-3.7-sonnet` are the same under the provider `anthropic`.
 */
export function canonicalName(name: string, provider: string): string {
  if (provider !== lastProvider) {
    lastPrefix = plainOf(provider);
    lastProvider = provider;
  }
  const plain = plainOf(name);
  return lastPrefix !== "" && plain.length > lastPrefix.length && plain.startsWith(lastPrefix)
    ? plain.slice(lastPrefix.length)
    : plain;
}

function plainOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "");
}
