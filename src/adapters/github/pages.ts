/**
 * Reads lists to their end. A list ends where a page is short AND names no next page: a proxy that strips headers or
 * a page that got lost must never hide the review that counts. Addresses in Link headers are never asked; only their
 * cursor is read.
 */
import { listOf, objectOf, malformed } from "./answer.ts";
import type { Client, Parameters } from "./client.ts";

const pageSize = 100;

export interface Pages {
  readonly items: readonly unknown[];
  /** False when there was more than could be read. */
  readonly whole: boolean;
}

export interface PageOptions {
  /** Under which key of each answer the list stands; absent = the answer is the list. */
  readonly key?: string;
  /** How many pages are read at most. */
  readonly most?: number;
}

/** A list that counts its pages. */
export async function readPages(
  client: Client,
  route: string,
  parameters: Parameters,
  options: PageOptions = {},
): Promise<Pages> {
  const { key, most = 100 } = options;
  const items: unknown[] = [];
  for (let page = 1; page <= most; page += 1) {
    const { data, link } = await client.ask(route, { ...parameters, per_page: pageSize, page });
    const found = listIn(data, key, route);
    items.push(...found);
    const more = hasNext(link);
    if (found.length < pageSize && !more) return { items, whole: true };
    // A next page is promised after one that is not full: something is missing in between.
    if (found.length === 0) return { items, whole: false };
  }
  return { items, whole: false };
}

/** A list that is read on with a cursor (`after`). */
export async function readCursor(
  client: Client,
  route: string,
  parameters: Parameters,
  most: number,
): Promise<Pages> {
  const items: unknown[] = [];
  let after: string | undefined;
  for (let page = 1; page <= most; page += 1) {
    const { data, link } = await client.ask(route, {
      ...parameters,
      per_page: pageSize,
      ...(after !== undefined && { after }),
    });
    items.push(...listIn(data, undefined, route));
    if (!hasNext(link)) return { items, whole: true };
    const next = /[?&]after=([\w%.=~-]{1,500})[^<>]*>;\s*rel="next"/.exec(link)?.[1];
    if (next === undefined) throw malformed(`${route} names a next page without saying where it starts`);
    after = decodeURIComponent(next);
  }
  return { items, whole: false };
}

function listIn(data: unknown, key: string | undefined, what: string): readonly unknown[] {
  return listOf(key === undefined ? data : objectOf(data, what)[key], what);
}

function hasNext(link: string): boolean {
  return /;\s*rel="next"/.test(link);
}
