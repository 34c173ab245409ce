/**
 * Canonical event logs in JSON (CEL §5.2): a list of records, or records one
 * after the other, as systemd writes them (RFC 7464: a separator before each).
 *
 * @module
 */

import { JsonScanner } from "../../../core/portable/json_scanner.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { utf8Of } from "../../../core/portable/values.ts";
import type { Registers } from "../event_log.ts";
import { readRecord } from "./cel_json_record.ts";
import { MAX_EVENTS } from "./entries.ts";
import type { ReadLog } from "./entry.ts";
import { Records } from "./records.ts";
import { refuseEvent, refuseLog } from "./refuse.ts";

/** Stands before a record of a sequence (RFC 7464); no JSON has it. */
const RECORD_SEPARATOR = "\x1e";
/** What JSON calls blank (RFC 8259 §2). */
const BLANK = " \t\n\r";

/**
 * Whether a file is a log in this encoding.
 *
 * @param file The file.
 */
export function isCelJson(file: Uint8Array): boolean {
  const first = file.find((byte) => !BLANK.includes(String.fromCharCode(byte)));
  return first !== undefined && `{[${RECORD_SEPARATOR}`.includes(String.fromCharCode(first));
}

/**
 * Reads a log.
 *
 * @param file The log.
 * @param registers Registers that it speaks of.
 * @throws {RejectedError} `logs.format`, `logs.syntax`, `logs.record_number`,
 * `logs.limit`, `logs.register`, `logs.digests`, `logs.locality`
 */
export function readCelJson(file: Uint8Array, registers: Registers): ReadLog {
  const texts = readOr(() => splitRecords(file), (reason) => refuseLog("logs.syntax", reason));
  if (texts.length === 0) throw refuseLog("logs.format", "there is no record in it");
  const records = new Records(registers);
  for (const text of texts) {
    const { next } = records;
    const refuse = (reason: string): Error => refuseEvent("logs.syntax", next, reason);
    records.add(readOr(() => readRecord(text, next), refuse));
  }
  return records.finish("cel-json");
}

/** Texts of the records, of which nothing is known but that they are JSON. */
function splitRecords(file: Uint8Array): readonly string[] {
  const text = utf8Of(file);
  if (text === undefined) throw new Malformed("it is not UTF-8");
  const texts: string[] = [];
  const whole = new JsonScanner(text);
  if (whole.peek() === "[") {
    takeList(whole, texts);
    return texts;
  }
  for (const part of text.split(RECORD_SEPARATOR)) {
    const scanner = new JsonScanner(part);
    while (scanner.peek() !== "") takeText(scanner, texts);
  }
  return texts;
}

function takeList(scanner: JsonScanner, texts: string[]): void {
  scanner.need("[");
  if (!scanner.takes("]")) {
    do {
      takeText(scanner, texts);
    } while (scanner.takes(","));
    scanner.need("]");
  }
  scanner.finish();
}

function takeText(scanner: JsonScanner, texts: string[]): void {
  if (texts.length === MAX_EVENTS) {
    throw refuseLog("logs.limit", `there are more than ${MAX_EVENTS} records`);
  }
  texts.push(scanner.skip());
}
