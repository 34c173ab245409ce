/**
 * One thing that evidence needs: got from a source, or kept as the evidence brought it.
 *
 * @module
 */

import { type CasemateError, InputError, RejectedError, UnavailableError } from "../core/errors.ts";
import type { Collateral, CollateralTerms, Obtained } from "../collateral/collateral.ts";
import type { CollateralContent, CollateralItem } from "../evidence/collateral.ts";
import type { FilesByRole } from "../evidence/evidence.ts";
import type { CollateralUsed } from "../results/result.ts";

/** Longest text that a result takes of it, characters. */
const MAX_TEXT = 500;
const NO_TEXT = /[\p{Cc}\p{Zl}\p{Zp}]/gu;

/** What came of one thing. */
export interface Outcome {
  /** The thing. */
  readonly item: CollateralItem;
  /** What is used; null where the evidence's files stay as they are. */
  readonly content: CollateralContent | null;
  /** Roles of the evidence's files that are not used, since nobody could establish them or they are too old. */
  readonly dropped: readonly string[];
  /** What the result says of it; null where nothing is used. */
  readonly used: CollateralUsed | null;
  /** Why nothing is used; null where something is. */
  readonly error: UnavailableError | null;
}

/**
 * Gets each thing once.
 *
 * @param files Files of the evidence.
 * @param collateral Where to get it.
 * @param terms Engine, time, lab roots.
 * @returns Gives what came of a thing; with `refresh` it asks again.
 */
export function resolver(
  files: FilesByRole,
  collateral: Collateral,
  terms: CollateralTerms,
): (item: CollateralItem, refresh?: boolean) => Promise<Outcome> {
  const until = collateral.until();
  const known = new Map<string, Promise<Outcome>>();
  const resolve = (item: CollateralItem, refresh = false): Promise<Outcome> => {
    const before = refresh ? undefined : known.get(item.key);
    const found = before ?? outcomeOf(item, refresh);
    known.set(item.key, found);
    return found;
  };
  const outcomeOf = async (item: CollateralItem, refresh: boolean): Promise<Outcome> => {
    try {
      const got = await collateral.get(item, terms, { refresh, until });
      return { item, content: got.content, dropped: [], used: usedOf(got), error: null };
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      return await broughtOutcome(item, error);
    }
  };
  const broughtOutcome = async (
    item: CollateralItem,
    error: UnavailableError,
  ): Promise<Outcome> => {
    const content = await broughtContent(item);
    if (content instanceof Error) return nothingOf(item, error, content.message);
    if (content === null) return nothingOf(item, error, null);
    const objection = await collateral.objection(item, content, terms.now);
    if (objection !== null) return nothingOf(item, error, objection);
    return { item, content, dropped: [], used: usedOfEvidence(item, content, error), error: null };
  };
  /** What the evidence brought, where it is what it should be; null where that cannot be said. */
  const broughtContent = async (
    item: CollateralItem,
  ): Promise<CollateralContent | CasemateError | null> => {
    const answer = item.brought?.(files) ?? null;
    if (answer === null) return null;
    const needed: CollateralContent[] = [];
    for (const one of item.needs ?? []) {
      const { content } = await resolve(one);
      if (content === null) return null;
      needed.push(content);
    }
    try {
      const content = await item.read(answer, { ...terms, needed });
      return [content.issued, content.expires].some((date) => Number.isNaN(date.getTime()))
        ? null
        : content;
    } catch (error) {
      if (error instanceof RejectedError || error instanceof InputError) return error;
      throw error;
    }
  };
  return resolve;
}

/**
 * Nothing that can change is used without being established: a list that stood
 * beside another, or without what it is read with, would escape what was seen.
 * What never changes stays, to be verified or refused with the evidence.
 */
function nothingOf(item: CollateralItem, error: UnavailableError, why: string | null): Outcome {
  const dropped = item.immutable ? [] : item.roles;
  const told = why === null ? error : withReason(error, why);
  return { item, content: null, dropped, used: null, error: told };
}

function withReason(error: UnavailableError, why: string): UnavailableError {
  const { code, fields, retryable, message } = error;
  const told = `${message}; what the evidence brought is not used: ${why}`;
  return new UnavailableError(told, { code, fields, retryable, cause: error });
}

function usedOf({ key, title, from, content, confirmed, stale }: Obtained): CollateralUsed {
  return {
    key,
    title: lineOf(title),
    from: lineOf(from),
    issued: content.issued.toISOString(),
    expires: content.expires.toISOString(),
    confirmed: confirmed.toISOString(),
    stale: stale === null ? null : lineOf(stale),
  };
}

function usedOfEvidence(
  { key, title }: CollateralItem,
  { issued, expires }: CollateralContent,
  { message, fields }: UnavailableError,
): CollateralUsed {
  return {
    key,
    title: lineOf(title),
    from: "evidence",
    issued: issued.toISOString(),
    expires: expires.toISOString(),
    confirmed: null,
    stale: lineOf(fields["reason"] ?? message),
  };
}

function lineOf(text: string): string {
  return text.replace(NO_TEXT, " ").slice(0, MAX_TEXT);
}
