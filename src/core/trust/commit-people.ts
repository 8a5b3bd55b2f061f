/**
 * The people that a commit object names: author, committer, and the co-authors in its trailers. All of it is written by
 * whoever made the commit, so it may keep people out and never let anybody in. Read so that nobody named is overlooked.
 */

/** E-mail addresses as they stand in a commit; "" where it names none. */
export interface CommitPeople {
  readonly author: string;
  readonly committer: string;
  readonly parents: readonly string[];
}

const decoder = new TextDecoder();

/** Reads the header of a commit object. */
export function parsePeople(bytes: Uint8Array): CommitPeople {
  const parents: string[] = [];
  let author = "";
  let committer = "";
  for (const line of headerOf(bytes).split("\n")) {
    if (line.startsWith("parent ")) parents.push(line.slice("parent ".length));
    else if (line.startsWith("author ")) author = addressIn(line);
    else if (line.startsWith("committer ")) {
      committer = addressIn(line);
      break;
    }
  }
  return { author, committer, parents };
}

/** The addresses after `Co-authored-by:` anywhere in the message, in whatever case and place: forges are lenient too. */
export function coAuthorsOf(bytes: Uint8Array): readonly string[] {
  const text = decoder.decode(bytes);
  const message = text.slice(headerOf(bytes).length);
  const found = new Set<string>();
  for (const [, rest = ""] of message.matchAll(/^[ \t]*co-authored-by[ \t]*:([^\r\n]*)/gim)) {
    for (const [, address = ""] of rest.matchAll(/<([^<>]*)>/g)) found.add(address.trim());
    if (!rest.includes("<") && rest.includes("@")) found.add(rest.trim());
  }
  return [...found];
}

function headerOf(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  const blank = text.indexOf("\n\n");
  return blank < 0 ? text : text.slice(0, blank);
}

function addressIn(line: string): string {
  // No pattern: on a line of nothing but "<" it would look for the end behind each of them.
  const from = line.indexOf("<");
  const to = from < 0 ? -1 : line.indexOf(">", from);
  return to < 0 ? "" : line.slice(from + 1, to).trim();
}
