/** `assent resolve`: a scope and what the caller has -> one resolution -> exit code. */
import { resolve as resolveOperation } from "../../app/resolve.ts";
import { Failure } from "../../core/model/failure.ts";
import { parseScope, type Scope } from "../../core/model/scope.ts";
import { RESOLUTION_FORMAT } from "../../core/model/snapshot.ts";
import { renderAnswer } from "../../core/resolve/resolve.ts";
import type { Command } from "../command.ts";
import { listFlag, selectionOf, textFlag } from "../flags.ts";

export const resolve: Command = {
  name: "resolve",
  summary: "what is live in a scope, and why",
  description:
    "Answers one question: which bundle is live here? Without --snapshot the registry is compiled in memory, " +
    "and one that compile refuses gives no answer (exit code 2). " +
    "Exit code 0 when a bundle is live (resolved or fallback), 1 when none is (none or incompatible). " +
    "What --feature and --capability name is all the caller has: it narrows what the environment offers.",
  arguments: [{ name: "<scope>", description: "environment/namespace/name[/tenant[/scenario]]" }],
  options: [
    { flags: "--degrade-mode <mode>", description: "the degrade mode (default: NORMAL)" },
    { flags: "--feature <group=version>", description: "a feature group the caller has", repeatable: true },
    { flags: "--capability <name>", description: "a capability the caller has", repeatable: true },
    {
      flags: "--snapshot <source>",
      description: "ask a release, wherever it lies, or a compiled snapshot's folder",
    },
    { flags: "--trust <file>", description: "the root that vouches for the release" },
    { flags: "--unsigned", description: "read a snapshot that nobody signed" },
    { flags: "--explain", description: "show every step" },
  ],
  examples: [
    { line: "assent resolve prod/fraud/score", does: "what is live in production" },
    {
      line: "assent resolve prod/fraud/score --snapshot oci://ghcr.io/acme/registry --trust root.json",
      does: "from a signed release, verified",
    },
    {
      line: "assent resolve prod/fraud/score/acme --degrade-mode DEGRADED_1 --explain",
      does: "for a tenant, degraded, step by step",
    },
  ],
  async run(context, args, flags) {
    const { environment, usecase, tenant, scenario } = scopeOf(args[0]);
    const features = listFlag(flags, "feature");
    const capabilities = listFlag(flags, "capability");
    const snapshot = textFlag(flags, "snapshot");
    if (snapshot !== undefined && context.global.at !== undefined) {
      throw new Failure("usage/snapshot-at", "A snapshot is of one moment; --at cannot choose another.", {
        hint: "Leave out --at, or leave out --snapshot.",
      });
    }
    const query = {
      environment,
      usecase,
      tenant,
      scenario,
      degradeMode: textFlag(flags, "degradeMode"),
      featureGroups: features.length === 0 ? undefined : groupsOf(features),
      capabilities: capabilities.length === 0 ? undefined : capabilities,
    };
    const trust = textFlag(flags, "trust");
    if (trust !== undefined && (snapshot === undefined || flags["unsigned"] === true)) {
      const message =
        snapshot === undefined ? "--trust is for a release." : "--trust and --unsigned exclude each other.";
      throw new Failure("usage/trust", message, { hint: "Say --snapshot <source> --trust <root.json>." });
    }
    const selection = selectionOf(context);
    const result = await resolveOperation(
      {
        ...selection,
        // What was typed beside it is relative to where it was typed, not to the registry.
        folder: snapshot === undefined ? selection.folder : context.cwd,
        query,
        snapshot,
        trust,
        env: context.env,
        unsigned: flags["unsigned"] === true,
      },
      context.ports,
    );
    const { answer } = result;
    if (answer === undefined) {
      const first = result.diagnostics[0];
      throw new Failure(
        "registry/errors",
        `The registry has errors and would not be compiled, ${first?.file} first: ${first?.message}`,
        {
          hint: "assent lint shows them all; what is live is not known before they are mended. --at asks a commit that has none.",
        },
      );
    }
    if (answer.format !== RESOLUTION_FORMAT) {
      const { code, message, hint } = answer;
      throw new Failure(code, message, { hint, category: answer.category });
    }
    if (result.unsigned) context.note("This snapshot is unsigned: nothing proves who made it.\n");
    if (context.global.format === "json") context.out(renderAnswer(answer));
    else {
      const { renderResolution } = await import("../render/resolution.ts");
      context.out(renderResolution(answer, flags["explain"] === true, context.style));
    }
    return answer.outcome === "resolved" || answer.outcome === "fallback" ? 0 : 1;
  },
};

function scopeOf(typed: unknown): Scope {
  const text = String(typed).replace(/^scope:/, "");
  const scope = parseScope(text);
  if (scope !== undefined) return scope;
  throw new Failure("usage/scope", `"${text}" is no scope.`, {
    hint: "Write environment/namespace/name[/tenant[/scenario]], such as prod/fraud/score/acme.",
  });
}

function groupsOf(features: readonly string[]): Record<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const feature of features) {
    const equals = feature.indexOf("=");
    if (equals < 1 || equals === feature.length - 1) {
      throw new Failure("usage/feature", `--feature takes <group>=<version>, not "${feature}".`, {
        hint: "Write --feature velocity=v2, once per feature group the caller has.",
      });
    }
    const name = feature.slice(0, equals);
    groups.set(name, [...(groups.get(name) ?? []), feature.slice(equals + 1)]);
  }
  return Object.fromEntries(groups);
}
