/** version/breaking-without-major: what breaks users of the version before raises the major. */
import { describe, expect, it } from "vitest";
import { versionBreakingWithoutMajor } from "../../src/core/validate/rules/version-breaking-without-major.ts";
import { registryOfValues } from "../registry-of-values.ts";
import { foundBy } from "./found.ts";

const spec = (value: object): object => ({ spec: value });
const props = (properties: object, more: object = {}): object => ({ type: "object", properties, ...more });
const text = { type: "string" };

describe("version/breaking-without-major", () => {
  const model = (version: string): string => `registry/models/a/b/${version}.yaml`;
  const one = { [model("1.2.0")]: spec({ type: "completion", interface: { input: props({ a: text }) } }) };
  const breaking = spec({
    type: "completion",
    interface: { input: props({ a: text }, { required: ["a"] }) },
  });
  const code = "version/breaking-without-major";

  it.each<[string, Record<string, object>, Record<string, object>, string[]]>([
    [
      "a minor version that breaks",
      one,
      { [model("1.3.0")]: breaking },
      [`${code} ${model("1.3.0")} /spec/interface/input/required`],
    ],
    [
      "what is gone is pointed at where it stood",
      one,
      { [model("1.3.0")]: spec({ type: "vision", interface: {} }) },
      [`${code} ${model("1.3.0")} /spec/type`],
    ],
    ["a major version that breaks", one, { [model("2.0.0")]: breaking }, []],
    [
      "a minor version that breaks nothing",
      one,
      {
        [model("1.3.0")]: spec({
          type: "completion",
          upstreamId: "x",
          interface: { input: props({ a: text, b: text }) },
        }),
      },
      [],
    ],
    ["the first version", {}, { [model("1.3.0")]: breaking }, []],
    [
      "a later version exists: the highest lower one counts",
      { ...one, [model("1.9.0")]: breaking },
      { [model("1.3.0")]: one[model("1.2.0")]! },
      [],
    ],
    [
      "a patch of an older line",
      { ...one, [model("2.0.0")]: breaking },
      { [model("1.2.1")]: breaking },
      [`${code} ${model("1.2.1")} /spec/interface/input/required`],
    ],
    [
      "a pre-release promises nothing",
      { ...one, [model("2.0.0-rc.1")]: one[model("1.2.0")]! },
      { [model("2.0.0")]: breaking },
      [],
    ],
    [
      "a pre-release that breaks",
      one,
      { [model("1.3.0-rc.1")]: breaking },
      [`${code} ${model("1.3.0-rc.1")} /spec/interface/input/required`],
    ],
    [
      "facts do not count",
      one,
      { [model("1.3.0")]: { ...one[model("1.2.0")]!, facts: { capabilities: { vision: false } } } },
      [],
    ],
    ["a landed version that changed is another rule's", one, { [model("1.2.0")]: breaking }, []],
  ])("%s", (_, base, change, expected) => {
    expect(
      foundBy(versionBreakingWithoutMajor, registryOfValues({ ...base, ...change }), registryOfValues(base)),
    ).toEqual(expected);
  });
});
