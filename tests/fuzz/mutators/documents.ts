/**
 * TCB info and QE identity, changed as trees of JSON or as text, and signed
 * again by the lab's TCB signing key, so that they get past the signature.
 *
 * @module
 */

import fc from "fast-check";
import { equal, toHex } from "../../../src/core/bytes.ts";
import { type MintedTdx, signBytes } from "../../../src/lab/mod.ts";
import { intelAuthority } from "../../intel_authority.ts";
import { editText } from "../../bends/byte_edits.ts";
import type { Dice } from "../../bends/dice.ts";
import { editJson } from "../../portable/tdx_json_edits.ts";
import { asFile, filesOf } from "../../tdx/ask.ts";
import { type Kind, kindOf } from "../kind.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { anyByteStep } from "./bytes.ts";
import { documentDifference } from "./document_difference.ts";
import { askTdx, TDX_BASES, tdxBase } from "./tdx_bases.ts";

const MEMBERS = { tcbInfo: "tcbInfo", qeIdentity: "enclaveIdentity" } as const;

/** The documents. */
type Role = keyof typeof MEMBERS;

/** A document on its way. */
interface Bent {
  readonly minted: MintedTdx;
  readonly role: Role;
  /** Text that is signed. */
  readonly text: string;
  /** A signature by the right key that was made before, hex, and the text that it is over; else the text is signed. */
  readonly made: { readonly over: string; readonly hex: string } | null;
  /** The file, where it is not simply put together. */
  readonly file: Uint8Array | null;
}

async function signatureOf(text: string): Promise<string> {
  const { tcbSigning } = await intelAuthority();
  const method = { name: "ECDSA", hash: "SHA-256" } as const;
  return toHex(await signBytes(tcbSigning.key, method, asFile(text)));
}

async function written({ role, text, made, file }: Bent): Promise<Uint8Array> {
  const signed = made?.hex ?? await signatureOf(text);
  return file ?? asFile(`{"${MEMBERS[role]}":${text},"signature":"${signed}"}`);
}

/** Put together in another way than Intel does. */
async function framed(bent: Bent, dice: Dice): Promise<Bent> {
  const signature = bent.made?.hex ?? await signatureOf(bent.text);
  const [member, { text }] = [MEMBERS[bent.role], bent];
  const others = [
    `\ufeff{"${member}":${text},"signature":"${signature}"}`,
    ` {"signature":"${signature.toUpperCase()}" ,\n"${member}": ${text}\t}\r\n`,
    `{"${member}":${text},"${member}":${text},"signature":"${signature}"}`,
    `{"${member}":${text},"signature":"${signature}","signature":"${signature}"}`,
    `{"${member}":${text},"signature":"${signature}","more":${text}}`,
    `{"${member}":${text},"signature":"${signature.slice(0, 127)}"}`,
    `{"x":{"${member}":${text}},"signature":"${signature}"}`,
    `{"${member}":${text}}{"signature":"${signature}"}`,
    `{"${member}":${text},"signature":"${"0".repeat(128)}"}`,
    `{"tcbInfo":${text},"enclaveIdentity":${text},"signature":"${signature}"}`,
  ];
  return { ...bent, file: asFile(dice.pick(others)) };
}

/** Another text, signed. */
function renewed(bent: Bent, text: string): Bent {
  return { ...bent, text, made: null, file: null };
}

const STEPS: StepTable<Bent> = {
  "tree": (bent, dice) => {
    try {
      return renewed(bent, editJson(bent.text, dice));
    } catch (error) {
      // It is no JSON any more since a step before.
      if (error instanceof SyntaxError) return bent;
      throw error;
    }
  },
  "text": (bent, dice) => renewed(bent, editText(bent.text, dice)),
  "unsigned": async (bent, dice) => ({
    ...bent,
    made: { over: bent.text, hex: await signatureOf(bent.text) },
    text: editText(bent.text, dice),
    file: null,
  }),
  "frame": framed,
  "bytes": async (bent, dice) => ({ ...bent, file: await anyByteStep(await written(bent), dice) }),
  "other": async (bent, dice) => {
    const { tcbInfo, qeIdentity } = await tdxBase(dice.below(TDX_BASES.length));
    return { ...bent, file: asFile(dice.pick([tcbInfo, qeIdentity])) };
  },
};

/** The signed text of a minted document, which is `{"member":text,"signature":"…"}`. */
function textOf(minted: MintedTdx, role: Role): string {
  const whole = minted[role];
  return whole.slice(MEMBERS[role].length + 4, whole.lastIndexOf(',"signature"'));
}

/** What is wrong with accepting it. */
function objectionTo(bent: Bent, file: Uint8Array): string | null {
  const { minted, role, text, made } = bent;
  if (equal(asFile(minted[role]), file)) return null;
  const own = textOf(minted, role);
  if (made !== null && text !== made.over) return "another text is signed";
  const given = new TextDecoder().decode(file);
  // Byte for byte as it was signed, and once, must the text stand in the file.
  if (given.split(text).length !== 2) return "the signed text is not in it";
  const rest = given.replace(text, "").replace(/^\uFEFF/, "").replace(/\s/g, "");
  const member = `"${MEMBERS[role]}":`;
  const frame = /^\{(?:M,"signature":"[0-9a-f]{128}"|"signature":"[0-9a-f]{128}",M)\}$/i;
  if (!frame.test(rest.replace(member, "M"))) return `there is more in it: ${rest.slice(0, 60)}`;
  return documentDifference(own, text, minted.mrTd.length === 0);
}

interface Given {
  readonly base: number;
  readonly role: Role;
  readonly steps: readonly Step[];
}

/** TCB info and QE identity. */
export const documents: Kind = kindOf<Given>({
  id: "documents",
  says: "TCB info and QE identity, signed again",
  given: () =>
    Promise.resolve(fc.record({
      base: fc.nat(TDX_BASES.length - 1),
      role: fc.constantFrom<Role>("tcbInfo", "qeIdentity"),
      steps: someSteps(STEPS, { "tree": 6, "text": 2 }),
    })),
  async judge({ base, role, steps }) {
    const minted = await tdxBase(base);
    const start = { minted, role, text: textOf(minted, role), made: null, file: null };
    const bent = await takeSteps<Bent>(STEPS, start, steps);
    const file = await written(bent);
    return await askTdx({
      minted,
      files: { ...filesOf(minted), [role]: file },
      labRoots: [minted.der.root],
      objection: () => objectionTo(bent, file),
    });
  },
});
