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

/**
 * The host of a forge's pages and repositories, with its port where it has one, from what the environment names: its
 * server, else what serves its API (`api.github.com` serves github.com, an Enterprise Server its own).
 */
export function forgeHostOf(serverUrl: string | undefined, apiUrl: string | undefined): string {
  const hostIn = (url: string | undefined): string | undefined =>
    /^https?:\/\/([A-Za-z0-9.-]+(?::\d{1,5})?|\[[0-9A-Fa-f:]+\](?::\d{1,5})?)(?:\/|$)/
      .exec(url ?? "")?.[1]
      ?.toLowerCase();
  return (
    hostIn(serverUrl) ??
    hostIn(apiUrl)?.replace(/^api\.(?=github\.com$|[^.]+\.ghe\.com$)/, "") ??
    "github.com"
  );
}

/**
 * The repository that a remote's address names on a forge's host: `https://<host>/owner/name.git`,
 * `ssh://git@<host>/owner/name.git` or `git@<host>:owner/name.git`. Undefined for every other address. Credentials in an
 * address are passed over.
 */
export function repositoryOfRemote(address: string, host: string): RepositoryName | undefined {
  const [, web, webPath = ""] = /^https?:\/\/(?:[^/@\s]*@)?([^/@\s]+)\/(\S+)$/i.exec(address) ?? [];
  const [, shell, shellPath = ""] =
    /^ssh:\/\/(?:[^/@\s]*@)?([^/:@\s]+)(?::\d{1,5})?\/(\S+)$/i.exec(address) ??
    /^(?:[^/@:\s]+@)?([^/:@\s]+):(?!\/\/)\/?(\S+)$/.exec(address) ??
    [];
  const name = host.replace(/:\d+$/, "");
  // GitHub answers ssh on the port of https under a name of its own.
  const isHere =
    web !== undefined
      ? web.toLowerCase() === host
      : shell?.toLowerCase() === name || shell?.toLowerCase() === `ssh.${name}`;
  const path = web === undefined ? shellPath : webPath;
  return isHere ? parseRepositoryName(path.replace(/\/$/, "").replace(/\.git$/, "")) : undefined;
}
