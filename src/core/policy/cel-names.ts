/**
 * The names an expression may use, their types and how each is read from the machine (DESIGN 3, CEL).
 * Reading a name never copies the entry; what the file leaves out reads as null, or as an empty list or map.
 */
import type { KindName } from "../model/kind.ts";
import { kinds as allKinds } from "../kinds/index.ts";
import { parseInstant, millisecondsOf } from "../model/instant.ts";
import { schemaOf } from "../validate/schema-tree.ts";
import { withMetadata, type MetadataTypes } from "./cel-metadata.ts";
import type { SubjectEntry, SurroundingName } from "./subject.ts";
import * as types from "./cel-types.ts";
import { CelTime, EMPTY_LIST, EMPTY_MAP, type Run, type Value, type ValueMap } from "./cel-value.ts";

/** What an expression is about: the kinds it may meet, and which surroundings apply where it stands. */
export interface CelNames {
  /** All kinds when empty. */
  readonly kinds: readonly KindName[];
  readonly around?: readonly SurroundingName[];
  /** The custom metadata that entries may carry; then it is typed, and `metadata` reads it with `_` in its keys. */
  readonly metadata?: MetadataTypes;
}

export interface Name {
  readonly type: types.CelType;
  readonly nullable: boolean;
  readonly run: Run;
  /** Where it stands in the file, where it stands there as it is. */
  readonly path?: readonly string[];
}

/** The value that stands for a field the file leaves out. */
export function absent(type: types.CelType): Value {
  return type.kind === "list" ? EMPTY_LIST : types.isContainer(type) ? EMPTY_MAP : null;
}

const valueTypes = new Map<KindName, types.CelType>();
const tables = new Map<string, ReadonlyMap<string, Name>>();

/** The names for a combination of kinds and surroundings; the same table for the same combination. */
export function namesOf({ kinds, around = [], metadata }: CelNames): ReadonlyMap<string, Name> {
  const chosen = kinds.length === 0 ? allKinds.map((kind) => kind.name) : kinds;
  const key = `${[...chosen].sort().join()} ${[...around].sort().join()}`;
  let table = tables.get(key);
  if (table === undefined) tables.set(key, (table = makeTable(chosen, around)));
  return metadata === undefined ? table : withMetadata(table, metadata);
}

function valueType(kind: KindName): types.CelType {
  let type = valueTypes.get(kind);
  if (type === undefined) valueTypes.set(kind, (type = types.typeOfSchema(schemaOf(kind))));
  return type;
}

function field(kind: KindName, name: string): types.CelType | undefined {
  const type = valueType(kind);
  return type.kind === "object" ? type.fields.get(name) : undefined;
}

function specOf(kind: KindName): types.CelType {
  return field(kind, "spec") ?? valueType(kind);
}

/** An entry as a value: its fields, and who it is. */
function view(kind: KindName): types.CelType {
  const type = valueType(kind);
  const fields = new Map(type.kind === "object" ? type.fields : []);
  for (const name of ["id", "kind", "ns", "name", "version"]) fields.set(name, types.string);
  fields.set("spec", specOf(kind));
  return { kind: "object", fields };
}

function makeTable(chosen: readonly KindName[], around: readonly SurroundingName[]): Map<string, Name> {
  const table = new Map<string, Name>();
  const put = (name: string, type: types.CelType, run: Run, nullable = !types.isContainer(type)): void => {
    table.set(name, { type, nullable, run });
  };
  put("id", types.string, (m) => m.entry.id, false);
  put("kind", { kind: "string", values: chosen }, (m) => m.entry.kind, false);
  put("ns", types.string, (m) => m.entry.ns);
  put("name", types.string, (m) => m.entry.name, false);
  put("version", types.string, (m) => m.entry.version);
  for (const [name, fallback] of commonFields) {
    const typeOf = once((): types.CelType => {
      const declared = chosen.map((kind) => field(kind, name)).filter((type) => type !== undefined);
      return declared.length === 0 ? fallback : declared.reduce(types.unify);
    });
    const empty = once(() => absent(typeOf()));
    const run: Run = (m) => (m.entry.value as ValueMap)[name] ?? empty();
    table.set(name, fieldName(typeOf, run, [name]));
  }
  const path = chosen.every((kind) => versioned.has(kind))
    ? ["spec"]
    : chosen.some((kind) => versioned.has(kind))
      ? undefined
      : [];
  table.set(
    "spec",
    fieldName(
      once(() => chosen.map(specOf).reduce(types.unify)),
      (m) => specValue(m.entry),
      path,
    ),
  );
  for (const name of around) table.set(name, surrounding(name));
  return table;
}

/** A field of the entry itself. Its type is made when an expression first reads it: that unites whole schemas. */
function fieldName(typeOf: () => types.CelType, run: Run, path: readonly string[] | undefined): Name {
  return {
    get type() {
      return typeOf();
    },
    get nullable() {
      return !types.isContainer(typeOf());
    },
    run,
    ...(path === undefined ? {} : { path }),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

// Their types, too, are made when an expression first reads them; few expressions do.
function surrounding(name: SurroundingName): Name {
  switch (name) {
    case "usecase":
      return lazyName(
        () => view("UseCase"),
        (m) => viewOf(m.around.usecase),
      );
    case "bundle":
      return lazyName(
        () => view("Bundle"),
        (m) => viewOf(m.around.bundle),
      );
    case "environment":
      return lazyName(
        () => view("Environment"),
        (m) => viewOf(m.around.environment),
      );
    case "evaluations":
      return lazyName(
        () => types.listOf(view("Evaluation")),
        (m) => viewsOf(m.around.evaluations),
      );
    case "dependencies":
      return lazyName(listOfReferable, (m) => viewsOf(m.around.dependencies));
    case "ancestors":
      return lazyName(listOfReferable, (m) => viewsOf(m.around.ancestors));
    case "asOf":
      return { type: types.timestamp, nullable: true, run: (m) => timeOf(m.around.asOf) };
    default:
      return { type: types.string, nullable: true, run: (m) => m.around[name] ?? null };
  }
}

function lazyName(makeType: () => types.CelType, run: Run): Name {
  const typeOf = once(makeType);
  return {
    get type() {
      return typeOf();
    },
    nullable: false,
    run,
  };
}

let referable: types.CelType | undefined;

function listOfReferable(): types.CelType {
  const kinds = allKinds.filter((kind) => kind.shape === "versioned" || kind.name === "Provider");
  return (referable ??= types.listOf(kinds.map((kind) => view(kind.name)).reduce(types.unify)));
}

const commonFields: readonly (readonly [string, types.CelType])[] = [
  ["state", types.string],
  ["title", types.string],
  ["owner", types.string],
  ["labels", types.mapOf(types.string)],
  ["tags", types.listOf(types.string)],
  ["facts", { kind: "object", fields: new Map() }],
  ["serving", { kind: "object", fields: new Map() }],
  ["extensions", types.mapOf(types.dyn)],
];

function specValue(entry: SubjectEntry): ValueMap {
  const value = entry.value as ValueMap;
  if (!versioned.has(entry.kind)) return value;
  return (value["spec"] ?? EMPTY_MAP) as ValueMap;
}

const versioned: ReadonlySet<KindName> = new Set(
  allKinds.filter((kind) => kind.shape === "versioned").map((kind) => kind.name),
);

const views = new WeakMap<SubjectEntry, ValueMap>();

function viewOf(entry: SubjectEntry | undefined): ValueMap {
  if (entry === undefined) return EMPTY_MAP;
  let made = views.get(entry);
  if (made === undefined) {
    const { id, kind, ns, name, version } = entry;
    made = { ...(entry.value as ValueMap), id, kind, ns, name, version, spec: specValue(entry) };
    views.set(entry, made);
  }
  return made;
}

const lists = new WeakMap<readonly SubjectEntry[], readonly ValueMap[]>();

function viewsOf(entries: readonly SubjectEntry[] | undefined): readonly Value[] {
  if (entries === undefined || entries.length === 0) return EMPTY_LIST;
  let made = lists.get(entries);
  if (made === undefined) lists.set(entries, (made = entries.map(viewOf)));
  return made;
}

function timeOf(text: string | undefined): CelTime | null {
  const instant = text === undefined ? undefined : parseInstant(text);
  return instant === undefined ? null : new CelTime(millisecondsOf(instant));
}
