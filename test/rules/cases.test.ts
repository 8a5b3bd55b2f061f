/** Each rule by cases: exactly what is marked is found, exactly there, and nothing else. */
import { describe, expect, it } from "vitest";
import { areas } from "../cases/areas.ts";
import { unmark } from "../cases/case.ts";
import { judge, spell } from "../cases/judge.ts";

describe.each(Object.entries(areas))("%s", (_, cases) => {
  it.each(cases.map((each) => [each.name, each] as const))("%s", (_name, each) => {
    const unmarked = unmark(each.files, each.elsewhere);
    expect(judge(unmarked).map(spell).sort()).toEqual(unmarked.expected);
  });
});

it("names every case once", () => {
  const names = Object.entries(areas).flatMap(([area, cases]) => cases.map(({ name }) => `${area}: ${name}`));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
