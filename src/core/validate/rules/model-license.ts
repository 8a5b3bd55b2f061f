/**
 * model/license: a licence is an SPDX expression. The grammar is checked (SPDX 2.3, annex D), not the list of names: the
 * list grows every few months, and a registry that was right must not become wrong when the program is older than a licence.
 */
import { at, defineEntryRule } from "../rule.ts";

export const modelLicense = defineEntryRule({
  code: "model/license",
  severity: "error",
  category: "invalid",
  summary: "A model's licence is no SPDX expression.",
  why: "Policies and inventories compare licences by their SPDX spelling; a sentence is never found by them.",
  fix: "Write an identifier of spdx.org/licenses such as `Apache-2.0`, several with AND, OR and WITH, and a licence that has none as `LicenseRef-<name>`.",
  kinds: ["Model"],
  find(entry, _context, report) {
    const license = entry.value.facts?.license;
    if (license === undefined || simple.test(license)) return;
    const fault = faultIn(license);
    if (fault === undefined) return;
    report({
      message: `"${license}" is no SPDX expression: ${fault}.`,
      at: at(entry, "facts", "license"),
      subject: entry.ref,
    });
  },
});

const simple = /^[A-Za-z0-9][A-Za-z0-9.-]*\+?$/;
const reference = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$/;
const words: ReadonlySet<string> = new Set(["AND", "OR", "WITH"]);

/** What keeps a text from being an expression, in words; undefined when it is one. */
function faultIn(text: string): string | undefined {
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  let depth = 0;
  let wantsName = true;
  let previous = "";
  for (const token of tokens) {
    if (token === "(" || isName(token)) {
      if (!wantsName) return operatorMissing(previous, token);
      if (token === "(" && previous === "WITH") return "WITH is followed by the name of an exception";
      if (token === "(") depth++;
      else wantsName = false;
    } else if (wantsName) {
      return token === ")" || words.has(token)
        ? `a licence is missing before ${token}`
        : `"${token}" is no name`;
    } else if (token === ")") {
      if (--depth < 0) return "a bracket is closed that was never opened";
    } else if (words.has(token)) {
      if (token === "WITH" && previous === ")") return "WITH belongs to one licence, not to a bracket";
      wantsName = true;
    } else return `"${token}" is no name`;
    previous = token;
  }
  if (wantsName) return "a licence is missing at its end";
  return depth > 0 ? "a bracket is never closed" : undefined;
}

function isName(token: string): boolean {
  return !words.has(token) && (simple.test(token) || reference.test(token));
}

function operatorMissing(before: string, after: string): string {
  const word = [before, after].find((token) => words.has(token.toUpperCase()));
  if (word !== undefined) return `${word} is written ${word.toUpperCase()}`;
  return `between "${before}" and "${after}" stands no AND, OR or WITH (a name holds no spaces)`;
}
