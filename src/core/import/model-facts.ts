/**
 * What every format that brings models has to know about them: which type a model is, what that type requires, what
 * a date looks like. Judged from ids, families and modalities alone.
 */
import { isDate } from "../model/instant.ts";

/** What a model may read and put out, as the registry's schema lists it. */
export const modalityWords: ReadonlySet<string> = new Set([
  "text",
  "image",
  "audio",
  "video",
  "pdf",
  "file",
  "embedding",
  "tabular",
  "time-series",
]);

/** Model families whose members turn texts into vectors, whatever their ids say. */
const embeddingFamily = /embed|^bge$|^voyage$/;
const embeddingId = /embed|(?:^|[/_.@:-])(?:bge|e5|gte)-/;
const rerankingId = /rerank/;

/** What one output modality alone makes of a model. */
const typeOfOutput: Readonly<Record<string, string>> = { image: "image", audio: "speech", video: "video" };

/**
 * The type of a model (DESIGN 3) from its id, its family and its modalities: what it puts out decides; of those that
 * put out text, embedding and reranking show in the id or the family, and a model that reads more than text is
 * multi-modal. Without any output modality: `other`.
 */
export function typeOf(
  id: string,
  family: string | undefined,
  modalities: { readonly input: readonly string[]; readonly output: readonly string[] },
): string {
  const { input, output } = modalities;
  const [first] = output;
  if (first === undefined) return "other";
  if (output.length > 1) return "multi-modal";
  if (first !== "text") return typeOfOutput[first] ?? "other";
  const plainId = id.toLowerCase();
  if (rerankingId.test(plainId)) return "reranking";
  if (embeddingId.test(plainId) || embeddingFamily.test(family?.toLowerCase() ?? "")) return "embedding";
  return input.some((modality) => modality !== "text") ? "multi-modal" : "completion";
}

/** Whether models of this type must state a context length, if only as `unknown` (DESIGN 3). */
export function needsContextLength(type: string): boolean {
  return type === "completion" || type === "multi-modal";
}

/** `YYYY-MM-DD` or `YYYY-MM` that exists. */
export function isPartialDate(text: string): boolean {
  return isDate(text.length === 7 ? `${text}-01` : text);
}
