/**
 * Bends of a TPM vector that need no signature.
 *
 * @module
 */

import { concat, toHex } from "../../src/core/bytes.ts";
import { dropExtension, LAB_MARK_OID } from "../../src/lab/extension.ts";
import { bendTpmAuthority } from "../../src/lab/mod.ts";
import { pem } from "../../src/lab/pem.ts";
import { tpmAuthority } from "../tpm_authority.ts";
import type { Vector } from "../vectors.ts";
import { edited, fileOf, vectorOf } from "./change.ts";
import type { Bend, Change } from "./contract.ts";

const NOTHING = new Uint8Array();

/** An authority whose root looks like a vendor's. */
const unmarked = await bendTpmAuthority(await tpmAuthority(), {
  root: (root) => ({ ...root, extensions: dropExtension(root.extensions, LAB_MARK_OID) }),
});

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const bend = (what: string, code: string, files: Change["files"] = {}): Bend => ({
  what,
  code,
  change: { files },
});

/**
 * Quote, signature, key and registers.
 *
 * @param base The vector.
 * @param vectors All of them.
 */
export function bendsOfQuote(base: Vector, vectors: ReadonlyMap<string, Vector>): readonly Bend[] {
  const own = (role: string): Uint8Array => fileOf(base, role);
  const rsa = vectorOf(vectors, "rsa");
  const signature = own("tpmQuoteSig");
  return [
    bend("the quote in hex", "input.encoding", { tpmQuoteMsg: encode(toHex(own("tpmQuoteMsg"))) }),
    bend("an R of zero", "tpm.signature_malformed", {
      tpmQuoteSig: concat(signature.subarray(0, 6), new Uint8Array(32), signature.subarray(38)),
    }),
    bend("an S of the curve's order", "tpm.signature_malformed", {
      tpmQuoteSig: concat(signature.subarray(0, 40), P256_ORDER),
    }),
    bend("the signature of an RSA key", "tpm.signature_algorithm", {
      tpmQuoteSig: fileOf(rsa, "tpmQuoteSig"),
    }),
    bend("another TPM's key", "tpm.ak_key_mismatch", { akPub: fileOf(rsa, "akPub") }),
    ...ofSeveral(base, vectorOf(vectors, "bent-nonce")),
    ...ofBareKey(base),
    ...ofRegisters(base),
  ].filter(({ code }) => !code.startsWith("input."));
}

/** The quote, and another one by the same key. */
function ofSeveral(base: Vector, otherNonce: Vector): readonly Bend[] {
  const both = (what: string, code: string, other: Vector): Bend =>
    bend(what, code, {
      tpmQuoteMsg: [base, other].map((vector) => fileOf(vector, "tpmQuoteMsg")),
      tpmQuoteSig: [base, other].map((vector) => fileOf(vector, "tpmQuoteSig")),
    });
  return [
    both("the quote twice", "tpm.bank_repeated", base),
    both("another quote for another nonce", "tpm.quotes_differ", otherNonce),
  ];
}

/** Order of P-256 (FIPS 186-5 §D.1.2.3). */
const P256_ORDER: Uint8Array = Uint8Array.from(
  "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551".match(/../g) ?? [],
  (digits) => parseInt(digits, 16),
);

/** SubjectPublicKeyInfo of a key on P-256 up to X (RFC 5480 §2). */
const P256_SPKI = Uint8Array.from(
  "3059301306072a8648ce3d020106082a8648ce3d03010703420004".match(/../g) ?? [],
  (digits) => parseInt(digits, 16),
);

/** The key without its attributes, which its certificate stands in for. */
function ofBareKey(base: Vector): readonly Bend[] {
  const area = fileOf(base, "akPub");
  const spki = concat(P256_SPKI, area.subarray(-66, -34), area.subarray(-32));
  const uncertified = { akCert: undefined, akCertIssuers: undefined, akCertCrls: undefined };
  const akPub = encode(pem("PUBLIC KEY", spki));
  return [
    {
      what: "the bare key alone",
      code: "tpm.attributes_not_shown",
      verdict: "platform-only",
      change: { files: { ...uncertified, akPub } },
    },
    {
      what: "no certificate",
      code: "trust.root_not_accepted",
      verdict: "platform-only",
      change: { files: uncertified },
    },
    bend("a bare key off the curve", "tpm.public_malformed", {
      akPub: edited(spki, -1, (byte) => byte ^ 1),
    }),
  ];
}

/** Values that are given beside the quote. */
function ofRegisters(base: Vector): readonly Bend[] {
  const text = new TextDecoder().decode(fileOf(base, "pcrs"));
  const value = /"4": "([0-9a-f]+)"/.exec(text)?.[1] ?? "";
  const given = (what: string, code: string, changed: string): Bend =>
    bend(what, code, { pcrs: encode(changed) });
  return [
    given(
      "a register twice",
      "tpm.pcr_repeated",
      text.replace('"4": ', `"4": "${value}", "4": `),
    ),
    given(
      "a register in another bank alone",
      "tpm.pcr_missing",
      text.replace(`"4": "${value}",`, "").replace("{", `{"sha384": {"4": "${"00".repeat(48)}"},`),
    ),
  ];
}

/**
 * Certificates, lists and roots.
 *
 * @param base The vector.
 * @param vectors All of them.
 */
export function bendsOfCertificates(
  base: Vector,
  vectors: ReadonlyMap<string, Vector>,
): readonly Bend[] {
  const other = vectorOf(vectors, "p384");
  const [issuing = NOTHING, root = NOTHING] = listOf(base, "akCertIssuers");
  const [issuingCrl = NOTHING, rootCrl = NOTHING] = listOf(base, "akCertCrls");
  const flipped = (file: Uint8Array): Uint8Array => edited(file, -1, (byte) => byte ^ 1);
  const issuers = (what: string, code: string, ...akCertIssuers: readonly Uint8Array[]): Bend =>
    bend(what, `tpm.${code}`, { akCertIssuers });
  const lists = (what: string, code: string, ...akCertCrls: readonly Uint8Array[]): Bend =>
    bend(what, `tpm.${code}`, { akCertCrls });
  return [
    bend("the key's certificate damaged", "tpm.chain_signature", {
      akCert: flipped(fileOf(base, "akCert")),
    }),
    bend("another TPM's certificate", "tpm.ak_key_mismatch", { akCert: fileOf(other, "akCert") }),
    issuers("the CA damaged", "chain_signature", flipped(issuing), root),
    issuers("the root damaged", "chain_signature", issuing, flipped(root)),
    issuers("the root alone", "root_unknown", root),
    issuers("another lab's authorities", "chain_signature", ...listOf(other, "akCertIssuers")),
    lists("the CA's list damaged", "crl_signature", flipped(issuingCrl), rootCrl),
    lists("another lab's list", "crl_signature", ...listOf(other, "akCertCrls")),
    {
      ...lists("the root's list alone", "revocation_not_checked", rootCrl),
      verdict: "unavailable",
    },
    { ...lists("no list", "revocation_not_checked"), verdict: "unavailable" },
    {
      what: "a root that is no lab's",
      code: "tpm.lab_root",
      change: {
        files: {
          akCertRoots: [unmarked.root.certificate],
        },
        labRoots: [],
      },
    },
    {
      what: "the root of another lab of the same name",
      code: "tpm.chain_signature",
      change: { labRoots: other.labRoots },
    },
  ];
}

/** The files of a role that may be given several times. */
function listOf({ files }: Vector, role: string): readonly Uint8Array[] {
  const file = files[role];
  return file instanceof Uint8Array ? [file] : file ?? [];
}

/**
 * Logs that are cut, empty, or of another kind.
 *
 * @param base The vector.
 */
export function bendsOfLog(base: Vector): readonly Bend[] {
  const log = fileOf(base, "eventLog");
  // The last event: 29 bytes before its 40 bytes of data are the digests' and its size.
  const lastCount = log.length - 40 - 4 - (2 + 20 + 2 + 32 + 2 + 48) - 4;
  const events = (what: string, code: string, eventLog: Uint8Array): Bend =>
    bend(what, `logs.${code}`, { eventLog });
  return [
    events("a log that is cut", "truncated", log.subarray(0, -1)),
    events("a log whose last event lacks a digest", "digests", edited(log, lastCount, () => 2)),
    events("a text as log", "format", encode("this is no log")),
    events("JSON that is no log", "syntax", encode('{"recnum": 0}')),
    events("records that are not numbered", "record_number", encode(records(1, 0))),
  ];
}

/** Records of a log in CEL with these numbers. */
function records(...numbers: readonly number[]): string {
  const digests = [{ hashAlg: "sha256", digest: "00".repeat(32) }];
  const content = { event_type: 13, event_data: "" };
  return JSON.stringify(
    numbers.map((recnum) => ({ recnum, pcr: 4, digests, content_type: "pcclient_std", content })),
  );
}
