/**
 * Charts as drawings: rectangles, lines and words at their places, for whatever draws them (SVG in pages, vectors in
 * PDF). A chart never tells by colour alone: parts carry their numbers, lines their names. It must never measure with
 * fonts, which differ from machine to machine; widths of words are estimated from above.
 */
import { millisecondsOf } from "../../../model/instant.ts";
import type { BarChart, Chart, LineChart, Tone } from "../define.ts";

export type Mark =
  | {
      readonly type: "box";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly tone: Ink;
      readonly pattern: number;
    }
  | {
      readonly type: "path";
      readonly points: readonly (readonly [x: number, y: number])[];
      readonly tone: Ink;
      readonly pattern: number;
    }
  | {
      readonly type: "dot";
      readonly x: number;
      readonly y: number;
      readonly tone: Ink;
      readonly pattern: number;
    }
  | { readonly type: "rule"; readonly x: number; readonly y: number; readonly width: number }
  | {
      readonly type: "word";
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly anchor: "start" | "middle" | "end";
      readonly ink: "ink" | "faint" | "onBox";
    };

/** A series' tone, and its place among series of the same tone, so that two of them look different. */
export type Ink = Tone;

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
  /** What it shows, in words, for who cannot see it. */
  readonly says: string;
}

export const FONT_SIZE = 11;
const BAR = 18;
const GAP = 8;
const LEGEND = 18;

/** How wide a word is at most, in the chart's units. */
export function widthOfWord(text: string): number {
  let width = 0;
  for (const char of text)
    width += /[mwMW@%\u0100-\uffff]/.test(char)
      ? 10
      : /[A-Z]/.test(char)
        ? 8
        : /[ilj.,:;'| ]/.test(char)
          ? 3.6
          : 6.4;
  return width;
}

/** The drawing of a chart at a width; undefined where there is nothing to draw. */
export function drawingOf(chart: Chart, width: number): Drawing | undefined {
  return chart.type === "bars" ? barsOf(chart, width) : linesOf(chart, width);
}

function barsOf({ series, rows, title }: BarChart, width: number): Drawing | undefined {
  const totals = rows.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
  const most = Math.max(0, ...totals);
  const shown = series
    .map((each, index) => ({ ...each, index }))
    .filter(({ index }) => rows.some(({ values }) => (values[index] ?? 0) > 0));
  if (most === 0 || shown.length === 0) return undefined;
  const marks: Mark[] = [];
  const legend =
    series.length > 1
      ? legendOf(
          shown.map(({ name, tone }) => ({ name, tone, pattern: 0 })),
          width,
          marks,
        )
      : 0;
  const left = Math.min(width * 0.34, Math.max(...rows.map(({ label }) => widthOfWord(label))) + 10);
  const room = width - left - widthOfWord(String(most)) - 12;
  rows.forEach(({ label, values }, row) => {
    const y = legend + row * (BAR + GAP);
    marks.push({
      type: "word",
      x: left - 8,
      y: y + BAR - 5,
      text: shortened(label, left - 10),
      anchor: "end",
      ink: "ink",
    });
    let x = left;
    for (const { index, tone } of shown) {
      const value = values[index] ?? 0;
      if (value === 0) continue;
      // The least part can still be seen.
      const size = Math.max(2, (value / most) * (room - shown.length * 2));
      marks.push({ type: "box", x, y, width: size, height: BAR, tone, pattern: 0 });
      if (shown.length > 1 && widthOfWord(String(value)) + 6 < size)
        marks.push({
          type: "word",
          x: x + size / 2,
          y: y + BAR - 5,
          text: String(value),
          anchor: "middle",
          ink: "onBox",
        });
      x += size;
    }
    marks.push({
      type: "word",
      x: x + 6,
      y: y + BAR - 5,
      text: String(totals[row]),
      anchor: "start",
      ink: "faint",
    });
  });
  const says = rows.map(({ label, values }) => {
    const parts = shown.flatMap(({ index, name }) =>
      (values[index] ?? 0) === 0 ? [] : [`${name} ${values[index]}`],
    );
    return `${label}: ${parts.join(", ") || "none"}`;
  });
  return { width, height: legend + rows.length * (BAR + GAP), marks, says: `${title}. ${says.join("; ")}.` };
}

const PLOT = 150;

function linesOf({ moments, series, title }: LineChart, width: number): Drawing | undefined {
  const known = series.filter(({ values }) => values.some((value) => value !== null));
  if (moments.length < 2 || known.length === 0) return undefined;
  // Lines that never move hide each other; they are told in words instead, as long as there is another one.
  const changing = known.filter(({ values }) => new Set(values).size > 1);
  const moving = changing.length > 0 ? changing : known;
  const still = known
    .filter((each) => !moving.includes(each))
    .map(({ name, values }) => `${name} ${spelled(values[0])}`);
  const lines = moving.map((each, index) => ({
    ...each,
    pattern: moving.slice(0, index).filter(({ tone }) => tone === each.tone).length,
  }));
  const marks: Mark[] = [];
  let top = legendOf(lines, width, marks, "line") + 8;
  if (still.length > 0) {
    const text = shortened(`unchanged: ${still.join(", ")}`, width);
    marks.push({ type: "word", x: 0, y: top, text, anchor: "start", ink: "faint" });
    top += LEGEND;
  }
  const most = Math.max(1, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const ticks = ticksUpTo(most);
  const highest = ticks.at(-1) ?? most;
  const left = Math.max(...ticks.map((tick) => widthOfWord(String(tick)))) + 10;
  const right = width - 44;
  const times = moments.map(({ at }) => millisecondsOf(at));
  const [begin = 0, end = 0] = [times[0], times.at(-1)];
  // By time; moments of one and the same time stand beside each other.
  const at = (index: number): number => {
    const part = end > begin ? ((times[index] ?? 0) - begin) / (end - begin) : index / (moments.length - 1);
    return left + part * (right - left);
  };
  const up = (value: number): number => top + PLOT - (value / highest) * PLOT;
  for (const tick of ticks) {
    marks.push({ type: "rule", x: left, y: up(tick), width: right - left });
    marks.push({
      type: "word",
      x: left - 6,
      y: up(tick) + 4,
      text: String(tick),
      anchor: "end",
      ink: "faint",
    });
  }
  const isOneDay = moments[0]?.at.slice(0, 10) === moments.at(-1)?.at.slice(0, 10);
  let free = 0;
  moments.forEach(({ at: instant }, index) => {
    const isLast = index === moments.length - 1;
    const text = isOneDay ? instant.slice(11, 16) : instant.slice(0, 10);
    const size = widthOfWord(text) + 10;
    const x = Math.max(size / 2, Math.min(width - size / 2, at(index)));
    // The last moment is always named, so its neighbours give way.
    const isFree = x - size / 2 >= free && (isLast || at(index) < right - size);
    if (!isFree && !isLast) return;
    marks.push({ type: "word", x, y: top + PLOT + 16, text, anchor: "middle", ink: "faint" });
    free = x + size / 2;
  });
  for (const { values, tone, pattern } of lines) {
    let points: [number, number][] = [];
    const flush = (): void => {
      if (points.length > 1) marks.push({ type: "path", points, tone, pattern });
      points = [];
    };
    values.forEach((value, index) => {
      if (value === null) flush();
      else {
        points.push([at(index), up(value)]);
        marks.push({ type: "dot", x: at(index), y: up(value), tone, pattern });
      }
    });
    flush();
  }
  const said = known.map(
    ({ name, values }) => `${name} from ${spelled(values[0])} to ${spelled(values.at(-1))}`,
  );
  const span = `${moments[0]?.at ?? ""} to ${moments.at(-1)?.at ?? ""}`;
  return { width, height: top + PLOT + 24, marks, says: `${title}, ${span}. ${said.join("; ")}.` };
}

/** Names of series in rows as wide as the drawing; hands back how high they are. */
function legendOf(
  series: readonly { readonly name: string; readonly tone: Tone; readonly pattern: number }[],
  width: number,
  marks: Mark[],
  sample: "box" | "line" = "box",
): number {
  let [x, y] = [0, 0];
  for (const { name, tone, pattern } of series) {
    const text = shortened(name, width - 24);
    const size = widthOfWord(text) + (sample === "box" ? 32 : 43);
    if (x > 0 && x + size > width) [x, y] = [0, y + LEGEND];
    if (sample === "box") marks.push({ type: "box", x, y: y + 1, width: 11, height: 11, tone, pattern });
    else
      marks.push({
        type: "path",
        points: [
          [x, y + 7],
          [x + 22, y + 7],
        ],
        tone,
        pattern,
      });
    const gap = sample === "box" ? 16 : 27;
    marks.push({ type: "word", x: x + gap, y: y + 11, text, anchor: "start", ink: "ink" });
    x += size;
  }
  return y + LEGEND + 6;
}

/** Whole, round numbers from 0 to at least `most`, about four of them. */
function ticksUpTo(most: number): readonly number[] {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = Math.max(
    1,
    [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? power,
  );
  const count = Math.ceil(most / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

function shortened(text: string, room: number): string {
  if (widthOfWord(text) <= room) return text;
  let kept = text;
  while (kept.length > 1 && widthOfWord(`${kept}\u2026`) > room) kept = kept.slice(0, -1);
  return `${kept}\u2026`;
}

function spelled(value: number | null | undefined): string {
  return value === null || value === undefined ? "unknown" : String(Math.round(value * 10) / 10);
}
