/**
 * Files of a TPM that the command lines of these tests name: lab evidence, whole and bent.
 *
 * @module
 */

import { p256 } from "@noble/curves/nist.js";
import { concat, fromHex, toHex } from "../../src/core/bytes.ts";
import {
  bendTpmAuthority,
  type CertificateDescription,
  createTpmAuthority,
  dropExtension,
  LAB_MARK_OID,
  type LabKey,
  type MintedTpm,
  mintTpm,
  type MintTpmOptions,
  pem,
  readLabKey,
  TPM_BENDS,
  tpmName,
} from "../../src/lab/mod.ts";
import { NOW } from "../lab_authority.ts";
import type { FakeFile } from "./fake_host.ts";

/** Nonce that the evidence answers. */
const NONCE = "5f1e00a1";

/** The key is always the same, so that what is printed of it does not change. */
async function fixedKey(digit: string): Promise<LabKey> {
  const secret = fromHex(digit.repeat(64));
  const point = p256.getPublicKey(secret, false);
  // RFC 5915 in RFC 5208: version, id-ecPublicKey over P-256, then the numbers.
  const start = fromHex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420");
  return await readLabKey("P-256", concat(start, secret, fromHex("a144034200"), point));
}

const lab = await createTpmAuthority({ now: NOW });
const keys = { ak: await fixedKey("5"), ek: await fixedKey("6") };
const options: MintTpmOptions = { now: NOW, nonce: fromHex(NONCE), keys };

/** Whole evidence. */
export const mintedTpm: MintedTpm = await mintTpm(lab, options);

const cel = await mintTpm(lab, { ...options, log: "cel-json" });
const tlv = await mintTpm(lab, { ...options, log: "cel-tlv" });
/** The next boot: its counters, its kernel. */
const later = await mintTpm(lab, {
  ...options,
  boot: { kernel: "another kernel" },
  bends: { attest: { resetCount: 8 } },
});
const insecure = await mintTpm(lab, { ...options, boot: { secureBoot: false } });
const shorter = await mintTpm(lab, {
  ...options,
  bends: { logged: (events) => events.slice(0, -1) },
});
const edited = await mintBent("log-edited");
const rsa = await mintTpm(lab, { ...options, key: "RSA-2048", keys: { ek: keys.ek } });
const elsewhere = await createTpmAuthority({ now: NOW });
const other = await mintTpm(lab, { ...options, keys: { ek: keys.ek, ak: await fixedKey("7") } });

/** Evidence that is wrong in one way. */
async function mintBent(name: string): Promise<MintedTpm> {
  const context = { now: NOW, keys, issuing: lab.issuing.key };
  const bends = await TPM_BENDS[name]?.bends(context);
  if (bends === undefined) throw new Error(`The lab has no bend ${name}`);
  return await mintTpm(lab, { ...options, bends });
}

/** As a vendor issues them: without the mark of a lab. */
function unmarked(one: CertificateDescription): CertificateDescription {
  return { ...one, extensions: dropExtension(one.extensions, LAB_MARK_OID) };
}

const vendor = await mintTpm(await bendTpmAuthority(lab, { root: unmarked, issuing: unmarked }), {
  ...options,
  bends: { ak: unmarked },
});

const renamed = tpmName("Another Root CA");
const stranger = await mintTpm(
  await bendTpmAuthority(elsewhere, {
    root: (one) => ({ ...unmarked(one), subject: renamed, issuer: renamed }),
    issuing: unmarked,
  }),
  { ...options, bends: { ak: unmarked } },
);

const json = (values: unknown): string => `${JSON.stringify(values, null, 2)}\n`;
const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, i) => i === at ? byte ^ 1 : byte);
const [PCR4, PCR11] = ["4", "11"].map((register) => mintedTpm.pcrs["sha256"]?.[register] ?? "");
const AK_NAME = toHex(mintedTpm.akName);

/** Content by path. */
export const TPM_FILES: Readonly<Record<string, FakeFile>> = {
  "quote.msg": mintedTpm.quote,
  "quote.sig": mintedTpm.signature,
  "ak.pub": mintedTpm.akPublic,
  "ak.pem": pem("PUBLIC KEY", keys.ak.spki),
  "pcrs.json": json(mintedTpm.pcrs),
  "boot.log": mintedTpm.eventLog,
  "boot-cel.json": cel.eventLog,
  "boot-cel.tlv": tlv.eventLog,
  "ak-cert.pem": mintedTpm.akCertificate,
  "ak-issuer.pem": mintedTpm.issuers,
  "ak-crl.pem": mintedTpm.crls[0],
  "ak-root-crl.pem": mintedTpm.crls[1],
  "tpm-root.pem": mintedTpm.root,
  "quote-bent.msg": flipped(mintedTpm.quote, mintedTpm.quote.length - 1),
  "quote-cut.msg": mintedTpm.quote.subarray(0, -1),
  "quote.msg.hex": `${toHex(mintedTpm.quote)}\n`,
  "quote-sized.msg": concat(Uint8Array.of(0, mintedTpm.quote.length), mintedTpm.quote),
  "other.pub": other.akPublic,
  "rsa.pub": rsa.akPublic,
  "pcrs-later.json": json(later.pcrs),
  "pcrs-fewer.json": json({ sha256: { "11": PCR11 } }),
  "boot-later.log": later.eventLog,
  "boot-edited.log": edited.eventLog,
  "boot-short.log": shorter.eventLog,
  "boot-cut.log": mintedTpm.eventLog.subarray(0, -1),
  "insecure.msg": insecure.quote,
  "insecure.sig": insecure.signature,
  "insecure.json": json(insecure.pcrs),
  "insecure.log": insecure.eventLog,
  "vendor-cert.pem": vendor.akCertificate,
  "vendor-issuer.pem": vendor.issuers,
  "vendor-crl.pem": vendor.crls[0],
  "vendor-root-crl.pem": vendor.crls[1],
  "vendor-root.pem": vendor.root,
  "other-root.pem": stranger.root,
  "tpm.yaml": `version: 1\ntpm: {registers: {sha256: {4: ["${PCR4}"], 11: ["${PCR11}"]}}}\n`,
  "tpm-strict.yaml": `version: 1
tpm:
  registers: ["sha256:4=${PCR4}", "sha256:11=${PCR11}"]
  selection: ["sha256:0,1,2,3,4,5,6,7,8,9,11,12,13,14"]
  resetCount: 7
  restartCount: 0
  akNames: ["${AK_NAME}"]
  firmwareVersions: ["0001000000000001"]
  secureBoot: require
  eventLog: require
`,
  "tpm-boot.yaml": "version: 1\ntpm: {resetCount: 8}\n",
  "tpm-secure.yaml": "version: 1\ntpm: {secureBoot: require}\n",
  "tpm-provider.yaml": "version: 1\nacceptRoots: [provider]\n",
  "tpm-none.yaml": "version: 1\nacceptRoots: [none]\n",
  "tpm-sha1.yaml": `version: 1\ntpm: {registers: {sha1: {4: ["${"ab".repeat(20)}"]}}}\n`,
  "tpm-typo.yaml": `version: 1\ntpm: {secureBoot: on}\n`,
};

const INSECURE_PINS = ["4", "11"].map((register) =>
  `--pcr sha256:${register}=${insecure.pcrs["sha256"]?.[register] ?? ""}`
);

/** Words that stand for several in a command line. */
export const TPM_WORDS: Readonly<Record<string, string>> = {
  "@quote": "--tpm-quote-msg quote.msg --tpm-quote-sig quote.sig --ak-pub ak.pub --pcrs pcrs.json",
  "@msg": "--tpm-quote-msg quote.msg",
  "@sig": "--tpm-quote-sig quote.sig",
  "@ak": "--ak-pub ak.pub",
  "@pcrs": "--pcrs pcrs.json",
  "@log": "--event-log boot.log",
  "@cert":
    "--ak-cert ak-cert.pem --ak-cert-issuer ak-issuer.pem --ak-cert-crl ak-crl.pem --ak-cert-crl ak-root-crl.pem --lab-root tpm-root.pem",
  "@vendor":
    "--ak-cert vendor-cert.pem --ak-cert-issuer vendor-issuer.pem --ak-cert-crl vendor-crl.pem --ak-cert-crl vendor-root-crl.pem",
  "@registers": `--nonce ${NONCE} --pcr sha256:4=${PCR4} --pcr sha256:11=${PCR11}`,
  "@pcr4": `--pcr sha256:4=${PCR4}`,
  "@insecure":
    `--tpm-quote-msg insecure.msg --tpm-quote-sig insecure.sig --ak-pub ak.pub --pcrs insecure.json --event-log insecure.log --nonce ${NONCE} ${
      INSECURE_PINS.join(" ")
    }`,
  "@name": `--ak-name ${AK_NAME}`,
};
