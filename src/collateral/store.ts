/**
 * What is kept of collateral between runs, as its users see it.
 *
 * @module
 */

import type {
  CollateralAnswer,
  CollateralItem,
  CollateralService,
} from "../evidence/collateral.ts";
import type { Origin } from "./origin.ts";

/** What answers are kept for: the vendors' own roots, or some lab roots by their digest, hex. Neither is ever taken for the other. */
export type Realm = string;

/** Place of something in its order: what has the higher number is newer, and of one number what was issued later. */
export interface Issue {
  /** Number, decimal; null where there is none. */
  readonly sequence: string | null;
  /** Since when it holds. */
  readonly issued: Date;
}

/** One answer that is kept. */
export interface StoredCollateral extends Issue {
  /** Whose roots it was authenticated under. */
  readonly realm: Realm;
  /** Key of its item. */
  readonly key: string;
  /** Title of its item. */
  readonly title: string;
  /** Kind of its item. */
  readonly kind: CollateralItem["kind"];
  /** Who hands it out. */
  readonly service: CollateralService;
  /** Path and query below the service's address. */
  readonly path: string;
  /** The answer. */
  readonly answer: CollateralAnswer;
  /** Until when it holds. */
  readonly expires: Date;
  /** When a source last gave it. */
  readonly confirmed: Date;
  /** Which source. */
  readonly source: Exclude<Origin, "cache">;
}

/** Something small that processes tell each other, as until when a service is to be left alone. */
export interface Note {
  /** When it was left. */
  readonly at: Date;
  /** Until when it matters. */
  readonly until: Date;
  /** Code of what happened; empty where nothing did. */
  readonly code: string;
  /** The same in words. */
  readonly says: string;
}

/** What is kept. */
export interface CollateralStore {
  /** Gives an answer; null where there is none, or none whole. */
  get(realm: Realm, key: string): Promise<StoredCollateral | null>;
  /** Keeps an answer in place of the one before. */
  put(entry: StoredCollateral): Promise<void>;
  /** Forgets an answer, but not that something as new was seen. */
  remove(realm: Realm, key: string): Promise<void>;
  /** All answers that are kept whole, by realm and key. */
  list(): Promise<readonly StoredCollateral[]>;
  /** The newest that was seen under a root, by its SHA-256, hex; null where nothing was. */
  seen(root: string, key: string): Promise<Issue | null>;
  /** Remembers what was seen under a root. */
  see(root: string, key: string, issue: Issue): Promise<void>;
  /** Reads a note; null where there is none. */
  note(name: string): Promise<Note | null>;
  /** Leaves a note in place of the one before. */
  leaveNote(name: string, note: Note): Promise<void>;
  /** Removes what is past its use, where it is time to. */
  tidy(now: Date): Promise<void>;
  /** Does work while nobody else does work under the same name, in any process. */
  lock<T>(name: string, patience: number, work: () => Promise<T>): Promise<T>;
}
