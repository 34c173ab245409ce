/**
 * Edits of CEL-JSON (CEL §5.3), as records and as text.
 *
 * @module
 */

import { toHex } from "../../src/core/bytes.ts";
import { editText } from "./byte_edits.ts";
import type { Dice } from "./dice.ts";
import { editJson, type JsonWords } from "./json_edits.ts";
import { anyEvent, anyIndex, anyType, digestOf } from "./log_events.ts";

/** A record as it is written; anything may stand in it. */
type Record = { [member: string]: unknown };

const IDS: Readonly<Record> = { sha1: 0x04, sha256: 0x0b, sha384: 0x0c, sha512: 0x0d };

/** What CEL-JSON is bent with. */
const WORDS: JsonWords = {
  raws: [
    ...'null true false [] {} [null] "" "0" "00" "0" "0x" "EV_IPL" "ev_separator" "EV_NO_ACTION"'
      .split(" "),
    ...("0 1 2 3 4 -0 -1 00 01 1.0 0.0 1e0 1E2 1e400 +1 .5 1. 13 255 256 2147483649 4294967295 " +
      "4294967296 9007199254740991 9007199254740992 NaN Infinity").split(" "),
    ...'"sha1" "sha256" "SHA256" "sha384" "sm3_256" "pcclient_std" "ima_template" "ima_tlv"'
      .split(" "),
    ...'"systemd" "cel" "cel_version" "firmware_end" "A" "\\ud800" "\\u0000" "\t" tru'.split(" "),
    '[{"type":"cel_version"}]',
    '{"type":"firmware_end","data":{"a":1}}',
    '{"string":"a\\u00e4"}',
    `${"[".repeat(200)}${"]".repeat(200)}`,
    JSON.stringify("a".repeat(33)),
  ],
  names: [
    ...("recnum pcr ccmr nv_index digests hashAlg digest content_type content event_type " +
      "event_data template_name template_data type data string more __proto__").split(" "),
    "",
  ],
};

/**
 * Edits a log.
 *
 * @param file A log without a mistake.
 * @param dice Decide what is done.
 * @throws {RangeError} where it is no such log.
 */
export function editJsonLog(file: Uint8Array, dice: Dice): Uint8Array {
  const records = readRecords(new TextDecoder().decode(file));
  const structural = dice.pick([0, 1, 1, 2]);
  for (let i = structural; i > 0; i--) dice.pick(STEPS)(records, dice);
  if (structural > 0 && !dice.once(4)) renumber(records, dice.once(3));
  const plain = structural > 0 && !dice.once(4);
  const text = plain ? JSON.stringify(records) : editJson(JSON.stringify(records), dice, WORDS);
  const framed = dice.once(4) ? inSequence(records, text, dice) : text;
  return new TextEncoder().encode(dice.once(8) ? editText(framed, dice) : framed);
}

type Step = (records: Record[], dice: Dice) => void;

function readRecords(text: string): Record[] {
  const parsed = parse(text);
  if (!Array.isArray(parsed)) throw new RangeError("Cannot edit: no list of records");
  return parsed.map((record): Record => ({ ...Object(record) }));
}

/** A log that was edited before may be no JSON any more. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RangeError("Cannot edit: no JSON", { cause });
  }
}

/** Values one after the other, as RFC 7464 and systemd write them. */
function inSequence(records: readonly Record[], text: string, dice: Dice): string {
  const marks = ["\u001e", "\n", "\u001e", "\u001e\u001e", " ", "", ",", "\f"];
  const [before, behind] = [dice.pick(marks), dice.pick(["\n", "", "\r\n", "\u001e"])];
  if (dice.once(6)) return before + text + behind;
  return records.map((record) => before + JSON.stringify(record) + behind).join("");
}

function renumber(records: readonly Record[], perRegister: boolean): void {
  const counts = new Map<string, number>();
  const some = records[0]?.["recnum"] !== undefined;
  for (const record of records) {
    if (!some) delete record["recnum"];
    const { pcr, ccmr, nv_index } = record;
    const key = perRegister ? JSON.stringify([pcr, ccmr, nv_index]) : "";
    const number = counts.get(key) ?? 0;
    counts.set(key, number + 1);
    if (some) record["recnum"] = number;
  }
}

function namesOf([first]: readonly Record[]): readonly string[] {
  const digests: unknown = first?.["digests"];
  return Array.isArray(digests) ? digests.map((one) => String(Object(one)["hashAlg"])) : [];
}

function anyContent(dice: Dice): readonly [type: string, content: unknown, hashed: Uint8Array] {
  const { type, data, hashed } = anyEvent(dice);
  const hex = dice.once(2) ? toHex(data) : toHex(data).toUpperCase();
  const named = dice.once(4) ? dice.pick(["EV_IPL", "ev_ipl", "EV_NO_ACTION", "EV_X"]) : type;
  const whole = { string: "cmdline", more: [1] };
  const management = { type: dice.pick(["cel_version", "firmware_end", "state"]), data: { a: 1 } };
  const options: readonly (readonly [string, unknown, Uint8Array])[] = [
    ["pcclient_std", { event_type: named, event_data: hex }, hashed],
    ["pcclient_std", { event_data: hex, event_type: named }, hashed],
    ["ima_template", { template_name: "ima-ng", template_data: hex }, hashed],
    ["ima_tlv", hex, hashed],
    ["systemd", hex, hashed],
    ["systemd", whole, new TextEncoder().encode("cmdline")],
    ["cel", dice.once(2) ? management : [management, { type: "cel_version" }], hashed],
    ["other_1.0", whole, new TextEncoder().encode(JSON.stringify(whole))],
  ];
  return dice.pick(options);
}

const insert: Step = (records, dice) => {
  const [content_type, content, hashed] = anyContent(dice);
  const names = dice.once(8) ? [] : namesOf(records);
  const digests = names.map((hashAlg) => ({
    hashAlg,
    digest: toHex(digestOf(Number(IDS[hashAlg] ?? 0), hashed)),
  }));
  const index = { [dice.pick(["pcr", "pcr", "pcr", "ccmr", "nv_index"])]: anyIndex(dice) };
  const record = { recnum: 0, ...index, digests, content_type, content };
  records.splice(dice.below(records.length + 1), dice.below(2), record);
};

const rearrange: Step = (records, dice) => {
  const at = dice.below(records.length);
  const copy = (): Record => structuredClone(records[at] ?? {});
  const edits: readonly (() => void)[] = [
    () => records.splice(at, 1),
    () => records.splice(at, 0, copy()),
    () => records.reverse(),
    () => records.splice(0, records.length - dice.pick([0, 1, 2])),
    () => records.forEach((record) => delete record["recnum"]),
    () => records.push(...Array.from({ length: 4100 }, copy)),
  ];
  // A log beyond all limits takes long to make.
  dice.pick(dice.once(30) ? edits : edits.slice(0, -1))();
};

const editDigests: Step = (records, dice) => {
  const digests: unknown = dice.pick(records)["digests"];
  if (!Array.isArray(digests) || digests.length === 0) throw new RangeError("No digests");
  const at = dice.below(digests.length);
  const one: Record = { ...Object(digests[at]) };
  const edits: readonly (() => void)[] = [
    () => digests.splice(at, 1),
    () => digests.push(one),
    () => digests.reverse(),
    () => one["hashAlg"] = dice.pick(["sha1", "sha256", "sha384", "sha512", "SHA1", "sm3"]),
    () => one["digest"] = String(one["digest"]).toUpperCase(),
    () => one["digest"] = String(one["digest"]).slice(dice.pick([1, 2])),
    () => one["digest"] = "",
  ];
  digests[at] = one;
  dice.pick(edits)();
};

/** All records under registers of a TD, or one under any. */
const move: Step = (records, dice) => {
  const moved = dice.once(2) ? records : [dice.pick(records)];
  for (const record of moved) {
    delete record["pcr"];
    record["ccmr"] = dice.pick([1, 2, 3, 4]);
  }
  const sole = dice.pick(["sha384", "sha384", "sha256"]);
  if (dice.once(3)) return;
  for (const record of records) {
    const digests: unknown = record["digests"];
    if (!Array.isArray(digests)) continue;
    record["digests"] = digests.filter((one) => Object(one)["hashAlg"] === sole);
  }
};

const relabel: Step = (records, dice) => {
  const record = dice.pick(records);
  const content = Object(record["content"]);
  if (dice.once(2)) record["content"] = { ...content, event_type: anyType(dice) };
  else record["pcr"] = anyIndex(dice);
};

const STEPS: readonly Step[] = [
  ...[insert, insert, insert, rearrange, editDigests, editDigests, move, relabel, relabel],
];
