/** Commands that judge changes. One line a command; see index.ts. */
import type { CommandLine } from "./index.ts";

export const commands: readonly CommandLine[] = [
  {
    name: "plan",
    group: "Review",
    summary: "what a change means: what goes live where, what it replaces, who must agree",
    load: async () => (await import("./plan.ts")).plan,
  },
  {
    name: "gate",
    group: "Review",
    summary: "decide whether a change may land, and say why",
    load: async () => (await import("./gate.ts")).gate,
  },
  {
    name: "sign",
    group: "Review",
    summary: "approve a change with your SSH key, without any forge",
    load: async () => (await import("./sign.ts")).sign,
  },
  {
    name: "merge",
    group: "Review",
    summary: "land a change that has its signed approvals, without any forge",
    load: async () => (await import("./merge.ts")).merge,
  },
  {
    name: "verify-push",
    group: "Review",
    summary: "judge a push before it is taken: the gate as a pre-receive hook",
    load: async () => (await import("./verify-push.ts")).verifyPush,
  },
  {
    name: "codeowners",
    group: "Review",
    summary: "who owns which path, and the file that tells GitHub",
    load: async () => (await import("./codeowners.ts")).codeowners,
  },
  {
    name: "rules",
    group: "Review",
    summary: "who must agree to what, in plain words",
    load: async () => (await import("./rules.ts")).rules,
  },
  {
    name: "backtest",
    group: "Review",
    summary: "which past landings a policy would have denied",
    load: async () => (await import("./backtest.ts")).backtest,
  },
  {
    name: "app",
    group: "Review",
    summary: "the gate as a GitHub App: a webhook server",
    load: async () => (await import("./app.ts")).app,
  },
  {
    name: "setup",
    group: "Review",
    summary: "make a forge guard the registry: rulesets, settings, workflows",
    load: async () => (await import("./setup.ts")).setup,
  },
  {
    name: "doctor",
    group: "Review",
    summary: "find what is unsafe around the registry, and how to mend it",
    load: async () => (await import("./doctor.ts")).doctor,
  },
];
