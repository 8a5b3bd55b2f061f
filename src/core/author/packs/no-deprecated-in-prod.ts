/** no-deprecated-in-prod: nothing that is about to be taken away serves an environment. */
import type { Pack } from "./pack.ts";

export const noDeprecatedInProd: Pack = {
  name: "no-deprecated-in-prod",
  version: "1.0.0",
  title: "Nothing deprecated is live",
  summary: "nothing that a live bundle or its fallback reaches, directly or not, is deprecated",
  environment: "prod",
  spec: {
    appliesTo: ["Activation"],
    rules: [
      {
        id: "nothing-deprecated",
        assert: 'dependencies.all(d, d.state != "deprecated")',
        severity: "high",
        message: "What is live here reaches something deprecated.",
        remediation: "Publish the bundle on what replaces it (assent impact shows how), and promote that.",
      },
    ],
    tests: [
      {
        name: "a deprecated model behind a bundle",
        given: {
          dependencies: [
            { kind: "Bundle", state: "approved" },
            { kind: "Model", state: "deprecated" },
          ],
        },
        expect: ["nothing-deprecated"],
      },
      {
        name: "a deprecated pipeline",
        given: { dependencies: [{ kind: "Pipeline", state: "deprecated" }] },
        expect: ["nothing-deprecated"],
      },
      {
        name: "everything is current",
        given: {
          dependencies: [
            { kind: "Bundle", state: "approved" },
            { kind: "Model", state: "beta" },
          ],
        },
        expect: [],
      },
      { name: "nothing is live", given: { dependencies: [] }, expect: [] },
    ],
  },
  notes: [
    "Scopes are judged, not models: a deprecated model that serves nobody is no violation. Bind it in every environment that it should hold in.",
    "Deprecating a model that is live lands all the same, and makes its scopes non-compliant; the next promotion there must move off it. A rollback to what reaches it needs a waiver.",
  ],
};
