/**
 * What is kept of collateral, in small files: bodies by their SHA-256, and
 * beside them what is known of each.
 *
 * Nothing is believed on reading: a file that was cut short, changed or
 * written by another program is as good as absent.
 *
 * @module
 */

import type { CacheFiles } from "../core/ports.ts";
import type { Origin } from "./origin.ts";
import { ENTRY, type EntryForm, NOTE, SEEN } from "./forms.ts";
import { seal, sha256, unseal } from "./sealed.ts";
import type { CollateralStore, Note, Realm, StoredCollateral } from "./store.ts";
import { createTidy } from "./tidy.ts";

/** Most bytes of a cache, unless something else is said: some ten thousand chips. */
const DEFAULT_BYTES = 64 * 1024 * 1024;

/** Hex digits that tell locks of one purpose apart; two things share one by chance and then wait for each other. */
const LOCK_DIGITS = 3;

/** Makes one line of text that the forms take of anything. */
const LINE = /[^ -~\u00a0-\uffff]/g;

/**
 * The store over files.
 *
 * @param files Where it keeps them.
 * @param maxBytes Size from which on what expired, and then what was confirmed longest ago, is removed, about once an hour; `Infinity` where the place itself lets files go.
 */
export function createStore(files: CacheFiles, maxBytes: number = DEFAULT_BYTES): CollateralStore {
  const tidy = createTidy(files, maxBytes);
  const entryAt = async (name: string): Promise<StoredCollateral | null> => {
    const form = unseal(await files.read(name), ENTRY);
    if (form === null || name !== `entries/${nameOf(form.realm, form.key)}`) return null;
    const body = await files.read(`blobs/${form.blob}`);
    return body === null || sha256(body) !== form.blob ? null : entryOf(form, body);
  };
  return {
    get: (realm, key) => entryAt(`entries/${nameOf(realm, key)}`),
    async put(entry) {
      const blob = sha256(entry.answer.body);
      // First the body: whoever finds the entry finds what it names.
      await files.write(`blobs/${blob}`, entry.answer.body);
      await files.write(
        `entries/${nameOf(entry.realm, entry.key)}`,
        seal(formOf(entry, blob)),
      );
      tidy.wrote(entry.answer.body.length);
    },
    remove: (realm, key) => files.remove(`entries/${nameOf(realm, key)}`),
    async list() {
      const found: StoredCollateral[] = [];
      for (const { name } of await files.list("entries")) {
        const entry = await entryAt(name);
        if (entry !== null) found.push(entry);
      }
      return found.sort((a, b) => orderOf(a) < orderOf(b) ? -1 : 1);
    },
    ...seenIn(files),
    ...notesIn(files),
    tidy: (now) => tidy.run(now),
    lock: (name, patience, work) => files.lock(lockOf(name), patience, work),
  };
}

function seenIn(files: CacheFiles): Pick<CollateralStore, "seen" | "see"> {
  const at = (root: string, key: string): string => `seen/${nameOf(root, key)}`;
  return {
    async seen(root, key) {
      const form = unseal(await files.read(at(root, key)), SEEN);
      if (form === null || form.realm !== root || form.key !== key) return null;
      return { sequence: form.sequence, issued: new Date(form.issued) };
    },
    see: (root, key, { sequence, issued }) =>
      files.write(
        at(root, key),
        seal({ v: 1, realm: root, key, sequence, issued: issued.getTime() }),
      ),
  };
}

function notesIn(files: CacheFiles): Pick<CollateralStore, "note" | "leaveNote"> {
  const at = (name: string): string => `notes/${sha256Text(name)}`;
  return {
    async note(name) {
      const form = unseal(await files.read(at(name)), NOTE);
      if (form === null || form.name !== lineOf(name)) return null;
      return { ...form, at: new Date(form.at), until: new Date(form.until) };
    },
    leaveNote: (name, note) => files.write(at(name), seal(noteForm(name, note))),
  };
}

function noteForm(name: string, { at, until, code, says }: Note): object {
  const form = { v: 1, name: lineOf(name), at: at.getTime(), until: until.getTime() };
  return { ...form, code, says: lineOf(says) };
}

/** Who holds a lock of one purpose, its first word, may wait for one of another and never meets himself there. */
function lockOf(name: string): string {
  const [purpose = ""] = name.split(" ");
  return `locks/${purpose}-${sha256Text(name).slice(0, LOCK_DIGITS)}`;
}

function lineOf(text: string): string {
  return text.replace(LINE, " ").slice(0, 1000);
}

function orderOf({ realm, key }: StoredCollateral): string {
  return `${realm} ${key}`;
}

/** One name for one thing under one kind of roots; a blank is in neither. */
function nameOf(realm: Realm, key: string): string {
  return sha256Text(`${realm} ${key}`);
}

function sha256Text(text: string): string {
  return sha256(new TextEncoder().encode(text));
}

function formOf(entry: StoredCollateral, blob: string): EntryForm {
  const { realm, key, title, kind, service, path, answer, sequence, source } = entry;
  return {
    v: 1,
    realm,
    key,
    title,
    kind,
    service,
    path,
    blob,
    headers: answer.headers,
    sequence,
    issued: entry.issued.getTime(),
    expires: entry.expires.getTime(),
    confirmed: entry.confirmed.getTime(),
    source,
  };
}

function entryOf(form: EntryForm, body: Uint8Array): StoredCollateral {
  const { realm, key, title, kind, service, path, headers, sequence, source } = form;
  return {
    realm,
    key,
    title,
    kind,
    service,
    path,
    answer: { body, headers },
    sequence,
    issued: new Date(form.issued),
    expires: new Date(form.expires),
    confirmed: new Date(form.confirmed),
    // Its form was read a moment ago: `vendor`, `bundle` or an address.
    source: source as Exclude<Origin, "cache">,
  };
}
