/** waiver/excuses-nothing: a live waiver covers at least one violation. */
import { idleWaivers } from "../../policy/compliance.ts";
import { judgedIn } from "../judged.ts";
import { at, defineRegistryRule } from "../rule.ts";

export const waiverExcusesNothing = defineRegistryRule({
  code: "waiver/excuses-nothing",
  severity: "warning",
  category: "invalid",
  summary: "A waiver excuses nothing.",
  why: "An exception that nobody needs is an open door: it would silently cover the next violation.",
  fix: "Remove the waiver, or correct its policy, rule or selector.",
  findAll(context, report) {
    // Without a waiver among what is asked not every entry was judged, and a waiver's use would be unknown.
    if (!context.registry.ofKind("Waiver").some(({ path }) => context.asks(path))) return;
    for (const waiver of idleWaivers(context.registry, context.asOf, judgedIn(context))) {
      report({
        message: `No entry violates what ${waiver.ref} excuses.`,
        at: at(waiver, "selector"),
        subject: waiver.ref,
      });
    }
  },
});
