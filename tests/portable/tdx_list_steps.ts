/**
 * Bends revocation lists, and signs them again by their issuers.
 *
 * @module
 */

import {
  type CrlDescription,
  describeIntelCrl,
  intelRevoked,
  intelSerial,
  type LabKey,
  pem,
  writeCrl,
} from "../../src/lab/mod.ts";
import { NOW } from "../lab_authority.ts";
import { signedAnew } from "./tdx_certificate_steps.ts";
import type { Dice } from "../bends/dice.ts";
import type { State } from "./tdx_state.ts";

/** One of the lists: with entries that are about these certificates, or changed as a tree of DER. */
export async function bendList(state: State, dice: Dice): Promise<State> {
  const { authority, collateral, minted } = state;
  if (collateral === null) return state;
  const role = dice.pick(["pckCrl", "rootCrl"] as const);
  const isPlatform = minted.der.ca === authority.platform.certificate;
  const issuer = role === "rootCrl" ? "root" : isPlatform ? "platform" : "processor";
  const right = authority[issuer].key;
  const key = dice.once(12) ? minted.keys.pck : right;
  const plain = await describeIntelCrl(issuer, right, NOW);
  const list = await writeCrl({ ...plain, revoked: await entries(state, dice), signWith: key });
  const bent = dice.once(4) ? list : await signedAnew(list, key, dice);
  const file = dice.once(3) ? new TextEncoder().encode(pem("X509 CRL", bent)) : bent;
  return {
    ...state,
    collateral: { ...collateral, [role]: file },
    shown: [...state.shown, file],
  };
}

async function entries(state: State, dice: Dice): Promise<CrlDescription["revoked"]> {
  const { authority, minted } = state;
  const { root, platform, processor, tcbSigning } = authority;
  const keys: readonly LabKey[] = [
    minted.keys.pck,
    root.key,
    platform.key,
    processor.key,
    tcbSigning.key,
    minted.keys.attestation,
  ];
  const count = dice.pick([0, 0, 1, 1, 2, 5]);
  const near = await Promise.all(Array.from({ length: count }, async () => {
    const serial = await intelSerial(dice.pick(keys));
    return serial + BigInt(dice.pick([0, 0, 0, 1]));
  }));
  return near.map((serial) => intelRevoked(serial, new Date(NOW.getTime() - dice.below(9) * 1e9)));
}
