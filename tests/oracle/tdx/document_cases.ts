/**
 * TCB info and QE identities that say other things, or the same otherwise, and
 * are signed rightly.
 *
 * @module
 */

import { type Bend, type DocumentDescription, pcsTime } from "../../../src/lab/mod.ts";
import { NOW } from "../../lab_authority.ts";
import type { TdxCase } from "./case.ts";
import { authority, keys, labCase, type LabOptions } from "./lab.ts";

/** All cases. */
export async function documentCases(): Promise<readonly TdxCase[]> {
  const documents = [
    ["tcbInfo", "tcbInfoDocument"],
    ["qeIdentity", "qeIdentityDocument"],
  ] as const;
  const cases = documents.flatMap(([document, text]) => [
    ...Object.entries(memberBends()).map(([what, change]) =>
      [`${document}/${what}`, { bends: { [document]: change } }] as const
    ),
    ...Object.entries(textBends()).map(([what, change]) =>
      [`${document}/${what}`, { bends: { [text]: change } }] as const
    ),
  ]);
  const of = (version: number) => ([name, options]: readonly [string, LabOptions]) =>
    labCase(`document/v${version}/${name}`, { version, ...options });
  return await Promise.all([
    ...cases.map(of(4)),
    ...tcbInfoBends().map(of(4)),
    ...cases.map(of(3)),
  ]);
}

/** A moment as the PCS writes it, so many seconds from now. */
function at(seconds: number): string {
  return pcsTime(new Date(NOW.getTime() + seconds * 1000));
}

/** Members that both documents have. */
function memberBends(): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const day = at(0).slice(0, 10);
  return {
    "as-it-is": {},
    "id/TDX": { id: "TDX" },
    "id/SGX": { id: "SGX" },
    "id/QE": { id: "QE" },
    "id/TD_QE": { id: "TD_QE" },
    "id/QVE": { id: "QVE" },
    "id/lower-case": { id: "td_qe" },
    "version/1": { version: 1 },
    "version/2": { version: 2 },
    "version/3": { version: 3 },
    "version/4": { version: 4 },
    "version/259": { version: 259 },
    "number/19": { tcbEvaluationDataNumber: 19 },
    "number/21": { tcbEvaluationDataNumber: 21 },
    "number/0": { tcbEvaluationDataNumber: 0 },
    "number/big": { tcbEvaluationDataNumber: 2 ** 32 },
    "window/expired": { issueDate: at(-120), nextUpdate: at(-60) },
    "window/expires-now": { issueDate: at(-60), nextUpdate: at(0) },
    "window/expires-in-a-second": { issueDate: at(-60), nextUpdate: at(1) },
    "window/expired-a-second-ago": { issueDate: at(-60), nextUpdate: at(-1) },
    "window/from-now": { issueDate: at(0), nextUpdate: at(60) },
    "window/from-the-next-second": { issueDate: at(1), nextUpdate: at(60) },
    "window/backwards": { issueDate: at(60), nextUpdate: at(-60) },
    "time/fraction": { issueDate: `${day}T00:00:00.000Z` },
    "time/offset": { issueDate: `${day}T00:00:00+00:00` },
    "time/offset-of-2-hours": { issueDate: `${day}T02:00:00+02:00` },
    "time/no-zone": { issueDate: `${day}T00:00:00` },
    "time/lower-case": { issueDate: `${day}t00:00:00z` },
    "time/blank": { issueDate: `${day} 00:00:00Z` },
    "time/day": { issueDate: day },
    "time/number": { issueDate: NOW.getTime() / 1000 },
    "time/no-such-day": { issueDate: "2026-02-30T00:00:00Z" },
    "time/leap-second": { issueDate: "2016-12-31T23:59:60Z" },
    "time/before-1970": { issueDate: "1969-12-31T23:59:59Z" },
    "time/far": { nextUpdate: "9999-12-31T23:59:59Z" },
    "time/farther": { nextUpdate: "10000-01-01T00:00:00Z" },
    "unknown-member": { comment: "none" },
    "unknown-members": { a: [[[[]]]], b: { c: null } },
    "levels/none": { tcbLevels: [] },
    "levels/null": { tcbLevels: null },
    "levels/object": { tcbLevels: {} },
  };
}

/** The signed text itself. */
function textBends(): Readonly<Record<string, Bend<DocumentDescription>>> {
  const text =
    (change: (text: string) => string) => (of: DocumentDescription): DocumentDescription => ({
      ...of,
      text: change(of.text),
    });
  return {
    "text/indented": text((json) => JSON.stringify(JSON.parse(json), null, 2)),
    "text/blanks-around": text((json) => ` \n${json}\t `),
    "text/blanks-inside": text((json) =>
      json.replaceAll(":", " : ").replaceAll(/(\d\d) : (\d\d) : /g, "$1:$2:")
    ),
    "text/other-order": text((json) => {
      const members = Object.entries(JSON.parse(json)).toReversed();
      return JSON.stringify(Object.fromEntries(members));
    }),
    "text/escaped-name": text((json) => json.replace('"id"', '"\\u0069d"')),
    "text/escaped-value": text((json) => json.replace("UpToDate", "\\u0055pToDate")),
    "text/number-with-point": text((json) => json.replace(/"version":(\d)/, '"version":$1.0')),
    "text/number-with-exponent": text((json) => json.replace(/"version":(\d)/, '"version":$1e0')),
    "text/number-with-zero": text((json) => json.replace(/"version":(\d)/, '"version":0$1')),
    "text/number-as-text": text((json) => json.replace(/"version":(\d)/, '"version":"$1"')),
    "text/negative": text((json) => json.replace(/"isvsvn":(\d)/, '"isvsvn":-$1')),
    "text/minus-zero": text((json) => json.replace(/"tcbType":0/, '"tcbType":-0')),
    "text/member-twice": text((json) => json.replace("{", '{"version":2,')),
    "text/id-twice": text((json) => json.replace("{", '{"id":"SGX",')),
    "text/levels-twice": text((json) => json.replace(/\}$/, ',"tcbLevels":[]}')),
    "text/status-twice": text((json) =>
      json.replace('"tcbStatus"', '"tcbStatus":"UpToDate","tcbStatus"')
    ),
    "text/unknown-status": text((json) => json.replace("UpToDate", "Perfect")),
    "text/relaunch-status": text((json) => json.replace("UpToDate", "TDRelaunchAdvised")),
    "text/last-status-unknown": text((json) =>
      json.replace(/"Revoked"(?!.*"Revoked")/s, '"Perfect"')
    ),
    "text/lower-case-status": text((json) => json.replace("UpToDate", "uptodate")),
    "text/lower-case-hex": text((json) =>
      json.replaceAll(/"([0-9A-F]{8,})"/g, (hex) => hex.toLowerCase())
    ),
    "text/short-hex": text((json) =>
      json.replace(/"([0-9A-F]{8,})"/, (_, hex: string) => `"${hex.slice(2)}"`)
    ),
    "text/no-advisories": text((json) => json.replaceAll(/,"advisoryIDs":\[[^\]]*\]/g, "")),
    "text/empty-advisories": text((json) =>
      json.replaceAll(/"advisoryIDs":\[[^\]]*\]/g, '"advisoryIDs":[]')
    ),
    "text/advisories-null": text((json) =>
      json.replaceAll(/"advisoryIDs":\[[^\]]*\]/g, '"advisoryIDs":null')
    ),
    "text/no-date": text((json) => json.replaceAll(/"tcbDate":"[^"]*",/g, "")),
    "text/letters": text((json) => json.replace("{", '{"é":"ü",')),
    "text/deep": text((json) => json.replace("{", `{"a":${"[".repeat(200)}${"]".repeat(200)},`)),
    "text/array": text((json) => `[${json}]`),
    "text/null": text(() => "null"),
    "text/empty-object": text(() => "{}"),
    "text/not-utf-8": text((json) => json.replace("{", '{"\ud800":1,')),
    "signer/root": (of) => ({ ...of, signWith: authority.root.key }),
    "signer/platform": (of) => ({ ...of, signWith: authority.platform.key }),
    "signer/pck": (of) => ({ ...of, signWith: keys.pck }),
  };
}

/** Members of TCB info alone. */
function tcbInfoBends(): readonly (readonly [string, LabOptions])[] {
  const bends = {
    "fmspc/other": { fmspc: "102060000001" },
    "fmspc/short": { fmspc: "1020600000" },
    "fmspc/long": { fmspc: "10206000000000" },
    "fmspc/no-hex": { fmspc: "10206000000G" },
    "pce-id/other": { pceId: "0001" },
    "pce-id/swapped": { pceId: "0100" },
    "tcb-type/1": { tcbType: 1 },
    "no-module": { tdxModule: undefined },
    "no-identities": { tdxModuleIdentities: undefined },
    "no-module-no-identities": { tdxModule: undefined, tdxModuleIdentities: undefined },
  };
  return Object.entries(bends).map(([what, change]) => [
    `tcbInfo/${what}`,
    // What is undefined is not written.
    { bends: { tcbInfo: (info) => ({ ...info, ...change as object }) } },
  ]);
}
