/** evaluation-required: what may go live was measured, and no measurement speaks against it. */
import type { Pack } from "./pack.ts";

const inUse = 'state in ["candidate", "approved"]';

export const evaluationRequired: Pack = {
  name: "evaluation-required",
  version: "1.0.0",
  title: "Bundles are evaluated",
  summary: "a bundle that may go live has a run of a suite that passed, and none that failed",
  spec: {
    appliesTo: ["Bundle"],
    rules: [
      {
        id: "has-passed",
        when: inUse,
        assert: 'evaluations.exists(e, e.status == "passed")',
        severity: "high",
        message: "No suite has passed on this version.",
        remediation: "Run the suite and record the run: assent evaluation add.",
      },
      {
        id: "none-failed",
        when: inUse,
        assert: 'evaluations.all(e, !(e.status in ["failed", "error"]))',
        severity: "high",
        message: "A suite has failed on this version.",
        remediation: "Mend what failed and publish a new version; a run is never taken back.",
      },
    ],
    tests: [
      { name: "never run", given: { state: "approved" }, expect: ["has-passed"] },
      {
        name: "passed",
        given: { state: "approved", evaluations: [{ status: "passed" }, { status: "skipped" }] },
        expect: [],
      },
      {
        name: "passed once, failed once",
        given: { state: "candidate", evaluations: [{ status: "passed" }, { status: "failed" }] },
        expect: ["none-failed"],
      },
      {
        name: "broke off",
        given: { state: "candidate", evaluations: [{ status: "error" }] },
        expect: ["has-passed", "none-failed"],
      },
      { name: "retired", given: { state: "retired" }, expect: [] },
    ],
  },
  notes: [
    "A bundle without any run is pending, not non-compliant: nothing speaks against it yet. A change that touches it is denied all the same.",
    "How old a run may be is asked by approval policies (`require.evaluationMaxAge`), what it must reach by the gates of use cases.",
  ],
};
