/**
 * Who a commit's author claims to be, among the registry's identities. A claim: a commit proves nothing about people.
 */
import { sha256Hex } from "../model/digest.ts";
import { isObject, type JsonObject } from "../model/json.ts";

/**
 * The identity of an address: the account in GitHub's own (`<id>+<login>@users.noreply...`), else the digest of the
 * address (DESIGN 5.3). Nobody, and more than one, is `unknown`.
 */
export function identityOfEmail(address: string, identities: ReadonlyMap<string, JsonObject>): string {
  const email = address.toLowerCase();
  const account = /^(\d+)\+[^@]+@users\.noreply\.github\.com$/.exec(email)?.[1];
  const digest = `sha256:${sha256Hex(email)}`;
  const found: string[] = [];
  for (const [ref, value] of identities) {
    const github = value["github"];
    const byAccount = account !== undefined && isObject(github) && String(github["id"]) === account;
    const digests = value["emailDigests"];
    if (byAccount || (Array.isArray(digests) && digests.includes(digest))) found.push(ref);
  }
  return found.length === 1 ? (found[0] ?? "unknown") : "unknown";
}
