/**
 * Times functions inside one process, in turns, until the compiler has settled. Bundled into each benchmark of this
 * folder, so that what is measured is built code.
 */

/** One candidate: does its whole work once and returns something that depends on all of it. */
export interface Task {
  readonly name: string;
  run(): unknown;
}

/** Median milliseconds of one run, by the task's name. */
export type Times = Readonly<Record<string, number>>;

let sink: unknown;

/**
 * @param rounds measured turns; as many again, at least three, go before unmeasured
 */
export function inTurns(tasks: readonly Task[], rounds: number): Times {
  const times = new Map(tasks.map((task): [string, number[]] => [task.name, []]));
  for (let round = -Math.max(3, rounds); round < rounds; round++) {
    for (const { name, run } of tasks) {
      const from = performance.now();
      sink = run();
      const ms = performance.now() - from;
      if (round >= 0) times.get(name)?.push(ms);
    }
  }
  if (sink === times) throw new Error("unreachable: keeps the results alive");
  const middle = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
  return Object.fromEntries([...times].map(([name, values]) => [name, middle(values)]));
}

/** Hands the result to the process that started this one. */
export function answer(value: unknown): void {
  process.stdout.write(JSON.stringify(value));
}
