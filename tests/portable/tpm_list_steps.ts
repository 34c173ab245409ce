/**
 * Bends revocation lists of a TPM's certificates, as trees of DER and as
 * descriptions, and signs them again by their issuers.
 *
 * @module
 */

import {
  certificateIssuer,
  type CrlDescription,
  crlNumber,
  deltaCrlIndicator,
  der,
  describeTpmCrl,
  type Extension,
  EXTENSION_OIDS,
  issuingDistributionPoint,
  type LabKey,
  type RevokedCertificate,
  type TpmCaName,
  tpmCaName,
  tpmCrlUri,
  tpmName,
  tpmRevoked,
  tpmSerial,
  writeCrl,
} from "../../src/lab/mod.ts";
import type { Dice } from "../bends/dice.ts";
import { NOW } from "../lab_authority.ts";
import { algorithmFor, signedAnew } from "./tpm_certificate_steps.ts";
import type { State } from "./tpm_state.ts";

/** One of the lists: with entries that are about these certificates, or otherwise not as it was. */
export async function bendList(state: State, dice: Dice): Promise<State> {
  const { authority, minted } = state;
  const role = dice.pick<TpmCaName>(["issuing", "issuing", "root"]);
  const right = authority[role].key;
  const signWith = dice.once(12) ? minted.keys.ak : right;
  const plain = await describeTpmCrl(role, right, NOW);
  let description: CrlDescription = { ...plain, revoked: await entries(state, dice) };
  if (dice.once(2)) description = { ...description, ...other(description, dice) };
  const algorithm = algorithmFor(signWith, dice);
  const list = await writeCrl({ ...description, signWith, algorithm });
  const bent = dice.once(2) ? list : await signedAnew(list, signWith, dice);
  const [issuing = bent, root = bent] = state.lists;
  const lists = role === "issuing" ? [bent, root] : [issuing, bent];
  return { ...state, lists: dice.once(6) ? [bent] : lists };
}

/** About the certificates of the path, and about others; revoked now, once, or never. */
async function entries(
  { authority, minted }: State,
  dice: Dice,
): Promise<readonly RevokedCertificate[]> {
  const keys: readonly LabKey[] = [
    minted.keys.ak,
    minted.keys.ek,
    authority.issuing.key,
    authority.root.key,
  ];
  const count = dice.pick([0, 0, 0, 1, 1, 3]);
  return await Promise.all(Array.from({ length: count }, async () => {
    const serial = await tpmSerial(dice.pick(keys)) + BigInt(dice.pick([0, 0, 1]));
    const entry = tpmRevoked(serial, new Date(NOW.getTime() - dice.below(9) * 1e9));
    const odd: readonly Extension[] = [
      certificateIssuer(tpmCaName("root")),
      { oid: EXTENSION_OIDS.reasonCode, critical: false, value: der.enumerated(8) },
      { oid: "1.2.3.4", critical: true, value: der.nullValue() },
    ];
    return dice.once(4) ? { ...entry, extensions: [dice.pick(odd)] } : entry;
  }));
}

/** IssuingDistributionPoint (RFC 5280 §5.2.5) with any of its members. */
function anyScope(dice: Dice): Extension {
  const uri = dice.pick([tpmCrlUri("issuing"), tpmCrlUri("root"), "lab:other.crl"]);
  const flag = (number: number): Uint8Array => der.implicit(number, der.boolean(true));
  const members = [1, 2, 4, 5].filter(() => dice.once(4)).map(flag);
  const value = der.sequence(...members);
  const scopes: readonly Extension[] = [
    issuingDistributionPoint(uri),
    issuingDistributionPoint(uri, dice.once(2)),
    { oid: EXTENSION_OIDS.issuingDistributionPoint, critical: true, value },
  ];
  return dice.pick(scopes);
}

/** Other members of a description. */
function other({ extensions }: CrlDescription, dice: Dice): Partial<CrlDescription> {
  const near = new Date(NOW.getTime() + dice.pick([-1, 0, 1]) * 1000);
  const added: readonly Extension[] = [
    anyScope(dice),
    anyScope(dice),
    deltaCrlIndicator(1),
    crlNumber(dice.pick([0, 2])),
    { oid: "1.2.3.4", critical: dice.once(2), value: der.nullValue() },
  ];
  const changes: readonly Partial<CrlDescription>[] = [
    { extensions: [...extensions, dice.pick(added)] },
    { extensions: [...extensions, dice.pick(added)] },
    { extensions: extensions.slice(1) },
    { extensions: [] },
    { nextUpdate: null },
    { nextUpdate: near },
    { thisUpdate: near },
    { issuer: dice.pick([tpmCaName("root"), tpmCaName("issuing"), tpmName("x")]) },
    { version: dice.pick([1, 3]) },
  ];
  return dice.pick(changes);
}
