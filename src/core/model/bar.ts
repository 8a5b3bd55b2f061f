/**
 * Bars: a measured value compared with a threshold, as gates, receipts and benchmarks state it.
 * It must never know where a value was measured; whether a run counts is decided elsewhere.
 */
const operators = [">=", ">", "<=", "<", "==", "!="] as const;

/** What is compared: a measured value with a bar. */
export interface Bar {
  readonly metric: string;
  readonly operator: (typeof operators)[number];
  readonly threshold: number;
}

/** Whether a value is one of the six ways to compare. */
export function isOperator(value: unknown): value is Bar["operator"] {
  return operators.some((operator) => operator === value);
}

/** Whether a measured value meets a bar; NaN meets none. */
export function meets(observed: number, { operator, threshold }: Bar): boolean {
  switch (operator) {
    case ">=":
      return observed >= threshold;
    case ">":
      return observed > threshold;
    case "<=":
      return observed <= threshold;
    case "<":
      return observed < threshold;
    case "==":
      return observed === threshold;
    case "!=":
      return observed !== threshold && !Number.isNaN(observed);
  }
}

/** Whether meeting `stricter` means that `bar` is met as well. */
export function implies(stricter: Bar, bar: Bar): boolean {
  if (stricter.metric !== bar.metric) return false;
  const [a, b] = [stricter.threshold, bar.threshold];
  switch (stricter.operator) {
    case "==":
      return meets(a, bar);
    case ">=":
      return (
        (bar.operator === ">=" && a >= b) ||
        (bar.operator === ">" && a > b) ||
        (bar.operator === "!=" && a > b)
      );
    case ">":
      return (bar.operator === ">=" || bar.operator === ">" || bar.operator === "!=") && a >= b;
    case "<=":
      return (
        (bar.operator === "<=" && a <= b) ||
        (bar.operator === "<" && a < b) ||
        (bar.operator === "!=" && a < b)
      );
    case "<":
      return (bar.operator === "<=" || bar.operator === "<" || bar.operator === "!=") && a <= b;
    case "!=":
      return bar.operator === "!=" && a === b;
  }
}

/** A gate in words: `auc_roc >= 0.9`. */
export function barText({ metric, operator, threshold }: Bar): string {
  return `${metric} ${operator} ${threshold}`;
}
