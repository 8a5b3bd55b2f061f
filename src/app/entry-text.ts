/** An entry's value as canonical YAML, for showing. It must never be written to a file that has comments. */
import { kindOfWord } from "../core/kinds/index.ts";
import type { JsonObject } from "../core/model/json.ts";
import { render } from "../core/source/render.ts";
import { asFound } from "../core/source/key-order.ts";
import { keyOrders } from "../generated/key-order.ts";

/** The text `assent fmt` would write for this value. */
export function renderEntry(kindName: string, value: JsonObject): string {
  const kind = kindOfWord(kindName);
  return render(value, kind === undefined ? asFound : keyOrders[kind.name]);
}
