/**
 * Contents of records of canonical event logs in JSON (CEL §4.3, §4.4, §5.2).
 *
 * @module
 */

import {
  list,
  Members,
  number,
  object,
  type Read,
  readObject,
  string,
} from "../../../core/portable/json.ts";
import { JsonScanner } from "../../../core/portable/json_scanner.ts";
import { Malformed } from "../../../core/malformed.ts";
import { EV_NO_ACTION } from "./entry.ts";
import { EVENT_TYPES } from "./event_types.ts";
import { hexOf, MAX_NUMBER } from "./json_values.ts";
import type { Content } from "./records.ts";

/** What a kind of content may be called. */
const KIND = /^[a-z0-9_.-]{1,32}$/;
/** What a management record notes without measuring it (CEL §4.4). */
const CLEARED: readonly string[] = ["cel_version", "firmware_end"];
/** Most notes in one management record. */
const MAX_NOTES = 16;

/** What a content is made of, beside its kind. */
type Parts = Omit<Content, "content">;

/** Reads the text of a content; others are kept as they stand. */
const READERS: ReadonlyMap<string, (text: string) => Parts> = new Map([
  ["cel", readManagement],
  ["pcclient_std", readEvent],
  ["ima_template", readTemplate],
  ["ima_tlv", readHex],
  ["systemd", readSystemd],
]);

/**
 * Takes kind and content of a record.
 *
 * @param members Members of the record.
 * @throws {Malformed} where they are something else.
 */
export function readContent(members: Members): Content {
  const content = members.need("content_type", string);
  if (!KIND.test(content)) throw new Malformed("a kind of content has an impossible name");
  const read = READERS.get(content) ?? keepText;
  return { content, ...read(members.text("content")) };
}

function keep(data: Uint8Array): Parts {
  return { type: null, data, isMeasured: true };
}

function keepText(text: string): Parts {
  return keep(new TextEncoder().encode(text));
}

/** An event of the firmware. */
function readEvent(text: string): Parts {
  const [type, data] = readObject(text, (members) =>
    [
      members.need("event_type", eventType),
      members.need("event_data", hexOf),
    ] as const);
  return { type, data, isMeasured: type !== EV_NO_ACTION };
}

function eventType(scanner: JsonScanner): number {
  if (scanner.peek() !== '"') return number(MAX_NUMBER)(scanner);
  const name = scanner.string().replace(/[a-z]/g, (letter) => letter.toUpperCase());
  const type = EVENT_TYPES.get(name);
  if (type === undefined) throw new Malformed("a type of an event is not known");
  return type;
}

/** An event of IMA: the name of its template, and the data that its register is extended by. */
function readTemplate(text: string): Parts {
  return readObject(text, (members) => {
    members.need("template_name", string);
    return keep(members.need("template_data", hexOf));
  });
}

function readHex(text: string): Parts {
  return keep(readAll(text, hexOf));
}

/**
 * An event of systemd: bytes, or what systemd itself writes, an object whose
 * `string` was measured. What else that object has is nobody's word.
 */
function readSystemd(text: string): Parts {
  if (text.startsWith('"')) return readHex(text);
  const members = readAll(text, (scanner) => new Members(scanner));
  return keep(new TextEncoder().encode(members.may("string", string) ?? ""));
}

function readManagement(text: string): Parts {
  const notes = text.startsWith("[")
    ? list(noteOf, 1, MAX_NOTES)
    : (scanner: JsonScanner) => [noteOf(scanner)];
  const types = readAll(text, notes);
  return { ...keepText(text), isMeasured: !types.every((type) => CLEARED.includes(type)) };
}

function noteOf(scanner: JsonScanner): string {
  return object((members) => {
    if (members.has("data")) members.text("data");
    return members.need("type", string);
  })(scanner);
}

/** Reads text that is one value and nothing else. */
function readAll<T>(text: string, read: Read<T>): T {
  const scanner = new JsonScanner(text);
  const value = read(scanner);
  scanner.finish();
  return value;
}
