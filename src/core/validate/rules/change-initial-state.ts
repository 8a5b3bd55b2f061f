/** change/initial-state: a new version lands in a state that still has a life before it. */
import { kindOf } from "../../kinds/index.ts";
import { stateOf } from "../states.ts";
import { at, defineChangeRule } from "../rule.ts";

export const changeInitialState = defineChangeRule({
  code: "change/initial-state",
  severity: "error",
  category: "gate",
  summary: "A new version is rejected, archived or retired from the start.",
  why: "These states are ends that something comes to; an entry that begins there never meant anything.",
  fix: "Give it the state it has, or do not add it.",
  findChange({ after, inBase }, _context, report) {
    if (after === undefined || inBase) return;
    const state = stateOf(after);
    if (state === null || kindOf(after.kind).lifecycle?.notInitial.includes(state) !== true) return;
    report({
      message: `${after.ref} is new and cannot land as ${state}.`,
      at: at(after, "state"),
      subject: after.ref,
    });
  },
});
