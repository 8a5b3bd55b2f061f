/** change/illegal-move: a landed version's state moves along the arrows of DESIGN 4 only. */
import { kindOf } from "../../kinds/index.ts";
import { stateOf } from "../states.ts";
import { at, defineChangeRule } from "../rule.ts";

export const changeIllegalMove = defineChangeRule({
  code: "change/illegal-move",
  severity: "error",
  category: "gate",
  summary: "A state changes in a way that its lifecycle does not allow.",
  why: "Each move stands for a decision that people rely on: what was rejected or retired must not come back as if nothing had been.",
  fix: "Use one of the moves the message lists, or publish a new version.",
  findChange({ before, after }, _context, report) {
    if (before === undefined || after === undefined) return;
    const lifecycle = kindOf(after.kind).lifecycle;
    if (lifecycle === undefined) return;
    const written = stateOf(after);
    // A version that says nothing is in its kind's first state.
    const from = stateOf(before) ?? lifecycle.initial;
    const to = written ?? lifecycle.initial;
    if (from === to) return;
    if (lifecycle.moves.some((move) => move.from === from && move.to === to)) return;
    const legal = lifecycle.moves.filter((move) => move.from === from).map((move) => move.to);
    report({
      message: `${after.ref} cannot go from ${from} to ${to}${written === null ? ", which no state means" : ""}.`,
      hint:
        legal.length === 0
          ? `${from} is final; publish a new version.`
          : `From ${from} it may go to ${legal.join(", ")}.`,
      at: written === null ? { file: after.path } : at(after, "state"),
      subject: after.ref,
    });
  },
});
