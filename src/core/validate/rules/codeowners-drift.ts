/** codeowners/drift: CODEOWNERS is the rendering of registry.yaml's `ownership`, byte for byte. */
import { defineRegistryRule } from "../rule.ts";
import { renderCodeowners, settingsOf } from "../../govern/ownership.ts";

const FILE = "CODEOWNERS";

export const codeownersDrift = defineRegistryRule({
  code: "codeowners/drift",
  severity: "error",
  category: "invalid",
  summary: "CODEOWNERS differs from what `ownership` in registry.yaml says.",
  why: "The forge asks whom CODEOWNERS names; the gate asks whom `ownership` names. Where they differ, people agree to changes and nobody counts it.",
  fix: "Run `assent codeowners generate`; change `ownership` in registry.yaml, never CODEOWNERS.",
  findAll({ registry }, report) {
    const settings = settingsOf(registry);
    if (settings?.value.ownership === undefined) return;
    // An unreadable role renders as nobody; what is wrong there is reported there.
    const roles = settings.value.ownership.flatMap((line) => line.roles);
    if (roles.some((ref) => registry.get(ref) === undefined)) return;
    const expected = renderCodeowners(registry);
    const repair = { kind: "write", file: FILE, text: expected } as const;
    const file = registry.tree.get(FILE);
    if (file === undefined) {
      report({ message: "There is no CODEOWNERS file.", at: { file: FILE }, repair });
      return;
    }
    const actual = new TextDecoder("utf-8", { ignoreBOM: true }).decode(file.read());
    if (actual === expected) return;
    const { message, start, end } = firstDifference(actual, expected);
    report({ message, at: { file: FILE, span: { start, end } }, repair });
  },
});

/** What is wrong with the first line that differs; offsets in UTF-16 units of `actual`. */
function firstDifference(
  actual: string,
  expected: string,
): { readonly message: string; readonly start: number; readonly end: number } {
  const have = actual.split("\n");
  const want = expected.split("\n");
  let start = 0;
  let i = 0;
  while (i < have.length && i < want.length && have[i] === want[i]) start += have[i++]!.length + 1;
  const found = have[i];
  // Both texts end in a line feed when they are right, so that their last piece is empty.
  if (found === undefined && i === want.length - 1) {
    return {
      message: "The last line does not end in a line feed.",
      start: actual.length,
      end: actual.length,
    };
  }
  const message =
    i >= want.length - 1
      ? `Line ${i + 1} should not be there.`
      : `Line ${i + 1} should read \`${want[i]}\`${found === undefined ? ", but the file ends before it" : ""}.`;
  start = Math.min(start, actual.length);
  return { message, start, end: start + (found ?? "").length };
}
