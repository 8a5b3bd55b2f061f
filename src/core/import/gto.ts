/**
 * Git tags of GTO (github.com/iterative/gto): `name@v1.2.3` registers a version, `name#prod#2` assigns a stage to the
 * version that was registered on the same commit, `!` takes either back, `name@deprecated` ends the whole artifact. They
 * come as a list of tags, or as what `git for-each-ref` or `git show-ref --tags -d` prints; only with commits it is
 * known which version a stage means.
 */
import * as codes from "./codes.ts";
import { collect, type Collected } from "./foreign.ts";
import { parseTag, type GtoTag } from "./gto-tag.ts";
import { compact, identityKey, type ImportFormat, type Wanted } from "./record.ts";
import { isVersion } from "../model/ref.ts";
import { cleanLine, quoted } from "./text.ts";

const home = "gto";

export const gto: ImportFormat = {
  name: "gto",
  summary: "Git tags of GTO: a list, or the output of git for-each-ref or git show-ref --tags -d.",
  source: { is: "file" },
  uri: "https://github.com/iterative/gto",
  partial: true,
  looksRight: () => true,
  read: (source, wanted) => collect(source, (text, file, into) => readTags(text, file, wanted, into)),
};

/** A tag with where it points. */
interface Placed {
  readonly tag: GtoTag;
  readonly commit: string | undefined;
}

/** More lines than any repository has tags. */
const mostLines = 200_000;

function readTags(text: string, file: string, wanted: Wanted, into: Collected): void {
  const lines = text.split(/\r?\n/);
  if (lines.length > mostLines) {
    into.report(codes.unreadable, file, `It has ${lines.length} lines; at most ${mostLines} are read.`);
    return;
  }
  const artifacts = new Map<string, Placed[]>();
  for (const [name, commit] of namesIn(lines)) {
    const tag = parseTag(name);
    if (tag === undefined) {
      into.report(codes.notGto, file, `${quoted(name)} is no tag of GTO.`);
      continue;
    }
    if (!wanted(identityKey(home, tag.artifact))) continue;
    const list = artifacts.get(tag.artifact);
    if (list === undefined) artifacts.set(tag.artifact, [{ tag, commit }]);
    else list.push({ tag, commit });
  }
  for (const [artifact, tags] of artifacts) readArtifact(artifact, tags, file, into);
  if (into.records.length > 0) {
    into.records.push({
      kind: "Provider",
      file,
      identity: { by: "upstream", provider: null, id: home },
      value: { title: "GTO (git tags)", sources: [{ path: file }] },
    });
  }
}

/** The names of tags with their commits. A line `<name>^{}` holds the commit of an annotated tag, whose own id is its object's. */
function namesIn(lines: readonly string[]): ReadonlyMap<string, string | undefined> {
  const names = new Map<string, string | undefined>();
  for (const line of lines) {
    const words = line.trim().split(/\s+/);
    const ids = words.filter((word) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(word));
    const named =
      words.find((word) => word.startsWith("refs/tags/")) ?? words.find((word) => /[@#]/.test(word));
    const name = (named ?? (words.length === 1 ? (words[0] ?? "") : "")).replace(/^refs\/tags\//, "");
    if (name === "") continue;
    const peeled = name.endsWith("^{}");
    const plain = peeled ? name.slice(0, -3) : name;
    // `git for-each-ref --format='%(objectname) %(*objectname) %(refname)'` states the tag's own id first.
    const commit = ids.at(-1);
    if (peeled || !names.has(plain)) names.set(plain, commit);
  }
  return names;
}

const states: ReadonlyMap<string, string> = new Map([
  ["prod", "production"],
  ["production", "production"],
  ["staging", "beta"],
  ["stage", "beta"],
]);

const alike: ReadonlyMap<string, readonly string[]> = new Map([
  ["prod", ["prod", "production"]],
  ["production", ["production", "prod"]],
  ["staging", ["staging", "stage"]],
  ["stage", ["stage", "staging"]],
]);

function readArtifact(artifact: string, tags: readonly Placed[], file: string, into: Collected): void {
  const bad = (message: string): void =>
    into.report(codes.unreadable, file, `${quoted(artifact)}: ${message}`);
  const latest = lastOf(tags);
  const ended = latest.get("deprecated") !== undefined && latest.get("deprecated")?.tag.cancel !== true;
  const versions = new Map<string, { readonly commit: string | undefined; readonly gone: boolean }>();
  for (const { tag, commit } of latest.values()) {
    if (tag.version === undefined) continue;
    if (!isVersion(tag.version))
      bad(`${quoted(tag.version)} is no version here (strict SemVer, lower case, no build).`);
    else versions.set(tag.version, { commit: commit ?? commitOf(tags, tag.version), gone: tag.cancel });
  }
  const stages = new Map<string, string>();
  for (const { tag, commit } of latest.values()) {
    if (tag.stage === undefined || tag.cancel) continue;
    const here = [...versions].filter(([, version]) => commit !== undefined && version.commit === commit);
    const version = here.at(-1)?.[0];
    if (commit === undefined)
      bad(`stage ${quoted(tag.stage)} is assigned, but without commits nobody knows to which version.`);
    else if (version === undefined)
      bad(
        `stage ${quoted(tag.stage)} is assigned to a commit without a version (of annotated tags the commits are needed: git show-ref --tags -d).`,
      );
    else stages.set(tag.stage, version);
  }
  for (const [version, { commit, gone }] of versions) {
    const own = [...stages].filter(([, at]) => at === version).map(([stage]) => stage);
    const stage =
      own.find((each) => states.get(each) === "production") ?? own.find((each) => states.has(each));
    const state = ended || gone ? "deprecated" : states.get(stage ?? "");
    const what = `${quoted(artifact)} ${version}`;
    if (state !== undefined) {
      const from = ended ? "@deprecated" : gone ? "a version taken back (!)" : `stage ${stage ?? ""}`;
      into.report(codes.stageMapped, file, `${what}: ${from} became state ${state}.`);
    }
    into.records.push({
      kind: "Model",
      file,
      identity: { by: "version", namespace: home, id: artifact, version },
      value: compact({
        title: cleanLine(`${artifact} ${version}`, 200).text,
        state,
        ...(state === "deprecated" && { reason: "Its git tag takes it back.", sunset: "unknown" }),
        spec: { provider: `provider:${home}`, upstreamId: artifact, type: "other" },
        sources: [compact({ path: file, commit, note: `Tag ${artifact}@v${version}.` })],
      }),
    });
  }
  const of = { namespace: home, id: artifact };
  const aliases = [...stages].filter(
    ([stage]) => /^[a-z0-9][a-z0-9._-]{0,99}$/.test(stage) && stage !== "latest",
  );
  if (aliases.length > 0) {
    const value = { aliases: Object.fromEntries(aliases), sources: [{ path: file }] };
    into.records.push({ kind: "Aliases", file, identity: { by: "version", ...of, version: null }, value });
  }
  for (const [stage, version] of stages) {
    if (ended || versions.get(version)?.gone === true) continue;
    const provenance = { codeRevision: versions.get(version)?.commit ?? version };
    const environments = alike.get(stage) ?? [stage];
    into.live.push({ file, of: { ...of, version }, stage: `GTO stage ${stage}`, environments, provenance });
  }
}

/** Of each thing that can be tagged again the tag that counts: the highest number, or the only one. */
function lastOf(tags: readonly Placed[]): ReadonlyMap<string, Placed> {
  const last = new Map<string, Placed>();
  for (const placed of tags) {
    const { version, stage, counter, deprecated } = placed.tag;
    const key =
      version !== undefined
        ? `@v${version}`
        : stage !== undefined
          ? `#${stage}`
          : deprecated
            ? "deprecated"
            : "created";
    const before = last.get(key);
    const newer =
      before === undefined ||
      counter > before.tag.counter ||
      (counter === before.tag.counter && placed.tag.cancel);
    if (newer) last.set(key, placed);
  }
  return last;
}

/** Where a version was registered, when the tag that counts is another. */
function commitOf(tags: readonly Placed[], version: string): string | undefined {
  return tags.find(({ tag, commit }) => tag.version === version && commit !== undefined)?.commit;
}
