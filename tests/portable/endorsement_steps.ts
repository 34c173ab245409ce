/**
 * Minted launch endorsements that are bent and signed again, and the question
 * that both engines are asked about each.
 *
 * @module
 */

import { concat, frame, uint64 } from "../../src/core/bytes.ts";
import { fingerprintOf } from "../../src/core/portable/digest.ts";
import { frameAnchors } from "../../src/evidence/anchors.ts";
import {
  createEndorsementAuthority,
  GOOGLE_PSS,
  mintEndorsement,
  pem,
  protoBytes,
  protoTag,
  protoVarint,
  signBytes,
  writeGolden,
} from "../../src/lab/mod.ts";
import { editBytes } from "../bends/byte_edits.ts";
import type { Dice } from "../bends/dice.ts";
import { NOW } from "../lab_authority.ts";
import type { Asked } from "./tally.ts";
import { signedAnew } from "./tpm_certificate_steps.ts";

const authority = await createEndorsementAuthority({ now: NOW });
const minted = await mintEndorsement(authority, { now: NOW });
const { root, issuing } = authority;

/** Field numbers that are known, and some that are not. */
const FIELDS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 99, 2 ** 29 - 1, 2 ** 29];
const LENGTHS = [0, 1, 15, 16, 17, 47, 48, 49];
const NUMBERS = [0n, 1n, 2n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n];

/** Any field, mostly well-made. */
function anyField(dice: Dice, depth = 0): Uint8Array {
  const field = dice.pick(FIELDS);
  const number = (): Uint8Array => protoVarint(dice.pick(NUMBERS), dice.pick([1, 1, 1, 2]));
  const fields: readonly (() => Uint8Array)[] = [
    () => concat(protoTag(field, 0), number()),
    () => concat(protoTag(field, 0), number()),
    () => protoBytes(field, dice.bytes(dice.pick(LENGTHS))),
    () => protoBytes(field, dice.bytes(dice.pick(LENGTHS))),
    () => concat(protoTag(field, dice.pick([1, 5])), dice.bytes(dice.pick([4, 8]))),
    () => protoTag(field, dice.pick([3, 4, 6, 7])),
  ];
  if (depth > 2 || dice.once(2)) return dice.pick(fields)();
  return protoBytes(dice.pick([1, 2, 7, 8]), anyField(dice, depth + 1), anyField(dice, depth + 1));
}

/** What is signed: with other fields, other bytes, or a certificate that was signed again. */
async function bentGolden(dice: Dice): Promise<Uint8Array> {
  const { golden, der, key } = minted;
  const written = writeGolden(golden);
  const above = async (): Promise<Uint8Array> => {
    const signWith = dice.once(8) ? key : root.key;
    const bent = await signedAnew(der.issuing, signWith, dice);
    return new TextEncoder().encode(pem("CERTIFICATE", bent));
  };
  const changes: readonly (() => Uint8Array | Promise<Uint8Array>)[] = [
    () => written,
    () => editBytes(written, dice),
    () => concat(written, anyField(dice)),
    () => writeGolden({ ...golden, sevSnp: null, tdx: null, more: anyField(dice) }),
    () => writeGolden({ ...golden, sevSnp: null, more: protoBytes(7, anyField(dice, 1)) }),
    () => writeGolden({ ...golden, tdx: null, more: protoBytes(8, anyField(dice, 1)) }),
    () => writeGolden({ ...golden, timestamp: null, more: protoBytes(1, anyField(dice, 1)) }),
    async () => {
      const signWith = dice.once(8) ? key : issuing.key;
      const certificate = await signedAnew(der.signer, signWith, dice);
      return writeGolden({ ...golden, certificate });
    },
    async () => writeGolden({ ...golden, bundle: await above() }),
    () => writeGolden({ ...golden, bundle: editBytes(golden.bundle, dice) }),
    () => writeGolden({ ...golden, bundle: dice.pick([der.issuing, new Uint8Array()]) }),
  ];
  return await dice.pick(changes)();
}

/**
 * A case: an endorsement with one or two things changed.
 *
 * @param dice What decides.
 */
export async function bentEndorsement(dice: Dice): Promise<Asked> {
  const golden = await bentGolden(dice);
  const method = dice.once(10)
    ? { ...GOOGLE_PSS, hash: dice.pick(["SHA-256", "SHA-384"]), saltLength: 48 }
    : GOOGLE_PSS;
  const signature = await signBytes(minted.key, method, golden);
  const whole = concat(protoBytes(1, golden), protoBytes(2, signature));
  const endorsement = dice.once(6)
    ? dice.pick([() => editBytes(whole, dice), () => concat(whole, anyField(dice))])()
    : whole;
  const files = dice.pick([
    [root.certificate],
    [root.certificate],
    [root.certificate, issuing.certificate],
    [],
    [editBytes(root.certificate, dice)],
  ]);
  const anchor = {
    line: "",
    certificateSha256: fingerprintOf(root.certificate),
    spkiSha256: fingerprintOf(root.key.spki),
    lab: !dice.once(10),
  };
  const now = NOW.getTime() / 1000 + dice.pick([0, 0, 0, -1, 6 * 365 * 86_400]);
  const roots = frameAnchors(dice.once(10) ? [] : [anchor]);
  const parts = [endorsement, frame(files), roots, uint64(now)];
  return { questions: [["gce_endorsement", parts]], steps: [] };
}
