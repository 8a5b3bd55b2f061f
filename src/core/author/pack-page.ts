/** The page of a policy pack, as Markdown: derived from the pack, so that it says what the rules ask and nothing else. */
import type { Pack } from "./packs/pack.ts";

/** The page: what it asks for, its rules, what it reads, how to bring it in, what it does not say. */
export function pageOfPack(pack: Pack): string {
  const { name, version, title, summary, spec, schemas = {}, suites = {}, notes, environment } = pack;
  const [judged, first] = [spec.appliesTo.join(", "), environment === undefined ? "" : ` ${environment}`];
  const keys = Object.entries(schemas);
  return `# ${title}

\`${name}\` ${version}: ${summary}.

It judges ${judged}. An entry that a rule's condition does not fit is not asked.

| Rule | Severity | Asked of | What must hold | Otherwise |
|---|---|---|---|---|
${spec.rules
  .map(
    ({ id, when, assert, severity, message }) =>
      `| ${id} | ${severity} | ${when === undefined ? "all" : code(when)} | ${code(assert)} | ${cell(message)} |`,
  )
  .join("\n")}
${keys.length === 0 ? "" : `\n## Metadata\n\n${keys.map(([key, schema]) => metadataOf(key, schema)).join("\n")}\n`}${Object.entries(
    suites,
  )
    .map(
      ([id, { title: named }]) =>
        `\n## Suite\n\n- \`suite:${id}\`, ${named ?? id}: it comes along with the Policy.\n`,
    )
    .join("")}
## What to know

${notes.map((note) => `- ${note}`).join("\n")}

## Bring it in

${commands([
  [`assent policy add ${name}`, "the Policy, which judges nobody yet; edit it, and let it land"],
  [`assent policy bind ${name}${first} --warn`, "see who does not meet it"],
  [
    `assent policy bind ${name}${first}`,
    `deny changes of ${judged} that do not${environment === undefined ? "" : `, in${first}`}`,
  ],
])}

A binding enforces per change: what is there already only shows as non-compliant, and a change is denied where it touches
such an entry. To change a rule later, make a new version: \`assent new policy core/${name}@1.1.0 --from core/${name}\`.
`;
}

function metadataOf(key: string, schema: NonNullable<Pack["schemas"]>[string]): string {
  const { description = "", appliesTo = [] } = schema;
  const properties = (schema.schema as { readonly properties?: object }).properties ?? {};
  const fields = Object.keys(properties).map((field) => `\`${field}\``);
  return `- \`extensions.${key}\` of ${appliesTo.join(", ")}: ${fields.join(", ")}. ${description}`;
}

function commands(lines: readonly (readonly [line: string, does: string])[]): string {
  const width = Math.max(...lines.map(([line]) => line.length));
  return lines.map(([line, does]) => `    ${line.padEnd(width)}  # ${does}`).join("\n");
}

/** In a table a bar ends the cell, also inside code. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function code(text: string): string {
  return `\`${cell(text)}\``;
}
