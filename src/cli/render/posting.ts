/** A decision as what a forge shows of it: check, annotations, comment, review requests. Registry text is escaped. */
import type { ForgeGateResult } from "../../app/gate-forge.ts";
import type { Entry } from "../../core/model/registry.ts";
import type { Annotation, Posting } from "../../core/model/posting.ts";
import type { Severity } from "../../core/model/diagnostic.ts";
import { headline, renderDecisionMarkdown } from "./decision-markdown.ts";
import { escapeLine } from "./escape.ts";
import { joined, nextSteps } from "./plan-markdown.ts";

const levelOf: Readonly<Record<Severity, Annotation["level"]>> = {
  error: "failure",
  warning: "warning",
  info: "notice",
};

/** GitHub takes this many requested reviewers. */
const mostAsked = 15;

export function renderPosting(result: ForgeGateResult): Posting {
  const { decision, diagnostics, facts } = result;
  const { outcome, mode, digest, eligibleAt } = decision;
  const next = outcome === "allowed" ? "" : nextSteps(decision.next);
  return {
    outcome,
    blocks: mode === "enforce",
    ref: facts.defaultBranch,
    digest,
    eligibleAt,
    title: escapeLine(headline(decision)),
    // Without the clock of the decision, so that the same decision is not posted again.
    summary: joined([
      `**${headline(decision)}**`,
      next,
      "The comment on the pull request says everything that was asked.",
    ]),
    comment: renderDecisionMarkdown(result),
    annotations: diagnostics.map(({ code, severity, message, hint, file, line, endLine }) => ({
      path: file,
      startLine: line,
      endLine,
      level: levelOf[severity],
      title: escapeLine(code),
      message: `${escapeLine(message)}\nfix: ${escapeLine(hint)}`,
    })),
    ask: { users: asked(result), teams: [] },
  };
}

/** The accounts of those who could fill an open slot, in the order the decision names them. */
function asked({ decision, registry }: ForgeGateResult): readonly string[] {
  const logins = decision.next.flatMap(({ who }) =>
    who.flatMap((ref) => {
      const entry = registry.get(ref);
      const login = entry?.kind === "Identity" ? (entry as Entry<"Identity">).value.github?.login : undefined;
      return login === undefined ? [] : [login];
    }),
  );
  return [...new Set(logins)].slice(0, mostAsked);
}
