/**
 * The project's own lint rules, loaded by oxlint. They exist where the built-in rules cannot see: directions
 * between folders also through `import()` and type imports, clocks read by a bare `new Date()`, and types that
 * are talked into something else through `unknown`.
 */
import { judge } from "./judge.ts";

/** The little of ESTree that the rules look at. */
interface Node {
  readonly type: string;
  readonly source?: Node | null;
  readonly value?: unknown;
  readonly importKind?: string;
  readonly exportKind?: string;
  readonly specifiers?: readonly Node[];
  readonly callee?: Node;
  readonly name?: string;
  readonly arguments?: readonly Node[];
  readonly expression?: Node;
  readonly typeAnnotation?: Node;
}

interface Context {
  readonly filename: string;
  report(finding: { readonly node: Node; readonly message: string }): void;
}

type Visitor = Readonly<Record<string, (node: Node) => void>>;

/** The path below src/ of a file, or undefined when it stands elsewhere or is generated. */
function belowSrc(filename: string): string | undefined {
  const below = filename.replaceAll("\\", "/").split("/src/").at(-1);
  return below === undefined || below === filename || below.startsWith("generated/") ? undefined : below;
}

function directions(context: Context): Visitor {
  const from = belowSrc(context.filename);
  if (from === undefined) return {};
  const look = (node: Node, source: Node | null | undefined, typesOnly: boolean): void => {
    if (source === null || source === undefined) return;
    const message =
      typeof source.value === "string"
        ? judge({ from, specifier: source.value, typesOnly })
        : "An import whose name is computed cannot be checked: write the name out.";
    if (message !== undefined) context.report({ node, message });
  };
  const typesOnly = (node: Node): boolean => {
    if ((node.importKind ?? node.exportKind) === "type") return true;
    const names = node.specifiers ?? [];
    return names.length > 0 && names.every((name) => (name.importKind ?? name.exportKind) === "type");
  };
  return {
    ImportDeclaration: (node) => look(node, node.source, typesOnly(node)),
    ExportNamedDeclaration: (node) => look(node, node.source, typesOnly(node)),
    ExportAllDeclaration: (node) => look(node, node.source, typesOnly(node)),
    ImportExpression: (node) => look(node, node.source, false),
    TSImportType: (node) => look(node, node.source, true),
  };
}

function clockless(context: Context): Visitor {
  const from = belowSrc(context.filename);
  if (from === undefined || !from.startsWith("core/")) return {};
  const look = (node: Node): void => {
    if (node.callee?.type !== "Identifier" || node.callee.name !== "Date") return;
    if (node.type === "NewExpression" && (node.arguments ?? []).length > 0) return;
    context.report({ node, message: "The core has no clock: time arrives as the argument asOf." });
  };
  return { NewExpression: look, CallExpression: look };
}

function honestTypes(context: Context): Visitor {
  return {
    TSAsExpression: (node) => {
      const inner = node.expression;
      if (inner?.type !== "TSAsExpression" || inner.typeAnnotation?.type !== "TSUnknownKeyword") return;
      context.report({
        node,
        message: "`as unknown as` hides what is not known: check the value and let the type follow.",
      });
    },
  };
}

export default {
  meta: { name: "assent" },
  rules: {
    directions: { create: directions },
    clockless: { create: clockless },
    "honest-types": { create: honestTypes },
  },
};
