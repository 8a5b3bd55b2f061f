/** Wrong edits of the full examples, and what each must be answered with: code, place, and whether the key is meant. */
import type { Json } from "../../src/core/model/json.ts";
import type { KindName } from "../../src/core/model/kind.ts";
import { sshKey } from "./schema-examples.ts";

type Change = (value: Record<string, Json>) => void;

/** Sets (or, with undefined, removes) what stands at a dotted path. */
const put =
  (path: string, to: Json | undefined): Change =>
  (value) => {
    const steps = path.split("/");
    const last = steps.pop()!;
    let at = value;
    for (const step of steps) at = at[step] as Record<string, Json>;
    if (to === undefined) delete at[last];
    else at[last] = to;
  };

const no = undefined;

export const faulty: readonly (readonly [KindName, string, Change, readonly string[]])[] = [
  ["Registry", "no id", put("id", no), ["schema/required /"]],
  ["Registry", "misspelt mode", put("mode", "enforced"), ["schema/enum /mode"]],
  [
    "Registry",
    "two ways to witness",
    put("witness/0/sigstore", { issuer: "https://x", identity: "y" }),
    ["schema/exactly-one /witness/0"],
  ],
  ["Registry", "no way to witness", put("witness/0", {}), ["schema/exactly-one /witness/0"]],
  [
    "Registry",
    "a key with a comment",
    put("witness/0/sshPublicKey", `${sshKey} me@x`),
    ["schema/pattern /witness/0/sshPublicKey"],
  ],
  [
    "Registry",
    "a limit for a kind without namespaces",
    put("limits/perNamespace/Role", 1),
    ["schema/unknown-key /limits/perNamespace/Role key"],
  ],
  [
    "Registry",
    "a feature group with blanks",
    put("platform/featureGroups/a b", ["v1"]),
    ["schema/key-pattern /platform/featureGroups/a b key"],
  ],
  ["Registry", "another api version", put("apiVersion", "assent/v2"), ["schema/const /apiVersion"]],
  [
    "Identity",
    "nobody answers for the bot",
    (value) => (delete value["controller"], void (value["type"] = "bot")),
    ["schema/required /"],
  ],
  ["Identity", "a model without its model", put("model", no), ["schema/required /"]],
  [
    "Identity",
    "an address instead of its digest",
    put("emailDigests/0", "a@b.example"),
    ["schema/pattern /emailDigests/0"],
  ],
  ["Role", "a list that is a text", put("members", "identity:a"), ["schema/type /members"]],
  ["Role", "a member twice", put("members/1", "identity:alice"), ["schema/duplicate-item /members/1"]],
  [
    "ApprovalPolicy",
    "paths beside other keys",
    put("match", { paths: ["a"], kinds: ["Model"], when: "true" }),
    ["schema/not-together /match/kinds key", "schema/not-together /match/when key"],
  ],
  ["ApprovalPolicy", "an unknown action", put("match/actions/0", "aprove"), ["schema/enum /match/actions/0"]],
  [
    "ApprovalPolicy",
    "a role without prefix",
    put("require/approvals/0/role", "risk"),
    ["schema/pattern /require/approvals/0/role"],
  ],
  [
    "ApprovalPolicy",
    "a year has no fixed length",
    put("require/soak/duration", "P1Y"),
    ["schema/format /require/soak/duration"],
  ],
  ["ApprovalPolicy", "half a soak", put("require/soak/duration", no), ["schema/required /require/soak key"]],
  ["Environment", "rank below zero", put("rank", -1), ["schema/range /rank"]],
  ["Environment", "a rank that is a text", put("rank", "10"), ["schema/type /rank"]],
  ["PolicyBinding", "no policies", put("policies", []), ["schema/length /policies"]],
  ["PolicyBinding", "a version that floats", put("policies/0", "policy:a/b"), ["schema/pattern /policies/0"]],
  ["Waiver", "a day that does not exist", put("expires", "2026-02-30T00:00:00Z"), ["schema/format /expires"]],
  ["Waiver", "no reason", put("reason", ""), ["schema/length /reason"]],
  ["MetadataSchema", "no schema", put("schema", no), ["schema/required /"]],
  ["MetadataSchema", "a list item without its key", put("index/0/path", no), ["schema/required /index/0"]],
  ["Provider", "a secret's value", put("env/0/value", "x"), ["schema/unknown-key /env/0/value key"]],
  ["Provider", "not a web address", put("docs", "javascript:alert(1)"), ["schema/pattern /docs"]],
  [
    "UseCase",
    "no risk tier, no owner",
    (value) => (delete value["riskTier"], void delete value["owner"]),
    ["schema/required /", "schema/required /"],
  ],
  ["UseCase", "an unknown day", put("reviewBy", "2027-02-30"), ["schema/format /reviewBy"]],
  [
    "UseCase",
    "an e-mail address as contact",
    put("contacts/0", "mailto:a@b.example"),
    ["schema/pattern /contacts/0"],
  ],
  ["Model", "what the path says", put("id", "openai/gpt-4o"), ["schema/written-by-hand /id key"]],
  [
    "Model",
    "what git knows",
    put("updatedAt", "2026-07-01T10:00:00Z"),
    ["schema/written-by-hand /updatedAt key"],
  ],
  [
    "Model",
    "the context length of a completion model",
    put("facts/capabilities/contextLength", no),
    ["schema/required /facts/capabilities key"],
  ],
  ["Model", "no facts at all", put("facts", no), ["schema/required /"]],
  [
    "Model",
    "another word for unknown",
    put("facts/capabilities/contextLength", "none"),
    ["schema/pattern /facts/capabilities/contextLength"],
  ],
  [
    "Model",
    "a context of nothing",
    put("facts/capabilities/contextLength", 0),
    ["schema/range /facts/capabilities/contextLength"],
  ],
  [
    "Model",
    "money as a number",
    put("serving/pricing/inputPerMillionTokens", 2.5),
    ["schema/type /serving/pricing/inputPerMillionTokens"],
  ],
  [
    "Model",
    "money with a sign",
    put("serving/pricing/inputPerMillionTokens", "$2"),
    ["schema/pattern /serving/pricing/inputPerMillionTokens"],
  ],
  ["Model", "a score in percent", put("facts/scores/0/value", 72), ["schema/range /facts/scores/0/value"]],
  ["Model", "a state of other kinds", put("state", "active"), ["schema/enum /state"]],
  ["Model", "a sunset that is no day", put("sunset", "soon"), ["schema/format /sunset"]],
  [
    "Model",
    "a dependency without range",
    put("spec/dependencies/0/version", no),
    ["schema/required /spec/dependencies/0"],
  ],
  ["Model", "a title of two lines", put("title", "a\nb"), ["schema/pattern /title"]],
  [
    "Model",
    "several at once",
    (value) => (put("tags", "x")(value), put("spec/provider", "openai")(value), put("spec/foo", 1)(value)),
    ["schema/type /tags", "schema/pattern /spec/provider", "schema/unknown-key /spec/foo key"],
  ],
  ["Aliases", "half a version", put("aliases/stable", "1.0"), ["schema/format /aliases/stable"]],
  ["Aliases", "a capital name", put("aliases/Stable", "1.0.0"), ["schema/key-pattern /aliases/Stable key"]],
  ["Dataset", "no digest", put("spec/digest", no), ["schema/required /spec key"]],
  ["Config", "text and value", put("spec/text", "x"), ["schema/exactly-one /spec"]],
  ["Config", "neither text nor value", put("spec", { type: "parameters" }), ["schema/exactly-one /spec"]],
  [
    "Pipeline",
    "a model node without its model",
    put("spec/nodes/0/config/model", no),
    ["schema/required /spec/nodes/0/config key"],
  ],
  [
    "Pipeline",
    "an unknown setting of a model node",
    put("spec/nodes/0/config/modle", "x"),
    ["schema/unknown-key /spec/nodes/0/config/modle key"],
  ],
  ["Pipeline", "parameters of no template", put("spec/template", no), ["schema/required /spec key"]],
  [
    "Pipeline",
    "memory in words",
    put("spec/resources/memory", "512 MB"),
    ["schema/pattern /spec/resources/memory"],
  ],
  [
    "Pipeline",
    "no attempt at all",
    put("spec/execution/retry/maxAttempts", 0),
    ["schema/range /spec/execution/retry/maxAttempts"],
  ],
  ["Template", "a body that is a text", put("spec/body", "x"), ["schema/type /spec/body"]],
  ["TestSuite", "a case without id", put("spec/cases/0/id", no), ["schema/required /spec/cases/0"]],
  [
    "TestSuite",
    "a kind that is not evaluated",
    put("spec/targets/0", "Role"),
    ["schema/enum /spec/targets/0"],
  ],
  ["Policy", "no rules", put("spec/rules", []), ["schema/length /spec/rules"]],
  ["Policy", "an empty expression", put("spec/rules/0/assert", ""), ["schema/length /spec/rules/0/assert"]],
  [
    "Bundle",
    "weights from nowhere",
    put("spec/provenance", { codeRevision: "abc" }),
    ["schema/required /spec/provenance key", "schema/required /spec/provenance key"],
  ],
  [
    "Bundle",
    "no code and no run",
    (value) => (
      put("spec/artifacts/0", { role: "prompt", text: "x" })(value),
      put("spec/provenance", {})(value)
    ),
    ["schema/required /spec/provenance key"],
  ],
  [
    "Bundle",
    "an artifact of nothing",
    put("spec/artifacts/1/text", no),
    ["schema/exactly-one /spec/artifacts/1"],
  ],
  [
    "Bundle",
    "an address without digest",
    put("spec/artifacts/0/digest", no),
    ["schema/required /spec/artifacts/0"],
  ],
  ["Bundle", "no receipt", put("gateReceipt", no), ["schema/required /"]],
  ["Evaluation", "no metrics", put("metrics", no), ["schema/required /"]],
  ["Evaluation", "a metric that is a text", put("metrics/auc_roc", "0.9"), ["schema/type /metrics/auc_roc"]],
  ["Activation", "a version that is a number", put("bundle", 1.4), ["schema/type /bundle"]],
  ["Activation", "latest", put("bundle", "latest"), ["schema/pattern /bundle"]],
  ["Activation", "half a version", put("bundle", "1.4"), ["schema/format /bundle"]],
  ["Activation", "a null", put("fallback", null), ["schema/type /fallback"]],
];
