/**
 * The rules in plain words: who must agree to what, for a terminal and as Markdown, and as assent.rules/v1.
 * The words are made once; both texts show the same sentences.
 */
import type { Ask, MoveRule, OwnerRule, RoleAsk, Rules } from "../../core/govern/rules.ts";
import type { CommandContext } from "../command.ts";
import { escapeLine, escapeMarkdown, jsonLine, markdownCode } from "./escape.ts";
import { wrap } from "./text.ts";

/** One row: what happens, and sentences about who must agree. */
interface Row {
  readonly what: string;
  readonly says: readonly string[];
}

interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Shows the rules in the format that was asked for. */
export function showRules(rules: Rules, context: CommandContext): void {
  const { format } = context.global;
  if (format === "json") context.out(jsonLine({ format: "assent.rules/v1", ...rules }));
  else if (format === "markdown") context.out(markdownOf(rules));
  else context.out(textOf(rules, context));
}

function textOf(rules: Rules, { style, columns }: CommandContext): string {
  const lines = wrap(`${escapeLine(rules.registry)}  ${introduction(rules)}`, columns);
  for (const { title, rows } of sectionsOf(rules)) {
    const width = Math.min(Math.floor(columns / 2) - 4, Math.max(...rows.map(({ what }) => what.length)));
    lines.push("", style.bold(escapeLine(title)));
    for (const { what, says } of rows) {
      const left = wrap(escapeLine(what), width);
      const right = says.flatMap((sentence) =>
        hanging(escapeLine(sentence), columns - width - 4).map((line) =>
          sentence.startsWith("! ") ? style.yellow(line) : line,
        ),
      );
      for (let i = 0; i < Math.max(left.length, right.length); i++)
        lines.push(`  ${(left[i] ?? "").padEnd(width)}  ${right[i] ?? ""}`.trimEnd());
    }
  }
  return `${lines.join("\n")}\n`;
}

/** A sentence in lines; those after the first stand two further in. */
function hanging(sentence: string, width: number): readonly string[] {
  const [first = "", ...rest] = wrap(sentence, Math.max(30, width - 2));
  return [first, ...rest.map((line) => `  ${line}`)];
}

function markdownOf(rules: Rules): string {
  const lines = [`**${escapeMarkdown(rules.registry)}** ${escapeMarkdown(introduction(rules))}`];
  for (const { title, rows } of sectionsOf(rules)) {
    lines.push("", `### ${escapeMarkdown(title)}`, "", "| What | Who must agree |", "|---|---|");
    for (const { what, says } of rows)
      lines.push(`| ${escapeMarkdown(what)} | ${says.map(markdownSentence).join("<br>")} |`);
  }
  return `${lines.join("\n")}\n`;
}

/** What stands between backticks is code; everything else is escaped. */
function markdownSentence(sentence: string): string {
  const parts = sentence.split(/(`[^`]*`)/);
  return parts
    .map((part) =>
      /^`[^`]+`$/.test(part) ? markdownCode(part.slice(1, -1)).replaceAll("|", "\\|") : escapeMarkdown(part),
    )
    .join("");
}

function introduction({ mode }: Rules): string {
  return mode === "enforce"
    ? "Nothing lands without these people. Nobody approves their own change, and one person fills one place."
    : "observes: what is missing is said, and nothing is blocked. Nobody approves their own change, and one person fills one place.";
}

function sectionsOf(rules: Rules): readonly Section[] {
  const sections: Section[] = [];
  const environments = [...new Set(rules.moves.flatMap(({ environment }) => environment ?? []))];
  for (const environment of environments) {
    const moves = rules.moves.filter((move) => move.environment === environment);
    sections.push({ title: `Live in ${environment}`, rows: moves.map((move) => moveRow(move, "")) });
  }
  const versions = rules.moves.filter(({ environment }) => environment === null);
  const others = [
    ...versions.map((move) => moveRow(move, kindsOf(move))),
    ...rules.paths.map(({ paths, ask }) => ({
      what: `any change of ${paths.join(", ")}`,
      says: sentencesOf(ask),
    })),
  ];
  if (others.length > 0) sections.push({ title: "Entries and files", rows: others });
  sections.push({ title: "And always one owner of every changed file", rows: rules.ownership.map(ownerRow) });
  if (rules.idle.length > 0)
    sections.push({
      title: "Policies that no move falls under",
      rows: rules.idle.map((policy) => ({ what: policy, says: ["! It is never asked."] })),
    });
  return sections.filter(({ rows }) => rows.length > 0);
}

function kindsOf({ kinds }: MoveRule): string {
  return ` ${kinds.length > 5 ? `any of ${kinds.length} kinds` : kinds.join(", ")}`;
}

function moveRow({ actions, asks, problems }: MoveRule, of: string): Row {
  const says = asks.length === 0 ? ["an owner of the file, and nobody else"] : asks.flatMap(sentencesOf);
  return {
    what: `${actions.join(", ")}${of}`,
    says: [...says, ...problems.map((problem) => `! ${problem}`)],
  };
}

function ownerRow({ path, roles, holders, problems }: OwnerRule): Row {
  const people = holders.length === 0 ? "" : ` (${holders.map(bare).join(", ")})`;
  return {
    what: path,
    says: [
      ...(roles.length === 0 ? [] : [`${roles.map(bare).join(" or ")}${people}`]),
      ...problems.map((problem) => `! ${problem}`),
    ],
  };
}

/** What a policy asks for, a sentence each. */
function sentencesOf(ask: Ask): readonly string[] {
  const says: string[] = [];
  const people = ask.approvals.map(peopleOf).join(" and ");
  const condition = conditionOf(ask);
  const lead = condition === "" ? "" : `${condition}: `;
  says.push(
    `${lead}${people === "" ? "no further person" : people}${ask.assurance === "signed" ? ", each with a signature" : ""}`,
  );
  const evidence = [
    ...(ask.soak === null
      ? []
      : [`live in ${ask.soak.environment} for ${durationWords(ask.soak.duration)} before`]),
    ...(ask.evaluationMaxAge === null
      ? []
      : [`evaluations at most ${durationWords(ask.evaluationMaxAge)} old`]),
    ...(ask.attestedEvaluations ? ["evaluations with an attestation"] : []),
    ...(ask.verifiedArtifacts ? ["artifacts fetched and compared"] : []),
  ];
  if (evidence.length > 0) says.push(`${lead}${evidence.join("; ")}`);
  if (ask.emergency !== null) {
    const { approvals, expiresAfter } = ask.emergency;
    const until = expiresAfter === null ? "" : `, for ${durationWords(expiresAfter)}`;
    says.push(`${lead}in an emergency instead ${approvals.map(peopleOf).join(" and ") || "nobody"}${until}`);
  }
  return [...says, ...ask.problems.map((problem) => `! ${problem}`)];
}

const NUMBERS = ["no", "one", "two", "three", "four", "five"];

function peopleOf({ role, count, holders }: RoleAsk): string {
  const number = NUMBERS[count] ?? String(count);
  if (holders === null) return `${number} of the file's owners`;
  return `${number} of ${bare(role)} (${holders.map(bare).join(", ") || "nobody"})`;
}

/** When a policy is asked at all. */
function conditionOf({ when, namespaces }: Ask): string {
  const where = namespaces.length === 0 ? [] : [`in ${namespaces.join(" or ")}`];
  if (when !== null) where.push(whenWords(when));
  return where.join(", ");
}

/** The condition that policies have most often, in words; any other as it is written. */
function whenWords(when: string): string {
  const tiers = /^usecase\.riskTier (?:in \[((?:"[a-z]+"(?:, ?)?)+)\]|== ("[a-z]+"))$/.exec(when.trim());
  const names = [...(tiers?.[1] ?? tiers?.[2] ?? "").matchAll(/"([a-z]+)"/g)].map((match) => match[1]);
  return names.length === 0
    ? `where \`${when.replaceAll("`", "'")}\``
    : `where the risk is ${names.join(" or ")}`;
}

const UNITS: readonly (readonly [string, string])[] = [
  ["W", "week"],
  ["D", "day"],
  ["H", "hour"],
  ["M", "minute"],
  ["S", "second"],
];

/** `P1DT12H` as `1 day 12 hours`; what is no such duration as it is written. */
function durationWords(duration: string): string {
  const words = [...duration.matchAll(/([\d.]+)([WDHMS])/g)].map(([, number = "", unit]) => {
    const name = UNITS.find(([letter]) => letter === unit)?.[1] ?? "";
    return `${number} ${name}${number === "1" ? "" : "s"}`;
  });
  return words.length === 0 ? duration : words.join(" ");
}

/** A reference without its prefix: there is no other kind of name in these sentences. */
function bare(ref: string): string {
  return ref.replace(/^(?:role|identity):/, "");
}
