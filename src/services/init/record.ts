/**
 * How far an initialisation has come, in the store, where every control plane
 * sees it.
 *
 * @module
 */

import { listOrNone, object, oneNumber, oneOf, required } from "../../core/decode.ts";
import { DIGEST, MAYBE_DIGEST, MAYBE_ID, MOMENT } from "../../protocol/forms.ts";
import { type Message, writeMessage } from "../../protocol/message.ts";
import { repeatedly } from "../store/attempts.ts";
import { type Kept, readKept } from "../store/kept.ts";
import type { Store } from "../store/store.ts";

/** Steps of an initialisation, in order. */
export const INIT_STEPS = [
  "claim",
  "references",
  "manifests",
  "keys",
  "admission",
  "phase",
  "done",
] as const;

/** A step of an initialisation. */
export type InitStepName = (typeof INIT_STEPS)[number];

/** What the store has of an initialisation. */
export interface InitRecord {
  /** Version of the form. */
  readonly v: 1;
  /** The machine that initialises, hex. */
  readonly machine: string;
  /** SHA-256 of the newest manifest of the request, hex. */
  readonly manifestDigest: string;
  /** SHA-256 of the certificate of the authority for nodes, hex; empty before it was made. */
  readonly authority: string;
  /** Name of the first control plane; empty before it was admitted. */
  readonly nodeName: string;
  /** Steps that are done. */
  readonly steps: readonly InitStepName[];
  /** When it began. */
  readonly since: string;
}

/** Key of the record. */
const KEY = "init";

const FORM: Message<InitRecord> = {
  name: "initialisation",
  form: object<InitRecord>({
    v: required(oneNumber(1), "Version of the form"),
    machine: required(DIGEST, "The machine that initialises"),
    manifestDigest: required(DIGEST, "SHA-256 of the manifest"),
    authority: required(MAYBE_DIGEST, "SHA-256 of the authority for nodes"),
    nodeName: required(MAYBE_ID, "Name of the first control plane"),
    steps: required(listOrNone(oneOf(...INIT_STEPS), INIT_STEPS.length), "Steps that are done"),
    since: required(MOMENT, "When it began"),
  }),
};

/**
 * Reads the record; null before any initialisation.
 *
 * @param store The store.
 * @throws {OperationError} `store.record`
 */
export async function readInitRecord(store: Store): Promise<Kept<InitRecord> | null> {
  const record = await store.read(KEY);
  return record === null ? null : readKept(FORM, record);
}

/**
 * Writes the first record, unless there is one.
 *
 * @param store The store.
 * @param record The record.
 * @returns What stands there then.
 */
export async function claimStore(store: Store, record: InitRecord): Promise<InitRecord> {
  return await repeatedly(async () => {
    const there = await readInitRecord(store);
    if (there !== null) return there.value;
    const put = [{ key: KEY, value: writeMessage(FORM, record) }];
    const expect = [{ key: KEY, revision: null }];
    return await store.commit({ expect, put, remove: [] }) ? record : null;
  });
}

/**
 * Writes down what came of a step.
 *
 * @param store The store.
 * @param change The record with it; the same where there is nothing to write.
 * @throws {UnavailableError | OperationError} `store.*`
 */
export async function changeInitRecord(
  store: Store,
  change: (record: InitRecord) => InitRecord,
): Promise<InitRecord | null> {
  return (await repeatedly(async () => {
    const there = await readInitRecord(store);
    const next = there === null ? null : change(there.value);
    if (there === null || next === there.value) return { record: next };
    const put = [{ key: KEY, value: writeMessage(FORM, next ?? there.value) }];
    const expect = [{ key: KEY, revision: there.revision }];
    return await store.commit({ expect, put, remove: [] }) ? { record: next } : null;
  })).record;
}

/**
 * A record with a step that is done.
 *
 * @param record The record.
 * @param step The step.
 */
export function withStep(record: InitRecord, step: InitStepName): InitRecord {
  if (record.steps.includes(step)) return record;
  return { ...record, steps: [...record.steps, step] };
}
