/** change/deleted: what has landed is never deleted or renamed (DESIGN 4). */
import { kindOf } from "../../kinds/index.ts";
import type { Identity } from "../../model/ref.ts";
import { identityOfPath } from "../../source/reference.ts";
import { defineChangeRule } from "../rule.ts";

export const changeDeleted = defineChangeRule({
  code: "change/deleted",
  severity: "error",
  category: "conflict",
  summary: "A landed version, Evaluation, Activation, Identity or registry.yaml is deleted or renamed.",
  why: "History refers to it: who agreed to what, and what was live. An id exists once and for ever.",
  fix: "Restore the file. Retire a version, set an Activation's `bundle: none`, or make an identity `active: false`.",
  findChange({ path, inBase, inHead }, _context, report) {
    if (!inBase || inHead) return;
    const identity = identityOfPath(path);
    if (identity === undefined || !kindOf(identity.kind).undeletable) return;
    report({
      message: `${identity.ref} has landed and cannot be deleted or renamed.`,
      hint: `Restore the file. ${instead(identity)}`.trim(),
      at: { file: path },
      subject: identity.ref,
    });
  },
});

/** What to do in place of deleting. */
function instead({ kind, ref }: Identity): string {
  const end = kindOf(kind).lifecycle?.final.at(-1);
  if (end !== undefined)
    return `What nobody should use any more is ${end}: \`assent transition ${ref} ${end}\`.`;
  if (kind === "Activation") return "To hand out nothing there, write `bundle: none`: `assent deactivate`.";
  return kind === "Identity" ? "Who no longer acts is `active: false`." : "";
}
