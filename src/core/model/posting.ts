/**
 * A decision, rendered for a pull request: what a check, its annotations, one comment and the review requests say.
 * The texts are Markdown with everything from the registry escaped already; whoever posts them adds nothing.
 */
import type { Instant } from "./instant.ts";

/** A finding at a place, as forges show it beside the changed line. */
export interface Annotation {
  readonly path: string;
  /** 1-based. */
  readonly startLine: number;
  readonly endLine: number;
  readonly level: "notice" | "warning" | "failure";
  /** Plain text. */
  readonly title: string;
  readonly message: string;
}

export interface Posting {
  readonly outcome: "allowed" | "pending" | "denied";
  /** False in observe mode: the decision is shown and stops nothing (DESIGN 5.8). */
  readonly blocks: boolean;
  /** The protected branch the decision is about, in full; a pull request to any other is refused. */
  readonly ref: string;
  /** The transition digest D, `sha256:<hex>`. */
  readonly digest: string;
  /** When time alone may complete it; the schedule looks again from then on. */
  readonly eligibleAt: Instant | null;
  /** One line of plain text. */
  readonly title: string;
  readonly summary: string;
  readonly comment: string;
  readonly annotations: readonly Annotation[];
  /** Who is asked to review: logins, and team names without their organisation. */
  readonly ask: { readonly users: readonly string[]; readonly teams: readonly string[] };
}
