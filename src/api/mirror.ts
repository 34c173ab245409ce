/**
 * A mirror of what vendors hand out, at the vendors' own paths, for a fleet
 * that has one way out, or none.
 *
 * It is trusted with nothing: what it hands on is the vendors' word, and who
 * asks it authenticates that again.
 *
 * @module
 */

import { CasemateError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";
import type { Collateral, CollateralTerms } from "../collateral/collateral.ts";
import type { CollateralItem } from "../evidence/collateral.ts";
import { answerWith } from "./mirror_answer.ts";
import { routeOf } from "./mirror_route.ts";
import { type Problem, problemOf, refusal } from "./problem.ts";

/** Most requests that are answered at once; each may wait for a vendor, who is asked once for all of them. */
export const MAX_UNDER_WAY: number = 256;

/** Longest path and query; the longest of a vendor's has 230 characters. */
const MAX_TARGET = 1024;

/** What a mirror is made of. */
export interface MirrorParts {
  /** What is kept, and who is asked for what is not. */
  readonly collateral: Pick<Collateral, "get">;
  /** Finds an item by its key. */
  readonly itemOfKey: (key: string) => CollateralItem | null;
  /** Engine and lab roots that answers are authenticated with. */
  readonly context: Omit<CollateralTerms, "now">;
  /** Time. */
  readonly clock: Clock;
  /** Most requests at once; default 256. */
  readonly most?: number;
  /** Is told of each request that was answered; absent where nobody wants to know. */
  readonly told?: (served: Served) => void;
}

/** One request that was answered. */
export interface Served {
  /** Method and path with query, as they came, cut to what a vendor's can be. */
  readonly target: string;
  /** Status of the answer. */
  readonly status: number;
  /** Where the content came from; null where there was none. */
  readonly from: string | null;
  /** Why there was none, or why it is older than it should be; null where all is well. */
  readonly why: string | null;
  /** Code of the refusal; null where there was none. */
  readonly code: string | null;
}

/** What of a request is looked at. */
export interface Asked {
  /** Method. */
  readonly method: string;
  /** Path, as the vendor has it. */
  readonly pathname: string;
  /** Query with its question mark; empty where there is none. */
  readonly search: string;
}

/**
 * Makes a mirror.
 *
 * @param parts What it is made of.
 * @returns Answers a request; throws only what is a mistake of the program.
 */
export function createMirror(parts: MirrorParts): (request: Request) => Promise<Response> {
  const handle = createHandler(parts);
  return (request) => handle(askedOf(request));
}

/**
 * Makes a mirror whose requests somebody else has looked at already.
 *
 * @param parts What it is made of.
 * @returns Answers what is asked; throws only what is a mistake of the program.
 */
export function createHandler(parts: MirrorParts): (asked: Asked) => Promise<Response> {
  const { most = MAX_UNDER_WAY } = parts;
  let underWay = 0;
  return async (asked) => {
    if (underWay >= most) return refuse(parts, asked, refusal("api.busy"));
    underWay++;
    try {
      return await answer(parts, asked);
    } catch (error) {
      if (!(error instanceof CasemateError)) throw error;
      return refuse(parts, asked, problemOf(error, parts.clock.now()));
    } finally {
      underWay--;
    }
  };
}

/** The `Host` of a request is its sender's to write, and can make an address that is none. */
function askedOf({ method, url }: Request): Asked {
  if (!URL.canParse(url)) return { method, pathname: "", search: "" };
  const { pathname, search } = new URL(url);
  return { method, pathname, search };
}

async function answer(parts: MirrorParts, asked: Asked): Promise<Response> {
  const { method, pathname, search } = asked;
  if (method !== "GET" && method !== "HEAD") return refuse(parts, asked, refusal("api.method"));
  if (pathname.length + search.length > MAX_TARGET) {
    return refuse(parts, asked, refusal("api.too_long"));
  }
  if (pathname === "/healthz" && search === "") return new Response("ok\n");
  const route = routeOf(pathname, search);
  const item = route === null ? null : parts.itemOfKey(route.key);
  if (route === null || item === null) return refuse(parts, asked, refusal("api.not_found"));
  const now = parts.clock.now();
  const got = await parts.collateral.get(item, { ...parts.context, now });
  tell(parts, asked, { status: 200, from: got.from, why: got.stale, code: null });
  return answerWith(got, { item, now, form: route.form, withBody: method === "GET" });
}

function refuse(parts: MirrorParts, asked: Asked, problem: Problem): Response {
  const { status, code, detail } = problem.body;
  tell(parts, asked, { status, from: null, why: detail, code });
  const headers = { "content-type": "application/problem+json", "cache-control": "no-store" };
  return new Response(asked.method === "HEAD" ? null : `${JSON.stringify(problem.body)}\n`, {
    status,
    headers: { ...headers, ...problem.headers },
  });
}

function tell(
  { told }: MirrorParts,
  { method, pathname, search }: Asked,
  served: Omit<Served, "target">,
): void {
  told?.({ target: `${method} ${pathname}${search}`.slice(0, MAX_TARGET), ...served });
}
