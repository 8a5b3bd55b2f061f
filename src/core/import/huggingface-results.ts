/**
 * `model-index` of a model card -> claimed scores. A score is a share of the best possible (0 to 1): metrics that are
 * shares are taken, in per cent too where the value says so by being above 1; losses, error rates and metrics of unknown
 * scale are left out and said.
 */
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { decimalOfNumber } from "./decimal.ts";
import { objectsOf, wordOf } from "./foreign.ts";
import { cleanLine, quoted } from "./text.ts";

/** Metrics of which more is better and all is 1 (or 100 per cent). */
const shares =
  /^(?:accuracy|acc|acc_norm|balanced_accuracy|f1|f1_macro|f1_micro|precision|recall|exact_match|em|auc|roc_auc|pass@\d+|main_score|cos_sim_pearson|cos_sim_spearman|map|mrr|ap|v_measure|(?:map|mrr|ndcg|recall|precision)_at_\d+|rouge[12l]?|rougelsum|bleu|iou|mean_iou|mc[12]|win_rate|inst_level_strict_acc|strict_accuracy)$/;

const mostClaims = 200;

/** The claims of a card in its own order; those beyond two hundred are said as one. */
export function claimsOf(index: Json | undefined, report: (message: string) => void): readonly JsonObject[] {
  const claims = new Map<string, JsonObject>();
  let beyond = 0;
  for (const model of objectsOf(index, "model-index", report)) {
    for (const result of objectsOf(model["results"], "results", report)) {
      const task = isObject(result["task"])
        ? (wordOf(result["task"]["name"]) ?? wordOf(result["task"]["type"]))
        : undefined;
      const { dataset, source } = result;
      const on = isObject(dataset) ? (wordOf(dataset["name"]) ?? wordOf(dataset["type"])) : undefined;
      const page = isObject(source) ? wordOf(source["url"]) : undefined;
      for (const metric of objectsOf(result["metrics"], "metrics", report)) {
        const type = (wordOf(metric["type"]) ?? "").toLowerCase();
        const words = [task, on, wordOf(metric["name"]) ?? type].filter((word) => word !== undefined);
        const name = cleanLine(words.join(" / "), 400).text;
        const value = shareOf(type, metric["value"]);
        if (value === undefined)
          report(`${quoted(name)} ${quoted(JSON.stringify(metric["value"]) ?? "")} is no share from 0 to 1.`);
        else if (claims.size >= mostClaims) beyond++;
        else if (!claims.has(name))
          claims.set(name, {
            name,
            value,
            ...(page !== undefined && /^https?:\/\/[^\s<>"]{1,1000}$/.test(page) && { source: page }),
          });
      }
    }
  }
  if (beyond > 0) report(`${beyond} further results are beyond the ${mostClaims} that an entry holds.`);
  return [...claims.values()];
}

function shareOf(type: string, value: Json | undefined): number | undefined {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0 || !shares.test(type))
    return undefined;
  if (value <= 1) return value;
  const digits = value <= 100 ? decimalOfNumber(value, -2) : undefined;
  return digits === undefined ? undefined : Number(digits);
}
