/** ref/missing: what an entry refers to exists, and is of a kind that may stand there. */
import { nearest } from "../../model/nearest.ts";
import { parseRef } from "../../source/reference.ts";
import type { Reference } from "../references.ts";
import { at, defineReferenceRule, type RuleContext } from "../rule.ts";

export const refMissing = defineReferenceRule({
  code: "ref/missing",
  severity: "error",
  category: "invalid",
  summary: "A reference names an entry that does not exist, or one of the wrong kind.",
  why: "Whatever reads the registry follows references; one that leads nowhere breaks at run time instead of in review.",
  fix: "Correct the reference, or add the entry it names in the same change.",
  findReference(reference, target, entry, context, report) {
    const { registry } = context;
    const { ref, range, pointer } = reference;
    if (target !== undefined || range !== null || registry.isBroken(ref)) return;
    report({
      message: `${ref} does not exist.`,
      hint: hintFor(reference, context),
      at: at(entry, ...pointer),
      subject: entry.ref,
    });
  },
});

/** How often the nearest reference was looked for in a run: thousands of misses must not take minutes. */
const guesses = new WeakMap<RuleContext["run"], number>();
const mostGuesses = 20;

function hintFor({ ref, place }: Reference, context: RuleContext): string {
  const { registry } = context;
  const identity = parseRef(ref);
  if (identity === undefined)
    return "Write prefix:id, such as model:openai/gpt-4o@1.0.0; an id is a path below its kind's folder.";
  if (identity.version !== null) {
    const versions = registry
      .versions(identity.kind, `${identity.ns}/${identity.name}`)
      .map(({ version }) => version);
    if (versions.length > 0) return `Its versions are ${versions.slice(-8).join(", ")}.`;
  }
  const guessed = guesses.get(context.run) ?? 0;
  guesses.set(context.run, guessed + 1);
  if (guessed >= mostGuesses) return `Add it as ${identity.path}, or name one that exists.`;
  const candidates = place.kinds.flatMap((kind) => registry.ofKind(kind).map((entry) => entry.ref));
  const near = nearest(ref, candidates);
  return near === undefined
    ? `Add it as ${identity.path}, or name one that exists.`
    : `Did you mean ${near}?`;
}
