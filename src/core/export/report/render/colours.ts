/**
 * The colours of reports, for pages and paper. Told apart with any kind of sight as far as four colours can be (by
 * lightness as well as by hue), and never the only sign. Words on tinted ground have a contrast of 4.5 at least.
 */
import type { Tone } from "../define.ts";

export interface Palette {
  readonly ground: string;
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly band: string;
  /** Of parts of charts, and of the numbers on them. */
  readonly fill: Readonly<Record<Tone, string>>;
  readonly onFill: string;
  /** Of words of status. */
  readonly word: Readonly<Record<Tone, string>>;
}

export const light: Palette = {
  ground: "#ffffff",
  ink: "#16202c",
  faint: "#566273",
  line: "#d5dbe3",
  band: "#f2f5f8",
  fill: { good: "#1b7f5c", info: "#3565b0", warn: "#a86400", bad: "#b3261e", neutral: "#667085" },
  onFill: "#ffffff",
  word: { good: "#12644a", info: "#274f91", warn: "#8a4f00", bad: "#a3211a", neutral: "#475467" },
};

export const dark: Palette = {
  ground: "#11161d",
  ink: "#e7ecf2",
  faint: "#a3afbf",
  line: "#364150",
  band: "#1a212b",
  fill: { good: "#4cc79a", info: "#86aef0", warn: "#f0b04a", bad: "#f58a81", neutral: "#98a4b5" },
  onFill: "#11161d",
  word: { good: "#6fdcb3", info: "#a5c3f7", warn: "#f5c26f", bad: "#ffa69e", neutral: "#b4bfcd" },
};
