/**
 * Quotes of a TPM in software, held against tpm2-tools and OpenSSL.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat, fromHex, toHex } from "../../src/core/bytes.ts";
import { InputError } from "../../src/core/errors.ts";
import type { Files } from "../../src/core/ports.ts";
import { FieldReader } from "../../src/evidence/tpm/device/bytes_in.ts";
import type { TpmDevice } from "../../src/evidence/tpm/device/device.ts";
import { writeNv } from "../../src/evidence/tpm/device/nv.ts";
import { extendRegister } from "../../src/evidence/tpm/device/registers.ts";
import {
  ATTESTATION_KEYS,
  type AttestationKeyName,
} from "../../src/evidence/tpm/device/templates.ts";
import {
  type AttestationKey,
  type Issued,
  type IssueOptions,
  issueTpmEvidence,
} from "../../src/evidence/tpm/issue.ts";
import { output } from "../../scripts/process.ts";
import { connected, type Swtpm, testWithTpm, tpm2, withDevice, withSwtpm } from "./swtpm.ts";

const NONCE = fromHex("5f1e00a1".repeat(8));
const DIGEST = new Uint8Array(32).fill(7);
const KEYS: readonly AttestationKeyName[] = ["rsa", "rsa-pss", "ecc", "ecc-p384"];
/** tpm2_checkquote 5.4 fails with more than seven values in a file, also with its own. */
const SELECTIONS: IssueOptions["selections"] = [
  { bank: "sha256", registers: [0, 4, 7, 11, 23] },
  { bank: "sha384", registers: [0, 11] },
];

function issueWith(
  device: TpmDevice,
  key: AttestationKey,
  more: Partial<IssueOptions> = {},
): Promise<Issued> {
  return issueTpmEvidence(device, { qualifyingData: NONCE, selections: SELECTIONS, key, ...more });
}

/** Writes the evidence where tools find it; the values of the registers as tpm2_checkquote takes them. */
async function write({ folder }: Swtpm, { evidence, registers }: Issued): Promise<void> {
  const values = concat(...registers.map(({ value }) => value));
  const files = {
    "quote.msg": evidence.tpmQuoteMsg,
    "quote.sig": evidence.tpmQuoteSig,
    "ak.pub": evidence.akPub,
    "pcrs.values": values,
    "plain.sig": plain(evidence.tpmQuoteSig),
  };
  for (const [name, bytes] of Object.entries(files)) {
    await Deno.writeFile(`${folder}/${name}`, bytes);
  }
}

/** TPMT_SIGNATURE as OpenSSL takes it: bytes of RSA, or DER of two numbers. */
function plain(signature: Uint8Array): Uint8Array {
  const reader = new FieldReader(signature, (reason) => new Error(reason));
  const algorithm = reader.u16();
  reader.u16();
  if (algorithm !== 0x18) return reader.sized();
  const numbers = concat(derInteger(reader.sized()), derInteger(reader.sized()));
  return concat(Uint8Array.of(0x30, numbers.length), numbers);
}

function derInteger(number: Uint8Array): Uint8Array {
  const bytes = number.subarray(number.findIndex((byte) => byte !== 0));
  const positive = (bytes[0] ?? 0) < 0x80 ? bytes : concat(Uint8Array.of(0), bytes);
  return concat(Uint8Array.of(0x02, positive.length), positive);
}

const PSS = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:auto ";

/** What OpenSSL must be told, by key. */
const OPENSSL: Readonly<Record<AttestationKeyName, string>> = {
  "rsa": "-sha256 ",
  "rsa-pss": `-sha256 ${PSS}`,
  "ecc": "-sha256 ",
  "ecc-p384": "-sha384 ",
};

/** A judge of a quote that is not ours: it throws where the quote is not good. */
type Judge = (tpm: Swtpm, key: AttestationKeyName, nonce: string) => Promise<string>;

/** Looks at signature, nonce and registers. */
const checkQuote: Judge = (tpm, key, nonce) => {
  const hash = key === "ecc-p384" ? "sha384" : "sha256";
  const values = "-f pcrs.values -l sha256:0,4,7,11,23+sha384:0,11";
  return tpm2(
    tpm,
    `tpm2_checkquote -u ak.pub -m quote.msg -s quote.sig -g ${hash} -q ${nonce} ${values}`,
  );
};

/** Looks at the signature alone. */
const openssl: Judge = ({ folder }, key) => {
  const line = `dgst ${OPENSSL[key]}-verify ak.pem -signature plain.sig quote.msg`;
  return output("openssl", line.split(" "), { cwd: folder });
};

async function issued(tpm: Swtpm, name: AttestationKeyName): Promise<Issued> {
  const quoted = await connected(tpm, async (device) => {
    await extendRegister(device, 11, { sha256: DIGEST, sha384: new Uint8Array(48).fill(1) });
    return await issueWith(device, { kind: "template", name });
  });
  await write(tpm, quoted);
  const pem = await tpm2(tpm, "tpm2_print -t TPM2B_PUBLIC -f pem ak.pub");
  await Deno.writeTextFile(`${tpm.folder}/ak.pem`, pem);
  return quoted;
}

async function bendQuote(tpm: Swtpm, quoted: Issued): Promise<void> {
  const tpmQuoteMsg = quoted.evidence.tpmQuoteMsg.map((byte, i) => i === 80 ? byte ^ 1 : byte);
  await write(tpm, { ...quoted, evidence: { ...quoted.evidence, tpmQuoteMsg } });
}

for (const key of KEYS) {
  testWithTpm(
    `a quote by ${key} is good to openssl, and bent it is not`,
    () =>
      withSwtpm({}, async (tpm) => {
        const quoted = await issued(tpm, key);
        assert.match(await openssl(tpm, key, toHex(NONCE)), /Verified OK/);
        await bendQuote(tpm, quoted);
        await assert.rejects(openssl(tpm, key, toHex(NONCE)), /ended with 1/);
      }),
  );
}

// tpm2_checkquote 5.4 takes every RSA signature for PKCS#1 v1.5.
for (const key of KEYS.filter((name) => name !== "rsa-pss")) {
  testWithTpm(
    `a quote by ${key} is good to tpm2_checkquote with its registers and nonce, and with no others`,
    () =>
      withSwtpm({}, async (tpm) => {
        const quoted = await issued(tpm, key);
        const registers = quoted.registers.map((one, i) =>
          i === 3 ? { ...one, value: DIGEST } : one
        );

        await checkQuote(tpm, key, toHex(NONCE));
        await assert.rejects(checkQuote(tpm, key, "00".repeat(32)));
        await write(tpm, { ...quoted, registers });
        await assert.rejects(checkQuote(tpm, key, toHex(NONCE)));
        await bendQuote(tpm, quoted);
        await assert.rejects(checkQuote(tpm, key, toHex(NONCE)));
      }),
  );
}

testWithTpm(
  "evidence holds all registers of a quote as JSON, and log and certificate where they are",
  () =>
    withDevice(async (device) => {
      const files: Pick<Files, "read"> = {
        read: (path) =>
          path === "log"
            ? Promise.resolve(Uint8Array.of(1, 2))
            : Promise.reject(new InputError(`no ${path}`, { code: "input.unreadable" })),
      };
      await extendRegister(device, 23, { sha256: DIGEST });
      const registers = Array.from({ length: 24 }, (_, i) => i);
      const selections: IssueOptions["selections"] = [{ bank: "sha256", registers }];
      const more = { selections, eventLog: { files, path: "log" } };
      const key: AttestationKey = { kind: "template", name: "ecc" };
      const { evidence, name, withoutEventLog } = await issueWith(device, key, more);
      const pcrs = JSON.parse(new TextDecoder().decode(evidence.pcrs));

      assert.deepEqual(Object.keys(pcrs), ["sha256"]);
      assert.deepEqual(Object.keys(pcrs.sha256), registers.map(String));
      assert.match(pcrs.sha256[23], /^(?!0{64})[0-9a-f]{64}$/);
      assert.deepEqual([evidence.eventLog, withoutEventLog], [Uint8Array.of(1, 2), null]);
      assert.equal(evidence.akCert, undefined);
      assert.equal(toHex(evidence.akPub.subarray(0, 8)), "00580023000b0005", "TPM2B_PUBLIC");

      const elsewhere = await issueWith(device, key, { eventLog: { files, path: "nowhere" } });
      assert.deepEqual(elsewhere.withoutEventLog, "no nowhere");
      assert.deepEqual(elsewhere.evidence.eventLog, undefined);
      assert.deepEqual(elsewhere.name, name, "the same key from the same template");
    }),
);

testWithTpm(
  "the key is one that the TPM keeps, or one of a template in NV memory; its certificate from there",
  () =>
    withSwtpm({}, async (tpm) => {
      const [handle, index, certificateIndex] = [0x81000003, 0x01c10001, 0x01c101d0];
      await tpm2(tpm, "tpm2_createek -c ek.ctx -G rsa -u ek.pub");
      await tpm2(tpm, "tpm2_flushcontext -t");
      await tpm2(
        tpm,
        "tpm2_createak -C ek.ctx -c ak.ctx -u ak.pub -n ak.name -G ecc -g sha256 -s ecdsa",
      );
      await tpm2(tpm, "tpm2_flushcontext -t");
      await tpm2(tpm, `tpm2_evictcontrol -c ak.ctx ${handle}`);
      await tpm2(tpm, "tpm2_flushcontext -t");
      await tpm2(
        tpm,
        `tpm2_nvdefine ${index} -s ${ATTESTATION_KEYS.ecc.length} -a ownerread|ownerwrite`,
      );
      await tpm2(tpm, `tpm2_nvdefine ${certificateIndex} -s 300 -a ownerread|ownerwrite`);
      const name = await Deno.readFile(`${tpm.folder}/ak.name`);
      // What is read of it is its length alone: nothing here verifies certificates.
      const certificate = concat(
        Uint8Array.of(0x30, 0x82, 0x01, 0x00),
        new Uint8Array(256).fill(5),
      );
      await connected(tpm, async (device) => {
        await writeNv(device, index, ATTESTATION_KEYS.ecc);
        await writeNv(device, certificateIndex, concat(certificate, new Uint8Array(40)));
        const kept = await issueWith(device, { kind: "persistent", handle }, { certificateIndex });
        const made = await issueWith(device, { kind: "nv-template", index });
        const ours = await issueWith(device, { kind: "template", name: "ecc" });

        assert.deepEqual(kept.name, name);
        assert.deepEqual(kept.evidence.akPub, await Deno.readFile(`${tpm.folder}/ak.pub`));
        assert.deepEqual(kept.evidence.akCert, certificate);
        assert.deepEqual(made.name, ours.name);

        await writeNv(device, certificateIndex, Uint8Array.of(0x31));
        const other = issueWith(device, { kind: "persistent", handle }, { certificateIndex });
        await assert.rejects(other, { code: "tpm.nv_not_certificate" });
      });
    }),
);

testWithTpm(
  "a register that is extended between reading and quoting makes another quote, and for ever an error",
  () =>
    withDevice(async (device) => {
      const meddling = (times: number): TpmDevice & { readonly left: () => number } => {
        let left = times;
        return {
          ...device,
          left: () => left,
          transport: {
            async exchange(command) {
              const isQuote = toHex(command.subarray(6, 10)) === "00000158";
              if (isQuote && left-- > 0) await extendRegister(device, 11, { sha256: DIGEST });
              return await device.transport.exchange(command);
            },
          },
        };
      };
      const key: AttestationKey = { kind: "template", name: "ecc" };
      const twice = meddling(2);

      const { evidence } = await issueWith(twice, key);
      assert.equal(twice.left(), -1, "the third quote was of what had been read");
      assert.match(new TextDecoder().decode(evidence.pcrs), /"11": "(?!0{64})/);
      await assert.rejects(issueWith(meddling(1000), key), { code: "tpm.registers_changing" });
    }),
);
