/**
 * A trend as a drawing that stands alone: nothing is loaded and nothing executed, the same trend gives the same bytes, all
 * text is escaped. Time runs to the right; thresholds are dashed; a run that misses a gate is hollow and red.
 */
import type { Trend, TrendPoint } from "../../core/find/trend.ts";
import { millisecondsOf } from "../../core/model/instant.ts";
import { escapeXml } from "./escape.ts";
import { gateWords } from "./trend.ts";

const WIDTH = 760;
const HEIGHT = 340;
const LEFT = 64;
const RIGHT = 24;
const TOP = 58;
const BOTTOM = 56;
/** Of one sign at 11 pixels; fonts differ by less than this is too wide. */
const SIGN = 6.2;

interface Scale {
  x(point: TrendPoint): number;
  y(value: number): number;
  readonly ticks: readonly number[];
}

/** The drawing. */
export function trendSvg(found: Trend): string {
  const { metric, usecase, points } = found;
  const title = `${metric} of ${usecase}`;
  const scale = scaleOf(found);
  const says =
    points.length === 0
      ? "No run."
      : `${points.length} runs from ${day(points[0])} to ${day(points.at(-1))}, the last at ${points.at(-1)?.value}.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title says">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="says">${escapeXml(says)}</desc>`,
    styles,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="24" y="28" class="title">${escapeXml(shortened(title, 80))}</text>`,
    `<text x="24" y="46" class="small">${escapeXml(shortened(found.suite ?? says, 110))}</text>`,
    ...scale.ticks.flatMap((tick) => [
      `<path d="M${LEFT} ${scale.y(tick)}H${WIDTH - RIGHT}" class="grid"/>`,
      `<text x="${LEFT - 8}" y="${tenth(scale.y(tick) + 4)}" class="small" text-anchor="end">${tick}</text>`,
    ]),
    ...gateLines(found, scale),
    `<polyline points="${points.map((point) => `${scale.x(point)},${scale.y(point.value)}`).join(" ")}" class="line"/>`,
    ...points.map((point) => dotOf(point, scale)),
    ...labels(points, scale),
    "</svg>",
    "",
  ].join("\n");
}

const styles = `<style>
text{font-family:system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.title{font-size:15px;font-weight:600;fill:#0f172a}
.small{font-size:11px;fill:#475569}
.grid{stroke:#e2e8f0;fill:none}
.gate{stroke:#b45309;stroke-dasharray:6 4;fill:none}
.gatename{font-size:11px;fill:#b45309}
.line{fill:none;stroke:#2563eb;stroke-width:1.8}
.good{fill:#2563eb;stroke:#ffffff}
.bad{fill:#ffffff;stroke:#dc2626;stroke-width:2.2}
</style>`;

function scaleOf({ points, gates }: Trend): Scale {
  const values = [...points.map(({ value }) => value), ...gates.map(({ threshold }) => threshold)];
  const ticks = ticksOver(values.length === 0 ? [0, 1] : values);
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const times = points.map(({ executedAt }) => millisecondsOf(executedAt));
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const width = WIDTH - LEFT - RIGHT - 40;
  return {
    ticks,
    x: ({ executedAt }) =>
      tenth(
        LEFT +
          20 +
          (last === first ? width / 2 : ((millisecondsOf(executedAt) - first) / (last - first)) * width),
      ),
    y: (value) => tenth(HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM - 14)),
  };
}

/** Round numbers that span all values: steps of 1, 2 or 5 of a power of ten. */
function ticksOver(values: readonly number[]): readonly number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high > low ? high - low : Math.abs(high) || 1;
  const raw = span / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5].find((each) => each * power >= raw) ?? 10) * power;
  const from = Math.floor(low / step - 1e-9);
  const to = Math.max(from + 1, Math.ceil(high / step + 1e-9));
  // Multiples of decimal fractions end in stray bits.
  return Array.from({ length: to - from + 1 }, (_, index) => Number(((from + index) * step).toPrecision(12)));
}

function gateLines({ gates }: Trend, scale: Scale): readonly string[] {
  return gates.flatMap((gate) => [
    `<path d="M${LEFT} ${scale.y(gate.threshold)}H${WIDTH - RIGHT}" class="gate"/>`,
    `<text x="${WIDTH - RIGHT}" y="${tenth(scale.y(gate.threshold) - 5)}" class="gatename" text-anchor="end">${escapeXml(shortened(`gate ${gateWords(gate)}`, 60))}</text>`,
  ]);
}

function dotOf(point: TrendPoint, scale: Scale): string {
  const told = `${point.version}, ${point.executedAt}: ${point.value}${point.passed === false ? ", misses a gate" : ""}${point.live.length === 0 ? "" : `, live in ${point.live.join(", ")}`}`;
  return `<circle cx="${scale.x(point)}" cy="${scale.y(point.value)}" r="4.5" class="${point.passed === false ? "bad" : "good"}"><title>${escapeXml(told)}</title></circle>`;
}

/** Versions above their points and days below the axis, each where it does not run into the one before. */
function labels(points: readonly TrendPoint[], scale: Scale): readonly string[] {
  const lines: string[] = [];
  let [versionEnd, dayEnd] = [-Infinity, -Infinity];
  for (const point of points) {
    const x = scale.x(point);
    const version = shortened(point.version, 24);
    const half = (version.length * SIGN) / 2;
    if (x - half > versionEnd + 6) {
      lines.push(
        `<text x="${x}" y="${tenth(scale.y(point.value) - 10)}" class="small" text-anchor="middle">${escapeXml(version)}</text>`,
      );
      versionEnd = x + half;
    }
    const text = day(point);
    if (x - (text.length * SIGN) / 2 > dayEnd + 10) {
      lines.push(
        `<text x="${x}" y="${HEIGHT - BOTTOM + 24}" class="small" text-anchor="middle">${text}</text>`,
      );
      dayEnd = x + (text.length * SIGN) / 2;
    }
  }
  return lines;
}

function day(point: TrendPoint | undefined): string {
  return point?.executedAt.slice(0, "2026-01-01".length) ?? "";
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}\u2026`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
