/**
 * A small world for a source of collateral: a clock that waiting moves, a
 * service that answers as told, and documents whose only signature is a word.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  type Collateral,
  type CollateralOptions,
  type CollateralStore,
  type CollateralTerms,
  createCollateral,
  createStore,
  memoryCache,
} from "../../src/collateral/mod.ts";
import { RejectedError, UnavailableError } from "../../src/core/errors.ts";
import type { CacheFiles, Clock, Http, HttpRequest, HttpResponse } from "../../src/core/ports.ts";
import type { CollateralContent, CollateralItem } from "../../src/evidence/collateral.ts";
import { concat } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";

/** When it begins. */
export const START = new Date("2026-11-21T12:00:00Z");
/** An hour and a day, ms. */
export const HOUR = 3600_000;
export const DAY = 24 * HOUR;

/** What a document says. */
export interface Issue {
  /** Key of the item that it is. */
  readonly key: string;
  /** Since when and until when, ms from the start. */
  readonly from: number;
  readonly until: number;
  /** Number; null has none. */
  readonly sequence: string | null;
  /** Under which root. */
  readonly root: string;
}

/** What the service does with a request: an answer, or the error of a host. */
export type Answerer = (request: HttpRequest) => HttpResponse | UnavailableError;

/** The world. */
export interface World {
  readonly collateral: Collateral;
  readonly store: CollateralStore;
  readonly clock: Clock;
  readonly http: Http;
  /** Requests so far. */
  readonly asked: HttpRequest[];
  /** What the service does from now on. */
  answer: Answerer;
  /** Lets time pass, ms. */
  pass(milliseconds: number): void;
  /** Another process on the same files: its own source. */
  other(options?: CollateralOptions): Collateral;
  /** What things are asked for with, now. */
  terms(labRoots?: readonly Uint8Array[]): CollateralTerms;
}

/** A document of a list that changes daily, held for 30 days, issued at the start. */
export function issueOf(change: Partial<Issue> = {}): Issue {
  const usual = { key: "amd-kds/vcek/v1/Milan/crl", from: -HOUR, until: 30 * DAY };
  return { ...usual, sequence: "1", root: "a".repeat(64), ...change };
}

/** The bytes of a document. */
export function bytesOf(issue: Issue): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`signed ${JSON.stringify(issue)}`);
}

/** The answer with a document. */
export function found(issue: Issue = issueOf()): HttpResponse {
  return { status: 200, headers: { date: "whenever", chain: "of it" }, body: bytesOf(issue) };
}

/** An answer without one. */
export function says(status: number, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { status, headers, body: new Uint8Array() };
}

/** An error as hosts tell it. */
export function broken(
  kind: "unreachable" | "timeout" | "cut_short" | "too_large",
): UnavailableError {
  return new UnavailableError(`the service: ${kind}`, {
    code: `collateral.${kind}`,
    retryable: true,
  });
}

/** An item: by its key's service and path, a list that changes. */
export function itemOf(change: Partial<CollateralItem> = {}): CollateralItem {
  const path = change.path ?? "/vcek/v1/Milan/crl";
  const service = change.service ?? "amd-kds";
  const key = `${service}${path}`;
  return {
    key,
    title: `Document at ${path}`,
    kind: "crl",
    service,
    path,
    keepHeaders: ["chain"],
    maxBytes: 1000,
    immutable: false,
    roles: ["crls"],
    read: ({ body }) => Promise.resolve(contentOf(body, key)),
    brought: ({ crls }) =>
      crls instanceof Uint8Array ? { body: crls, headers: { chain: "of it" } } : null,
    ...change,
  };
}

function contentOf(body: Uint8Array, key: string): CollateralContent {
  const [, json] = /^signed (.*)$/.exec(new TextDecoder().decode(body)) ?? [];
  const issue: Issue | undefined = json === undefined ? undefined : JSON.parse(json);
  if (issue === undefined || issue.key !== key) {
    throw new RejectedError("the document is another", { code: "snp.signature_mismatch" });
  }
  return {
    files: { crls: [concat(body)] },
    issued: new Date(START.getTime() + issue.from),
    expires: new Date(START.getTime() + issue.until),
    sequence: issue.sequence,
    root: issue.root,
  };
}

/** A world in which nothing is kept and the service has a document. */
export function worldOf(options?: CollateralOptions, files?: CacheFiles): World {
  let time = START.getTime();
  const clock: Clock = { now: () => new Date(time) };
  const asked: HttpRequest[] = [];
  const http: Http = {
    get(request) {
      asked.push(request);
      const answer = world.answer(request);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const timer = {
    wait: (milliseconds: number): Promise<void> => {
      time += milliseconds;
      return Promise.resolve();
    },
  };
  const random = { bytes: (length: number) => new Uint8Array(length).fill(0x80) };
  const cache = files ?? memoryCache(clock);
  const store = createStore(cache);
  const other = (more: CollateralOptions = options ?? {}): Collateral =>
    createCollateral({ http, store: createStore(cache), clock, timer, random, options: more });
  const world: World = {
    collateral: other(),
    store,
    clock,
    http,
    asked,
    answer: () => found(),
    pass: (milliseconds) => void (time += milliseconds),
    other,
    terms: (labRoots = []) => ({ engine: inlineEngine, now: clock.now(), labRoots }),
  };
  return world;
}

/** Asserts that something is not to be had, and why. */
export async function assertFails(work: Promise<unknown>, code: string): Promise<UnavailableError> {
  const error = await work.then(
    () => assert.fail(`${code} is thrown`),
    (caught: unknown) => caught,
  );
  assert.ok(error instanceof UnavailableError, `${code} is thrown, not ${error}`);
  assert.equal(error.code, code, error.message);
  return error;
}
