/**
 * Which paths are governed, and which of them hold rules (DESIGN 5.1). What is governed is said by the base, so that a
 * change cannot take itself out. It must never look into a file.
 */
import { isGovernedPath } from "../model/path.ts";
import type { Registry } from "../model/registry.ts";
import { matchesPath } from "./codeowners-pattern.ts";
import { patternOf, settingsOf } from "./ownership.ts";

/** Asks whether a path is governed under a registry's settings; prepare once for many paths. */
export function governedBy(registry: Registry): (path: string) => boolean {
  const patterns = (settingsOf(registry)?.value.alsoGoverned ?? []).flatMap((text) => patternOf(text) ?? []);
  return (path) => isGovernedPath(path) || patterns.some((pattern) => matchesPath(pattern, path));
}

/** Whether a governed path is a governance file: the rules, and everything outside `registry/`. */
export function isGovernanceFile(path: string): boolean {
  return (
    !path.startsWith("registry/") ||
    path === "registry/registry.yaml" ||
    path.startsWith("registry/governance/") ||
    path.startsWith("registry/usecases/")
  );
}
