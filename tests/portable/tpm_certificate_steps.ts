/**
 * Bends certificates of a TPM's keys and of their issuers, as trees of DER and
 * as descriptions, and signs them again by their issuers.
 *
 * @module
 */

import { equal } from "../../src/core/bytes.ts";
import {
  AMD_PSS,
  basicConstraints,
  type CertificateDescription,
  crlDistributionPoints,
  der,
  describeTpmCa,
  describeTpmKey,
  ecdsa,
  extendedKeyUsage,
  type Extension,
  EXTENSION_OIDS,
  type KeyUsage,
  LAB_TPM,
  type LabKey,
  labMark,
  type PssHash,
  rsaPkcs1,
  rsaPss,
  seal,
  type SignatureAlgorithm,
  strictKeyUsage,
  subjectAltName,
  TCG_OIDS,
  tpmName,
  writeCertificate,
  writeTpmIdentity,
} from "../../src/lab/mod.ts";
import { derNode, editDer, writeDer } from "../bends/der_edits.ts";
import type { Dice } from "../bends/dice.ts";
import { NOW } from "../lab_authority.ts";
import type { CertificateName, State } from "./tpm_state.ts";

const ROLES = ["ak", "ak", "ak", "ek", "issuing", "issuing", "root"] as const;

/** One certificate changed wherever it stands. */
export async function bendCertificate(state: State, dice: Dice): Promise<State> {
  const role = dice.pick(ROLES);
  const old = state.certificates[role];
  const bent = dice.once(2)
    ? await signedAnew(old, keyFor(role, state, dice), dice)
    : await described(role, state, dice);
  const swap = (file: Uint8Array): Uint8Array => equal(file, old) ? bent : file;
  const roots = role === "root" && !dice.once(4)
    ? [...state.roots, { certificate: bent, spki: state.authority.root.key.spki }]
    : state.roots;
  return {
    ...state,
    certificates: { ...state.certificates, [role]: bent },
    files: state.files.map(swap),
    roots,
  };
}

/** The issuer's key, mostly. */
function keyFor(role: CertificateName, { authority, minted }: State, dice: Dice): LabKey {
  if (dice.once(12)) return dice.pick([minted.keys.ak, authority.root.key]);
  return role === "ak" || role === "ek" ? authority.issuing.key : authority.root.key;
}

/** How a key of its kind signs, mostly; else some other way of that kind. */
export function algorithmFor({ kind }: LabKey, dice: Dice): SignatureAlgorithm {
  const hash = dice.pick<PssHash>(["SHA-256", "SHA-384", "SHA-512"]);
  if (!kind.startsWith("RSA")) {
    return dice.once(4) ? ecdsa(hash) : ecdsa(kind === "P-384" ? "SHA-384" : "SHA-256");
  }
  const saltLength = dice.pick([32, 48, 64, 20]);
  const plain = { ...AMD_PSS, hash, maskHash: hash, saltLength };
  const written = { ...plain, trailerField: dice.pick([1, 1, 2, null]) };
  const mask = dice.pick<PssHash>(["SHA-256", "SHA-384"]);
  const options = [rsaPkcs1(hash), rsaPss(plain), rsaPss(written, plain), rsaPss(AMD_PSS)];
  const odd = rsaPss({ ...plain, maskHash: mask }, plain);
  return dice.once(2) ? rsaPkcs1("SHA-256") : dice.pick([...options, odd]);
}

/** The signed part changed and signed, or something around it changed. */
export async function signedAnew(
  whole: Uint8Array,
  signWith: LabKey,
  dice: Dice,
): Promise<Uint8Array> {
  const root = derNode(whole);
  const around = dice.once(8);
  const [signedPart = root] = root.inner;
  for (let i = dice.pick([1, 1, 1, 2]); i > 0; i--) editDer(around ? root : signedPart, dice);
  if (around) return writeDer(root);
  const algorithm = signWith.kind.startsWith("RSA")
    ? rsaPkcs1("SHA-256")
    : ecdsa(signWith.kind === "P-384" ? "SHA-384" : "SHA-256");
  const outer = dice.once(20) ? { outerIdentifier: ecdsa("SHA-512").identifier } : {};
  return await seal(writeDer(signedPart), { algorithm, signWith, ...outer });
}

/** Written anew with something else in it. */
async function described(role: CertificateName, state: State, dice: Dice): Promise<Uint8Array> {
  const signWith = keyFor(role, state, dice);
  let description = await describe(role, state);
  for (let i = dice.pick([1, 1, 2]); i > 0; i--) {
    description = { ...description, ...other(description, dice) };
  }
  const algorithm = algorithmFor(signWith, dice);
  return await writeCertificate({ ...description, signWith, algorithm });
}

async function describe(
  role: CertificateName,
  { authority: { root, issuing }, minted: { keys } }: State,
): Promise<CertificateDescription> {
  if (role === "root" || role === "issuing") {
    const { key } = role === "root" ? root : issuing;
    return await describeTpmCa({ member: role, key, root: root.key, now: NOW });
  }
  const plain = { issuerKey: issuing.key, identity: LAB_TPM, crlPoint: true, now: NOW };
  return await describeTpmKey({ kind: role, key: keys[role], ...plain });
}

const USAGES: readonly KeyUsage[] = [
  ...["digitalSignature", "nonRepudiation", "keyEncipherment", "keyAgreement"] as const,
  ...["keyCertSign", "cRLSign"] as const,
];

const PURPOSES = [TCG_OIDS.akCertificate, TCG_OIDS.ekCertificate, "1.3.6.1.5.5.7.3.1"];

/** Names of a TPM, as they should be and as they nearly are. */
function otherNames(dice: Dice): Uint8Array {
  const { manufacturer, model, version } = LAB_TPM;
  const values = [
    { manufacturer, model, version },
    { manufacturer: "", model, version },
    { manufacturer, model: "a\u0000b", version },
    { manufacturer, model: "\u00c4\u2028", version: "\u007f" },
  ];
  const name = writeTpmIdentity(dice.pick(values), dice.once(2));
  const attribute = (id: string, value: Uint8Array): Uint8Array =>
    der.setOf(der.sequence(der.oid(id), value));
  const text = dice.pick([
    der.printableString("id 1"),
    der.ia5String("id"),
    der.utf8String("x"),
    der.integer(1),
  ]);
  const model2 = attribute(TCG_OIDS.model, text);
  const maker = attribute(TCG_OIDS.manufacturer, text);
  const version2 = attribute(TCG_OIDS.version, der.utf8String("1"));
  const all = [maker, model2, version2];
  return dice.pick([
    name,
    der.sequence(...all),
    der.sequence(...all, attribute("2.5.4.3", text)),
    der.sequence(...all, model2),
    der.sequence(maker, model2),
    der.sequence(),
    der.sequence(attribute("2.5.4.3", text)),
  ]);
}

/** One extension, as it may stand in some certificate. */
function anyExtension(dice: Dice): Extension {
  const mail = der.implicit(1, der.ia5String("a@b"));
  const directory = der.explicit(4, otherNames(dice));
  const names = dice.pick([
    der.sequence(mail, directory),
    der.sequence(directory, directory),
    der.sequence(mail),
    der.sequence(),
  ]);
  const purposes = PURPOSES.filter(() => dice.once(2));
  const extensions: readonly Extension[] = [
    basicConstraints(dice.once(2), dice.pick([null, 0, 0, 1, 5])),
    strictKeyUsage(...USAGES.filter(() => dice.once(3))),
    strictKeyUsage(dice.pick(USAGES)),
    extendedKeyUsage(...purposes),
    subjectAltName(otherNames(dice)),
    subjectAltName(otherNames(dice)),
    { oid: EXTENSION_OIDS.subjectAltName, critical: false, value: names },
    crlDistributionPoints(dice.pick(["lab:tpm/issuing.crl", "lab:other.crl"])),
    { ...labMark(), critical: dice.once(2) },
    { oid: "1.2.3.4", critical: dice.once(2), value: der.nullValue() },
  ];
  const extension = dice.pick(extensions);
  return dice.once(4) ? { ...extension, critical: !extension.critical } : extension;
}

/** Other members of a description. */
function other(
  { extensions, issuer, subject, publicKey }: CertificateDescription,
  dice: Dice,
): Partial<CertificateDescription> {
  const one = anyExtension(dice);
  const at = extensions.findIndex(({ oid }) => oid === one.oid);
  const replaced = at < 0 ? [...extensions, one] : extensions.with(at, one);
  const left = dice.below(extensions.length);
  const year = NOW.getTime() + dice.pick([-1, 1]) * 366 * 864e5;
  const changes: readonly Partial<CertificateDescription>[] = [
    { extensions: replaced },
    { extensions: replaced },
    { extensions: replaced },
    { extensions: replaced },
    { extensions: extensions.toSpliced(left, 1) },
    { extensions: extensions.map((e, i) => i === left ? { ...e, critical: !e.critical } : e) },
    { extensions: [...extensions, one] },
    { version: dice.pick([1, 2, 4]) },
    { notBefore: new Date(year) },
    { notAfter: new Date(year) },
    { subject: issuer },
    { issuer: subject },
    { subject: tpmName(dice.pick(["TPM Root CA", "TPM Issuing CA", "x"])) },
    { publicKey: publicKey.map((byte, i) => i === publicKey.length - 2 ? byte ^ 1 : byte) },
    { serial: dice.pick([0n, 1n, 2n ** 160n]) },
  ];
  return dice.pick(changes);
}
