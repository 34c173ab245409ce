/**
 * Real quotes of TPMs, bent, and the questions that both engines are asked
 * about them. Nobody can sign them again.
 *
 * @module
 */

import { frame, uint64 } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { describeCertificates } from "../../src/core/x509.ts";
import { type Anchor, frameAnchors } from "../../src/evidence/anchors.ts";
import { quotesOf, readFiles } from "../../src/evidence/tpm/files.ts";
import { readPcrs } from "../../src/evidence/tpm/pcrs.ts";
import { encodeRegisters } from "../../src/evidence/tpm/registers.ts";
import { editBytes } from "../bends/byte_edits.ts";
import type { Dice } from "../bends/dice.ts";
import { editQuote } from "../bends/tpm_quote.ts";
import { realQuotes } from "../tpm/real_quotes.ts";
import type { Asked, Question } from "./tally.ts";
import { editRegisters } from "./tpm_registers.ts";

/** Parts of a verification. */
interface Parts {
  readonly quote: Uint8Array;
  readonly signature: Uint8Array;
  readonly key: Uint8Array;
  readonly registers: readonly Uint8Array[];
  readonly files: readonly Uint8Array[];
  readonly anchors: readonly Anchor[];
  readonly now: number;
}

const real: readonly Parts[] = await Promise.all(
  realQuotes().map(async ({ files, now }) => {
    const { akPub, pcrs, ...more } = readFiles(files);
    const [quoted] = quotesOf(more);
    const { akCert, akCertIssuers = [], akCertRoots = [] } = more;
    const roots = await Promise.all(
      akCertRoots.map((root) => describeCertificates(inlineEngine, root)),
    );
    return {
      ...quoted,
      key: akPub,
      registers: encodeRegisters(readPcrs(pcrs)),
      files: akCert === undefined ? [] : [akCert, ...akCertIssuers, ...akCertRoots],
      anchors: roots.flat().map(({ summary }) => ({
        line: "",
        certificateSha256: summary.sha256,
        spkiSha256: summary.spkiSha256,
        lab: false,
      })),
      now: Math.floor(now.getTime() / 1000),
    };
  }),
);

/** Whether there are any here. */
export const noRealQuotes: boolean = real.length === 0;

/** One part changed, or none. */
function bend(parts: Parts, dice: Dice): Parts {
  const at = dice.below(parts.files.length);
  const file = parts.files[at];
  const bends: readonly (() => Partial<Parts>)[] = [
    () => ({}),
    () => ({ quote: editQuote(parts.quote, dice) }),
    () => ({ quote: editBytes(parts.quote, dice) }),
    () => ({ signature: editBytes(parts.signature, dice) }),
    () => ({ key: editBytes(parts.key, dice) }),
    () => ({ registers: editRegisters(parts.registers, dice) }),
    () => ({ files: file === undefined ? [] : parts.files.with(at, editBytes(file, dice)) }),
  ];
  return { ...parts, ...dice.pick(bends)() };
}

/**
 * A real quote, bent.
 *
 * @param dice Decide which, and what is done.
 */
export function bentReal(dice: Dice): Asked {
  const { quote, signature, key, registers, files, anchors, now } = bend(dice.pick(real), dice);
  const terms = [frame([]), frameAnchors(anchors), uint64(now)] as const;
  const questions: [Question, ...Question[]] = [
    ["tpm_verify", [quote, signature, key, frame(registers), frame(files), ...terms]],
    ["tpm_quote", [quote]],
    ["tpm_public", [key]],
    ["tpm_signature", [signature]],
    ...files.map((file): Question => ["x509_describe", [file]]),
  ];
  return { questions, steps: ["real"] };
}
