/** Cases about what must not stand anywhere below registry/: credentials and personal data, in values, comments and READMEs. */
import type { Case } from "./case.ts";

const note = (text: string): Case["files"] => ({ "registry/README.md": text });
/** Built of two pieces, so that no scanner takes this file for a leak. */
const made = (prefix: string, rest: string): string => `${prefix}${rest}`;
const many = "Abcdefghij0123456789Klmnopqrst0123456789";
const secret = (text: string): string => `⟦secret/token|${text}⟧`;

/** What each published shape of a token looks like, and the nearest text that is none. */
export const shapes: readonly (readonly [name: string, yes: string, no: string])[] = [
  ["PEM", made("-----BEGIN ", "PRIVATE KEY-----"), made("-----BEGIN ", "CERTIFICATE-----")],
  ["PEM of OpenSSH", made("-----BEGIN OPENSSH ", "PRIVATE KEY-----"), made("-----BEGIN ", "PUBLIC KEY-----")],
  [
    "PGP",
    made("-----BEGIN PGP ", "PRIVATE KEY BLOCK-----"),
    made("-----BEGIN PGP ", "PUBLIC KEY BLOCK-----"),
  ],
  ["OpenAI", made("sk-", many), "sk-short"],
  ["OpenAI project", made("sk-proj-", many), "task-management-of-everything-there-is"],
  ["Anthropic", made("sk-ant-", `api03-${many}`), "disk-1234567890123456789012"],
  ["AWS", made("AKIA", "ABCDEFGHIJ234567"), "AKIAabcdefghij234567"],
  ["AWS session", made("ASIA", "ABCDEFGHIJ234567"), "EURASIAABCDEFGHIJ234567"],
  ["GitHub", made("ghp_", many), "ghp_short"],
  ["GitHub fine-grained", made("github_pat_", many), "github_pat_"],
  ["GitLab", made("glpat-", many), "glpat-x"],
  ["Slack", made("xoxb-", "1234567890-abc"), "xoxo hugs"],
  ["Google", made("AIza", "SyA-1234567890123456789012345678901"), "AIzaShort"],
  ["Google OAuth", made("GOCSPX-", many), "GOCSPX-x"],
  ["Hugging Face", made("hf_", many), "hf_hub_download"],
  ["npm", made("npm_", many), "npm_config_registry"],
  ["Stripe", made("sk_live_", many), "sk_live_x"],
  ["SendGrid", made("SG.", `${many}.${many}`), "SG.x.y"],
  ["Groq", made("gsk_", many), "gsk_x"],
  ["xAI", made("xai-", many), "xai-grok-4"],
  ["Perplexity", made("pplx-", many), "pplx-70b-online"],
  ["Replicate", made("r8_", many), "r8_x"],
  ["DigitalOcean", made("dop_v1_", "0123456789abcdef".repeat(4)), "dop_v1_x"],
  ["Databricks", made("dapi", "0123456789abcdef".repeat(2)), "dapi0123"],
  ["Vault", made("hvs.", many), "hvs.x"],
  ["PyPI", made("pypi-AgE", many), "pypi-AgE"],
  ["JWT", made("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0NTYifQ.abcdefghijklm"), "eyJhbGciOiJIUzI1NiJ9"],
  [
    "URL",
    made("postgres://app:", "hunter22@db.example.com/x"),
    "postgres://app:${PASSWORD}@db.example.com/x",
  ],
];

export const secrets: readonly Case[] = [
  ...shapes.flatMap(([name, yes, no]): Case[] => {
    const after = name === "URL" ? "" : " .";
    return [
      {
        name: `${name}: a token`,
        files: note(
          `See ${secret(name === "URL" ? yes.slice(0, yes.indexOf("@") + 1) : yes)}${name === "URL" ? yes.slice(yes.indexOf("@") + 1) : after}\n`,
        ),
      },
      { name: `${name}: no token`, files: note(`See ${no}${after}\n`) },
    ];
  }),
  {
    name: "in a value, a comment and a README; several on a line; behind a carriage return and a wide character",
    files: {
      "registry/README.md": `# Notes\r\n\r\n𝒳 and ${secret(made("ghp_", many))} and ${secret(made("gsk_", many))}\r\n`,
      "registry/providers/acme.yaml": `title: Acme # ${secret(made("hf_", many))}\ndocs: https://acme.example/?key=${secret(made("npm_", many))}\n`,
    },
  },
  {
    name: "in a file that is no entry",
    files: { "registry/models/notes.txt": `⟦path/extension|${secret(made("glpat-", many))}⟧\n` },
  },
  {
    name: "in a file that is not UTF-8 either",
    files: {
      "registry/providers/odd.yaml": Uint8Array.from([
        ...Buffer.from("title: "),
        0xff,
        0x20,
        ...Buffer.from(made("hf_", many)),
      ]),
    },
    elsewhere: [
      "secret/token registry/providers/odd.yaml 1:10-1:53",
      "yaml/encoding registry/providers/odd.yaml 1:8-1:9",
    ],
  },
  {
    name: "in a value that another rule complains about",
    files: { "registry/providers/x.yaml": `owner: ⟦schema/pattern|${secret(made("ghp_", many))}⟧\n` },
  },
  { name: "outside registry/ nobody looks", files: { ".github/notes.md": made("ghp_", many) } },

  {
    name: "addresses and numbers",
    files: note(
      "Ask ⟦personal/data|jane.doe@example.com⟧ (⟦personal/data|+49 30 1234567⟧) or <⟦personal/data|j+x@mail.example.co.uk⟧>.\n",
    ),
  },
  {
    name: "what only looks like an address or a number",
    files: note(
      "See model:acme/a@1.0.0, bundle:x/y@2.0.0-rc.ab, git@v1, @acme/team, a@b, +1.5, 1+2345678, sha256:+12.\n",
    ),
  },
  {
    name: "an address in an identity, where only its digest may stand",
    files: {
      "registry/governance/identities/cy.yaml":
        "title: Cy\ndescription: Reach me at ⟦personal/data|cy@example.com⟧.\n",
    },
  },
];
