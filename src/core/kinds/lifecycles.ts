/** The lifecycle that several kinds have in common (DESIGN 4). It must never hold one that only one kind has. */
import type { Lifecycle } from "../model/kind.ts";

/**
 * Policy, TestSuite, Template, Dataset and Config: draft -> active -> deprecated -> retired.
 * Unlike models these take one step at a time, and nothing goes back.
 */
export const draftToRetired: Lifecycle = {
  states: ["draft", "active", "deprecated", "retired"],
  moves: [
    { from: "draft", to: "active", action: "start" },
    { from: "active", to: "deprecated", action: "deprecate" },
    { from: "deprecated", to: "retired", action: "retire" },
  ],
  notInitial: ["retired"],
  final: ["retired"],
  initial: "draft",
};
