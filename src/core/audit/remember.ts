/**
 * A verified prefix, remembered: the state of the walk as text, for a file of this clone. It holds for exactly one
 * anchor, branch and version of the program, and only while landing and record still stand where they stood; whatever
 * does not fit is forgotten, never trusted. Its digest finds damage and proves nothing; that nobody but whoever verifies
 * wrote it is for the place that it is kept in (`src/adapters/git/clone-notes.ts`: sealed by a key outside of the clone).
 */
import { canonicalJsonOf } from "../model/canonical.ts";
import { digestOfBytes, type Digest } from "../model/digest.ts";
import { anchorDocument, type Anchor } from "./anchor.ts";
import type { ChainState } from "./chain-state.ts";
import type { Line } from "./verify.ts";

const FORMAT = "assent.audit-state/v2";

interface Remembered {
  readonly evaluator: string;
  readonly state: ChainState;
}

/** The state as text. Remember only what was verified without a violation. */
export function rememberChain(state: ChainState, evaluator: string): string {
  const body = canonicalJsonOf({ evaluator, state } satisfies Remembered);
  return `${FORMAT} ${digestOfBytes(body)}\n${body}\n`;
}

/** What a walk with this anchor, branch and version may go on from; undefined where that is nothing. */
export function recallChain(
  text: string,
  asked: { readonly anchor: Anchor | null; readonly ref: string; readonly evaluator: string },
): ChainState | undefined {
  const end = text.indexOf("\n");
  const body = text.slice(end + 1, -1);
  if (!text.endsWith("\n") || text.slice(0, end) !== `${FORMAT} ${digestOfBytes(body)}`) return undefined;
  // The digest vouches for the shape: this module wrote it.
  const { evaluator, state } = JSON.parse(body) as Remembered;
  const { anchor, ref } = asked;
  if (evaluator !== asked.evaluator || state.ref !== ref || state.isPinned !== (anchor !== null))
    return undefined;
  if (anchor !== null && (state.anchor === null || spelled(anchor) !== spelled(state.anchor)))
    return undefined;
  return state;
}

/**
 * Whether the branch and its records still hold what was verified: the state's tip is a landing of that number, and the
 * record's file has the same digest. Where a record is another one, somebody replaced what was witnessed.
 */
export function isStillThere(
  state: ChainState,
  line: Line,
  digestAt: (sequence: number) => Digest | undefined,
): boolean {
  const { tip, record } = state;
  if (tip !== null && line.sequenceOf(tip.commit) !== tip.sequence) return false;
  return record === null || digestAt(record.sequence) === record.digest;
}

function spelled(anchor: Anchor): string {
  return canonicalJsonOf(anchorDocument(anchor));
}
