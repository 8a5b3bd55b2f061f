/**
 * What must not stand anywhere in the registry: credentials and personal data, by fixed patterns, never by entropy.
 * Every pattern is bounded, so none can backtrack without end; each match contains one of its signs.
 */
export interface RawPattern {
  /** What a match looks like, with its article. */
  readonly name: string;
  /** Every match contains one of these ASCII texts. */
  readonly signs: readonly string[];
  /** What every match contains besides; most lines with a common sign are spared the pattern by it. */
  readonly also: string;
  /** Global. */
  readonly pattern: RegExp;
}

function token(name: string, signs: readonly string[], source: string, also = ""): RawPattern {
  return { name, signs, also, pattern: new RegExp(source, "g") };
}

/** Published token prefixes and PEM headers (the vendors' own documentation). */
export const tokens: readonly RawPattern[] = [
  token("a private key", ["-----BEGIN "], "-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
  token("an OpenAI or Anthropic key", ["sk-"], "\\bsk-(?:proj-|ant-|svcacct-|or-v1-)?[A-Za-z0-9_-]{20,}"),
  token("an AWS access key id", ["AKIA", "ASIA"], "\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b"),
  token(
    "a GitHub token",
    ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
    "\\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})",
  ),
  token(
    "a GitLab token",
    ["glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "glagent-"],
    "\\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-[A-Za-z0-9_-]{20,}",
  ),
  token("a Slack token", ["xox"], "\\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
  token("a Google API key", ["AIza"], "\\bAIza[A-Za-z0-9_-]{35}"),
  token("a Google OAuth secret", ["GOCSPX-"], "\\bGOCSPX-[A-Za-z0-9_-]{20,}"),
  token("a Hugging Face token", ["hf_"], "\\bhf_[A-Za-z0-9]{30,}"),
  token("an npm token", ["npm_"], "\\bnpm_[A-Za-z0-9]{30,}"),
  token("a Stripe key", ["sk_", "rk_"], "\\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}"),
  token("a SendGrid key", ["SG."], "\\bSG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}"),
  token("a Groq key", ["gsk_"], "\\bgsk_[A-Za-z0-9]{30,}"),
  token("an xAI key", ["xai-"], "\\bxai-[A-Za-z0-9]{30,}"),
  token("a Perplexity key", ["pplx-"], "\\bpplx-[A-Za-z0-9]{30,}"),
  token("a Replicate token", ["r8_"], "\\br8_[A-Za-z0-9]{30,}"),
  token("a DigitalOcean token", ["_v1_"], "\\bdo[opr]_v1_[a-f0-9]{40,}"),
  token("a Databricks token", ["dapi"], "\\bdapi[a-f0-9]{32}"),
  token("a Vault token", ["hvs.", "hvb.", "hvr."], "\\bhv[sbr]\\.[A-Za-z0-9_-]{20,}"),
  token("a PyPI token", ["pypi-AgE"], "\\bpypi-AgE[A-Za-z0-9_-]{30,}"),
  token("a JSON Web Token", ["eyJ"], "\\beyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}"),
  token(
    "a password in a URL",
    ["@"],
    "\\b[a-z][a-z0-9+.-]{1,20}://[^\\s/:@\"']{1,100}:[^\\s/:@\"'${<]{3,100}@",
    "://",
  ),
];

// `score@1.0.0-rc.ab` in a reference is no address: what stands before the local part must not continue a path.
const email =
  "(?<![A-Za-z0-9._%+/@:-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9@])";
const phone =
  "(?<![A-Za-z0-9+])\\+[1-9][0-9]{0,2}(?:[ ./-]?(?:\\([0-9]{2,4}\\)|[0-9]{2,4})){3,5}(?![0-9A-Za-z])";

/** What names or reaches a person. */
export const personal: readonly RawPattern[] = [
  token("an e-mail address", ["@"], email),
  token("a telephone number", ["+"], phone),
];
