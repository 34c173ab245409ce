/**
 * Stage `verify-attestation-sev` over reports that the lab mints.
 *
 * @module
 */

import assert from "node:assert/strict";
import { frame, toBase64, toHex } from "../../src/core/bytes.ts";
import {
  basicConstraints,
  mintSnp,
  type MintSnpOptions,
  type SnpBends,
} from "../../src/lab/mod.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { ask, gzip, outputsOf, type Plain, SEV, sevInput, snp, wordOf } from "./inputs.ts";

/** What is minted, what is asked, what comes. */
type Case = readonly [says: string, minted: Partial<MintSnpOptions>, asked: Plain, word: string];

const AA = "aa".repeat(48);
const DEBUG = 1n << 19n;
const MIGRATE_MA = 1n << 18n;
const report = (bend: SnpBends["report"]): Partial<MintSnpOptions> => ({
  bends: bend === undefined ? {} : { report: bend },
});
const policyBit = (bit: bigint): Partial<MintSnpOptions> =>
  report((fields) => ({ ...fields, policy: fields.policy | bit }));
const pins = (policy: Plain): Plain => ({ policy });

const CASES: readonly Case[] = [
  ["a genuine report of anything", {}, {}, "accepted"],
  [
    "pins that hold",
    { reportData: new Uint8Array(64).fill(7) },
    pins({
      expected_report_data_hex: "07".repeat(64),
      min_tcb_bl_spl: 10,
      min_tcb_ucode_spl: 84,
      expected_host_data_hex: "00".repeat(32),
      expected_author_key_digest_hex: "00".repeat(48),
      enforce_spec_defaults: true,
    }),
    "accepted",
  ],
  ["another measurement", {}, pins({ expected_measurement_hex: AA }), "MEASUREMENT_MISMATCH"],
  [
    "other host data",
    {},
    pins({ expected_host_data_hex: "bb".repeat(32) }),
    "HOST_DATA_MISMATCH",
  ],
  [
    "other report data",
    {},
    pins({ expected_report_data_hex: "bb".repeat(64) }),
    "REPORT_DATA_MISMATCH",
  ],
  ["another ID key", {}, pins({ expected_id_key_digest_hex: AA }), "ID_KEY_DIGEST_MISMATCH"],
  [
    "another author key",
    {},
    pins({ expected_author_key_digest_hex: AA }),
    "AUTHOR_KEY_DIGEST_MISMATCH",
  ],
  [
    "an author key where none may be",
    report({ authorKeyDigest: new Uint8Array(48).fill(9), flags: 1 }),
    pins({ expected_author_key_digest_hex: "00".repeat(48) }),
    "AUTHOR_KEY_DIGEST_MISMATCH",
  ],
  ["an older boot loader", {}, pins({ min_tcb_bl_spl: 11 }), "TCB_OUT_OF_DATE"],
  ["an older system", {}, pins({ min_tcb_tee_spl: 1 }), "TCB_OUT_OF_DATE"],
  ["older firmware", {}, pins({ min_tcb_snp_spl: 24 }), "TCB_OUT_OF_DATE"],
  ["older microcode", {}, pins({ min_tcb_ucode_spl: 85 }), "TCB_OUT_OF_DATE"],
  ["a minimum that no version reaches", {}, pins({ min_tcb_bl_spl: 256 }), "TCB_OUT_OF_DATE"],
  [
    "launched on older microcode",
    report((fields) => ({ ...fields, launchTcb: { ...fields.launchTcb, microcode: 80 } })),
    pins({ min_tcb_ucode_spl: 84 }),
    "TCB_OUT_OF_DATE",
  ],
  ["debugging", policyBit(DEBUG), {}, "GUEST_POLICY_DEBUG_SET"],
  ["a migration agent", policyBit(MIGRATE_MA), {}, "GUEST_POLICY_MIGRATE_MA_SET"],
  ["a reserved bit", policyBit(1n << 30n), {}, "GUEST_POLICY_RESERVED_BIT_SET"],
  [
    "without the bit that is always one",
    report((fields) => ({ ...fields, policy: fields.policy & ~(1n << 17n) })),
    {},
    "GUEST_POLICY_RESERVED_BIT_SET",
  ],
  ["another chip", report({ chipId: new Uint8Array(64).fill(3) }), {}, "VCEK_HWID_MISMATCH"],
  [
    "a higher TCB than the VCEK's",
    report((fields) => ({
      ...fields,
      reportedTcb: { ...fields.reportedTcb, microcode: 85 },
      committedTcb: { ...fields.committedTcb, microcode: 85 },
      currentTcb: { ...fields.currentTcb, microcode: 85 },
    })),
    {},
    "VCEK_TCB_MISMATCH",
  ],
  ["a version from the future", report({ version: 9 }), {}, "WRONG_REPORT_VERSION"],
  ["another algorithm", report({ signatureAlgorithm: 2 }), {}, "REPORT_FORMAT_UNSUPPORTED"],
  ["a report that says VLEK", report({ flags: 4 }), {}, "SIGNER_INFO_INVALID"],
  [
    "after the VCEK's end",
    {},
    { expiration_check_date_unix: Date.UTC(2034, 0, 1) / 1000 },
    "VCEK_EXPIRED",
  ],
  [
    "before all of it",
    {},
    { expiration_check_date_unix: 1 },
    "ARK_UNTRUSTED",
  ],
  [
    "an ASK without path length",
    {
      bends: {
        VCEK: (ask) => ({
          ...ask,
          extensions: ask.extensions.map((extension) =>
            extension.oid === "2.5.29.19" ? basicConstraints(true) : extension
          ),
        }),
      },
    },
    {},
    "ASK_INVALID",
  ],
  [
    "a privilege level beside the kernel's",
    report({ vmpl: 2 }),
    {},
    "QV_RESULT_TERMINAL_UNSPECIFIED",
  ],
];

for (const [says, minting, asked, word] of CASES) {
  Deno.test(`${SEV} ${says}: ${word}`, async () => {
    const answer = await ask(SEV, await sevInput(await snp(minting), asked));
    assert.equal(wordOf(answer), word, answer.says);
  });
}

Deno.test(`${SEV} tells bytes that were changed`, async () => {
  const minted = await snp();
  const bent = async (at: number): Promise<string> => {
    const changed = minted.report.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    const doc = { attestation_doc_b64: toBase64(await gzip(changed)) };
    return wordOf(await ask(SEV, await sevInput(minted, doc)));
  };
  assert.equal(await bent(0x90), "REPORT_SIGNATURE_INVALID", "the measurement");
  assert.equal(await bent(0x2a0), "REPORT_SIGNATURE_INVALID", "the signature");

  const short = { attestation_doc_b64: toBase64(await gzip(minted.report.slice(0, -1))) };
  assert.equal(wordOf(await ask(SEV, await sevInput(minted, short))), "REPORT_TRUNCATED");
  const long = { attestation_doc_b64: toBase64(await gzip(new Uint8Array(1185))) };
  assert.equal(wordOf(await ask(SEV, await sevInput(minted, long))), "REPORT_FORMAT_UNSUPPORTED");

  const leaf = minted.der.leaf.slice();
  leaf[leaf.length - 8] = (leaf[leaf.length - 8] ?? 0) ^ 1;
  const forged = { vcek_der_b64: toBase64(leaf) };
  assert.equal(wordOf(await ask(SEV, await sevInput(minted, forged))), "VCEK_CHAIN_INVALID");
  const none = { vcek_der_b64: toBase64(leaf.slice(1)) };
  assert.equal(wordOf(await ask(SEV, await sevInput(minted, none))), "VCEK_CHAIN_INVALID");
});

Deno.test(`${SEV} says each field of the report where AMD 56860 has it`, async () => {
  const minted = await snp(report((fields) => ({
    ...fields,
    currentVersion: { major: 1, minor: 55, build: 40 },
    committedVersion: { major: 1, minor: 55, build: 40 },
    authorKeyDigest: new Uint8Array(48).fill(9),
    flags: 1,
  })));
  const { report: bytes } = minted;
  const hex = (at: number, length: number): string => toHex(bytes.slice(at, at + length));
  const outputs = outputsOf(await ask(SEV, await sevInput(minted)));

  assert.deepEqual(outputs["measurement"], {
    type: "https://tinfoil.sh/predicate/sev-snp-guest/v2",
    registers: [hex(0x90, 48)],
  });
  const fields: Plain = Object(outputs["body_fields"]);
  const wanted: Plain = {
    version: 3,
    policy_hex: "0000000000030000",
    current_tcb_hex: "541700000000000a",
    current_tcb_decoded: { bl_spl: 10, tee_spl: 0, snp_spl: 23, ucode_spl: 84 },
    reported_tcb_hex: hex(0x180, 8),
    chip_id_hex: hex(0x1a0, 64),
    committed_tcb_hex: hex(0x1e0, 8),
    current_build: bytes[0x1e8],
    current_minor: bytes[0x1e9],
    current_major: bytes[0x1ea],
    committed_build: bytes[0x1ec],
    committed_minor: bytes[0x1ed],
    committed_major: bytes[0x1ee],
    launch_tcb_hex: hex(0x1f0, 8),
    report_id_ma_hex: hex(0x160, 32),
    signer_info_hex: "00000001",
  };
  for (const [name, value] of Object.entries(wanted)) assert.deepEqual(fields[name], value, name);
  assert.equal(fields["current_major"], 1);
});

Deno.test(`${SEV} trusts the root of an input for that input alone`, async () => {
  const minted = await snp();
  const own = await sevInput(minted);
  const { amd_root_ca_pem: _root, ask_pem: _ask, ...without } = own;
  assert.equal(wordOf(await ask(SEV, without)), "exit 20", "no chain at all");
  const amdChains = [new TextEncoder().encode(minted.chain)];
  assert.equal(wordOf(await ask(SEV, without, { amdChains })), "ARK_UNTRUSTED");
  assert.equal(wordOf(await ask(SEV, { ...without, ask_pem: own["ask_pem"] })), "exit 20");

  const { root } = await mintSnp(await labAuthority("Milan"), { now: NOW });
  const other = await ask(SEV, { ...own, amd_root_ca_pem: root });
  assert.equal(other.exit, 10, "a root that is not the chain's");
});

Deno.test(`${SEV} unpacks no more than a report could need`, async () => {
  const bomb = { attestation_doc_b64: toBase64(await gzip(new Uint8Array(8 * 1024 * 1024))) };
  const answer = await ask(SEV, await sevInput(await snp(), bomb));
  assert.equal(answer.exit, 30);
  assert.match(answer.says, /more than 65536 bytes/);
  const plain = { attestation_doc_b64: toBase64(frame([new Uint8Array(1184)])) };
  assert.equal((await ask(SEV, await sevInput(await snp(), plain))).exit, 30, "not gzip");
});
