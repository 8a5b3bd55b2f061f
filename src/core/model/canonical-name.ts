/** The canonical form of a name, by which near-duplicates are found (DESIGN 5, Anti-Sybil). */

/**
 * Lower case without anything but letters and digits, and without the provider's name in front:
 * `anthropic-claude-3-7-sonnet` and `claude-3.7-sonnet` are the same under the provider `anthropic`.
 */
export function canonicalName(name: string, provider: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const prefix = provider.toLowerCase().replace(/[^a-z0-9]/g, "");
  return prefix !== "" && plain.length > prefix.length && plain.startsWith(prefix) ? plain.slice(prefix.length) : plain;
}
