/**
 * Why a release is not taken: one place for the codes, so that whoever watches a fleet can tell an attack from an
 * outage. Category `auth`: somebody's bytes are not what the trusted root vouches for; asking again does not help.
 * `unavailable`: what should be there is not there (yet).
 */
import { Failure } from "../../model/failure.ts";

/** What can be wrong with a release; each is the code `release/<name>`. */
export type Refusal =
  | "malformed"
  | "threshold"
  | "rollback"
  | "older-pair"
  | "expired"
  | "mix-and-match"
  | "wrong-hash"
  | "wrong-length"
  | "too-long"
  | "wrong-registry"
  | "equivocation"
  | "not-a-release"
  | "missing";

const hints: Readonly<Record<Refusal, string>> = {
  malformed: "Nothing of it is used. Read from another source, or ask whoever publishes the registry.",
  threshold: "Nothing of it is used. Find out who signed it; keys may have rotated without a new root.",
  rollback: "Nothing of it is used; what was verified last stays in force. Find out who replays old files.",
  "older-pair":
    "Nothing of it is used; what was verified last stays in force. Find out who replays an old release.",
  expired: "Let the publisher run `assent release --refresh` and push; check the clock of this machine.",
  "mix-and-match":
    "Nothing of it is used. Files of different releases lie together: let the publisher push again.",
  "wrong-hash": "Nothing of it is used. Let the publisher push again, and find out who changed the file.",
  "wrong-length": "Nothing of it is used. Let the publisher push again, and find out who changed the file.",
  "too-long": "Nothing of it is used. Find out who answers in the publisher's place.",
  "wrong-registry": "Check which registry this root and this source belong to.",
  equivocation:
    "Two contents were signed for one release. Stop consuming it and ask the registry's owners which one is true.",
  "not-a-release": "Check the address: what lies there was not made by `assent release`.",
  missing: "Try again later or from another source; the publisher may be in the middle of a push.",
};

/** The Failure with which a release is refused; `message` is a whole sentence. */
export function refusal(name: Refusal, message: string, cause?: unknown): Failure {
  const category = name === "missing" || name === "expired" ? "unavailable" : "auth";
  return new Failure(`release/${name}`, message, {
    hint: hints[name],
    category,
    ...(cause === undefined ? {} : { cause }),
  });
}
