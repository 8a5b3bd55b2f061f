/**
 * What may be wrong with the clone that a proof is read from (DESIGN 6): what would show other programs another history
 * than the one that landed, and objects that are not what their ids promise. It must never hold a check.
 */
import { defineCode, type CodeDefinition } from "../model/diagnostic.ts";

const clone = (name: string, summary: string, why: string, fix: string): CodeDefinition =>
  defineCode({ code: `audit/${name}`, severity: "error", category: "gate", summary, why, fix });

export const shallowClone = clone(
  "shallow-clone",
  "The beginning of this clone's history is cut off.",
  "Nothing can be proven about landings whose history is not there.",
  "Run `git fetch --unshallow origin`.",
);
export const graftedClone = clone(
  "grafts",
  "This clone has grafts.",
  "Grafts show programs that read the clone other parents than the commits have.",
  "Remove `.git/info/grafts`, or clone again.",
);
export const replacedObjects = clone(
  "replace-refs",
  "This clone replaces objects.",
  "Refs below `refs/replace/` show programs that read the clone other objects than were agreed to.",
  "Look at them with `git for-each-ref refs/replace`, and clone again.",
);
export const borrowedObjects = clone(
  "alternates",
  "This clone takes objects from another repository.",
  "Whoever may write there may take them away, or put others in their place, at any time.",
  "Run `git repack -a -d` and remove `.git/objects/info/alternates`, or clone again without `--shared`.",
);
export const swappedObject = clone(
  "object-swapped",
  "An object does not have the content that its id promises.",
  "Git does not check that when it reads. It is damage, or somebody's hand in the object store.",
  "Run `git fsck --full`, and clone again from a mirror that you trust.",
);

export const memoryDiffers = clone(
  "memory-differs",
  "What this clone verified before does not stand there any more.",
  "The protected branch or the evidence branch was rewritten since: another landing or another record has its place.",
  "Compare both branches with a mirror that nobody here can write to. When the rewriting is explained, run `assent audit verify --afresh`.",
);
export const checkpointDiffers = clone(
  "checkpoint-differs",
  "This history does not hold what its checkpoint says.",
  "Somebody who saw the whole history signed how it stood at a landing. Here it ends before, or was rewritten, or lost something.",
  "Restore it from a mirror or a bundle that holds the landing, and find out what happened to this one.",
);
export const checkpointUnproven = clone(
  "checkpoint-unproven",
  "The checkpoint is not signed by a witness that its landing names.",
  "A checkpoint that anybody could have made says nothing about the history.",
  "Get it from where the witness keeps it.",
);

/** All of them, for the table of codes. */
export const cloneCodes: readonly CodeDefinition[] = [
  shallowClone,
  graftedClone,
  replacedObjects,
  borrowedObjects,
  swappedObject,
  memoryDiffers,
  checkpointDiffers,
  checkpointUnproven,
];
