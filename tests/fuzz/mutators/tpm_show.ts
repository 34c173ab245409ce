/**
 * What TPMs and firmware write, changed as what it is, for `evidence show`.
 *
 * @module
 */

import fc from "fast-check";
import { LAB_HASHES, TPM_ALGORITHMS, writePublic } from "../../../src/lab/mod.ts";
import { recognise } from "../../../src/cli/input/recognise.ts";
import { editLog } from "../../bends/log_edits.ts";
import { bareFile, bentArea } from "../../bends/tpm_public.ts";
import { editQuote } from "../../bends/tpm_quote.ts";
import { bentSignature } from "../../bends/tpm_signature.ts";
import { type Execution, Finding, type Kind, kindOf } from "../kind.ts";
import { assertShownBy } from "../shown.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { assertCommand } from "./any_file.ts";
import { anyByteStep } from "./bytes.ts";
import { TPM_BASES, type TpmBase, tpmBase } from "./tpm_bases.ts";

/** A file on its way. */
interface Bent {
  readonly base: TpmBase;
  readonly file: Uint8Array;
}

const STEPS: StepTable<Bent> = {
  "quote": ({ base }, dice) => ({ base, file: editQuote(base.minted.quote, dice) }),
  "log": ({ base }, dice) => ({ base, file: editLog(base.minted.eventLog, dice) }),
  "key": ({ base }, dice) => ({ base, file: bentArea(base.area, dice) }),
  "bare key": ({ base }, dice) => ({ base, file: bareFile(base.minted.keys.ak.spki, dice) }),
  "endorsement key": ({ base }) => ({ base, file: base.minted.ekPublic }),
  "signature": ({ base }, dice) => {
    const { scheme, hash, minted } = base;
    const size = base.area.unique[0]?.length ?? 0;
    const raw = minted.signature.subarray(-size);
    const numbers = base.area.unique.map(() => raw);
    const parts = { scheme: TPM_ALGORITHMS[scheme], hash: LAB_HASHES[hash].id, numbers };
    return { base, file: bentSignature(parts, dice) };
  },
  "bytes": async ({ base, file }, dice) => ({ base, file: await anyByteStep(file, dice) }),
};

interface Given {
  readonly base: number;
  readonly steps: readonly Step[];
}

/** Structures of TPMs and logs for `evidence show`. */
export const tpmShow: Kind = kindOf<Given>({
  id: "tpm-show",
  says: "structures of TPMs and event logs for `evidence show`",
  given: () =>
    Promise.resolve(fc.record({
      base: fc.nat(TPM_BASES.length - 1),
      steps: someSteps(STEPS, { "quote": 3, "log": 5, "key": 3, "bytes": 3 }),
    })),
  async judge({ base: number, steps }): Promise<Execution> {
    const base = await tpmBase(number);
    const start: Bent = { base, file: writePublic(base.area) };
    const { file } = await takeSteps<Bent>(STEPS, start, steps);
    const execution = await assertShownBy(recognise, file);
    try {
      await assertCommand(file);
    } catch (error) {
      throw new Finding(error, { file });
    }
    return execution;
  },
});
