/**
 * Minted evidence of TPMs that is bent step by step, and the questions that
 * both engines are asked about it.
 *
 * @module
 */

import { frame, uint64 } from "../../src/core/bytes.ts";
import { frameAnchors } from "../../src/evidence/anchors.ts";
import {
  describeAk,
  generateLabKey,
  type LabBank,
  type LabKeyKind,
  type MintedTpm,
  mintTpm,
  type MintTpmOptions,
  type PublicDescription,
  type QuoteScheme,
  type TpmAuthority,
} from "../../src/lab/mod.ts";
import type { Dice } from "../bends/dice.ts";
import { NOW } from "../lab_authority.ts";
import { tpmAuthority, type TpmAuthorityKind } from "../tpm_authority.ts";
import type { Asked, Question } from "./tally.ts";
import { registerItems } from "./tpm_registers.ts";

/** How evidence is minted. */
interface Shape extends Partial<MintTpmOptions> {
  readonly by?: TpmAuthorityKind;
  readonly key: "RSA-2048" | "P-256" | "P-384";
  readonly scheme: QuoteScheme;
  readonly hash: LabBank;
}

/** Evidence on its way from right to bent. */
export interface State {
  /** Who minted it. */
  readonly authority: TpmAuthority;
  /** As it was minted. */
  readonly minted: MintedTpm;
  /** How its key signs. */
  readonly scheme: QuoteScheme;
  /** Hash of signature and Name. */
  readonly hash: LabBank;
  /** Public area of its key. */
  readonly area: PublicDescription;
  /** The quote. */
  readonly quote: Uint8Array;
  /** Its signature. */
  readonly signature: Uint8Array;
  /** The key. */
  readonly akPublic: Uint8Array;
  /** Values of registers as the engine takes them. */
  readonly registers: readonly Uint8Array[];
  /** Certificates as DER, by name; those that are given stand in `files`. */
  readonly certificates: Readonly<Record<CertificateName, Uint8Array>>;
  /** Files with certificates; none stands for no certificate at all. */
  readonly files: readonly Uint8Array[];
  /** Files with revocation lists. */
  readonly lists: readonly Uint8Array[];
  /** Certificates of roots that are trusted, with their keys. */
  readonly roots: readonly Root[];
  /** Whether the roots are a lab's. */
  readonly lab: boolean;
  /** Seconds since 1970. */
  readonly now: number;
  /** What was done to it. */
  readonly steps: readonly string[];
}

/** Certificates by name. */
export type CertificateName = "ak" | "ek" | "issuing" | "root";

/** A root that is trusted: the key is told apart from what the certificate says of it. */
export interface Root {
  readonly certificate: Uint8Array;
  readonly spki: Uint8Array;
}

const TWO_BANKS = [
  { bank: "sha384", registers: [0, 7, 23] },
  { bank: "sha256", registers: [4, 11] },
  { bank: "sha1", registers: [0] },
] as const;

const SHAPES: readonly Shape[] = [
  { key: "P-256", scheme: "ecdsa", hash: "sha256" },
  { key: "P-256", scheme: "ecdsa", hash: "sha256", selection: TWO_BANKS, crlPoint: false },
  { key: "P-256", scheme: "ecdsa", hash: "sha384", by: "P-256", identity: null },
  { key: "P-384", scheme: "ecdsa", hash: "sha384", by: "RSA-2048" },
  { key: "RSA-2048", scheme: "rsassa", hash: "sha256", by: "RSA-2048" },
  { key: "RSA-2048", scheme: "rsapss", hash: "sha256" },
  { key: "RSA-2048", scheme: "rsapss", hash: "sha384", selection: TWO_BANKS },
];

const minted = new Map<number, Promise<State>>();
const keys = new Map<LabKeyKind, ReturnType<typeof generateLabKey>>();

/** A key of a kind, made once. */
function keyOf(kind: LabKeyKind): ReturnType<typeof generateLabKey> {
  const known = keys.get(kind) ?? generateLabKey(kind);
  keys.set(kind, known);
  return known;
}

/** Evidence of one of the usual shapes, minted once. */
export function freshState(dice: Dice): Promise<State> {
  const number = dice.below(SHAPES.length);
  const known = minted.get(number) ?? mintShape(SHAPES[number]);
  minted.set(number, known);
  return known;
}

async function mintShape(
  { by, ...shape }: Shape = { key: "P-256", scheme: "ecdsa", hash: "sha256" },
): Promise<State> {
  const authority = await tpmAuthority(by);
  const ak = await keyOf(shape.key);
  const ek = await keyOf(shape.key === "P-384" ? "RSA-2048" : "P-256");
  const evidence = await mintTpm(authority, { now: NOW, ...shape, keys: { ak, ek } });
  const { quote, signature, akPublic, der } = evidence;
  return {
    authority,
    minted: evidence,
    scheme: shape.scheme,
    hash: shape.hash,
    area: describeAk(ak, shape.scheme, shape.hash),
    quote,
    signature,
    akPublic,
    registers: registerItems(evidence.pcrs),
    certificates: { ak: der.ak, ek: der.ek, issuing: der.issuing, root: der.root },
    files: [der.ak, der.issuing, der.root],
    lists: [der.issuingCrl, der.rootCrl],
    roots: [{ certificate: der.root, spki: authority.root.key.spki }],
    lab: true,
    now: NOW.getTime() / 1000,
    steps: [],
  };
}

/** Steps after which certificates are asked about by themselves, too. */
const OF_CERTIFICATES = ["certificate", "list", "files", "list files", "terms"];

/** All that both engines are asked about a state. */
export async function questionsOf(state: State): Promise<Asked["questions"]> {
  const { quote, signature, akPublic, registers, files, lists, now } = state;
  const anchors = frameAnchors(await Promise.all(state.roots.map((root) => anchorOf(root, state))));
  const terms = [frame(lists), anchors, uint64(now)] as const;
  const bent = state.steps.some((step) => OF_CERTIFICATES.includes(step));
  return [
    ["tpm_verify", [quote, signature, akPublic, frame(registers), frame(files), ...terms]],
    ["tpm_quote", [quote]],
    ["tpm_public", [akPublic]],
    ["tpm_signature", [signature]],
    ...(bent ? questionsOfCertificates(state, terms) : []),
  ];
}

function questionsOfCertificates(
  { files, akPublic, certificates, minted }: State,
  [lists, anchors, now]: readonly [Uint8Array, Uint8Array, Uint8Array],
): readonly Question[] {
  const certified = (role: string, given: readonly Uint8Array[], key: Uint8Array): Question => [
    "tpm_certificate",
    [new TextEncoder().encode(role), frame(given), lists, anchors, key, now],
  ];
  const [, ...above] = files;
  const none = new Uint8Array();
  return [
    certified("AK", files, akPublic),
    certified("AK", files, none),
    certified("EK", files, none),
    certified("EK", [certificates.ek, ...above], minted.ekPublic),
    ...files.map((file): Question => ["x509_describe", [file]]),
  ];
}

async function anchorOf({ certificate, spki }: Root, { lab }: State) {
  return {
    line: "",
    certificateSha256: await sha256(certificate),
    spkiSha256: await sha256(spki),
    lab,
  };
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return new Uint8Array(hash).toHex();
}
