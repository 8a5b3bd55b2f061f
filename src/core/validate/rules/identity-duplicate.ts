/** identity/duplicate: one person, one identity: no account, key, address or alias stands twice. */
import { at, defineRegistryRule } from "../rule.ts";
import type { Entry } from "../../model/registry.ts";
import type { Pointer } from "../../model/json.ts";

export const identityDuplicate = defineRegistryRule({
  code: "identity/duplicate",
  severity: "error",
  category: "invalid",
  summary: "Two identities share an account, a key, a certificate identity, an e-mail digest or an alias.",
  why: "One person, one vote: with two identities one person could agree twice.",
  fix: "Merge the two identities into one; an identity may have several keys and aliases.",
  findAll({ registry }, report) {
    const seen = new Map<string, { entry: Entry<"Identity">; pointer: Pointer }>();
    const claim = (entry: Entry<"Identity">, key: string, what: string, ...pointer: Pointer): void => {
      const first = seen.get(key);
      if (first === undefined) seen.set(key, { entry, pointer });
      else {
        const self = first.entry.ref === entry.ref;
        report({
          message: self
            ? `${entry.ref} lists the same ${what} twice.`
            : `${entry.ref} and ${first.entry.ref} have the same ${what}.`,
          at: at(entry, ...pointer),
          subject: entry.ref,
          related: [{ message: "where it stands first", at: at(first.entry, ...first.pointer) }],
        });
      }
    };
    for (const entry of registry.ofKind("Identity")) {
      const { github, keys, sigstore, emailDigests } = entry.value;
      claim(entry, `name ${entry.name}`, "name");
      if (github?.id !== undefined) claim(entry, `id ${github.id}`, "GitHub account id", "github", "id");
      if (github?.login !== undefined)
        claim(entry, `login ${github.login.toLowerCase()}`, "GitHub login", "github", "login");
      keys?.forEach(({ sshPublicKey }, index) => {
        // The second word is the key; the first only says its type again.
        claim(entry, `key ${sshPublicKey.split(" ")[1]}`, "key", "keys", index, "sshPublicKey");
      });
      if (sigstore !== undefined)
        claim(
          entry,
          `certificate ${JSON.stringify([sigstore.issuer, sigstore.identity])}`,
          "certificate identity",
          "sigstore",
        );
      emailDigests?.forEach((digest, index) =>
        claim(entry, `digest ${digest}`, "e-mail digest", "emailDigests", index),
      );
    }
    // Aliases compete with the names of all identities, so they come after them.
    for (const entry of registry.ofKind("Identity")) {
      entry.value.aliases?.forEach((alias, index) =>
        claim(entry, `name ${alias}`, "alias or name", "aliases", index),
      );
    }
  },
});
