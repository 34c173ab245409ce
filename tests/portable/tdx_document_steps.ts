/**
 * Bends TCB info and QE identity, and signs them again.
 *
 * @module
 */

import { concat, toHex } from "../../src/core/bytes.ts";
import { type LabKey, signBytes } from "../../src/lab/mod.ts";
import { editText } from "../bends/byte_edits.ts";
import type { Dice } from "../bends/dice.ts";
import { editJson } from "./tdx_json_edits.ts";
import type { State } from "./tdx_state.ts";

const MEMBERS = { tcbInfo: "tcbInfo", qeIdentity: "enclaveIdentity" } as const;

/** One of the two documents, changed as a tree or as text, and signed by the key that must, mostly. */
export async function bendDocument(state: State, dice: Dice): Promise<State> {
  const { collateral, minted, authority } = state;
  if (collateral === null) return state;
  const role = dice.pick(["tcbInfo", "tcbInfo", "qeIdentity"] as const);
  const member = MEMBERS[role];
  // As it was minted: `{"member":text,"signature":"…"}`.
  const text = minted[role].slice(member.length + 4, minted[role].lastIndexOf(',"signature"'));
  const bent = dice.once(4) ? editText(text, dice) : editJson(text, dice);
  const key = dice.once(12) ? minted.keys.pck : authority.tcbSigning.key;
  const file = await wrap(member, bent, key, dice);
  return {
    ...state,
    collateral: { ...collateral, [role]: file },
    shown: [...state.shown, file],
  };
}

async function wrap(
  member: string,
  text: string,
  key: LabKey,
  dice: Dice,
): Promise<Uint8Array<ArrayBuffer>> {
  const signed = new TextEncoder().encode(text);
  const signature = toHex(await signBytes(key, { name: "ECDSA", hash: "SHA-256" }, signed));
  const plain = `{"${member}":${text},"signature":"${signature}"}`;
  if (!dice.once(5)) return new TextEncoder().encode(plain);
  const others = [
    `\ufeff${plain}`,
    `\ufeff\ufeff${plain}`,
    ` \n${plain}\r\n\t`,
    `${plain}\0`,
    `{"signature":"${signature.toUpperCase()}", "${member}" :\n${text} }`,
    `{"${member}":${text},"${member}":${text},"signature":"${signature}"}`,
    `{"${member}":${text},"signature":"${signature}","more":1}`,
    `{"${member}":${text},"signature":"${signature.slice(2)}"}`,
    `{"${member}":${text},"signature":"${"0".repeat(128)}"}`,
    `{"${member}":${text},"signature":"${"f".repeat(64)}${signature.slice(64)}"}`,
    `{"${member}":${text}}`,
    `{"tcbInfo":${text},"enclaveIdentity":${text},"signature":"${signature}"}`,
    `[${plain}]`,
    editText(plain, dice),
    editText(plain, dice),
  ];
  const other = new TextEncoder().encode(dice.pick(others));
  return dice.once(8) ? concat(other.subarray(0, 20), Uint8Array.of(0xff), other) : other;
}
