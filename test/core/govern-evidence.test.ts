/** Evidence that approval policies ask for: how old runs may be, attestations, verified artifacts, and when each gate counts. */
import { describe, expect, test } from "vitest";
import { attestedAmong, runsToAttest } from "../../src/core/govern/attested.ts";
import type { Facts } from "../../src/core/govern/facts.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { attested, signingKeyOf } from "../attested-run.ts";
import {
  bundle,
  decideWith,
  digestOfBundle,
  evaluation,
  files,
  paths,
  spelled,
  timelines,
  world,
  type Person,
  type Texts,
} from "../govern-world.ts";

const prod = paths.live("prod/fraud/score");
const live = (version: string, more = ""): string =>
  `bundle: "${version}"\nreason: Because of ${version}.\n${more}`;
const promote: Texts = { [prod]: live("1.1.0") };
const golive = world(promote);
const both: Person[] = ["carol", "dave"];
const instant = (text: string): Instant => text as Instant;

describe("evidence that policies ask for (DESIGN 3)", () => {
  const policy = (require: string): Texts => ({
    [paths.policy("proof")]: `match: { actions: [promote] }\nrequire: { ${require} }\n`,
  });
  const run = "evaluation:fraud/score/1.1.0-regression-20260601t090000z";
  const artifact = /digest: "(sha256:[0-9a-f]+)"/.exec(files[paths.bundle("1.1.0")] ?? "")?.[1] ?? "";
  test.each<[string, string, Partial<Facts>, string]>([
    ["the shortest age of all", "evaluationMaxAge: P30D", {}, "denied govern/evaluation-stale"],
    ["just young enough", "evaluationMaxAge: P38DT15H", {}, "allowed"],
    ["a second too old", "evaluationMaxAge: P38DT14H59M59S", {}, "denied govern/evaluation-stale"],
    [
      "attested runs, of which none was verified: cannot be met yet",
      "attestedEvaluations: true",
      {},
      "denied govern/evidence-missing",
    ],
    ["attested runs", "attestedEvaluations: true", { attested: new Set([run]) }, "allowed"],
    [
      "other runs are attested",
      "attestedEvaluations: true",
      { attested: new Set(["evaluation:x/y/z"]) },
      "denied govern/evaluation-stale",
    ],
    [
      "verified artifacts, of which none was: cannot be met yet",
      "verifiedArtifacts: true",
      {},
      "denied govern/evidence-missing",
    ],
    ["verified artifacts", "verifiedArtifacts: true", { verifiedArtifacts: new Set([artifact]) }, "allowed"],
    [
      "not all of them",
      "verifiedArtifacts: true",
      { verifiedArtifacts: new Set() },
      "denied govern/evidence-missing",
    ],
    [
      "every soak",
      "soak: { environment: environment:dev, duration: P1D }",
      {
        timelines: new Map([
          ...timelines("1.1.0", "2026-07-01T00:00:00Z"),
          ["dev/fraud/score", [{ at: instant("2026-07-09T23:00:00Z"), digest: digestOfBundle("1.1.0") }]],
        ]),
      },
      "pending",
    ],
  ])("%s", (_, require, facts, expected) => {
    expect(spelled(decideWith(world(promote, policy(require)), both, facts))).toBe(expected);
  });

  test("an attestation counts by the issuer's keys at the base, over exactly the run", () => {
    const path = paths.run("1.1.0");
    const bare = files[path] ?? "";
    const botAs = (more: string): Texts => ({
      [paths.identity("bot" as Person)]:
        `title: A bot\ntype: bot\ncontroller: identity:alice\nkeys:\n  - sshPublicKey: ${signingKeyOf("bot").publicKey.text}\n${more}`,
    });
    const signed = attested(bare, run, "example", "bot");
    const judged = (base: Texts, head: Texts = {}): readonly string[] => {
      const here = world(
        { ...promote, ...head },
        { ...policy("attestedEvaluations: true"), ...botAs(""), ...base },
      );
      const facts = attestedAmong(runsToAttest(here.change) ?? [], here.change, undefined);
      return [
        spelled(decideWith(here, both, facts)),
        ...[...(facts.unattested ?? new Map()).values()].map(String),
      ];
    };
    const stale = "denied govern/evaluation-stale";
    const forged = "denied govern/data-invalid govern/evaluation-stale";
    expect({
      signed: judged({ [path]: signed }),
      bare: judged({ [path]: bare }),
      changed: judged({
        [path]: signed.replace("obvious, status: passed", "obvious, status: passed, duration: PT1S"),
      }),
      elsewhere: judged({ [path]: attested(bare, run, "other", "bot") }),
      stranger: judged({ [path]: attested(bare, run, "example", "mallory") }),
      otherRun: judged({ [path]: attested(bare, `${run}x`, "example", "bot") }),
      revoked: judged({ [path]: signed, ...botAs("    revoked: { reason: Lost., since: 1 }\n") }),
      inactive: judged({ [path]: signed, ...botAs("active: false\n") }),
    }).toEqual({
      signed: ["allowed"],
      bare: [stale, "it has no attestation"],
      changed: [forged, "what was signed is not what the run says"],
      elsewhere: [forged, "what was signed is not what the run says"],
      stranger: [stale, "no key that identity:bot had in force made its signature"],
      otherRun: [forged, "what was signed is not what the run says"],
      revoked: [stale, "identity:bot had no key in force"],
      inactive: [stale, "identity:bot is not active"],
    });
  });

  test("a change cannot bring the key that attests its own runs", () => {
    const path = paths.run("1.1.0");
    const signed = attested(files[path] ?? "", run, "example", "new");
    const bot = (key: string): Texts => ({
      [paths.identity("bot" as Person)]: `title: A bot\ntype: bot\ncontroller: identity:alice\n${key}`,
    });
    const here = world(
      { ...promote, ...bot(`keys:\n  - sshPublicKey: ${signingKeyOf("new").publicKey.text}\n`) },
      { ...policy("attestedEvaluations: true"), ...bot(""), [path]: signed },
    );
    expect(attestedAmong(runsToAttest(here.change) ?? [], here.change, undefined)).toEqual({
      attested: new Set(),
      unattested: new Map([[run, "identity:bot had no key in force"]]),
    });
  });

  test("nobody looks at attestations that no policy asks for", () => {
    expect(runsToAttest(golive.change)).toBe(null);
  });

  test("is asked about states of versions as well, of whatever kind", () => {
    const model = (state: string): string =>
      `title: M\nstate: ${state}\nspec:\n  provider: provider:p\n  type: classification\n  artifact: { uri: "s3://b/m", digest: "sha256:${"2".repeat(64)}" }\n`;
    const asked = (require: string, facts: Partial<Facts>): string => {
      const base = {
        [paths.model]: model("beta"),
        [paths.policy("m")]: `match: { kinds: [Model], actions: [release] }\nrequire: { ${require} }\n`,
      };
      return spelled(
        decideWith(world({ [paths.model]: model("production") }, base), ["bob"], { findings: [], ...facts }),
      );
    };
    const verified = "verifiedArtifacts: true";
    expect([
      asked(verified, { verifiedArtifacts: new Set([`sha256:${"2".repeat(64)}`]) }),
      asked(verified, { verifiedArtifacts: new Set() }),
      asked("soak: { environment: environment:stage, duration: P1D }", {}),
      asked("evaluationMaxAge: P1D", {}),
    ]).toEqual([
      "allowed",
      "denied govern/evidence-missing",
      "denied govern/soak-missing",
      "denied govern/evaluation-stale",
    ]);
    const approve = world(
      { [paths.bundle("1.2.0")]: bundle("1.2.0", "approved") },
      {
        [paths.policy("approve")]:
          "match: { kinds: [Bundle], actions: [approve] }\nrequire: { evaluationMaxAge: P90D, soak: { environment: environment:stage, duration: P1D } }\n",
      },
    );
    const soaked = new Map([
      ["stage/fraud/score", [{ at: instant("2026-07-01T00:00:00Z"), digest: digestOfBundle("1.2.0") }]],
    ]);
    expect([
      spelled(decideWith(approve, ["bob"], { timelines: soaked })),
      spelled(decideWith(approve, ["bob"])),
    ]).toEqual(["allowed", "denied govern/soak-missing"]);
  });

  test("a run from the future is not young", () => {
    const future = {
      [paths.run("1.1.0")]: evaluation("1.1.0", files[paths.bundle("1.1.0")] ?? "", {
        at: "2026-07-11T00:00:00Z",
      }),
    };
    expect(spelled(decideWith(world(promote, future), both))).toContain("govern/evaluation-stale");
  });
});
