/**
 * promote, rollback, deactivate: each writes the two lines of one Activation (DESIGN 3, Activation; 4).
 * Whether the move may land is for lint now and for the gate later; nothing is decided here.
 */
import type { Json, JsonObject } from "../core/model/json.ts";
import { Failure } from "../core/model/failure.ts";
import type { Entry } from "../core/model/registry.ts";
import { scopePath, type Scope } from "../core/model/scope.ts";
import { editText, type Edit } from "../core/source/edit.ts";
import { decodeText } from "../core/source/parse.ts";
import { render } from "../core/source/render.ts";
import { keyOrders } from "../generated/key-order.ts";
import { activationAt, findEntry } from "./entry.ts";
import type { ScopeStack } from "../core/audit/stack.ts";
import { scopeStack } from "./history.ts";
import { needGit, openRegistry, type OpenRegistry, type Selection } from "./read.ts";
import { writeChanges, type WriteOptions, type WriteResult } from "./write.ts";
import type { Ports } from "./ports.ts";

export interface Activated extends WriteResult {
  readonly scope: string;
  /** What the Activation said before and says now; null where it did not exist. */
  readonly from: string | null;
  readonly to: string;
}

export interface PromoteRequest extends Selection {
  /** A bundle as typed: `bundle:fraud/score@1.4.0` or `fraud/score@1.4.0`. */
  readonly bundle: string;
  readonly environment: string;
  readonly tenant: string | null;
  readonly scenario: string | null;
  readonly emergency: boolean;
  readonly reason: string;
}

type Options = Omit<WriteOptions, "message">;

/** Makes a bundle live in a scope. */
export async function promote(request: PromoteRequest, options: Options, ports: Ports): Promise<Activated> {
  const open = await openRegistry(request, ports);
  const bundle = findEntry(open.registry, request.bundle, "Bundle");
  const environment = request.environment.replace(/^environment:/, "");
  if (open.registry.get(`environment:${environment}`) === undefined) {
    const names = open.registry.ofKind("Environment").map(({ name }) => name);
    throw new Failure("usage/unknown-environment", `There is no environment "${environment}".`, {
      hint:
        names.length === 0
          ? "Add one: assent new environment dev."
          : `The environments are ${names.join(", ")}.`,
    });
  }
  const scope: Scope = {
    environment,
    usecase: `${bundle.ns}/${bundle.name}`,
    tenant: request.tenant,
    scenario: request.scenario,
  };
  const wanted = {
    bundle: bundle.version ?? "",
    reason: request.reason,
    ...(request.emergency && { emergency: true }),
  };
  const path = scopePath(scope);
  const result = await activate(open, scope, wanted, `Promote ${bundle.ref} to ${path}`, {
    ...options,
    topic: `promote ${path}`,
    against: async (after) => {
      const { missingEvidence } = await import("./promotable.ts");
      const stack = async (): Promise<ScopeStack> =>
        open.repository === undefined || (await open.repository.head()) === null
          ? []
          : scopeStack(path, open.repository);
      return missingEvidence(path, { base: open.registry, result: after }, stack, open.asOf);
    },
  });
  // Lint warns of gates, because it cannot tell a promotion from a rollback; the gate's own words stand for it here.
  const isTold = result.diagnostics.some(({ code }) => code === "govern/gate-unmet");
  const diagnostics = result.diagnostics.filter(({ code }) => !isTold || code !== "activation/gates-unmet");
  return { ...result, diagnostics };
}

export interface RollbackRequest extends Selection {
  readonly scope: Scope;
  /** The version to return to; what was live before when absent. */
  readonly to: string | undefined;
  readonly reason: string;
}

/** Returns a scope to what it had before. */
export async function rollback(request: RollbackRequest, options: Options, ports: Ports): Promise<Activated> {
  const open = await openRegistry(request, ports);
  const path = scopePath(request.scope);
  const stack = await scopeStack(path, needGit(open.repository, "assent rollback"));
  const current = activationAt(open.registry, request.scope)?.value.bundle;
  const before = stack.findLast((version) => version !== current);
  const version = request.to ?? before;
  if (version === undefined) {
    throw new Failure("usage/nothing-before", `Nothing was live in ${path} before.`, {
      hint: `To make it empty: assent deactivate ${path} --reason <text>.`,
    });
  }
  const ref = findEntry(open.registry, `bundle:${request.scope.usecase}@${version}`, "Bundle").ref;
  const wanted = { bundle: version, reason: request.reason };
  return activate(open, request.scope, wanted, `Roll ${path} back to ${ref}`, {
    ...options,
    topic: `rollback ${path}`,
  });
}

export interface DeactivateRequest extends Selection {
  readonly scope: Scope;
  /** Let the next wider scope decide, instead of nothing. */
  readonly inherit: boolean;
  readonly reason: string;
}

/** Takes what is live out of a scope; the file stays (DESIGN 4). */
export async function deactivate(
  request: DeactivateRequest,
  options: Options,
  ports: Ports,
): Promise<Activated> {
  const open = await openRegistry(request, ports);
  const path = scopePath(request.scope);
  if (activationAt(open.registry, request.scope) === undefined) {
    throw new Failure("usage/unknown-scope", `Nothing was ever live in ${path}.`, {
      hint: "assent status shows every scope.",
    });
  }
  const bundle = request.inherit ? "inherit" : "none";
  return activate(open, request.scope, { bundle, reason: request.reason }, `Deactivate ${path}`, options);
}

interface Wanted {
  readonly bundle: string;
  readonly reason: string;
  readonly emergency?: boolean;
}

async function activate(
  open: OpenRegistry,
  scope: Scope,
  wanted: Wanted,
  title: string,
  options: Options,
): Promise<Activated> {
  const path = `registry/live/${scopePath(scope)}.yaml`;
  const file = open.registry.tree.get(path);
  const landed = activationAt(open.registry, scope);
  const from = landed?.value.bundle ?? null;
  const same = from === wanted.bundle && (landed?.value.emergency ?? false) === (wanted.emergency ?? false);
  // Repeating a move that stands succeeds and does nothing, whatever the reason says (DESIGN 4).
  const content =
    same && file !== undefined
      ? decodeText(file.read())
      : contentOf(file && decodeText(file.read()), landed, wanted);
  const message = `${title}\n\n${wanted.reason}`;
  const result = await writeChanges(open, [{ path, content }], { ...options, message });
  return { ...result, scope: scopePath(scope), from, to: wanted.bundle };
}

function contentOf(
  text: string | undefined,
  landed: Entry<"Activation"> | undefined,
  wanted: Wanted,
): string {
  const value: JsonObject = { ...wanted };
  if (text === undefined || landed === undefined) return render(value, keyOrders.Activation);
  const edits: Edit[] = Object.entries(value).map(([key, each]) => ({ pointer: [key], value: each as Json }));
  if (landed.value.emergency !== undefined && wanted.emergency === undefined)
    edits.push({ pointer: ["emergency"], value: undefined });
  // A fallback is for something that is live, and can never be the live version itself.
  const drop =
    wanted.bundle === "none" || wanted.bundle === "inherit" || landed.value.fallback === wanted.bundle;
  if (landed.value.fallback !== undefined && drop) edits.push({ pointer: ["fallback"], value: undefined });
  return editText(text, edits, keyOrders.Activation);
}
