/** secret/token: nothing that looks like a credential stands anywhere in the registry. */
import { defineRegistryRule } from "../rule.ts";
import { searchRaw } from "../raw-text.ts";

// A fixed list of published token prefixes and PEM headers (the vendors' own documentation); entropy is never guessed.
const tokens: readonly (readonly [name: string, pattern: string])[] = [
  ["a private key", "-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----"],
  ["an OpenAI or Anthropic key", "\\bsk-(?:proj-|ant-|svcacct-|or-v1-)?[A-Za-z0-9_-]{20,}"],
  ["an AWS access key id", "\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b"],
  ["a GitHub token", "\\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})"],
  ["a GitLab token", "\\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-[A-Za-z0-9_-]{20,}"],
  ["a Slack token", "\\bxox[abeoprs]-[A-Za-z0-9-]{10,}"],
  ["a Google API key", "\\bAIza[A-Za-z0-9_-]{35}"],
  ["a Google OAuth secret", "\\bGOCSPX-[A-Za-z0-9_-]{20,}"],
  ["a Hugging Face token", "\\bhf_[A-Za-z0-9]{30,}"],
  ["an npm token", "\\bnpm_[A-Za-z0-9]{30,}"],
  ["a Stripe key", "\\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}"],
  ["a SendGrid key", "\\bSG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}"],
  ["a Groq key", "\\bgsk_[A-Za-z0-9]{30,}"],
  ["an xAI key", "\\bxai-[A-Za-z0-9]{30,}"],
  ["a Perplexity key", "\\bpplx-[A-Za-z0-9]{30,}"],
  ["a Replicate token", "\\br8_[A-Za-z0-9]{30,}"],
  ["a DigitalOcean token", "\\bdo[opr]_v1_[a-f0-9]{40,}"],
  ["a Databricks token", "\\bdapi[a-f0-9]{32}"],
  ["a Vault token", "\\bhv[sbr]\\.[A-Za-z0-9_-]{20,}"],
  ["a PyPI token", "\\bpypi-AgE[A-Za-z0-9_-]{30,}"],
  ["a JSON Web Token", "\\beyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}"],
  ["a password in a URL", "\\b[a-z][a-z0-9+.-]{1,20}://[^\\s/:@\"']{1,100}:[^\\s/:@\"'${<]{3,100}@"],
];

const anyToken = new RegExp(tokens.map(([, pattern]) => pattern).join("|"), "g");
const eachToken = tokens.map(([name, pattern]) => [name, new RegExp(`^(?:${pattern})`)] as const);

export const secretToken = defineRegistryRule({
  code: "secret/token",
  severity: "error",
  category: "invalid",
  summary: "Something that looks like a credential stands in the registry.",
  why: "Git never forgets: whoever can read the repository, now or later, has the secret. Entries name environment variables, never their values.",
  fix: "Revoke the credential, remove it from the file and from history, and name the environment variable that holds the new one.",
  findAll({ registry }, report) {
    for (const { file, start, end, text } of searchRaw(registry.tree, anyToken)) {
      const name = eachToken.find(([, pattern]) => pattern.test(text))?.[0] ?? "a credential";
      // Only the first characters are shown: the finding is printed in logs that more people can read.
      report({ message: `This looks like ${name} ("${text.slice(0, 6)}...").`, at: { file, span: { start, end } } });
    }
  },
});
