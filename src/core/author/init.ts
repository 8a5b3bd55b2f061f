/**
 * The entries that a new registry begins with: small, real and resolvable, and commented for the person who edits YAML
 * once a month. Nothing in them is made up: the evaluation is of checks that are run here, on the prompt as it stands.
 */
import { digestOf, digestOfBytes } from "../model/digest.ts";
import type { Instant } from "../model/instant.ts";
import { isName } from "../model/ref.ts";
import { spellString } from "../source/scalar.ts";
import { unwanted } from "../source/text.ts";
import { stampOf } from "./run.ts";

/** What a new registry is made from. */
export interface Beginning {
  /** The registry's id; a legal name. */
  readonly id: string;
  /** Who starts it, as git knows them. */
  readonly person: { readonly name: string; readonly email: string | null } | undefined;
  /** `@org/team` or `@login` for CODEOWNERS, where the user named one. */
  readonly team: string | undefined;
  readonly now: Instant;
  /** Of this program. */
  readonly version: string;
}

/** A name as an id: lower case, every other run of characters a dash; undefined when nothing is left. */
export function nameOf(text: string): string | undefined {
  const plain = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const name = plain
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60);
  return isName(name) ? name : undefined;
}

/** What CODEOWNERS says until somebody knows better. */
export const UNKNOWN_OWNER = "@your-github-login";

/** The entries by path. Deterministic: the same beginning gives the same bytes. */
export function beginningEntries(beginning: Beginning): Readonly<Record<string, string>> {
  const { id } = beginning;
  const me = identityOfPerson(beginning);
  return {
    "registry/registry.yaml": registryText(id),
    [`registry/governance/identities/${me.name}.yaml`]: me.text,
    "registry/governance/roles/maintainers.yaml": roleText(me.name, ownerFor(beginning)),
    "registry/governance/approval-policies/go-live-prod.yaml": approvalText,
    "registry/governance/environments/dev.yaml": environmentText(
      "dev",
      10,
      "The lowest rung: where new versions are tried.",
    ),
    "registry/governance/environments/stage.yaml": environmentText(
      "stage",
      20,
      "Like production, without its users.",
    ),
    "registry/governance/environments/prod.yaml": environmentText(
      "prod",
      30,
      "The highest rung: what users get.",
    ),
    "registry/providers/openai.yaml": providerText,
    "registry/models/openai/gpt-4o-mini/1.0.0.yaml": modelText,
    "registry/usecases/support/reply.yaml": usecaseText,
    "registry/suites/support/prompt-checks/1.0.0.yaml": suiteText(),
    ...bundleTexts(beginning),
    "registry/live/dev/support/reply.yaml": activationText,
  };
}

/** How CODEOWNERS can name the person: what was given, or the placeholder; null where the account is known. */
export function ownerFor({ person, team }: Beginning): string | null {
  if (team !== undefined) return team;
  return accountOf(person?.email ?? null) === undefined ? UNKNOWN_OWNER : null;
}

function registryText(id: string): string {
  return `# The registry itself. A change here is a change of the rules, so its owners must agree.
title: ${spellString(id, "block")}
id: ${spellString(id, "block")}
# observe: everything is checked and nothing is blocked. enforce: what has not been agreed to cannot land.
mode: observe
# Who owns which path; the last line that matches decides. CODEOWNERS is made from it: assent codeowners generate
ownership:
  - { path: "*", roles: [role:maintainers] }
`;
}

function identityOfPerson({ person }: Beginning): { readonly name: string; readonly text: string } {
  const isPlain =
    person !== undefined &&
    unwanted(person.name) === undefined &&
    !/[@\n\r]/.test(person.name) &&
    person.name.length <= 200;
  const title = isPlain ? person.name : "Registry owner";
  const email = person?.email ?? null;
  const account = accountOf(email);
  const lines = [
    "# A person. Addresses are never written here, only their digests; keys and accounts say who agreed to what.",
    `title: ${spellString(title, "block")}`,
  ];
  if (account !== undefined)
    lines.push(`github: { login: ${spellString(account.login, "flow")}, id: ${account.id} }`);
  else
    lines.push(
      "# Your GitHub account; the number is what counts: gh api users/<login> --jq .id",
      "# github: { login: your-github-login, id: 1 }",
    );
  if (email !== null && account === undefined)
    lines.push(`emailDigests: ["${digestOfBytes(email.toLowerCase())}"]`);
  return { name: nameOf(title) ?? "registry-owner", text: `${lines.join("\n")}\n` };
}

/** GitHub's own addresses say whose they are: `<id>+<login>@users.noreply.github.com`. */
function accountOf(email: string | null): { readonly login: string; readonly id: number } | undefined {
  const [, id, login] =
    /^(\d{1,15})\+([A-Za-z0-9][A-Za-z0-9-]{0,38})@users\.noreply\.github\.com$/i.exec(email ?? "") ?? [];
  return id === undefined || login === undefined || Number(id) < 1 ? undefined : { login, id: Number(id) };
}

function roleText(member: string, owner: string | null): string {
  const team =
    owner === null
      ? '# With a team on GitHub, CODEOWNERS names it instead of the members\' accounts.\n# githubTeam: "@your-org/your-team"\n'
      : `${owner === UNKNOWN_OWNER ? "# Put your GitHub login or team here, then run: assent lint --fix\n" : ""}githubTeam: ${JSON.stringify(owner)}\n`;
  return `# A group of people that agrees to changes. Nobody agrees to their own, so add a second person soon.
title: Maintainers
members: [identity:${member}]
${team}`;
}

const approvalText = `# Who must agree to a move, beside the owners of the path. In observe mode this is reported, not enforced.
title: Going live in production
match: { actions: [activate, promote], environments: [environment:prod] }
require:
  approvals: [{ role: role:maintainers }]
`;

function environmentText(name: string, rank: number, description: string): string {
  return `title: ${name}\ndescription: ${JSON.stringify(description)}\nrank: ${rank}\n`;
}

const providerText = `# Who serves models: names of environment variables, never their values.
title: OpenAI
env:
  - { name: OPENAI_API_KEY, required: true, secret: true }
baseUrl: https://api.openai.com/v1
docs: https://platform.openai.com/docs/models
`;

const modelText = `# One exact version of a model. Whole catalogues: assent import models.dev <folder>
title: GPT-4o mini
owner: role:maintainers
state: experimental
# spec is frozen once it has landed; facts and serving may be corrected.
spec:
  provider: provider:openai
  upstreamId: gpt-4o-mini
  type: completion
facts:
  capabilities:
    contextLength: 128000
    maxOutputTokens: 16384
    modalities: { input: [text, image], output: [text] }
`;

const usecaseText = `# What bundles of the same name are for, and what must be measured before they go live.
title: Draft replies to support questions
owner: role:maintainers
purpose: Draft an answer that a person reads before it is sent.
riskTier: low
expected: [dev]
gates:
  - { metric: checks_passed, operator: ">=", threshold: 1 }
`;

const PROMPT = `You draft replies to questions of our customers. A person reads your draft before it is sent.
Answer only from the articles you are given, and name the article you used.
If no article answers the question, say so and hand over to a person.
Never ask for passwords or card numbers.
`;

/** What the suite looks for in the prompt; run here, so that the first evaluation says what is true. */
const checks = [
  {
    id: hyphenated("hands over"),
    name: "The prompt says when a person takes over",
    text: "hand over to a person",
  },
  {
    id: hyphenated("asks for no secrets"),
    name: "The prompt forbids to ask for secrets",
    text: "Never ask for passwords",
  },
] as const;

function hyphenated(words: string): string {
  return words.replaceAll(" ", "-");
}

function suiteText(): string {
  const cases = checks.map(
    ({ id, name, text }) => `    - id: ${id}
      name: ${name}
      type: compliance
      assertions:
        - { type: contains, config: { path: prompt, value: ${spellString(text, "flow")} } }
`,
  );
  return `# What is tried on a version before it is used. Your own runner runs it; assent evaluation add records the result.
title: Checks of the prompt
owner: role:maintainers
state: active
spec:
  targets: [Bundle]
  cases:
${cases.join("")}  benchmarks:
    - { metric: checks_passed, operator: ">=", threshold: 1 }
`;
}

function bundleTexts({ now, version }: Beginning): Readonly<Record<string, string>> {
  const results = checks.map(({ id, text }) => ({ id, passed: PROMPT.includes(text) }));
  const passed = results.filter((each) => each.passed).length;
  const share = passed / results.length;
  const codeRevision = `assent-init-${version}`;
  const spec = {
    artifacts: [{ role: "prompt", text: PROMPT }],
    models: ["model:openai/gpt-4o-mini@1.0.0"],
    provenance: { codeRevision },
  };
  const digest = digestOf({ kind: "Bundle", id: "support/reply@1.0.0", value: { spec } });
  const run = `1.0.0-prompt-checks-${stampOf(now)}`;
  const status = passed === results.length ? "passed" : "failed";
  const bundle = `# The deployable unit: what a service loads. A changed prompt is a new version:
#   assent new bundle support/reply@1.1.0 --from support/reply --artifact prompt=<file>
title: Reply 1.0.0
owner: role:maintainers
state: approved
reason: First version, made by assent init.
spec:
  artifacts:
    - role: prompt
      text: |
${PROMPT.replaceAll(/^(?=.)/gm, "        ")}  models: [model:openai/gpt-4o-mini@1.0.0]
  provenance: { codeRevision: ${codeRevision} }
# What was measured before the version was published. Tools write it: assent publish
gateReceipt:
  decision: ${share >= 1 ? "PASS" : "FAIL"}
  gates:
    - { metric: checks_passed, operator: ">=", threshold: 1, observed: ${share}, passed: ${share >= 1} }
  evaluations: [evaluation:support/reply/${run}]
`;
  const evaluation = `# One run of a suite on one exact content. Tools write it: assent evaluation add
suite: suite:support/prompt-checks@1.0.0
target: bundle:support/reply@1.0.0
targetDigest: ${digest}
executedAt: "${now}"
status: ${status}
cases:
${results.map((each) => `  - { id: ${each.id}, status: ${each.passed ? "passed" : "failed"} }\n`).join("")}summary: { total: ${results.length}, passed: ${passed}, failed: ${results.length - passed}, errors: 0, skipped: 0 }
metrics: { checks_passed: ${share} }
`;
  return {
    "registry/bundles/support/reply/1.0.0.yaml": bundle,
    [`registry/evaluations/support/reply/${run}.yaml`]: evaluation,
  };
}

const activationText = `# What is live in dev. A promotion changes these two lines: assent promote
bundle: "1.0.0"
reason: First try.
`;
