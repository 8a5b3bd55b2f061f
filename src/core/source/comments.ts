/**
 * Which comment belongs where, before a file is written anew. The library hands all comments behind the last item of
 * an inner list or map to it as soon as one of them is indented like its items; those further out belong further out.
 * Only comment tokens are moved here, and none is ever dropped.
 */
import type { CST } from "yaml";

type Block = CST.BlockMap | CST.BlockSequence;
type Item = { start: CST.SourceToken[]; key?: CST.Token | null; sep?: CST.SourceToken[]; value?: CST.Token };

/** Moves comments of the tokens to the item whose column they stand in. */
export function settleComments(tokens: readonly CST.Token[]): void {
  for (const token of tokens) {
    if (token.type === "document" && isBlock(token.value)) settle(token.value);
  }
}

function settle(block: Block): void {
  const items: Item[] = block.items;
  for (let i = 0; i < items.length; i++) {
    const value = items[i]?.value;
    if (!isBlock(value)) continue;
    settle(value);
    const outer = takeOuter(value);
    if (outer.length === 0) continue;
    const next = items[i + 1];
    if (next === undefined) items.push({ start: outer });
    else next.start.unshift(...outer);
  }
}

/** Takes the comments behind the last item that stand left of the items, and the blank lines above them. */
function takeOuter(block: Block): CST.SourceToken[] {
  const items: Item[] = block.items;
  const last = items.at(-1);
  if (last === undefined || last.sep !== undefined || last.value !== undefined || last.key) return [];
  const { start } = last;
  let at = start.findIndex(({ type, indent }) => type === "comment" && indent < block.indent);
  if (at < 0) return [];
  while (at > 0 && start[at - 1]?.type !== "comment") at--;
  // The line feed behind a comment that stays is that comment's own.
  if (at > 0 && start[at]?.type === "newline") at++;
  const outer = start.splice(at);
  if (!start.some(({ type }) => type === "comment" || type === "seq-item-ind")) items.pop();
  return outer;
}

function isBlock(token: CST.Token | null | undefined): token is Block {
  return token?.type === "block-map" || token?.type === "block-seq";
}
