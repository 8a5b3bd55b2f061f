/**
 * Takes the reports out of the code that Ajv writes: validators only say yes or no, and whoever wants to know why
 * asks core/validate/explain.ts. That makes the code a sixth as large, and it is read at every start.
 * The judgement itself must never change; a test compares it with Ajv's own.
 */

/**
 * Ajv's standalone code without error objects, without paths and without the bookkeeping of
 * `unevaluatedProperties`, which no schema of ours uses. Throws when something about errors is left, as it would
 * be when Ajv changed what it writes.
 */
export function withoutReports(code: string): string {
  const begin = /\{instancePath[:,]/g;
  let out = "";
  let at = 0;
  for (let match = begin.exec(code); match !== null; match = begin.exec(code)) {
    const next = match.index;
    if (next < at) continue;
    const end = endOfObject(code, next);
    const object = code.slice(next, end);
    if (object.includes("schemaPath:")) out += `${code.slice(at, next)}0`;
    // The second argument of a call of another validator, with the comma before it.
    else out += code.slice(at, next).replace(/,\s*$/, "");
    at = end;
  }
  const lean = leftovers.reduce(
    (text, [what, instead]) => text.replaceAll(what, instead),
    out + code.slice(at),
  );
  const left = /.{0,80}(?:vErrors|validate\d+\.errors|instancePath|evaluated).{0,80}/.exec(lean);
  if (left !== null) throw new Error(`Ajv writes what scripts/generate/lean.ts does not know: ${left[0]}`);
  return withKeySets(lean);
}

/**
 * Replaces lookups in whole schemas (`schema31.properties.spec.properties`) by sets of just the keys that are looked
 * up, so that the bundler can drop the schemas.
 */
function withKeySets(code: string): string {
  const schemas = new Map<string, unknown>();
  for (const [, name, json] of code.matchAll(/const (schema\d+) = (\{.*?\});(?=const|function|export)/g)) {
    schemas.set(name!, JSON.parse(json!));
  }
  const sets = new Map<string, string>();
  const out = code.replaceAll(
    /\.call\((schema\d+)((?:\.\w+|\["[^"]+"\])*), /g,
    (_, name: string, path: string) => {
      const steps = [...path.matchAll(/\.(\w+)|\["([^"]+)"\]/g)].map(
        ([, plain, quoted]) => plain ?? quoted ?? "",
      );
      let at = schemas.get(name);
      for (const step of steps) at = (at as Record<string, unknown>)[step];
      const keys = JSON.stringify(Object.fromEntries(Object.keys(at as object).map((key) => [key, 0])));
      const set = sets.get(keys) ?? `keys${sets.size}`;
      sets.set(keys, set);
      return `.call(${set}, `;
    },
  );
  return [...sets].map(([keys, name]) => `const ${name} = ${keys};`).join("") + out;
}

/** What is written for reports only, once the reports themselves are gone. Errors are counted, never kept. */
const leftovers: readonly (readonly [RegExp, string])[] = [
  [/, \{instancePath="", [^{}]*=\{\}\}=\{\}/g, ""],
  [/const evaluated\d+ = \w+\.evaluated;(?:if\(evaluated\d+\.\w+\)\{evaluated\d+\.\w+ = undefined;\})*/g, ""],
  [/\w+\.evaluated = \{[^}]*\};/g, ""],
  [/const err\d+ = 0;/g, ""],
  [/if\(vErrors === null\)\{vErrors = \[err\d+\];\}else \{vErrors\.push\(err\d+\);\}/g, ""],
  [
    /vErrors = vErrors === null \? \w+\.errors : vErrors\.concat\(\w+\.errors\);errors = vErrors\.length;/g,
    "errors++;",
  ],
  [/if\(vErrors !== null\)\{if\(_errs\d+\)\{vErrors\.length = _errs\d+;\}else \{vErrors = null;\}\}/g, ""],
  [/validate\d+\.errors = (?:\[0\]|vErrors);/g, ""],
  [/let vErrors = null;/g, ""],
];

/** The index behind the brace that closes the object literal beginning at `start`; braces in strings do not count. */
function endOfObject(code: string, start: number): number {
  let depth = 0;
  for (let i = start; i < code.length; i++) {
    const char = code[i];
    if (char === '"' || char === "'" || char === "`") i = endOfString(code, i, char);
    else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) return i + 1;
  }
  throw new Error("Ajv wrote an object that does not end");
}

function endOfString(code: string, start: number, quote: string): number {
  for (let i = start + 1; i < code.length; i++) {
    if (code[i] === "\\") i++;
    else if (code[i] === quote) return i;
  }
  throw new Error("Ajv wrote a string that does not end");
}
