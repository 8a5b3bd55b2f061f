/** `assent status`: what is live where, what is on its way, and what to type next. */
import { Failure } from "../core/model/failure.ts";
import { statusOf, type Status } from "../core/find/status.ts";
import type { Instant } from "../core/model/instant.ts";
import { parseScope, scopePath } from "../core/model/scope.ts";
import { findEntry } from "./entry.ts";
import type { Ports } from "./ports.ts";
import { openRegistry, type OpenRegistry, type Selection } from "./read.ts";

export interface StatusRequest extends Selection {
  /** A use case, a bundle or a scope; everything when absent. */
  readonly subject?: string | undefined;
}

export interface StatusResult extends Status {
  readonly registry: string;
  readonly branch: string | null;
  readonly commit: string | null;
  readonly asOf: Instant;
  readonly entries: number;
  /** How many files could not be read as entries. */
  readonly unreadable: number;
}

/** The state of the registry, or of what belongs to one use case. */
export async function status(request: StatusRequest, ports: Ports): Promise<StatusResult> {
  const open = await openRegistry(request, ports);
  if (open.registry.tree.files.every(({ path }) => !path.startsWith("registry/"))) {
    throw new Failure("repository/not-found", "There is no registry here yet.", {
      hint:
        request.at === undefined
          ? "Make one: assent init."
          : "Leave out --at, or name a later commit: --at <rev>.",
    });
  }
  // What has expired is judged by the clock here: the question is about now (CLI.md, Global).
  const asOf = request.asOf ?? (request.at === undefined ? ports.now() : open.asOf);
  const { registry, repository } = open;
  const whole = statusOf(
    registry,
    asOf,
    request.subject === undefined ? undefined : usecaseOf(request.subject, open),
  );
  const scope =
    request.subject === undefined ? undefined : parseScope(request.subject.replace(/^scope:/, ""));
  const live =
    scope === undefined ? whole.live : whole.live.filter((each) => each.scope === scopePath(scope));
  return {
    ...whole,
    live,
    registry: registry.ofKind("Registry")[0]?.value.id ?? "",
    branch: (await repository?.currentBranch()) ?? null,
    commit: open.commit ?? (await repository?.head()) ?? null,
    asOf,
    entries: registry.entries.length,
    unreadable: open.files - registry.entries.length,
  };
}

/** The use case that a use case, a bundle or a scope belongs to. */
function usecaseOf(subject: string, { registry }: OpenRegistry): string {
  const scope = parseScope(subject.replace(/^scope:/, ""));
  if (
    scope !== undefined &&
    (subject.startsWith("scope:") || registry.get(`environment:${scope.environment}`) !== undefined)
  ) {
    return scope.usecase;
  }
  const id = subject.replace(/^(?:usecase|bundle):/, "").split("@")[0] ?? "";
  if (registry.get(`usecase:${id}`) !== undefined || registry.versions("Bundle", id).length > 0) return id;
  return findEntry(registry, subject, "UseCase").id;
}
