/**
 * Bends certificates as trees of DER, and signs them again by their issuers.
 *
 * @module
 */

import { type Der, der, ecdsa, type LabKey, pem, seal } from "../../src/lab/mod.ts";
import { chainOf, withChain } from "../tdx/chain.ts";
import { editText } from "../bends/byte_edits.ts";
import { derNode, editDer, writeDer } from "../bends/der_edits.ts";
import type { Dice } from "../bends/dice.ts";
import type { State } from "./tdx_state.ts";

/** Certificates of a chain and of the collateral. */
interface Certificates {
  readonly pck: Uint8Array;
  readonly ca: Uint8Array;
  readonly root: Uint8Array;
  readonly tcbSigning: Uint8Array;
}

const ROLES = ["pck", "pck", "pck", "ca", "ca", "root", "tcbSigning", "tcbSigning"] as const;

/** One certificate changed wherever it stands, or a file of several put together wrongly. */
export async function bendCertificate(state: State, dice: Dice): Promise<State> {
  const certificates = state.minted.der;
  if (dice.once(6)) return reordered(state, certificates, dice);
  const role = dice.pick(ROLES);
  const bent = await signedAnew(certificates[role], keyFor(role, state, dice), dice);
  const changed = { ...certificates, [role]: bent };
  const placed = place(state, changed, dice);
  return {
    ...placed,
    roots: role === "root" ? [...state.roots, bent] : state.roots,
    shown: [...state.shown, bent],
  };
}

/** The issuer's key, mostly. */
function keyFor(role: keyof Certificates, { authority, minted }: State, dice: Dice): LabKey {
  const { root, platform, processor } = authority;
  if (dice.once(12)) return minted.keys.attestation;
  if (role !== "pck") return root.key;
  return (minted.der.ca === platform.certificate ? platform : processor).key;
}

/** The signed part changed and signed, or something around it changed. */
export async function signedAnew(whole: Uint8Array, key: LabKey, dice: Dice): Promise<Der> {
  const root = derNode(whole);
  const edits = dice.pick([1, 1, 1, 2]);
  if (dice.once(8)) {
    for (let i = 0; i < edits; i++) editDer(root, dice);
    return writeDer(root);
  }
  const [signedPart = root] = root.inner;
  for (let i = 0; i < edits; i++) editDer(signedPart, dice);
  const options = { algorithm: ecdsa("SHA-256"), signWith: key };
  const outer = dice.once(20)
    ? { outerIdentifier: der.sequence(der.oid("1.2.840.10045.4.3.3")) }
    : {};
  return await seal(writeDer(signedPart), { ...options, ...outer });
}

/** Each file gets the changed certificates, but for some that keep the old. */
function place(state: State, changed: Certificates, dice: Dice): State {
  const { collateral, minted } = state;
  const kept: Certificates = minted.der;
  const [inChain, inCollateral] = [dice.once(8) ? kept : changed, dice.once(8) ? kept : changed];
  const text = (...all: readonly Uint8Array[]): Uint8Array =>
    new TextEncoder().encode(all.map((one) => pem("CERTIFICATE", one)).join(""));
  return {
    ...state,
    quote: withChain(
      { ...minted, quote: state.quote },
      chainOf(inChain.pck, inChain.ca, inChain.root),
    ),
    collateral: collateral === null ? null : {
      ...collateral,
      tcbChain: text(inCollateral.tcbSigning, inCollateral.root),
      pckCrlChain: dice.once(2) ? null : text(inCollateral.ca, inCollateral.root),
    },
  };
}

/** Certificates in another order, too many or too few, or a text of them changed. */
function reordered(state: State, certificates: Certificates, dice: Dice): State {
  const { pck, ca, root, tcbSigning } = certificates;
  const all = [pck, ca, root, tcbSigning];
  const picked = Array.from({ length: dice.pick([0, 1, 2, 3, 3, 3, 3, 4]) }, () => dice.pick(all));
  const right = new TextDecoder().decode(chainOf(pck, ca, root));
  const chains = [
    () => chainOf(...picked),
    () => new TextEncoder().encode(editText(right, dice)),
    () => new TextEncoder().encode(`${right}${dice.pick(["\0\0", "\n", "\0\n", "x"])}`),
  ];
  const { minted, quote } = state;
  return { ...state, quote: withChain({ ...minted, quote }, dice.pick(chains)()) };
}
