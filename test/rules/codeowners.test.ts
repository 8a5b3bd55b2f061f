/** Rules about CODEOWNERS and `ownership`: for each an invalid registry with exact place, and a valid one. */
import { describe, expect, it } from "vitest";
import { renderCodeowners } from "../../src/core/govern/ownership.ts";
import type { Registry } from "../../src/core/model/registry.ts";
import { lintRegistry } from "../../src/core/validate/lint.ts";
import type { Rule } from "../../src/core/validate/rule.ts";
import { codeownersDrift } from "../../src/core/validate/rules/codeowners-drift.ts";
import { codeownersLocation } from "../../src/core/validate/rules/codeowners-location.ts";
import { codeownersRoleWithoutOwner } from "../../src/core/validate/rules/codeowners-role-without-owner.ts";
import { codeownersShadowed } from "../../src/core/validate/rules/codeowners-shadowed.ts";
import { codeownersTooLarge } from "../../src/core/validate/rules/codeowners-too-large.ts";
import { codeownersUnowned } from "../../src/core/validate/rules/codeowners-unowned.ts";
import { codeownersUnsupportedPattern } from "../../src/core/validate/rules/codeowners-unsupported-pattern.ts";
import { registryOfValues } from "../registry-of-values.ts";
import { asOf, foundBy } from "./found.ts";

const file = "registry/registry.yaml";
type Line = readonly [string, ...string[]];

/** A registry with these ownership lines; roles are given by name, `team` has a team, `ann` a member with a login. */
function owned(
  lines: readonly Line[],
  more: { texts?: Record<string, string>; broken?: string[]; settings?: object } = {},
): Registry {
  const ownership = lines.map(([path, ...roles]) => ({ path, roles: roles.map((role) => `role:${role}`) }));
  return registryOfValues(
    {
      [file]: { id: "x", mode: "enforce", ownership, ...more.settings },
      "registry/governance/roles/team.yaml": { members: [], githubTeam: "@org/team" },
      "registry/governance/roles/ann.yaml": { members: ["identity:ann"] },
      "registry/governance/roles/nobody.yaml": { members: ["identity:bot"] },
      "registry/governance/roles/unread.yaml": { members: ["identity:unread"] },
      "registry/governance/identities/ann.yaml": { github: { login: "ann", id: 1 } },
      "registry/governance/identities/bot.yaml": {
        type: "bot",
        controller: "identity:ann",
        github: { login: "bot", id: 2 },
      },
    },
    more.texts,
    ["identity:unread", "role:broken", ...(more.broken ?? [])],
  );
}

const header =
  "# Generated from registry/registry.yaml (ownership). Do not edit: assent codeowners generate\n";
const all: Line = ["*", "team"];

describe("rules about CODEOWNERS", () => {
  it.each<[string, Rule, Registry, string[]]>([
    ["CODEOWNERS is missing", codeownersDrift, owned([all]), ["codeowners/drift CODEOWNERS"]],
    [
      "CODEOWNERS differs",
      codeownersDrift,
      owned([all], { texts: { CODEOWNERS: `${header}* @org/other\n` } }),
      ["codeowners/drift CODEOWNERS"],
    ],
    [
      "CODEOWNERS is the rendering",
      codeownersDrift,
      owned([all], { texts: { CODEOWNERS: `${header}* @org/team\n` } }),
      [],
    ],
    [
      "a byte order mark",
      codeownersDrift,
      owned([all], { texts: { CODEOWNERS: `\ufeff${header}* @org/team\n` } }),
      ["codeowners/drift CODEOWNERS"],
    ],
    [
      "no ownership: somebody else's CODEOWNERS",
      codeownersDrift,
      owned([], { texts: { CODEOWNERS: "* @a\n" }, settings: { ownership: undefined } }),
      [],
    ],
    [
      "a role that cannot be read: its own finding comes first",
      codeownersDrift,
      owned([["*", "broken"]]),
      [],
    ],

    [
      "a role of bots",
      codeownersRoleWithoutOwner,
      owned([
        ["/a/", "nobody"],
        ["/b/", "nobody"],
      ]),
      [`codeowners/role-without-owner ${file} /ownership/0/roles/0`],
    ],
    [
      "a team, a login, an unread member",
      codeownersRoleWithoutOwner,
      owned([["*", "team", "ann", "unread"]]),
      [],
    ],

    [
      "a negation, a range and an escape",
      codeownersUnsupportedPattern,
      owned([["!/a/", "team"], ["/[ab]/", "team"], ["\\#a", "team"], all]),
      [0, 1, 2].map((i) => `codeowners/unsupported-pattern ${file} /ownership/${i}/path`),
    ],
    [
      "a governed pattern",
      codeownersUnsupportedPattern,
      owned([all], { settings: { alsoGoverned: ["/src/", "!x"] } }),
      [`codeowners/unsupported-pattern ${file} /alsoGoverned/1`],
    ],
    [
      "a policy's pattern",
      codeownersUnsupportedPattern,
      registryOfValues({
        "registry/governance/approval-policies/p.yaml": { match: { paths: ["a", "[b]"] }, require: {} },
      }),
      ["codeowners/unsupported-pattern registry/governance/approval-policies/p.yaml /match/paths/1"],
    ],
    [
      "what GitHub knows",
      codeownersUnsupportedPattern,
      owned([
        ["**/*.y?ml", "team"],
        ["/a b/", "team"],
        ["a#b", "team"],
      ]),
      [],
    ],

    [
      "a file in .github and one in docs",
      codeownersLocation,
      owned([all], { texts: { ".github/CODEOWNERS": "", CODEOWNERS: "", "docs/CODEOWNERS": "" } }),
      ["codeowners/location .github/CODEOWNERS", "codeowners/location docs/CODEOWNERS"],
    ],
    ["one file at the root", codeownersLocation, owned([all], { texts: { CODEOWNERS: "" } }), []],

    [
      "3 MB",
      codeownersTooLarge,
      owned([all], { texts: { CODEOWNERS: "#".repeat(3 * 1024 * 1024) } }),
      ["codeowners/too-large CODEOWNERS"],
    ],
    [
      "a byte less",
      codeownersTooLarge,
      owned([all], { texts: { CODEOWNERS: "#".repeat(3 * 1024 * 1024 - 1) } }),
      [],
    ],

    [
      "nothing is owned",
      codeownersUnowned,
      owned([]),
      Array.from({ length: 5 }, () => `codeowners/unowned ${file} /ownership`),
    ],
    [
      "no ownership, only observed",
      codeownersUnowned,
      owned([], { settings: { ownership: undefined, mode: "observe" } }),
      Array.from({ length: 5 }, () => `codeowners/unowned warning ${file} /`),
    ],
    [
      "one line un-owns workflows",
      codeownersUnowned,
      owned([all, ["/.github/workflows/"]]),
      [`codeowners/unowned ${file} /ownership/1`],
    ],
    [
      "one standing governance file",
      codeownersUnowned,
      owned([all, ["/registry/governance/roles/ann.yaml"]]),
      [`codeowners/unowned ${file} /ownership/1`],
    ],
    ["everything is owned", codeownersUnowned, owned([all]), []],
    [
      "everything is owned, one by one",
      codeownersUnowned,
      owned([
        ["/registry/", "team"],
        ["/.github/", "team"],
        ["/CODEOWNERS", "team"],
      ]),
      [],
    ],

    [
      "the wide line last",
      codeownersShadowed,
      owned([["/registry/", "ann"], all]),
      [`codeowners/shadowed warning ${file} /ownership/0`],
    ],
    [
      "the same line twice",
      codeownersShadowed,
      owned([all, ["/a/", "ann"], ["/a/", "team"]]),
      [`codeowners/shadowed warning ${file} /ownership/1`],
    ],
    [
      "narrower lines last",
      codeownersShadowed,
      owned([all, ["/registry/", "ann"], ["/registry/*/fraud/", "team"], ["/registry/live/prod/", "ann"]]),
      [],
    ],
  ])("%s", (_, rule, registry, expected) => {
    expect(foundBy(rule, registry)).toEqual(expected);
  });

  it.each([
    [
      "a changed line",
      `${header}* @org/team\n/a/ @bnn\n`,
      header.length + "* @org/team\n".length,
      "/a/ @bnn",
      "Line 3 should read `/a/ @ann`.",
    ],
    [
      "an added line",
      `${header}* @org/team\n/a/ @ann\n/b/ @b\n`,
      header.length + "* @org/team\n/a/ @ann\n".length,
      "/b/ @b",
      "Line 4 should not be there.",
    ],
    [
      "a missing line feed at the end",
      `${header}* @org/team\n/a/ @ann`,
      header.length + "* @org/team\n/a/ @ann".length,
      "",
      "The last line does not end in a line feed.",
    ],
    ["an empty file", "", 0, "", `Line 1 should read \`${header.trimEnd()}\`.`],
  ])("drift points at the first line that differs: %s", (_, text, start, found, message) => {
    const registry = owned([all, ["/a/", "ann"]], { texts: { CODEOWNERS: text } });
    const [finding] = lintRegistry(registry, { asOf, rules: [codeownersDrift] });
    expect(finding?.at.span).toEqual({ start, end: start + found.length });
    expect(finding?.message).toBe(message);
    expect(finding?.repair).toEqual({ kind: "write", file: "CODEOWNERS", text: renderCodeowners(registry) });
  });
});
