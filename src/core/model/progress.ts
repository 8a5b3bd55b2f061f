/**
 * How long work says how far it is. It counts and never looks at a clock: when something is shown is for whoever shows
 * it to decide. Saying nothing must cost nothing.
 */

/** Takes what is being done, in a few words; each replaces the one before. */
export type Progress = (text: string) => void;

/** How many steps are done; called after each of them. */
export type Told = (done: number) => void;

/** Counts steps and tells every so many of them: `writing files: 500 of 5,276`. Undefined where nobody listens. */
export function counted(
  progress: Progress | undefined,
  what: string,
  total: number | null,
  every = 100,
): Told | undefined {
  if (progress === undefined) return undefined;
  const of = total === null ? "" : ` of ${grouped(total)}`;
  return (done) => {
    if (done % every === 0) progress(`${what}: ${grouped(done)}${of}`);
  };
}

/** 5276 -> 5,276; in no locale but one. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
