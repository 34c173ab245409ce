/**
 * Mints whole TPM evidence: quote, key, registers, event log, certificates.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { bend } from "../bend.ts";
import { writeCertificate } from "../../core/x509_writer/certificate.ts";
import { writeCrl } from "../crl.ts";
import { pem } from "../pem.ts";
import type { LabBank } from "./algorithms.ts";
import { hashOf } from "./algorithms.ts";
import { ATTEST_TYPES, type AttestDescription, TPM_GENERATED, writeAttest } from "./attest.ts";
import { bendTpmAuthority, type TpmAuthority } from "./authority.ts";
import { describeBoot } from "./boot.ts";
import { extendAll, type LabEvent } from "./event.ts";
import { describeTpmCrl, describeTpmKey } from "./hierarchy.ts";
import { writeCelJson, writeCelTlv } from "./log_cel.ts";
import { describeLogHeader, writeAgileLog, writeOldLog } from "./log_tcg.ts";
import {
  type GivenRegisters,
  type MintTpmOptions,
  type TpmBends,
  tpmDefaults,
  type TpmKeys,
  type TpmMinting,
} from "./options.ts";
import { describeAk, describeEk, nameOf, qualifiedNameOf, writePublic } from "./public_area.ts";
import { describeSignature, writeQuoteSignature } from "./quote_signature.ts";
import { sized } from "./wire.ts";

/** Values of all registers by bank. */
export type LabRegisterValues = ReadonlyMap<LabBank, readonly Uint8Array[]>;

/** Minted evidence. */
export interface MintedTpm {
  /** TPMS_ATTEST. */
  readonly quote: Uint8Array;
  /** TPMT_SIGNATURE. */
  readonly signature: Uint8Array;
  /** TPM2B_PUBLIC of the attestation key. */
  readonly akPublic: Uint8Array;
  /** Its Name. */
  readonly akName: Uint8Array;
  /** TPM2B_PUBLIC of the endorsement key. */
  readonly ekPublic: Uint8Array;
  /** Values of the quoted registers, unless bent. */
  readonly pcrs: GivenRegisters;
  /** Values of all registers. */
  readonly registers: LabRegisterValues;
  /** What was extended and, unless bent, logged. */
  readonly events: readonly LabEvent[];
  /** Event log. */
  readonly eventLog: Uint8Array;
  /** Certificate of the attestation key, PEM. */
  readonly akCertificate: string;
  /** Certificate of the endorsement key, PEM. */
  readonly ekCertificate: string;
  /** Certificates of issuing CA and root, PEM. */
  readonly issuers: string;
  /** The root's certificate alone, PEM: what `--lab-root` takes. */
  readonly root: string;
  /** Revocation lists of issuing CA and root, PEM. */
  readonly crls: readonly [issuing: string, root: string];
  /** The keys that signed. */
  readonly keys: TpmKeys;
  /** Certificates and lists as DER. */
  readonly der: MintedTpmDer;
}

/** Certificates and lists of minted evidence as DER. */
export interface MintedTpmDer {
  /** Attestation key. */
  readonly ak: Uint8Array;
  /** Endorsement key. */
  readonly ek: Uint8Array;
  /** Issuing CA. */
  readonly issuing: Uint8Array;
  /** Root. */
  readonly root: Uint8Array;
  /** Revocation list of the issuing CA. */
  readonly issuingCrl: Uint8Array;
  /** Revocation list of the root. */
  readonly rootCrl: Uint8Array;
}

/**
 * Mints evidence that verifies under the authority's root, unless bent.
 *
 * It says nothing about any hardware: each certificate carries the lab mark.
 *
 * @param authority Who issues.
 * @param options Time, contents and bends.
 * @throws {RangeError} if a number does not fit its place.
 *
 * @example
 * ```ts
 * import { createTpmAuthority, mintTpm } from "@casemate/casemate/lab";
 *
 * const now = new Date("2026-11-21T00:00:00Z");
 * const authority = await createTpmAuthority({ now });
 * const { quote, pcrs } = await mintTpm(authority, { now, nonce: Uint8Array.of(1, 2, 3) });
 * if (quote[0] !== 0xff) throw new Error("not made by a TPM");
 * if (pcrs.sha256?.["11"]?.length !== 64) throw new Error("no PCR 11");
 * ```
 */
export async function mintTpm(
  authority: TpmAuthority,
  options: MintTpmOptions,
): Promise<MintedTpm> {
  const { bends = {} } = options;
  const minting = await tpmDefaults(options);
  const booted = await describeBoot(minting.boot);
  const events = bends.events?.(booted) ?? booted;
  const registers = await registersOf(events, minting.banks);
  const pcrs = quotedOf(registers, minting);
  const der = await writeCertificates(authority, minting, bends);
  return {
    ...await quoteOf(registers, minting, bends),
    ekPublic: sized(writePublic(describeEk(minting.keys.ek))),
    pcrs: bends.pcrs?.(pcrs) ?? pcrs,
    registers,
    events,
    eventLog: await writeLog(bends.logged?.(events) ?? events, minting, bends),
    ...textsOf(der),
    keys: minting.keys,
    der,
  };
}

async function registersOf(
  events: readonly LabEvent[],
  banks: readonly LabBank[],
): Promise<LabRegisterValues> {
  const values = banks.map(async (bank) => [bank, await extendAll(events, bank)] as const);
  return new Map(await Promise.all(values));
}

/** Values of the selected registers, as they are given beside the quote. */
function quotedOf(registers: LabRegisterValues, { selection }: TpmMinting): GivenRegisters {
  return Object.fromEntries(selection.map(({ bank, registers: numbers }) => [
    bank,
    Object.fromEntries(
      numbers.map((number) => [
        String(number),
        toHex(registers.get(bank)?.[number] ?? new Uint8Array()),
      ]),
    ),
  ]));
}

/** The quote, its signature and the key. */
async function quoteOf(
  registers: LabRegisterValues,
  minting: TpmMinting,
  bends: TpmBends,
): Promise<Pick<MintedTpm, "quote" | "signature" | "akPublic" | "akName">> {
  const { keys, scheme, hash } = minting;
  const area = writePublic(bend(describeAk(keys.ak, scheme, hash), bends.publicArea));
  const akName = await nameOf(area, hash);
  const description = await describeQuote(registers, akName, minting);
  const written = writeAttest(bend(description, bends.attest));
  const quote = bends.attestBytes?.(written) ?? written;
  const how = bend(describeSignature(keys.ak, scheme, hash), bends.signature);
  return {
    quote,
    signature: await writeQuoteSignature(how, quote),
    akPublic: sized(area),
    akName,
  };
}

/** What the quote of an honest TPM says. */
async function describeQuote(
  registers: LabRegisterValues,
  akName: Uint8Array,
  { selection, nonce, hash }: TpmMinting,
): Promise<AttestDescription> {
  const values = selection.flatMap(({ bank, registers: numbers }) =>
    numbers.toSorted((a, b) => a - b)
      .map((number) => registers.get(bank)?.[number] ?? new Uint8Array())
  );
  return {
    magic: TPM_GENERATED,
    type: ATTEST_TYPES.quote,
    qualifiedSigner: await qualifiedNameOf(akName, hash),
    extraData: nonce,
    clock: 86_400_123n,
    resetCount: 7,
    restartCount: 0,
    safe: 1,
    firmwareVersion: 0x0001_0000_0000_0001n,
    selections: selection,
    selectBytes: 3,
    pcrDigest: await hashOf(hash, ...values),
    trailing: new Uint8Array(),
  };
}

async function writeLog(
  events: readonly LabEvent[],
  { log, banks }: TpmMinting,
  { logHeader }: TpmBends,
): Promise<Uint8Array> {
  if (log === "tcg-1.2") return await writeOldLog(events);
  if (log === "cel-tlv") return await writeCelTlv(events, banks);
  if (log === "cel-json") return await writeCelJson(events, banks);
  return await writeAgileLog(events, banks, bend(describeLogHeader(banks), logHeader));
}

async function writeCertificates(
  given: TpmAuthority,
  minting: TpmMinting,
  bends: TpmBends,
): Promise<MintedTpmDer> {
  const { keys, now, identity, crlPoint } = minting;
  const authority = await bendTpmAuthority(given, {
    ...(bends.root === undefined ? {} : { root: bends.root }),
    ...(bends.issuing === undefined ? {} : { issuing: bends.issuing }),
  });
  const { root, issuing } = authority;
  const certificate = async (kind: "ak" | "ek") => {
    const what = { kind, key: keys[kind], issuerKey: issuing.key, identity, crlPoint, now };
    return await writeCertificate(bend(await describeTpmKey(what), bends[kind]));
  };
  const issuingCrl = await describeTpmCrl("issuing", issuing.key, now);
  const rootCrl = await describeTpmCrl("root", root.key, now);
  return {
    ak: await certificate("ak"),
    ek: await certificate("ek"),
    issuing: issuing.certificate,
    root: root.certificate,
    issuingCrl: await writeCrl(bend(issuingCrl, bends.issuingCrl)),
    rootCrl: await writeCrl(bend(rootCrl, bends.rootCrl)),
  };
}

function textsOf(
  der: MintedTpmDer,
): Pick<MintedTpm, "akCertificate" | "ekCertificate" | "issuers" | "root" | "crls"> {
  const certificate = (bytes: Uint8Array): string => pem("CERTIFICATE", bytes);
  return {
    akCertificate: certificate(der.ak),
    ekCertificate: certificate(der.ek),
    issuers: certificate(der.issuing) + certificate(der.root),
    root: certificate(der.root),
    crls: [pem("X509 CRL", der.issuingCrl), pem("X509 CRL", der.rootCrl)],
  };
}
