/** Which approval policies a change falls under (DESIGN 3, ApprovalPolicy): every key, both sides, and what cannot be answered. */
import { describe, expect, test } from "vitest";
import { decideFully } from "../../src/core/govern/decide.ts";
import { asOf, decideWith, files, paths, registryYaml, spelled, world, type Texts } from "../govern-world.ts";

const live = (version: string): string => `bundle: "${version}"\nreason: Because of ${version}.\n`;

describe("matching policies (DESIGN 3)", () => {
  const policy = (match: string): Texts => ({
    [paths.policy("extra")]: `match: ${match}\nrequire:\n  approvals: [{ role: role:governance }]\n`,
  });
  const dev: Texts = { [paths.live("dev/fraud/score")]: live("1.0.0") };
  const asks = (match: string, edits: Texts = dev, base: Texts = {}): boolean => {
    const of = world(edits, { ...policy(match), ...base });
    return decideFully(of.change, of.facts, asOf).assessment.demands.policies.some(
      (each) => each.policy === "approval-policy:extra",
    );
  };
  test.each<[string, string, boolean]>([
    ["nothing said matches everything", "{}", true],
    ["kinds", "{ kinds: [Activation] }", true],
    ["other kinds", "{ kinds: [Bundle] }", false],
    ["actions", "{ actions: [promote] }", true],
    ["other actions", "{ actions: [approve] }", false],
    ["environments", "{ environments: [environment:dev] }", true],
    ["other environments", "{ environments: [environment:prod] }", false],
    ["namespaces", "{ namespaces: [fraud] }", true],
    ["other namespaces", "{ namespaces: [other] }", false],
    ["keys are ANDed", "{ kinds: [Activation], namespaces: [other] }", false],
    ["values within a key are ORed", "{ namespaces: [other, fraud] }", true],
    [
      "when, on what surrounds it",
      `{ when: 'usecase.riskTier == "high" && action == "promote" && from == "1.1.0" && to == "1.0.0" && environment.name == "dev"' }`,
      true,
    ],
    ["when, on the bundle", `{ when: 'bundle.version == "1.0.0"' }`, true],
    ["either side suffices: as in B", `{ when: 'spec.bundle == "1.1.0"' }`, true],
    ["either side suffices: as in R", `{ when: 'spec.bundle == "1.0.0"' }`, true],
    ["neither", `{ when: 'spec.bundle == "9.9.9"' }`, false],
    ["paths as CODEOWNERS spells them", '{ paths: ["registry/live/dev/**"] }', true],
    ["other paths", '{ paths: ["live/dev/"] }', false],
  ])("%s: %s %s", (_, match, expected) => {
    expect(asks(match)).toBe(expected);
  });

  test.each([`'size(extensions.x) > 1'`, `'spec.bundle =='`, `'1 / 0 == 1'`])(
    "an error matches and denies: %s",
    (when) => {
      const of = world(dev, policy(`{ when: ${when} }`));
      expect(spelled(decideWith(of, ["bob", "dave"], { findings: [] }))).toContain("govern/policy-error");
      expect(asks(`{ when: ${when} }`)).toBe(true);
    },
  );

  test("a scope that only loses what it had is asked about with what it had", () => {
    const base = { [paths.registry]: registryYaml({ inherit: true }) };
    const match = `{ environments: [environment:prod], when: 'bundle.version == "1.0.0"' }`;
    expect([
      asks(match, { [paths.registry]: registryYaml() }, base),
      asks(match.replace("1.0.0", "1.1.0"), { [paths.registry]: registryYaml() }, base),
    ]).toEqual([true, false]);
  });

  test("a label that the change takes away does not take the policy away", () => {
    const labelled = { [paths.bundle("1.2.0")]: `labels: { tier: gold }\n${files[paths.bundle("1.2.0")]}` };
    expect(
      asks(
        `{ when: 'labels.tier == "gold"' }`,
        { [paths.bundle("1.2.0")]: files[paths.bundle("1.2.0")] ?? "" },
        labelled,
      ),
    ).toBe(true);
  });

  test("rules that cannot be read at the base deny", () => {
    expect(
      spelled(decideWith(world(dev, { [paths.policy("broken")]: "match: 1\n" }), ["bob"], { findings: [] })),
    ).toBe("denied govern/unknown");
  });
});
