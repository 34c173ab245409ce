/**
 * Contents of records of canonical event logs in the TLV encoding (CEL §4.3, §4.4, §5.1).
 *
 * @module
 */

import { EV_NO_ACTION } from "./entry.ts";
import { LogBytes } from "./log_bytes.ts";
import type { Content } from "./records.ts";
import { type Field, numberOf, takeField, type TlvPlace } from "./tlv.ts";

/** First type of a content; those before are of other fields. */
const FIRST_CONTENT = 4;
/** What a management record notes without measuring it: version of the format, end of the firmware's part. */
const CLEARED: readonly number[] = [1, 2];

/** What a content is made of, beside its kind. */
type Parts = Omit<Content, "content">;

/** Kinds of content by their types, and how they are read. */
const CONTENTS: ReadonlyMap<
  number,
  readonly [string, (value: Uint8Array, place: TlvPlace) => Parts]
> = new Map([
  [4, ["cel", readManagement]],
  [5, ["pcclient_std", readEvent]],
  [7, ["ima_template", readTemplate]],
  [8, ["ima_tlv", keep]],
  [9, ["systemd", keep]],
]);

/**
 * Reads the content of a record. One that is not known is kept whole, with
 * type and length, over which its writers hash it.
 *
 * @param field The field.
 * @param place The record that it belongs to.
 * @throws {RejectedError} `logs.syntax`, `logs.truncated`
 */
export function readContent({ type, value, whole }: Field, place: TlvPlace): Content {
  if (type < FIRST_CONTENT) throw place.wrong("its fourth field is no content");
  const [content, read] = CONTENTS.get(type) ?? [];
  if (content !== undefined && read !== undefined) return { content, ...read(value, place) };
  return { content: `0x${type.toString(16).padStart(2, "0")}`, ...keep(whole) };
}

function keep(data: Uint8Array): Parts {
  return { type: null, data, isMeasured: true };
}

function readManagement(value: Uint8Array, place: TlvPlace): Parts {
  const parts = new LogBytes(value, place.short);
  const types: number[] = [];
  do types.push(takeField(parts).type); while (!parts.isAtEnd);
  return { ...keep(value), isMeasured: !types.every((type) => CLEARED.includes(type)) };
}

/** An event of the firmware: its type and its data. */
function readEvent(value: Uint8Array, place: TlvPlace): Parts {
  const [bytes, data] = takePair(value, place);
  const type = Number(numberOf(bytes, 4, place));
  return { type, data, isMeasured: type !== EV_NO_ACTION };
}

/** An event of IMA: the name of its template, and the data that its register is extended by. */
function readTemplate(value: Uint8Array, place: TlvPlace): Parts {
  const [, data] = takePair(value, place);
  return keep(data);
}

/** Values of two fields, of types 0 and 1, and nothing behind them. */
function takePair(value: Uint8Array, place: TlvPlace): readonly [Uint8Array, Uint8Array] {
  const parts = new LogBytes(value, place.short);
  const first = takeTyped(parts, 0, place);
  const second = takeTyped(parts, 1, place);
  if (parts.isAtEnd) return [first, second];
  throw place.wrong("its content has more than two parts");
}

function takeTyped(parts: LogBytes, type: number, place: TlvPlace): Uint8Array {
  const part = takeField(parts);
  if (part.type === type) return part.value;
  throw place.wrong(`a part of its content is of type ${part.type}, not ${type}`);
}
