/** A repository on the stand-in with a few people, and the program's forge that talks to it. */
import { openForge } from "../../src/adapters/github/open.ts";
import type { Forge } from "../../src/app/ports.ts";
import type { Posting } from "../../src/core/model/posting.ts";
import type { PullRequestFacts } from "../../src/core/model/pull-request.ts";
import { newRepository } from "../repository-on-disk.ts";
import type { Person, Pull } from "./forge.ts";
import { serveForge, type StandIn } from "./server.ts";

export const repo = { owner: "octo", name: "registry" };

export interface Scene {
  readonly hub: StandIn;
  /** As a workflow of the repository talks to it. */
  readonly forge: Forge;
  readonly alice: Person;
  readonly bob: Person;
  readonly carol: Person;
  /** Opened by alice from branch `change`. */
  readonly pull: Pull;
}

/** 2026-07-02T00:00:00Z. */
export const now = 1_782_950_400;

/** Talks to the stand-in as the program does; waiting takes a thousandth of the time. */
export function forgeFor(hub: StandIn, env: Readonly<Record<string, string>> = {}): Forge {
  return openForge({ env: { ...hub.env, ...env }, now: () => now, version: "0.0.0", pace: 1 });
}

export async function newScene(): Promise<Scene> {
  const hub = await serveForge(newRepository("--bare"));
  const alice = hub.forge.person(101, "alice");
  const bob = hub.forge.person(102, "bob");
  const carol = hub.forge.person(103, "carol");
  hub.forge.push(alice, "main", {
    CODEOWNERS: "* @octo/governance\n/registry/models/ @carol\n/registry/live/ @bob @octo/release\n",
    "registry/registry.yaml": "id: payments\n",
  });
  hub.forge.push(alice, "change", { "registry/live/prod/fraud/score.yaml": 'bundle: "1.0.0"\n' });
  const pull = hub.forge.open(alice, "change");
  return { hub, forge: forgeFor(hub), alice, bob, carol, pull };
}

export function postingFor(facts: PullRequestFacts, more: Partial<Posting> = {}): Posting {
  return {
    outcome: "allowed",
    blocks: true,
    ref: "refs/heads/main",
    digest: `sha256:${facts.head.sha.slice(0, 8).padEnd(64, "0")}`,
    eligibleAt: null,
    title: "Allowed",
    summary: "All requirements are met.",
    comment: "**Allowed**: goes live in `prod/fraud/score`.",
    annotations: [],
    ask: { users: [], teams: [] },
    ...more,
  };
}
