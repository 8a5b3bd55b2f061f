/** activation/default-tenant: one scope has one path (DESIGN 2). */
import { DEFAULT_TENANT } from "../../model/scope.ts";
import { defineEntryRule } from "../rule.ts";

export const activationDefaultTenant = defineEntryRule({
  code: "activation/default-tenant",
  severity: "error",
  category: "invalid",
  summary: "An Activation uses the tenant `default` without a scenario.",
  why: "`default` stands for no tenant, so this would be a second file for the scope of the use case itself, and two bundles could be live in one scope.",
  fix: "Move the file up to live/<environment>/<ns>/<name>.yaml; `default` is only for live/<environment>/<ns>/<name>/default/<scenario>.yaml.",
  kinds: ["Activation"],
  find(entry, _context, report) {
    const [, , , tenant, scenario] = entry.id.split("/");
    if (tenant !== DEFAULT_TENANT || scenario !== undefined) return;
    report({
      message: `${entry.ref} is a second name of ${entry.ref.slice(0, entry.ref.lastIndexOf("/"))}.`,
      at: { file: entry.path },
      subject: entry.ref,
    });
  },
});
