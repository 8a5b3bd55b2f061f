/**
 * When and by whom entries landed first and changed last (DESIGN 6), for showing beside them. Of a history only the names
 * of what changed are read, and the people; the clone keeps the answer, so that the next reads only what landed since.
 */
import { draftOf, emptyHistory, takeSome, type History, type Marks } from "../core/audit/events.ts";
import { noDependencies } from "../core/audit/dependencies.ts";
import { parseHistoryState, renderHistoryState } from "../core/audit/state.ts";
import { tipOfLine, walkLandings } from "./landed.ts";
import { Failure } from "../core/model/failure.ts";
import type { Ports, Repository } from "./ports.ts";
import type { OpenRegistry } from "./read.ts";

const NOTE = "marks.json";

const isPerson = (path: string): boolean => path.startsWith("registry/governance/identities/");

type Asked = Pick<OpenRegistry, "repository" | "commit" | "root">;

/**
 * The marks of what an opened registry holds, by reference. None without git, before the first landing, and where this clone
 * lacks history: what stands beside a list is no reason to show none.
 */
export async function marksFor(
  open: Asked,
  ports: Pick<Ports, "openCloneNotes">,
): Promise<ReadonlyMap<string, Marks>> {
  try {
    return await marksOf(open, ports);
  } catch (error) {
    if (error instanceof Failure && error.category === "unavailable") return new Map();
    throw error;
  }
}

async function marksOf(
  { repository, commit, root }: Asked,
  ports: Pick<Ports, "openCloneNotes">,
): Promise<ReadonlyMap<string, Marks>> {
  if (repository === undefined || (await repository.isShallow())) return new Map();
  const tip = commit ?? (await tipOfLine(repository));
  if (tip === null) return new Map();
  const notes = await ports.openCloneNotes(root);
  const text = notes.read(NOTE);
  const kept = text === undefined ? undefined : parseHistoryState(text);
  const grown = (kept && (await grow(kept, tip, repository))) ?? (await grow(emptyHistory, tip, repository));
  // A look into the past leaves what is kept as it is.
  if (grown !== undefined && commit === null && grown.tip?.oid !== kept?.tip?.oid)
    notes.write(NOTE, renderHistoryState(grown));
  return grown?.marks ?? new Map();
}

/** Undefined where the history's last landing is not on the line to `tip`. */
async function grow(history: History, tip: string, repository: Repository): Promise<History | undefined> {
  const draft = draftOf(history);
  const options = { ...(history.tip && { after: history.tip }), reads: isPerson };
  for await (const batch of walkLandings(repository, tip, options)) {
    if (batch === null) return undefined;
    for (const landed of batch) takeSome(draft, landed);
  }
  // Nothing but marks and people is true of what was read in part.
  return { ...draft, events: [], rules: new Map(), scopes: new Map(), dependencies: noDependencies };
}
