// Every prompt says who read it: the label `reviewer`, with the name of an identity.
plugin({
  api: "assent.plugin/v1",
  summary: "Prompts name the person who reviewed them.",
  rules: {
    "reviewer-missing": {
      kinds: ["Config"],
      severity: "error",
      summary: "A prompt does not say who reviewed it.",
      why: "A prompt decides what a model says to customers; somebody has to have read it.",
      fix: "Add the label reviewer, with the name of an identity.",
      check({ value }) {
        if (value.spec.type !== "prompt") return [];
        const reviewer = (value.labels || {}).reviewer;
        if (typeof reviewer === "string" && /^[a-z0-9][a-z0-9._-]*$/.test(reviewer)) return [];
        const message =
          reviewer === undefined
            ? "The prompt names no reviewer."
            : "The reviewer " + JSON.stringify(reviewer) + " is no name of an identity.";
        return [{ message, hint: "labels: { reviewer: alice }", at: ["labels", "reviewer"] }];
      },
    },
  },
});
