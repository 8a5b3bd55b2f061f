/** Names of repositories on a forge, read strictly: they become parts of addresses. */

export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

const pattern = /^([A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9])?)\/([A-Za-z0-9._-]{1,100})$/;

/** Reads `owner/name`; undefined when the text is none. */
export function parseRepositoryName(text: string): RepositoryName | undefined {
  const [, owner, name] = pattern.exec(text) ?? [];
  return owner === undefined || name === undefined || /^\.{1,2}$/.test(name) ? undefined : { owner, name };
}

/** Reads `owner/name#7`; undefined when the text is none. */
export function parsePullRequestName(
  text: string,
): { readonly repo: RepositoryName; readonly number: number } | undefined {
  const [, name = "", digits = ""] = /^([^#]+)#([1-9]\d{0,8})$/.exec(text) ?? [];
  const repo = parseRepositoryName(name);
  return repo === undefined ? undefined : { repo, number: Number(digits) };
}

/** `owner/name`. */
export function fullName({ owner, name }: RepositoryName): string {
  return `${owner}/${name}`;
}
