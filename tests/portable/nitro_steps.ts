/**
 * Minted attestation documents that are bent step by step and signed again, and
 * the question that both engines are asked about each.
 *
 * @module
 */

import { concat, frame, uint64 } from "../../src/core/bytes.ts";
import { fingerprintOf } from "../../src/core/portable/digest.ts";
import { frameAnchors } from "../../src/evidence/anchors.ts";
import {
  cborInteger,
  cborMap,
  type CborPair,
  type CoseDescription,
  coseHeader,
  createNitroAuthority,
  describeCose,
  describeNitroCrl,
  type LabKey,
  mintNitro,
  nitroRevoked,
  nitroSerial,
  payloadEntries,
  writeCose,
  writeCrl,
} from "../../src/lab/mod.ts";
import { editBytes } from "../bends/byte_edits.ts";
import { anyCbor, editEntries } from "../bends/cbor_edits.ts";
import type { Dice } from "../bends/dice.ts";
import { NOW } from "../lab_authority.ts";
import type { Asked } from "./tally.ts";
import { signedAnew } from "./tpm_certificate_steps.ts";

const authority = await createNitroAuthority({ now: NOW });
const tpm = await mintNitro(authority, { now: NOW, userData: new Uint8Array(48) });
const enclave = await mintNitro(authority, {
  now: NOW,
  kind: "enclave",
  nonce: Uint8Array.of(1),
  keys: tpm.keys,
});
const { keys } = tpm;

type Member = "leaf" | "instance" | "zone" | "region" | "root";

/** Keys of all members, and who signs whose certificate. */
const KEYS: Readonly<Record<Member, LabKey>> = {
  ...keys,
  zone: authority.zone.key,
  region: authority.region.key,
  root: authority.root.key,
};
const ISSUERS: Readonly<Record<Member, Member>> = {
  leaf: "instance",
  instance: "zone",
  zone: "region",
  region: "root",
  root: "root",
};

/** A root that is trusted: the key is told apart from what the certificate says of it. */
interface Root {
  readonly member: Member;
  readonly lab: boolean;
}

/** A document on its way from right to bent. */
interface State {
  readonly kind: "enclave" | "tpm";
  readonly certificates: Readonly<Record<Member, Uint8Array>>;
  readonly bundle: readonly Member[];
  readonly timestamp: number;
  readonly editEntries: (entries: readonly CborPair[]) => readonly CborPair[];
  readonly editPayload: (bytes: Uint8Array) => Uint8Array;
  readonly editCose: (description: CoseDescription) => CoseDescription;
  readonly editDocument: (bytes: Uint8Array) => Uint8Array;
  readonly lists: readonly Uint8Array[];
  readonly roots: readonly Root[];
  /** Seconds since 1970. */
  readonly now: number;
}

/** What changes a document in one way. */
type Step = (state: State, dice: Dice) => Partial<State> | Promise<Partial<State>>;

const entries: Step = (_, dice) => {
  const times = dice.pick([1, 1, 2]);
  return {
    editEntries: (all) =>
      Array.from({ length: times }).reduce<readonly CborPair[]>(
        (bent) => editEntries(bent, dice),
        all,
      ),
  };
};

const cose: Step = (_, dice) => {
  const changes: readonly Partial<CoseDescription>[] = [
    { tag: dice.pick([18, 17, 61]) },
    { protectedHeader: coseHeader(dice.pick([-7, -36, -35, 35])) },
    { protectedHeader: anyCbor(dice) },
    { protectedHeader: cborMap([cborInteger(1), anyCbor(dice)]) },
    { unprotectedHeader: anyCbor(dice) },
    { context: "Signature" },
    { signWith: keys.instance },
    { signature: (bytes) => editBytes(bytes, dice) },
    { signature: (bytes) => bytes.map((byte, i) => i < 48 ? 0 : byte) },
    { signature: (bytes) => bytes.fill(0xff, 48) },
    { trailing: dice.bytes(1) },
  ];
  const change = dice.pick(changes);
  return { editCose: (description) => ({ ...description, ...change }) };
};

/** One certificate changed and signed again, mostly by its issuer. */
const certificate: Step = async ({ certificates, roots }, dice) => {
  const member = dice.pick<Member>(["leaf", "leaf", "leaf", "instance", "zone", "region", "root"]);
  const signWith = KEYS[dice.once(10) ? dice.pick(BUNDLE) : ISSUERS[member]];
  const bent = dice.once(8)
    ? editBytes(certificates[member], dice)
    : await signedAnew(certificates[member], signWith, dice);
  return { certificates: { ...certificates, [member]: bent }, roots };
};

const BUNDLE = ["root", "region", "zone", "instance"] as const;

const bundle: Step = (state, dice) => {
  const at = dice.below(BUNDLE.length);
  const member = dice.pick<Member>([...BUNDLE, "leaf"]);
  return {
    bundle: dice.pick([
      state.bundle.toReversed(),
      state.bundle.toSpliced(at, 1),
      state.bundle.toSpliced(at, 0, member),
      state.bundle.with(at, member),
      [...state.bundle, ...state.bundle],
      [...state.bundle, ...state.bundle, member],
    ]),
  };
};

/** Lists with entries that are about these certificates, or otherwise not as they were. */
const lists: Step = async ({ lists }, dice) => {
  const issuer = dice.pick(["root", "region"] as const);
  const described = await describeNitroCrl(issuer, KEYS[issuer], NOW);
  const revoked = await Promise.all(
    BUNDLE.filter(() => dice.once(4)).map(async (member) =>
      nitroRevoked(await nitroSerial(KEYS[member]), NOW)
    ),
  );
  const near = new Date(NOW.getTime() + dice.pick([-1, 0, 1]) * 1000);
  const list = await writeCrl({
    ...described,
    revoked: dice.once(2) ? revoked : [],
    ...dice.pick([{}, {}, { nextUpdate: near }, { thisUpdate: near }, { nextUpdate: null }]),
  });
  const bent = await dice.pick([
    () => Promise.resolve(list),
    () => signedAnew(list, KEYS[dice.once(8) ? "zone" : issuer], dice),
    () => Promise.resolve(editBytes(list, dice)),
  ])();
  return { lists: dice.pick([[bent], [...lists, bent], Array(dice.pick([8, 9])).fill(bent)]) };
};

const time: Step = ({ timestamp, now }, dice) => {
  const near = dice.pick([-1, 0, 1, 3600 * 3 - 1, 3600 * 3, 3600 * 3 + 1, 3600 * 24 * 31]);
  const milliseconds = dice.pick([-1, 0, 1, 999]);
  return dice.once(2) ? { now: now + near } : { timestamp: timestamp + 1000 * near + milliseconds };
};

const roots: Step = (_, dice) => ({
  roots: dice.pick<readonly Root[]>([
    [],
    [{ member: "root", lab: false }],
    [{ member: "root", lab: true }, { member: "root", lab: false }],
    [{ member: "region", lab: true }],
    [{ member: "leaf", lab: true }],
    [{ member: "region", lab: true }, { member: "root", lab: true }],
  ]),
});

const STEPS: readonly Step[] = [
  entries,
  entries,
  entries,
  cose,
  cose,
  certificate,
  certificate,
  certificate,
  certificate,
  bundle,
  lists,
  lists,
  time,
  roots,
  (_, dice) => ({ editPayload: (bytes) => editBytes(bytes, dice) }),
  (_, dice) => ({ editDocument: (bytes) => editBytes(bytes, dice) }),
];

const same = <T>(value: T): T => value;

/**
 * A case: a document with one or two things changed.
 *
 * @param dice What decides.
 */
export async function bentDocument(dice: Dice): Promise<Asked> {
  let state: State = {
    kind: dice.pick(["enclave", "tpm"]),
    certificates: tpm.der,
    bundle: BUNDLE,
    timestamp: NOW.getTime(),
    editEntries: same,
    editPayload: same,
    editCose: same,
    editDocument: same,
    lists: dice.once(2) ? [tpm.der.rootCrl, tpm.der.regionCrl] : [],
    roots: [{ member: "root", lab: true }],
    now: NOW.getTime() / 1000,
  };
  const picked = Array.from({ length: dice.pick([0, 1, 1, 1, 1, 2]) }, () => dice.pick(STEPS));
  for (const step of picked) state = { ...state, ...await step(state, dice) };
  const document = await write(state);
  const parts = [document, frame(state.lists), anchorsOf(state), uint64(state.now)];
  return {
    questions: [["nitro_verify", parts], ["nitro_document", [document]]],
    steps: picked.map((step) => String(STEPS.indexOf(step))),
  };
}

async function write(state: State): Promise<Uint8Array> {
  const { payload } = state.kind === "tpm" ? tpm : enclave;
  const described = payloadEntries({
    ...payload,
    timestamp: state.timestamp,
    certificate: state.certificates.leaf,
    bundle: state.bundle.map((member) => state.certificates[member]),
  });
  const written = state.editPayload(cborMap(...state.editEntries(described)));
  const message = await writeCose(state.editCose(describeCose(written, keys.leaf)));
  return concat(state.editDocument(message));
}

function anchorsOf({ roots, certificates }: State): Uint8Array {
  return frameAnchors(roots.map(({ member, lab }) => ({
    line: "",
    certificateSha256: fingerprintOf(certificates[member]),
    spkiSha256: fingerprintOf(KEYS[member].spki),
    lab,
  })));
}
