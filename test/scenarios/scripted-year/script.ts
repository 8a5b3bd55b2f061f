/**
 * What happens in the scripted year, as a list of acts that follows from a seed: who changes what, who agrees, when.
 * It keeps its own account of what was live when; nothing of the product is asked.
 */
import type { Instant } from "../../../src/core/model/instant.ts";
import { activation, at, goLive, identity, people, registry, release, roles, usecases, type Name, type Usecase } from "./texts.ts";

/** One landing, before it is made. */
export interface Act {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly message: string;
  readonly author: Name | "mallory";
  readonly approvers: readonly Name[];
  readonly files: Readonly<Record<string, string>>;
  /** How it lands: merged, squashed, or pushed past everybody. */
  readonly as: "merge" | "squash" | "push";
  /** What the evidence must say about it. */
  readonly expected: "APPROVED" | "NON_GOVERNED" | "OVERRIDE" | "VIOLATION" | "OBSERVED";
  /** Whose key signs, where it is not the author's first. */
  readonly keys: Readonly<Partial<Record<Name, string>>>;
  /** What the script says about its act: for comparing with what history answers. */
  readonly live?: { readonly environment: string; readonly usecase: Usecase; readonly version: string };
  /** How many landings back the tree is restored. */
  readonly heals?: number;
}

export const START = Date.UTC(2026, 0, 5) / 1000;
const DAY = 86_400;
export const instantOf = (seconds: number): Instant => new Date(seconds * 1000).toISOString().replace(".000Z", "Z") as Instant;

/** Numbers between 0 and 1 that follow from a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Line {
  version: number;
  readonly live: Record<string, string[]>;
}

/** The acts of a year with this many landings, in order. The first is the switch to enforce, on top of the beginning. */
export function script(landings: number, seed: number): readonly Act[] {
  const random = randomOf(seed);
  const pick = <T>(list: readonly T[], not: readonly T[] = []): T => {
    const left = list.filter((each) => !not.includes(each));
    return left[Math.floor(random() * left.length)] as T;
  };
  const keys: Partial<Record<Name, string>> = {};
  const acts: Act[] = [];
  const lines = new Map<Usecase, Line>(usecases.map((name) => [name, { version: 0, live: { dev: ["1.0.0"], stage: ["1.0.0"], prod: ["1.0.0"] } }]));
  let now = START;
  const act = (after: number, more: Omit<Act, "time" | "keys" | "as" | "expected"> & Partial<Pick<Act, "as" | "expected">>): void => {
    now += after;
    acts.push({ time: now, as: random() < 0.2 ? "squash" : "merge", expected: "APPROVED", keys: { ...keys }, ...more });
  };
  const makers = roles["fraud"] as readonly Name[];
  const [risk, releasing] = [roles["risk"] as readonly Name[], roles["release"] as readonly Name[]];
  const goes = (usecase: Usecase, environment: string, version: string): Pick<Act, "live"> => {
    (lines.get(usecase) as Line).live[environment]?.push(version);
    return { live: { environment, usecase, version } };
  };

  const publishTo = (usecase: Usecase, until: "dev" | "stage"): string => {
    const line = lines.get(usecase) as Line;
    const version = `1.${++line.version}.0`;
    const author = pick(makers);
    act(3600, { message: `Publish ${usecase} ${version}`, author, approvers: [pick(makers, [author]), pick(risk)], files: release(usecase, version, instantOf(now)) });
    for (const environment of until === "dev" ? ["dev"] : ["dev", "stage"]) {
      const files = { [at.live(environment, usecase)]: activation(version, `Try ${version}.`) };
      act(1800, { message: `${usecase} ${version} to ${environment}`, author, approvers: [pick(makers, [author])], files, ...goes(usecase, environment, version) });
    }
    return version;
  };
  const promote = (usecase: Usecase, version: string, wait: number): void => {
    const files = { [at.live("prod", usecase)]: activation(version, `It has proven itself ${acts.length}.`) };
    act(wait, { message: `${usecase} ${version} to prod`, author: pick(makers), approvers: [pick(risk), pick(releasing)], files, ...goes(usecase, "prod", version) });
  };
  const rollback = (usecase: Usecase): void => {
    const past = (lines.get(usecase) as Line).live["prod"] as string[];
    const target = past.at(-2);
    if (target === undefined || target === past.at(-1)) return;
    const files = { [at.live("prod", usecase)]: activation(target, `It declined too much ${acts.length}.`) };
    act(7200, { message: `Roll ${usecase} back to ${target}`, author: pick(makers), approvers: [pick(releasing)], files, live: { environment: "prod", usecase, version: target } });
    past.pop();
  };
  const readme = (): void => {
    act(600, { message: "Say more in the read-me", author: pick(people), approvers: [], files: { "README.md": `Text ${acts.length}.\n` }, expected: "NON_GOVERNED" });
  };

  act(0, { message: "Enforce", author: "frank", approvers: ["heidi"], files: { [at.registry]: registry("enforce") }, as: "merge", expected: "OBSERVED" });
  const special: readonly (readonly [number, () => void])[] = [
    [0.2, () => act(3600, { message: "Let bundles soak half a day", author: "heidi", approvers: ["frank"], files: { [at.policy("go-live")]: goLive("PT12H") } })],
    [
      0.35,
      () => {
        // The landing that brings the new key is the first from which on the old one does not count.
        const files = { [at.identity("alice")]: identity("alice", "alice 2", [{ key: "alice", since: acts.length + 2 }]) };
        act(3600, { message: "A new key for alice", author: "frank", approvers: ["heidi"], files });
        keys.alice = "alice 2";
      },
    ],
    [
      0.5,
      () => {
        const version = publishTo("alerts", "stage");
        const file = at.live("prod", "alerts");
        act(3600, { message: `Emergency: alerts ${version}`, author: "ivan", approvers: ["frank", "erin"], files: { [file]: activation(version, "Fraud wave.", "emergency: true\n") }, expected: "OVERRIDE", ...goes("alerts", "prod", version) });
        act(1.5 * DAY, { message: "The emergency is over", author: "ivan", approvers: ["carol", "grace"], files: { [file]: activation(version, "Fraud wave, looked at again.") } });
      },
    ],
    [
      0.7,
      () => {
        act(3600, { message: "Just this once", author: "mallory", approvers: [], files: { [at.live("prod", "device")]: activation("1.0.0", "Trust me.") }, as: "push", expected: "VIOLATION" });
        act(3600, { message: "Restore what stood", author: "frank", approvers: ["heidi"], files: {}, heals: 2, as: "merge" });
      },
    ],
  ];
  let done = 0;
  while (acts.length < landings - 1) {
    const [due, happen] = special[done] ?? [2, () => {}];
    if (acts.length >= due * landings) {
      happen();
      done++;
      continue;
    }
    const usecase = pick(usecases);
    const chance = random();
    if (chance < 0.1) readme();
    else if (chance < 0.25) publishTo(usecase, "dev");
    else {
      const version = publishTo(usecase, "stage");
      promote(usecase, version, 1.3 * DAY);
      if (random() < 0.25) rollback(usecase);
    }
  }
  return acts.slice(0, landings - 1);
}
