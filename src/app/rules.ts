/** `assent rules`: the rules as they stand, for people who want to know whom to ask. Reads the registry, writes nothing. */
import { rulesOf, type Rules } from "../core/govern/rules.ts";
import { Failure } from "../core/model/failure.ts";
import { nearest } from "../core/model/nearest.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type Selection } from "./read.ts";

/** The rules of a registry; with an environment's name only what goes live there. */
export async function readRules(
  request: Selection & { readonly environment?: string | undefined },
  ports: Ports,
): Promise<Rules> {
  const { registry, findings } = await openRegistry(request, ports);
  if (registry.ofKind("Registry").length === 0) {
    throw new Failure(
      "rules/no-registry",
      "registry/registry.yaml is missing or wrong, so there are no rules.",
      {
        hint: "Run assent lint registry/registry.yaml and mend what it says.",
      },
    );
  }
  const unread = findings.find(
    ({ at, severity, definition }) =>
      at.file.startsWith("registry/governance/") && (severity ?? definition.severity) === "error",
  );
  if (unread !== undefined) {
    throw new Failure(
      "rules/unreadable",
      `${unread.at.file} cannot be read, and it may hold the rule you look for.`,
      {
        hint: `Run assent lint ${unread.at.file} and mend what it says.`,
      },
    );
  }
  const name = request.environment?.replace(/^environment:/, "");
  const known = registry.ofKind("Environment").map((entry) => entry.name);
  if (name === undefined || known.includes(name)) return rulesOf(registry, name ?? null);
  const near = nearest(name, known);
  throw new Failure("rules/no-environment", `There is no environment ${name}.`, {
    hint: near === undefined ? `There are: ${known.join(", ") || "none"}.` : `Did you mean ${near}?`,
  });
}
