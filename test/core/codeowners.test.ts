/** CODEOWNERS against GitHub's documentation: patterns, files, rendering from ownership. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { isSameOwner, ownersOf, parseCodeowners } from "../../src/core/govern/codeowners.ts";
import {
  compilePattern,
  covers,
  matchesPath,
  patternProblem,
} from "../../src/core/govern/codeowners-pattern.ts";
import { ownershipAt, renderCodeowners } from "../../src/core/govern/ownership.ts";
import { registryOfValues } from "../registry-of-values.ts";
import { cpuTime } from "../cpu-time.ts";

/** Pattern -> paths it matches, paths it does not. */
const patterns: readonly (readonly [string, string, string])[] = [
  // A lone segment matches at any depth; a directory owns what is below it.
  ["*", "a .gitignore a/b a/b/c .github/workflows/ci.yml a/.b/c.d", ""],
  ["**", "a .gitignore a/b a/b/c .github/x", ""],
  ["*.js", "a.js .js a/b.js a/b/c.js lib.js/a lib.js/a/b .a.js", "a.jsx a/js a.js.map js a/b.JS a.ts"],
  ["*.go", "main.go cmd/x/main.go", "main.go.sum go cmd/go.mod"],
  ["foo", "foo foo/a foo/a/b a/foo a/foo/b a/b/foo/c/d", "foobar a/foobar barfoo fo Foo a/FOO foo.txt"],
  ["foo.txt", "foo.txt a/foo.txt foo.txt/a", "foo_txt afoo.txt foo.txt2 foo"],
  ["apps/", "apps/a apps/a/b x/apps/a x/y/apps/a/b", "apps x/apps appsx/a xapps/a Apps/a"],
  ["logs/", "logs/a a/logs/b", "logs a/logs"],
  [".github/", ".github/a .github/workflows/a x/.github/a", ".github github/a"],
  ["CODEOWNERS", "CODEOWNERS .github/CODEOWNERS docs/CODEOWNERS CODEOWNERS/a", "codeowners CODEOWNERS.md"],
  [".env", ".env a/.env .env/a", "env .env.local a.env"],
  ["a*", "a ab abc x/a x/abc ab/y a/b/c", "ba x/ba A"],
  ["*a", "a ba x/ba cba/y", "ab x/ab"],
  ["*a*", "a bab x/bab a/x", "b x/b"],
  ["a?", "ab x/ab ab/c", "a abc x/a"],
  ["?", "a x/a a/b/c ab/c", "ab ab/cd"],
  ["???", "abc x/abc abc/d", "ab abcd x/ab"],
  ["?.md", "a.md x/b.md", "ab.md .md"],
  ["*.*", "a.b x/a.b a.b/c .gitignore", "a x/y"],
  ["a*b*c", "abc aXbYc x/abbc abcbc", "ab acb xabc abcd"],
  ["*aab", "aab aaab aaaab baab", "aaba aa"],
  ["*/", "a/b a/b/c", "a .gitignore"],
  ["foo*/", "foo/a foobar/a x/foo1/a", "foo foobar x/foo"],
  // A leading slash anchors.
  ["/foo", "foo foo/a foo/a/b", "a/foo a/foo/b foobar"],
  ["/docs/", "docs/a docs/a/b", "docs x/docs/a"],
  ["/*", "a .gitignore README.md", "a/b a/b/c"],
  ["/*.md", "a.md README.md x.md/a", "docs/a.md a.mdx"],
  ["/**", "a a/b a/b/c .x", ""],
  ["/*/", "a/b a/b/c", "a"],
  ["/a?", "ab ab/c", "a abc x/ab"],
  ["/", "", "a a/b"],
  ["/build/logs/", "build/logs/a build/logs/a/b", "build/logs x/build/logs/a build/a"],
  ["/apps/github", "apps/github apps/github/a apps/github/a/b", "apps/githubx apps/a x/apps/github"],
  ["/scripts/", "scripts/a scripts/x/y", "scripts a/scripts/b"],
  ["/README.md", "README.md", "docs/README.md readme.md"],
  ["/.github/", ".github/a .github/workflows/a", "x/.github/a .github"],
  [
    "/registry/*/fraud/",
    "registry/bundles/fraud/a registry/models/fraud/a/b",
    "registry/fraud/a registry/live/prod/fraud/a registry/bundles/fraud x/registry/a/fraud/b",
  ],
  [
    "/registry/live/*/fraud/",
    "registry/live/prod/fraud/score.yaml registry/live/dev/fraud/a/b",
    "registry/live/fraud/a registry/live/prod/other/a",
  ],
  // An inner slash anchors as well.
  ["docs/a", "docs/a docs/a/b docs/a/b/c", "x/docs/a docs/ab docs/b"],
  [
    "docs/*",
    "docs/getting-started.md docs/.hidden docs/a",
    "docs/build-app/troubleshooting.md docs docs/a/b x/docs/a",
  ],
  ["/docs/*", "docs/a docs/b.md", "docs/a/b docs x/docs/a"],
  ["docs/*/", "docs/a/b docs/a/b/c", "docs/a docs x/docs/a/b"],
  ["docs/*.md", "docs/a.md docs/.md docs/a.md/b", "docs/x/a.md docs/a.mdx x/docs/a.md"],
  ["docs/a*", "docs/a docs/abc docs/abc/d", "docs/ba docs/x/a"],
  ["docs/*/x", "docs/a/x docs/a/x/y", "docs/x docs/a/b/x docs/a/xy"],
  ["*/docs", "a/docs a/docs/b", "docs a/b/docs a/docsx"],
  ["*/*", "a/b .a/.b", "a a/b/c"],
  ["*/*/*", "a/b/c", "a/b a/b/c/d a"],
  ["a/b/c", "a/b/c a/b/c/d", "a/b x/a/b/c a/b/cd"],
  ["a/?", "a/b a/b/c", "a/bc a a/bc/d"],
  ["a/b/", "a/b/c a/b/c/d", "a/b x/a/b/c"],
  // Two asterisks are any number of segments.
  ["**/logs", "logs logs/a build/logs build/logs/a deeply/nested/logs/a/b", "logsx build/logsx/a"],
  ["**/logs/", "logs/a build/logs/a deeply/nested/logs/a", "logs build/logs"],
  ["/**/logs", "logs logs/a a/logs a/b/logs/c", "a/logsx"],
  ["**/foo/bar", "foo/bar a/foo/bar a/b/foo/bar/c", "foo/x/bar foo a/foo foo/barx"],
  ["**/*.js", "a.js b/a.js b/c/a.js", "a.ts b/js"],
  ["**/*", "a a/b a/b/c .x", ""],
  ["foo/**", "foo/a foo/a/b foo/.a", "foo x/foo/a foobar/a"],
  ["/foo/**", "foo/a foo/a/b", "foo x/foo/a"],
  ["foo/**/", "foo/a/b foo/a/b/c", "foo/a foo"],
  [
    "foo/**/bar",
    "foo/bar foo/a/bar foo/a/b/bar foo/bar/x foo/a/bar/x",
    "foo foo/barx x/foo/bar foobar foo/a",
  ],
  ["foo/**/bar/", "foo/bar/x foo/a/bar/x", "foo/bar foo/a/bar"],
  ["foo/**/*", "foo/a foo/a/b foo/a/b/c", "foo x/foo/a"],
  ["foo/**/*.md", "foo/a.md foo/b/a.md foo/b/c/a.md", "a.md foo/a.txt x/foo/a.md"],
  ["a/**/b/**/c", "a/b/c a/x/b/c a/b/y/c a/x/b/y/c a/b/b/c/c a/b/c/d", "a/c a/b b/c x/a/b/c a/x/c"],
  ["**/a/**", "a/b x/a/b x/a/b/c", "a x/a b"],
  ["**/a/*", "a/b x/a/b", "a a/b/c x/a a/b/c/d"],
  ["**/", "a/b a/b/c", "a"],
  ["/**/a/**/b", "a/b x/a/b x/a/y/b x/y/a/b/z", "b a a/c"],
  ["a**b", "ab axxb x/ab ab/c", "a/b axx/b"],
  ["a/b**", "a/b a/bcd a/b/c", "a/x/b x/a/b"],
  ["foo**/bar", "foo/bar fooo/bar foo/bar/x", "foo/x/bar x/foo/bar"],
  ["***", "a a/b", ""],
  // Case, spelling, escapes.
  ["/Docs/", "Docs/a", "docs/a DOCS/a"],
  ["*.MD", "a.MD", "a.md"],
  ["a\\*b", "a*b x/a*b", "aXb ab"],
  ["a\\?b", "a?b", "aXb ab"],
  ["a+b", "a+b", "aab ab"],
  ["a.b", "a.b", "aXb"],
  ["(a|b)", "(a|b)", "a b"],
  ["$a^", "$a^", "a"],
  ["{a,b}", "{a,b}", "a b"],
  ["é*", "é éa x/éb", "e ea"],
  ["a?c", "a😀c aéc", "ac a😀😀c"],
  ["~", "~ a/~", "a"],
  ["foo#bar", "foo#bar", "foo"],
  ["@scope/", "@scope/a x/@scope/a", "@scope scope/a"],
  ["a//b", "", "a/b a"],
];

const words = (text: string): string[] => (text === "" ? [] : text.split(" "));
const cases = patterns.flatMap(([pattern, yes, no]) => [
  ...words(yes).map((path) => [pattern, path, true] as const),
  ...words(no).map((path) => [pattern, path, false] as const),
]);

/** GitHub's own example file, line by line, from "About code owners". */
const documented = `# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
`;

describe("patterns", () => {
  it.each(cases)("%s | %s | %s", (pattern, path, expected) => {
    expect(matchesPath(compilePattern(pattern), path)).toBe(expected);
  });

  it("are about 300 documented cases", () => expect(cases.length).toBeGreaterThan(300));

  it("cost time linear in practice: hostile wildcards over long paths", () => {
    const path = `${"a/".repeat(1000)}${"a".repeat(1000)}`;
    const start = cpuTime();
    for (const pattern of [
      "**/a/".repeat(100) + "b",
      "*a".repeat(300) + "b",
      "a*".repeat(300) + "/b",
      "**/".repeat(500) + "x",
    ]) {
      expect(matchesPath(compilePattern(pattern), path)).toBe(false);
    }
    expect(cpuTime() - start).toBeLessThan(1000);
  });

  it("agree with a plain regular expression on random patterns and paths", () => {
    const segment = fc.constantFrom("a", "b", "ab", "*", "**", "a*", "*b", "?");
    const pattern = fc
      .tuple(fc.boolean(), fc.array(segment, { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([lead, segments, trail]) => `${lead ? "/" : ""}${segments.join("/")}${trail ? "/" : ""}`);
    const path = fc
      .array(fc.constantFrom("a", "b", "ab", "abb", "c"), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join("/"));
    fc.assert(
      fc.property(pattern, path, (text, file) => {
        expect(`${text} ${file} ${matchesPath(compilePattern(text), file)}`).toBe(
          `${text} ${file} ${plainMatch(text, file)}`,
        );
      }),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(pattern, pattern, path, (outer, inner, file) => {
        fc.pre(covers(compilePattern(outer), compilePattern(inner)) && plainMatch(inner, file));
        expect(`${outer} over ${inner}: ${file} ${plainMatch(outer, file)}`).toBe(
          `${outer} over ${inner}: ${file} true`,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["!a", true],
    ["\\#a", true],
    ["a[bc]", true],
    ["a]", true],
    ["[Section]", true],
    ["", true],
    ["#a", true],
    ["a\nb", true],
    ["a", false],
    ["a#b", false],
    ["a!b", false],
    ["a\\ b", false],
    ["**/x", false],
  ] as const)("patternProblem(%j) is one: %s", (text, bad) => {
    expect(patternProblem(text) !== undefined).toBe(bad);
  });

  it.each([
    ["*", "/a/b", true],
    ["**", "*.js", true],
    ["/**", "*", true],
    ["*", "/**", true],
    ["a", "/a", true],
    ["a", "/x/a/", true],
    ["/a/", "/a/*", true],
    ["/a/", "/a/b/**/c", true],
    ["/a/*", "/a/*.md", false],
    ["/a/*/c", "/a/b/c", true],
    ["*.js", "/x/y.js", true],
    ["/*/b", "/a?/b", true],
    ["/a/b", "/a/b/", true],
    ["/a/**", "/a/", true],
    ["/registry/", "/registry/live/", true],
    ["/a", "a", false],
    ["/a/b", "/a/", false],
    ["*.js", "*", false],
    ["/a/*", "/a/", false],
    ["/a/b/", "/a/b", false],
    ["/a/*", "/a/**", false],
  ] as const)("%s covers %s: %s", (outer, inner, expected) => {
    expect(covers(compilePattern(outer), compilePattern(inner))).toBe(expected);
  });
});

describe("files", () => {
  it.each([
    ["README", 2, ["@global-owner1", "@global-owner2"]],
    ["src/a.js", 3, ["@js-owner"]],
    ["main.go", 4, ["docs@example.com"]],
    ["a/b.txt", 5, ["@octo-org/octocats"]],
    ["build/logs/x", 11, ["@octocat"]],
    ["docs/getting-started.md", 9, ["@doctocat"]],
    ["docs/build-app/troubleshooting.md", 9, ["@doctocat"]],
    ["sub/apps/x", 8, ["@octocat"]],
    ["scripts/run.js", 10, ["@doctocat", "@octocat"]],
    ["deeply/nested/logs/x", 11, ["@octocat"]],
    ["apps/x/y", 12, ["@octocat"]],
    ["/apps/github/x", 13, []],
  ] as const)("the documented file gives %s to line %s, %j", (path, line, owners) => {
    const found = ownersOf(parseCodeowners(documented), path);
    expect([found.line, found.owners]).toEqual([line, owners]);
  });

  it.each<[string, string, string, readonly string[] | null]>([
    ["the last match wins, not the longest", "/a/b/c @x\n/a/ @y", "a/b/c", ["@y"]],
    ["owners of one pattern on two lines do not add up", "*.js @x\n*.js @y", "a.js", ["@y"]],
    ["a line without owners un-owns", "* @x\n/a/", "a/b", []],
    ["what no line matches has no owners", "/a/ @x", "b", null],
    ["an empty file owns nothing", "", "a", null],
    ["comments and blank lines", "# * @x\n\n   \n  # b\n", "a", null],
    ["an inline comment ends the line", "* @x # @y @z", "a", ["@x"]],
    ["a comment sign at an owner", "* @x #@y", "a", ["@x"]],
    ["only a comment after the pattern: nobody", "* # @x", "a", []],
    ["a sign inside a pattern is no comment", "a#b @x", "a#b", ["@x"]],
    ["carriage returns", "* @x\r\n/a @y\r\n", "a", ["@y"]],
    ["tabs and many blanks", "\t *\t\t@x   @y\t", "a", ["@x", "@y"]],
    ["an escaped blank", "/a\\ b/ @x", "a b/c", ["@x"]],
    ["no last line feed", "* @x\n/a @y", "a", ["@y"]],
    ["`!` is skipped", "* @x\n!a @y", "a", ["@x"]],
    ["`[ ]` is skipped", "* @x\n[ab] @y", "a", ["@x"]],
    ["`\\#` is skipped", "* @x\n\\#a @y", "#a", ["@x"]],
    ["a stranger among the owners: the whole line is skipped", "* @x\n/a @y nobody", "a", ["@x"]],
    ["an e-mail address", "* a.b+c@example.co.uk", "a", ["a.b+c@example.co.uk"]],
    ["no e-mail address", "* @x\n* a@b", "a", ["@x"]],
    ["two signs", "* @x\n* a@b@c.d", "a", ["@x"]],
    ["an account ends with no hyphen", "* @x\n* @y-", "a", ["@x"]],
    ["team names", "* @org-x/team_y.z", "a", ["@org-x/team_y.z"]],
    ["a byte order mark belongs to no pattern", "\ufeff* @x", "a", null],
  ])("%s", (_, text, path, owners) => {
    expect(ownersOf(parseCodeowners(text), path).owners).toEqual(owners);
  });

  it("logins are compared without case", () => {
    expect(isSameOwner("@Octo-Org/Team", "@octo-org/team")).toBe(true);
    expect(isSameOwner("@a", "@b")).toBe(false);
  });

  it("reads any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (text, path) => {
        const { owners, line } = ownersOf(parseCodeowners(text), path);
        expect(owners === null).toBe(line === null);
      }),
    );
  });
});

describe("rendering", () => {
  const registry = registryOfValues({
    "registry/registry.yaml": {
      id: "x",
      ownership: [
        { path: "*", roles: ["role:team"] },
        { path: "/a b/", roles: ["role:people", "role:team"] },
        { path: "/free/", roles: [] },
        { path: "[x]", roles: ["role:team"] },
        { path: "a\n* @evil", roles: ["role:team"] },
        { path: "/twice", roles: ["role:people", "role:people2", "role:missing"] },
      ],
    },
    "registry/governance/roles/team.yaml": { members: ["identity:ann"], githubTeam: "@org/team" },
    "registry/governance/roles/people.yaml": {
      members: ["identity:ann", "identity:bot", "identity:gone", "identity:nologin"],
    },
    "registry/governance/roles/people2.yaml": { members: ["identity:ann2"] },
    "registry/governance/identities/ann.yaml": { github: { login: "Ann", id: 1 } },
    "registry/governance/identities/ann2.yaml": { github: { login: "ann", id: 2 } },
    "registry/governance/identities/bot.yaml": {
      type: "bot",
      controller: "identity:ann",
      github: { login: "bot[bot]", id: 3 },
    },
    "registry/governance/identities/gone.yaml": { active: false, github: { login: "gone", id: 4 } },
    "registry/governance/identities/nologin.yaml": {},
  });

  it("writes a role as its team, else as its active human members' logins, once each", () => {
    expect(renderCodeowners(registry)).toBe(
      "# Generated from registry/registry.yaml (ownership). Do not edit: assent codeowners generate\n" +
        "* @org/team\n/a\\ b/ @Ann @org/team\n/free/\n/twice @Ann\n",
    );
  });

  it("says of every path what ownership says", () => {
    const settings = registry.ofKind("Registry")[0]!.value;
    const rendered = parseCodeowners(renderCodeowners(registry));
    for (const path of ["x", "a b/c", "free/x", "[x]", "twice", "a", "x/y/z"]) {
      const line = ownershipAt(settings, path);
      expect(ownersOf(rendered, path).pattern?.replaceAll("\\ ", " ") ?? null).toBe(line?.path ?? null);
    }
    expect(ownershipAt(settings, "a b/c")).toEqual({
      index: 1,
      path: "/a b/",
      roles: ["role:people", "role:team"],
    });
    expect(ownershipAt({}, "a")).toBeUndefined();
  });

  const examples = "../shared/examples";
  it.skipIf(!existsSync(examples))(
    "reproduces the examples' CODEOWNERS (skipped where ../shared is missing)",
    () => {
      const values: Record<string, object> = {};
      for (const file of readdirSync(`${examples}/registry`, { recursive: true, encoding: "utf8" })) {
        if (file.endsWith(".yaml"))
          values[`registry/${file}`] = parse(readFileSync(`${examples}/registry/${file}`, "utf8")) as object;
      }
      expect(renderCodeowners(registryOfValues(values))).toBe(readFileSync(`${examples}/CODEOWNERS`, "utf8"));
    },
  );
});

/** The documented meaning as a regular expression, written without a thought for speed. */
function plainMatch(pattern: string, path: string): boolean {
  const isDirectory = pattern.endsWith("/");
  const body = isDirectory ? pattern.slice(0, -1) : pattern;
  const isAnchored = body.includes("/");
  const segments = body.replace(/^\//, "").split("/");
  const last = segments.at(-1);
  let source = isAnchored ? "" : "(?:[^/]+/)*";
  segments.forEach((segment, i) => {
    const isLast = i === segments.length - 1;
    if (segment === "**") source += isLast ? "(?:[^/]+/)*" + (isDirectory ? "" : "[^/]+") : "(?:[^/]+/)*";
    else
      source +=
        (segment === "*" ? "[^/]+" : segment.replaceAll("*", "[^/]*").replaceAll("?", "[^/]")) +
        (isLast ? "" : "/");
  });
  if (isDirectory) source += last === "**" ? "[^/]+/.+" : "/.+";
  else if (last !== "**" && !(last === "*" && isAnchored)) source += "(?:/.+)?";
  return new RegExp(`^${source}$`).test(path);
}
