/**
 * A lineage for a terminal: one tree of what the entry comes from and one of what it goes into. What stands in several
 * places is opened once and then referred to; a circle is named where it closes. Deep ones are drawn without recursion.
 */
import type { LineageResult } from "../../app/lineage.ts";
import type { Orphan } from "../../core/lineage/orphans.ts";
import { relationTypes } from "../../core/lineage/relations.ts";
import type { View, ViewEdge, ViewNode } from "../../core/lineage/view.ts";
import { inWords } from "../../core/validate/cycles.ts";
import type { CommandContext, Style } from "../command.ts";
import { escapeLine } from "./escape.ts";
import { renderTable } from "./table.ts";

/** The answer of `assent lineage`. */
export function lineageText({ view, compared }: LineageResult, { style }: CommandContext): string {
  const { root, direction, nodes, cycles } = view;
  const byRef = new Map(nodes.map((node) => [node.ref, node]));
  const self = byRef.get(root);
  const lines = [`${style.bold(escapeLine(root))}${self === undefined ? "" : marks(self, style)}`];
  if (compared !== null) {
    const counts = (change: string): string =>
      `${nodes.filter((node) => node.change === change).length} entries ${change}`;
    lines.push(
      style.dim(`from ${escapeLine(compared.from)} to ${escapeLine(compared.to ?? "the work tree")}`) +
        `: ${style.green(counts("added"))}, ${style.red(counts("removed"))}`,
    );
  }
  if (direction !== "down") lines.push(...treeOf(view, "up", byRef, style));
  if (direction !== "up") lines.push(...treeOf(view, "down", byRef, style));
  if (cycles.length > 0) {
    lines.push("", style.yellow(cycles.length === 1 ? "A circle:" : `${cycles.length} circles:`));
    for (const cycle of cycles) lines.push(`  ${escapeLine(inWords(cycle))}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The answer of `assent lineage --orphans`. */
export function orphansText(orphans: readonly Orphan[], { style, columns }: CommandContext): string {
  if (orphans.length === 0)
    return `${style.green("none")}  everything is live, aliased, or part of what is\n`;
  const because = { unreferenced: "nothing refers to it", "only-orphans": "only orphans refer to it" };
  const rows = orphans.map((orphan) => [
    orphan.ref,
    orphan.state ?? "",
    orphan.owner ?? "",
    because[orphan.because],
  ]);
  const table = renderTable(["ENTRY", "STATE", "OWNER", "BECAUSE"], rows, columns, style, 0);
  return `${table.join("\n")}\n\n${orphans.length} held by no scope, no alias and no bundle on its way\n`;
}

interface Open {
  readonly ref: string;
  readonly indent: string;
  readonly branches: readonly Branch[];
  at: number;
}

interface Branch {
  readonly to: string;
  readonly words: string;
  readonly change: ViewEdge["change"];
}

function treeOf(
  view: View,
  side: "up" | "down",
  byRef: ReadonlyMap<string, ViewNode>,
  style: Style,
): readonly string[] {
  const branches = branchesOf(view.edges, side);
  const lines = ["", style.dim(side === "up" ? "comes from" : "goes into")];
  const first = branches.get(view.root) ?? [];
  if (first.length === 0) return [...lines, style.dim(side === "up" ? "   nothing" : "   nothing yet")];
  const opened = new Set([view.root]);
  const path: Open[] = [{ ref: view.root, indent: "", branches: first, at: 0 }];
  const onPath = new Set([view.root]);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const branch = top.branches[top.at++];
    if (branch === undefined) {
      path.pop();
      onPath.delete(top.ref);
      continue;
    }
    const { to, words, change } = branch;
    const isLast = top.at === top.branches.length;
    const below = branches.get(to) ?? [];
    const node = byRef.get(to);
    const sign = change === "added" ? style.green("+ ") : change === "removed" ? style.red("- ") : "";
    const again = onPath.has(to)
      ? style.yellow("  (a circle)")
      : opened.has(to) && below.length > 0
        ? style.dim("  (see above)")
        : "";
    const shown = `${escapeLine(to)}${node === undefined ? "" : marks(node, style)}${again}`;
    lines.push(`${top.indent}${isLast ? "└─ " : "├─ "}${sign}${style.dim(words)} ${shown}`);
    if (opened.has(to)) continue;
    opened.add(to);
    if (below.length === 0) continue;
    onPath.add(to);
    path.push({ ref: to, indent: `${top.indent}${isLast ? "   " : "│  "}`, branches: below, at: 0 });
  }
  return lines;
}

/** What hangs below each entry in a tree of one side; several edges of one sort between two entries are one branch. */
function branchesOf(edges: readonly ViewEdge[], side: "up" | "down"): ReadonlyMap<string, readonly Branch[]> {
  const found = new Map<string, Map<string, Branch>>();
  for (const { below, above, type, change } of edges) {
    const [from, to] = side === "up" ? [below, above] : [above, below];
    const list = found.get(from) ?? new Map<string, Branch>();
    found.set(from, list);
    const key = `${type} ${to}`;
    const known = list.get(key);
    list.set(key, {
      to,
      words: relationTypes[type][side],
      change: known === undefined || known.change === change ? change : "same",
    });
  }
  return new Map([...found].map(([ref, list]) => [ref, [...list.values()]]));
}

function marks({ state, missing }: ViewNode, style: Style): string {
  if (missing) return style.red("  missing");
  if (state === null) return "";
  const atEnd = state === "deprecated" || state === "retired" || state === "rejected" || state === "archived";
  return `  ${atEnd ? style.yellow(state) : style.dim(state)}`;
}
