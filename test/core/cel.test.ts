/** Expressions: what they mean, what is refused and where the caret points, and that another implementation agrees. */
import { run as reference } from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileExpression, evaluate, type CelNames } from "../../src/core/policy/cel.ts";
import { surroundingNames, type SubjectEntry, type Surroundings } from "../../src/core/policy/subject.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { cpuTime } from "../cpu-time.ts";

const model: SubjectEntry = {
  kind: "Model",
  id: "openai/gpt-4o@1.0.0",
  ns: "openai",
  name: "gpt-4o",
  version: "1.0.0",
  value: {
    title: "GPT-4o",
    state: "production",
    labels: { team: "ml", count: "3" },
    tags: ["chat", "vision"],
    spec: {
      provider: "provider:openai",
      type: "completion",
      dependencies: [{ ref: "model:a/b", version: "1.0.0" }],
    },
    facts: {
      role: "general",
      sizeClass: "large",
      openWeights: false,
      capabilities: { contextLength: 128000, functions: true, languages: ["en", "de"] },
      scores: [{ name: "mmlu", value: 0.88 }],
    },
    serving: {
      endpoints: [{ type: "rest", url: "https://x", region: "eu" }],
      pricing: { inputPerMillionTokens: "2.50" },
    },
    extensions: { "acme-risk": { register: "RISK-42", level: 3 } },
  },
};
const usecase: SubjectEntry = {
  kind: "UseCase",
  id: "fraud/score",
  ns: "fraud",
  name: "score",
  version: null,
  value: { purpose: "Score payments", riskTier: "high", owner: "role:fraud" },
};
const around: Surroundings = {
  usecase,
  from: "beta",
  to: "production",
  action: "release",
  asOf: "2026-06-01T12:30:00Z" as Instant,
};
const models: CelNames = { kinds: ["Model"], around: surroundingNames };

function value(text: string, names: CelNames = models, entry: SubjectEntry = model): unknown {
  const compiled = compileExpression(text, names);
  if ("faults" in compiled) return `fault: ${compiled.faults.map((fault) => fault.message).join("; ")}`;
  const result = evaluate(compiled.program, entry, around);
  return "error" in result ? `error: ${result.error.message}` : result.value;
}

describe("what expressions say", () => {
  test.each<[string, unknown]>([
    // The example policy's own.
    ['facts.role == "general"', true],
    ['facts.sizeClass in ["large", "xl", "xxl"]', true],
    ["facts.sizeEvidence != null", false],
    ['like(name, "(^|[-_.])(mini|nano|low)([-_.]|$)") != true', true],
    // Who the entry is.
    ['id == "openai/gpt-4o@1.0.0" && ns == "openai" && name == "gpt-4o" && version == "1.0.0"', true],
    ['kind == "Model" && state == "production" && title.startsWith("GPT")', true],
    // Null: equality and `in` see it, order and string functions answer false.
    ["facts.series == null", true],
    ['facts.series == "gpt"', false],
    ['facts.series != "gpt"', true],
    ['facts.series in ["gpt"]', false],
    ['facts.series in ["gpt", null]', true],
    ["facts.capabilities.maxOutputTokens < 5", false],
    ["facts.capabilities.maxOutputTokens >= 5", false],
    ["(facts.capabilities.maxOutputTokens < 5) != true", true],
    ['facts.series.startsWith("g")', false],
    ['like(facts.series, "g")', false],
    ['"gpt".contains(facts.series)', false],
    ["size(facts.series) == 0", false],
    ["double(serving.pricing.outputPerMillionTokens) < 5.0", false],
    ["double(serving.pricing.inputPerMillionTokens) < 5.0", true],
    ["double(serving.pricing.inputPerMillionTokens) == 2.5", true],
    ["timestamp(facts.releaseDate) < asOf", false],
    // Absent lists, maps and objects are empty.
    ["size(facts.categories) == 0", true],
    ['facts.categories.exists(c, c == "x")', false],
    ["facts.license == null && facts.capabilities.modalities.input == []", true],
    ['"region" in extensions', false],
    // null is not true.
    ["facts.capabilities.vision", null],
    ["facts.capabilities.vision && true", false],
    ["facts.capabilities.vision || true", true],
    ["facts.capabilities.vision ? false : true", true],
    ["facts.capabilities.vision != true", true],
    ["facts.capabilities.functions", true],
    // has: whether the file says it.
    ["has(facts.role)", true],
    ["has(facts.series)", false],
    ["has(facts.categories)", false],
    ["has(labels.team)", true],
    ["has(labels.foo)", false],
    // Maps and elements.
    ['labels.team == "ml" && labels["team"] == "ml"', true],
    ['"team" in labels && !("foo" in labels)', true],
    ["labels.foo == 'x'", 'error: there is no key "foo"'],
    ["'foo' in labels && labels.foo == 'x'", false],
    ["labels.foo == 'x' && false", false],
    ["labels.foo == 'x' || true", true],
    ["labels.foo == 'x' || false", 'error: there is no key "foo"'],
    ['tags[0] == "chat"', true],
    ['tags[2] == "chat"', "error: there is no element 2 in a list of 2"],
    ['extensions["acme-risk"].register == "RISK-42" && extensions["acme-risk"].level > 2', true],
    ['extensions["acme-risk"].nothing == 1', 'error: there is no key "nothing"'],
    ['facts["role"] == "general"', true],
    // Comprehensions.
    ['serving.endpoints.all(e, e.region == "eu")', true],
    ["facts.scores.exists(s, s.name == 'mmlu' && s.value > 0.8)", true],
    ["tags.map(t, size(t)) == [4, 6]", true],
    ["tags.filter(t, t != 'chat') == ['vision']", true],
    ["tags.map(t, t == 'chat', t + '!') == ['chat!']", true],
    ["tags.exists_one(t, t.contains('i'))", true],
    ["labels.all(k, k in ['team', 'count'])", true],
    ["[1, 2].exists(x, [2, 3].exists(y, x == y))", true],
    ["['a', labels.foo].size() == 2", 'error: there is no key "foo"'],
    ["[0, 1].exists(x, 1 / x == 1)", true],
    ["[0, 2].exists(x, 1 / x == 1)", "error: division by zero"],
    ["[0, 1].all(x, 1 / x == 2)", false],
    // Numbers.
    ["7 / 2 == 3 && -7 / 2 == -3 && 7 % 3 == 1 && -7 % 3 == -1", true],
    ["7.0 / 2.0 == 3.5 && 1 == 1.0 && 1 < 1.5", true],
    ["9007199254740991 + 1 > 0", "error: the result is beyond the exact integers"],
    ["int('12') + int(1.9) == 13 && string(1.5) == '1.5' && double('1e3') == 1000.0", true],
    ["int('12x') == 12", 'error: "12x" is no whole number'],
    ["double('abc') > 1.0", 'error: "abc" is no number'],
    // Strings.
    ["'straße'.size() == 6 && '😀'.size() == 1", true],
    ["'a,b'.split(',') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b' && ' a '.trim() == 'a'", true],
    ["'AbÄ'.lowerAscii() == 'abÄ' && 'abä'.upperAscii() == 'ABä'", true],
    ["'hello'.substring(1, 3) == 'el' && 'hello'.indexOf('l') == 2 && 'hello'.indexOf('z') == -1", true],
    ["'hello'.substring(4, 9) == ''", "error: the string has no part from 4 to 9"],
    ["like('xaaay', 'a{3}') && !like('xaay', 'a{3}')", true],
    // Time.
    ["asOf > timestamp('2026-06-01T00:00:00Z') && asOf < timestamp('2026-06-02')", true],
    ["asOf - timestamp('2026-06-01T12:00:00Z') == duration('30m')", true],
    [
      "asOf + duration('P1D') == timestamp('2026-06-02T12:30:00Z') && duration('1h30m') == duration('PT1H30M')",
      true,
    ],
    [
      "asOf.getFullYear() == 2026 && asOf.getMonth() == 5 && asOf.getDate() == 1 && asOf.getHours() == 12",
      true,
    ],
    [
      "timestamp('2026-02-30') < asOf",
      'error: "2026-02-30" is no instant: write 2026-01-31T00:00:00Z, or a date',
    ],
    // Surroundings.
    [
      'usecase.riskTier in ["high", "critical"] && usecase.spec.purpose == "Score payments" && usecase.id == "fraud/score"',
      true,
    ],
    ['from == "beta" && to == "production" && action == "release"', true],
    ["bundle.state == null && size(evaluations) == 0 && ancestors == []", true],
    ['spec.dependencies.exists(d, d.ref.startsWith("model:"))', true],
  ])("%s", (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  test("spec of a kind without spec is the file's own fields", () => {
    const names: CelNames = { kinds: ["UseCase"] };
    expect(value('spec.riskTier == "high" && owner == "role:fraud" && version == null', names, usecase)).toBe(
      true,
    );
  });

  test("over several kinds, what one kind lacks is null", () => {
    const names: CelNames = { kinds: [] };
    expect(value('kind == "Model" && spec.type == "completion"', names)).toBe(true);
    expect(value('spec.type == "completion" || spec.riskTier == "high"', names, usecase)).toBe(true);
  });
});

describe("what is refused, and where", () => {
  test.each<[string, string, string, string]>([
    // expression, what the caret is under, message, hint
    ["facts.sizeClas == 'x'", "sizeClas", "there is no field sizeClas here", "did you mean sizeClass?"],
    ["fact.role == 'x'", "fact", "the name fact is not known here", "did you mean facts?"],
    ["facts.role == 'genral'", "'genral'", 'the value is never "genral"', "did you mean general?"],
    ["facts.sizeClass in ['large', 'xll']", "'xll'", 'the value is never "xll"', "did you mean xl?"],
    ["kind == 'Bundle'", "'Bundle'", 'the value is never "Bundle"', "known are Model"],
    ["has(facts.rol)", "rol", "there is no field rol here", "did you mean role?"],
    [
      "!facts.openWeights",
      "!facts.openWeights",
      "this can be null, and ! of null is nothing",
      "write `!= true` behind it instead",
    ],
    [
      "facts == null",
      "facts == null",
      "an object is never null; what the file leaves out is empty",
      "ask for one of its fields",
    ],
    [
      "tags == null",
      "tags == null",
      "a list of string is never null; what the file leaves out is empty",
      "ask for its size: size(x) == 0",
    ],
    [
      "serving.pricing.inputPerMillionTokens < 10",
      "serving.pricing.inputPerMillionTokens < 10",
      "cannot compare a string with an integer",
      "read the amount with double(), and write the number with a decimal point",
    ],
    [
      "facts.releaseDate < asOf",
      "facts.releaseDate < asOf",
      "cannot compare a string with a timestamp",
      "read the time with timestamp()",
    ],
    [
      "name == 1",
      "name == 1",
      "a string never equals an integer",
      "read the amount with double(), and write the number with a decimal point",
    ],
    [
      "1 + 1.0 == 2.0",
      "1 + 1.0",
      "there is no integer + double",
      "convert the whole number with double(), or write it with a decimal point",
    ],
    [
      "5.0 % 2.0 == 1.0",
      "5.0 % 2.0",
      "there is no double % double",
      "take the rest of whole numbers: int(x)",
    ],
    ["name", "name", "the expression gives a string, not true or false", "compare it with something"],
    ["name && true", "name", "&& needs true or false, not a string", "compare it: == or != something"],
    [
      "name.matches('a')",
      "name.matches('a')",
      "matches can take for ever on some patterns",
      "write like(text, pattern) instead",
    ],
    [
      "matches(name, 'a')",
      "matches(name, 'a')",
      "matches can take for ever on some patterns",
      "write like(text, pattern) instead",
    ],
    [
      "like(name, '(?=a)')",
      "'(?=a)'",
      "error parsing regexp: invalid or unsupported Perl syntax: `(?=`",
      "write the pattern in RE2 syntax: no look-around, no back-references",
    ],
    [
      "name.startWith('a')",
      "name.startWith('a')",
      "there is no function startWith",
      "did you mean startsWith?",
    ],
    ["size(1) == 1", "size(1)", "size does not take (int)", "write size(string|list|map)"],
    [
      "tags.all(t, tags.all(u, tags.all(v, true)))",
      "tags.all(v, true)",
      "comprehensions stand inside one another at most twice",
      "ask the inner list by a rule of its own",
    ],
    [
      "tags.role == 'x'",
      "tags.role",
      "a list has no field role",
      "ask its elements: .exists(x, x.role == ...)",
    ],
    [
      "'a' in facts",
      "'a' in facts",
      "an object has all its fields, null where the file has none",
      "write `!= null` behind the field",
    ],
    [
      "'a' in name",
      "'a' in name",
      "in looks into lists and maps, not into a string",
      "for parts of a string use contains()",
    ],
    ["facts.role = 'x'", "=", "unexpected character: =", "compare with =="],
    ["true and false", "and", "unexpected character: 'd'", "write && for and, || for or, ! for not"],
    [
      "1u == 1",
      "1u",
      "bytes and unsigned numbers do not occur in entries",
      "write a string, or a number without u",
    ],
    [
      "9007199254740993 > 0",
      "9007199254740993",
      "9007199254740993 is beyond the exact integers",
      "stay within 2^53, or write a decimal point",
    ],
    [
      "cel.bind(x, 1, x == 1)",
      "cel.bind(x, 1, x == 1)",
      "there is no function bind",
      "known are all, bool, contains, double, duration, dyn, endsWith, exists, exists_one, filter, getDate, getDayOfMonth, getDayOfWeek, getDayOfYear, getFullYear, getHours, getMilliseconds, getMinutes, getMonth, getSeconds, has, indexOf, int, join, like, lowerAscii, map, plugin, size, split, startsWith, string, substring, timestamp, trim, upperAscii",
    ],
  ])("%s", (text, under, message, hint) => {
    const compiled = compileExpression(text, models);
    const faults = "faults" in compiled ? compiled.faults : [];
    expect(
      faults.map((fault) => [text.slice(fault.start, fault.end), fault.message, fault.hint]),
    ).toContainEqual([under, message, hint]);
  });

  test("every fault of an expression is reported, in order", () => {
    const compiled = compileExpression("facts.a == 1 && facts.b == 2 || nme == ''", models);
    expect("faults" in compiled && compiled.faults.map((fault) => fault.start)).toEqual([6, 22, 32]);
  });

  test("surroundings are known only where they apply", () => {
    expect(value("usecase.riskTier == 'high'", { kinds: ["Model"] })).toBe(
      "fault: the name usecase is not known here",
    );
  });

  test.each([
    ["", "the empty text"],
    ["   ", "blanks"],
    ["x".repeat(2_001), "2,001 characters"],
    ["(".repeat(900), "open parentheses"],
    [`${"(".repeat(900)}true${")".repeat(900)}`, "nested parentheses"],
    [`${"[".repeat(500)}${"]".repeat(500)}`, "nested lists"],
    [`${"true ? ".repeat(200)}true`, "open choices"],
    ["a".concat(".a".repeat(900)), "a long path"],
    ["\u0000", "a control character"],
    ["\ud800 == 'x'", "half a surrogate"],
    ["'unterminated", "an open string"],
    ["__proto__ == null", "__proto__"],
    ["constructor == null", "constructor"],
    ["facts.constructor == null", "facts.constructor"],
    ["tags.map(1, true) == []", "a literal as a variable"],
    ["has(1)", "has of a literal"],
  ])("%# is a fault, not a crash", (text) => {
    expect("faults" in compileExpression(text, models)).toBe(true);
  });
});

describe("attacks", () => {
  const items = Array.from({ length: 100_000 }, (_, i) => `t${i}`);
  const huge: SubjectEntry = {
    ...model,
    value: { ...model.value, tags: items, title: "a".repeat(65_536), labels: { p: "(a*)*".repeat(90) } },
  };
  test.each([
    ["two long loops", "tags.all(x, tags.all(y, x != y || x == y))"],
    ["a loop of memberships", "tags.all(x, x in tags)"],
    ["loops one after another", "tags.map(x, tags).map(x, tags).map(x, tags).size() > 0"],
    ["growing lists", "tags.map(x, tags + tags).size() > 0"],
    ["growing strings", "tags.map(x, tags.join()).join().size() > 0"],
    ["searching a long text", "tags.exists(x, title.contains(x + 'zzz'))"],
    ["long patterns on long texts", "tags.exists(x, like(title, '(a?){50}a{50}(b|c|d)*z'))"],
    ["patterns that are data", "tags.exists(x, like(title, labels.p))"],
    ["patterns made at run time", "tags.exists(x, like(name, x + '[a-z]{1,90}'))"],
    ["large patterns made at run time", "tags.exists(x, like(name, x + '[a-z]{990}'))"],
    ["errors in every turn", "tags.all(x, labels[x] == '')"],
    ["exhaustion behind ||", "tags.all(x, tags.all(y, x != '')) || true"],
  ])("%s ends as an error", (_, text) => {
    const before = cpuTime();
    expect(value(text, models, huge)).toMatch(
      /^error: (?:the evaluation takes too many steps|there is no key)/,
    );
    expect(cpuTime() - before).toBeLessThan(1_000);
  });

  test("patterns that backtrack elsewhere are linear here", () => {
    const before = cpuTime();
    expect(
      value("like(title, '^(a+)+$')", models, { ...model, value: { title: `${"a".repeat(5_000)}b` } }),
    ).toBe(false);
    expect(cpuTime() - before).toBeLessThan(500);
  });

  test.each([
    "(a{1000}){1000}",
    "((abcdefghij){20}){30}",
    "([]{]{90}[[:alpha:]]){60}",
    "((a{100}){100}){100}",
    "(x{0,500}){0,2}y{0,999}".repeat(8),
    "a".repeat(501),
    "[",
    "(?P<n>a)(?P=n)",
    "\\1",
  ])("the pattern %s is refused", (pattern) => {
    expect("faults" in compileExpression(`like(name, ${JSON.stringify(pattern)})`, models)).toBe(true);
  });

  test.each([
    ["!".repeat(1_995) + "true", false],
    [`1${"+1".repeat(900)} == 901`, true],
    [`true${"||true".repeat(300)}`, true],
    [`${"-".repeat(1_990)}1 == 1`, true],
  ])("%# is long and flat, and only that", (text, expected) => expect(value(text)).toBe(expected));

  test("the patterns of one expression are bounded together", () => {
    const text = Array.from({ length: 30 }, (_, i) => `like(name, "${i}[a-z]{90}")`).join(" || ");
    expect(value(text)).toMatch(/^fault: the patterns of the expression expand too far/);
  });

  test("any text is a program or faults inside the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: fc.constantFrom(..."facts.role=\"'()[]{}!&|<>+-*/%?:,inx1 \n\\") }),
        ),
        (text) => {
          const compiled = compileExpression(text, models);
          if (!("faults" in compiled)) return;
          expect(compiled.faults.length).toBeGreaterThan(0);
          for (const { start, end } of compiled.faults) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeLessThanOrEqual(text.length);
            expect(start).toBeLessThanOrEqual(end);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("another implementation agrees on the common subset", () => {
  const bindings = {
    name: "gpt-4o",
    title: "GPT-4o",
    tags: ["chat", "vision"],
    labels: new Map([
      ["team", "ml"],
      ["count", "3"],
    ]),
  };
  type Kind = "bool" | "int" | "double" | "string" | "list";
  const { bool: expression } = fc.letrec<Record<Kind, string>>((tie) => {
    const pick = (...options: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
      fc.oneof({ depthSize: "small", withCrossShrink: true }, ...options);
    const join = (text: string, ...kinds: Kind[]): fc.Arbitrary<string> => {
      return fc
        .tuple(...kinds.map((kind) => tie(kind)))
        .map((parts) => text.replace(/\$(\d)/g, (_, i) => `(${parts[Number(i)]})`));
    };
    const compare = fc.constantFrom("==", "!=", "<", "<=", ">", ">=");
    const same = (kind: Kind): fc.Arbitrary<string> =>
      fc.tuple(tie(kind), compare, tie(kind)).map(([a, op, b]) => `(${a}) ${op} (${b})`);
    return {
      bool: pick(
        fc.constantFrom(
          "true",
          "false",
          "'team' in labels",
          "has(labels.count)",
          "'x' in tags",
          "labels.foo == ''",
        ),
        same("int"),
        same("double"),
        same("string"),
        join("$0 && $1", "bool", "bool"),
        join("$0 || $1", "bool", "bool"),
        join("!$0", "bool"),
        join("$0 ? $1 : $2", "bool", "bool", "bool"),
        join("$0 == $1", "list", "list"),
        join("$0 in $1", "string", "list"),
        join("$0.contains($1)", "string", "string"),
        join("$0.startsWith($1)", "string", "string"),
        join("$0.endsWith($1)", "string", "string"),
        join("$0.all(x, x < $1)", "list", "string"),
        join("$0.exists(x, $1 || x == $2)", "list", "bool", "string"),
        join("$0.exists_one(x, x == $1)", "list", "string"),
      ),
      int: pick(
        fc.integer({ min: -9, max: 9 }).map((n) => (n < 0 ? `(${n})` : String(n))),
        join("$0 + $1", "int", "int"),
        join("$0 - $1", "int", "int"),
        join("$0 * $1", "int", "int"),
        join("$0 / $1", "int", "int"),
        join("$0 % $1", "int", "int"),
        join("size($0)", "string"),
        join("$0.size()", "list"),
        join("int($0)", "double"),
        join("-$0", "int"),
        join("$0 ? $1 : $2", "bool", "int", "int"),
      ),
      double: pick(
        fc.constantFrom("0.0", "1.5", "2.25", "-3.0", "1e3"),
        join("$0 + $1", "double", "double"),
        join("$0 * $1", "double", "double"),
        join("$0 / $1", "double", "double"),
        join("double($0)", "int"),
      ),
      string: pick(
        fc.constantFrom(
          "''",
          "'a'",
          "'vision'",
          "'ä😀'",
          "name",
          "title",
          "tags[0]",
          "tags[7]",
          "labels.team",
          "labels['foo']",
        ),
        join("$0 + $1", "string", "string"),
        join("string($0)", "int"),
        join("$0 ? $1 : $2", "bool", "string", "string"),
      ),
      list: pick(
        fc.constantFrom("tags", "['a', 'b']", "labels.map(k, k)"),
        join("$0 + $1", "list", "list"),
        join("[$0, $1]", "string", "string"),
        join("$0.filter(x, x > $1)", "list", "string"),
        join("$0.map(x, x + $1)", "list", "string"),
        join("$0.map(x, $1, x)", "list", "bool"),
      ),
    };
  });

  test("expressions give the same value, or an error in both", () => {
    let compared = 0;
    fc.assert(
      fc.property(expression, (text) => {
        const compiled = compileExpression(text, { kinds: ["Model"] });
        // Only our bounds may refuse what the generator builds: depth, length and nesting, and comparisons that a list of words rules out.
        if ("faults" in compiled) return;
        const ours = evaluate(compiled.program, model);
        let theirs: unknown;
        try {
          theirs = reference(text, bindings, { funcs: strings });
        } catch (error) {
          theirs = error;
        }
        compared += 1;
        if (theirs instanceof Error) expect([text, "error" in ours]).toEqual([text, true]);
        else expect([text, ours]).toEqual([text, { value: theirs }]);
      }),
      { numRuns: 1_000 },
    );
    expect(compared).toBeGreaterThan(700);
  }, 60_000);
});
