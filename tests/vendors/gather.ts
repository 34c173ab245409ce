/**
 * Gets what evidence needs as plainly as it can be got: no cache, no second
 * attempt. What is tested with it is which addresses are asked and what answers
 * are taken for; `src/collateral` has tests of its own.
 *
 * @module
 */

import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { RejectedError, UnavailableError } from "../../src/core/errors.ts";
import type { Http, HttpResponse } from "../../src/core/ports.ts";
import { SERVICES } from "../../src/collateral/services.ts";
import type {
  CollateralContent,
  CollateralItem,
  CollateralQuestion,
} from "../../src/evidence/collateral.ts";
import type { AnyTechnology, FilesByRole } from "../../src/evidence/evidence.ts";
import { NOW } from "../lab_authority.ts";

/** What was got. */
export interface Gathered {
  /** Files of the evidence, those that were got in place of its own. */
  readonly files: FilesByRole;
  /** Contents by key of what was wanted. */
  readonly contents: ReadonlyMap<string, CollateralContent>;
}

/** Terms of getting. */
export interface GatherTerms {
  /** Network. */
  readonly http: Http;
  /** Lab roots that are trusted. */
  readonly labRoots: readonly Uint8Array[];
  /** More of the question. */
  readonly question?: Partial<CollateralQuestion>;
}

/** What is asked, and whom. */
export const engine = inlineEngine;

/** Says what evidence needs. */
export async function itemsOf(
  technology: AnyTechnology,
  files: FilesByRole,
  question: Partial<CollateralQuestion> = {},
): Promise<readonly CollateralItem[]> {
  return await technology.collateral?.({ engine, files, ...question }) ?? [];
}

/** Gets all that evidence needs. */
export async function gather(
  technology: AnyTechnology,
  evidence: FilesByRole,
  terms: GatherTerms,
): Promise<Gathered> {
  const contents = new Map<string, CollateralContent>();
  let files = evidence;
  // What was got may say what else is needed.
  for (let known = -1; known < contents.size;) {
    known = contents.size;
    for (const item of await itemsOf(technology, files, terms.question)) {
      const content = contents.get(item.key) ?? await obtain(item, terms, contents);
      files = { ...files, ...content.files };
    }
  }
  return { files, contents };
}

/**
 * Gets one thing, and before it what it needs.
 *
 * @param item The thing.
 * @param terms Network and roots.
 * @param contents Where what was got is put, by the key of what was asked for at last.
 */
export async function obtain(
  item: CollateralItem,
  terms: GatherTerms,
  contents = new Map<string, CollateralContent>(),
): Promise<CollateralContent> {
  const needed = [];
  for (const need of item.needs ?? []) {
    needed.push(contents.get(need.key) ?? await obtain(need, terms, contents));
  }
  const response = await request(item, terms.http);
  const [next, ...others] = item.instead ?? [];
  if (response.status === 404 && next !== undefined) {
    return await obtain({ ...next, instead: others }, terms, contents);
  }
  if (response.status !== 200) {
    const fields = { status: `${response.status}` };
    throw new UnavailableError("no", { code: "collateral.status", fields, retryable: true });
  }
  const headers = Object.fromEntries(
    item.keepHeaders.flatMap((name) => {
      const value = response.headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const context = { engine, now: NOW, labRoots: terms.labRoots, needed };
  const content = await item.read({ body: response.body, headers }, context);
  contents.set(item.key, content);
  return content;
}

async function request(item: CollateralItem, http: Http): Promise<HttpResponse> {
  return await http.get({
    url: `${SERVICES[item.service].base}${item.path}`,
    headers: item.headers ?? {},
    maxBytes: item.maxBytes,
    timeout: 1000,
  });
}

/** Code of the refusal that something ends with; null where it ends well. */
export async function codeOf(asked: Promise<unknown>): Promise<string | null> {
  try {
    await asked;
    return null;
  } catch (error) {
    if (error instanceof UnavailableError || error instanceof RejectedError) return error.code;
    throw error;
  }
}
