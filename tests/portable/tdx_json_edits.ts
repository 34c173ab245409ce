/**
 * What TCB info and QE identities are bent with.
 *
 * @module
 */

import type { Dice } from "../bends/dice.ts";
import { editJson as editAny, type JsonWords } from "../bends/json_edits.ts";

const STATUSES = [
  "UpToDate",
  "SWHardeningNeeded",
  "ConfigurationNeeded",
  "ConfigurationAndSWHardeningNeeded",
  "OutOfDate",
  "OutOfDateConfigurationNeeded",
  "Revoked",
  "TDRelaunchAdvised",
  "uptodate",
];

const MOMENTS = [
  "2026-11-21T12:00:00Z",
  "2026-11-21T11:59:59Z",
  "2026-11-21T12:00:01Z",
  "2027-01-31T00:00:00Z",
  "2024-02-29T23:59:59Z",
  "2026-02-29T00:00:00Z",
  "2026-02-30T00:00:00Z",
  "2100-02-29T00:00:00Z",
  "2026-00-10T00:00:00Z",
  "2026-13-10T00:00:00Z",
  "2026-11-00T00:00:00Z",
  "2026-11-31T00:00:00Z",
  "2026-11-21T24:00:00Z",
  "2026-11-21T23:60:00Z",
  "2026-06-30T23:59:60Z",
  "1970-01-01T00:00:00Z",
  "1969-12-31T23:59:59Z",
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "+10000-01-01T00:00:00Z",
  "2026-11-21t12:00:00z",
  "2026-11-21 12:00:00Z",
  "2026-11-21T12:00:00.0Z",
  "2026-11-21T12:00:00+00:00",
  "2026-11-21T12:00:00",
  "2026-11-21T12:00Z",
  "20261121T120000Z",
  "2026-11-21T12:00:0\u0660Z",
];

/** Moments that exist, before and after the one at which everything is judged. */
const EXISTING = [
  "2026-11-20T00:00:00Z",
  "2026-11-21T11:59:59Z",
  "2026-11-21T12:00:00Z",
  "2026-11-21T12:00:01Z",
  "2026-12-24T00:00:00Z",
];

/** Kinds of TEE and of enclaves, as JSON. */
const IDS: readonly string[] = ["TDX", "SGX", "TD_QE", "QE", "QVE"].map((id) => JSON.stringify(id));

/** Values that readers like to mistake for others. */
const RAWS: readonly string[] = [
  ...'null true false [] {} [null] [[]] {"svn":1} "" "0" "00" " 00" "0x" "TDX" "SGX"'
    .split(" "),
  ...("0 1 2 3 -0 -1 00 01 1.0 1.5 0.0 1e0 1E0 1e-0 10e-1 1e400 +1 .5 1. 255 256 65535 65536 " +
    "4294967295 4294967296 9007199254740993 18446744073709551615 18446744073709551616 NaN Infinity")
    .split(" "),
  ...["TD_QE", "QE", "QVE", "TDX_00", "TDX_01", "TDX_03", "TDX_0a", "TDX_FF", "TDX_100", "TDX_"]
    .map((text) => JSON.stringify(text)),
  ...[...STATUSES, ...MOMENTS].map((text) => JSON.stringify(text)),
  ...["INTEL-SA-00001", "intel-sa-1", "A".repeat(32), "A".repeat(33), "A\n", "\u00c4"]
    .map((text) => JSON.stringify(text)),
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\ud83d\\ude00"',
  '"\\u0000"',
  '"\\x"',
  '"\t"',
  '"\\u00',
  "tru",
  "nulll",
  `${"[".repeat(200)}${"]".repeat(200)}`,
  `${'{"a":'.repeat(200)}1${"}".repeat(200)}`,
];

/** Names of members that have a place somewhere. */
const NAMES = [
  ...("id version issueDate nextUpdate fmspc pceId tcbType tcbEvaluationDataNumber tdxModule " +
    "tdxModuleIdentities tcbLevels tcb tcbDate tcbStatus advisoryIDs svn isvsvn pcesvn category " +
    "type mrsigner attributes attributesMask sgxtcbcomponents tdxtcbcomponents more __proto__")
    .split(" "),
  "",
];

const WORDS: JsonWords = {
  raws: RAWS,
  names: NAMES,
  near(raw, dice) {
    if (/^"\d{4}-/.test(raw)) return JSON.stringify(dice.pick(dice.once(3) ? MOMENTS : EXISTING));
    return IDS.includes(raw) ? dice.pick(IDS) : undefined;
  },
};

/** Some edits of TCB info or of a QE identity, written as JSON again unless an edit is none. */
export function editJson(text: string, dice: Dice): string {
  return editAny(text, dice, WORDS);
}
