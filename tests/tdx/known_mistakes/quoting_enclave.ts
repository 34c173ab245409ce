/**
 * The quoting enclave: that it is Intel's, of the right kind, and recent enough.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine } from "../../../mod.ts";
import { fromHex } from "../../../src/core/bytes.ts";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import { RejectedError } from "../../../src/core/errors.ts";
import { verifySgxQuote } from "../../../src/evidence/tdx/mod.ts";
import { signQuote } from "../../../src/lab/mod.ts";
import { assertRefused, findingOf } from "../../result.ts";
import {
  ask,
  assertBends,
  assertFiles,
  assertGood,
  bent,
  filesOf,
  judge,
  mint,
  sgxCode,
  tcbOf,
} from "../ask.ts";
import { edited, overwritten } from "../../bends/bytes.ts";
import { overReal, realCase } from "../corpus.ts";
import { asPlain, inList, type Plain, plain, without } from "../documents.ts";

/** Flags that the lab's quoting enclave has: INIT, MODE64BIT, PROVISION_KEY. */
const FLAGS = 0x15n;

Deno.test("TDX-03 an enclave of another signer is not Intel's, whichever byte differs", async () => {
  for (const at of [0, 1, 15, 30, 31]) {
    const result = await judge(
      bent({
        qeReport: (report) => ({ ...report, mrSigner: edited(report.mrSigner, at, (b) => b ^ 1) }),
      }),
    );
    assertRefused(result, "tdx.qe_mismatch");
  }
  await assertBends([
    ["no signer", bent({ qeReport: { mrSigner: new Uint8Array(32) } }), "tdx.qe_mismatch"],
    ["the identity's", bent({ qeIdentity: { mrsigner: "00".repeat(32) } }), "tdx.qe_mismatch"],
  ]);
});

Deno.test("TDX-03 an enclave of another product is not the quoting enclave, as that of SGX", async () => {
  for (const isvProdId of [0, 1, 3, 0x0200, 0xffff]) {
    await assertBends([[`${isvProdId}`, bent({ qeReport: { isvProdId } }), "tdx.qe_mismatch"]]);
  }
});

Deno.test("TDX-03 MISCSELECT is compared under its mask, bit by bit", async () => {
  for (let bit = 0; bit < 32; bit++) {
    const qeReport = { miscSelect: 2 ** bit };
    // The mask's bytes stand as in memory: the first holds the lowest bits.
    const mask = Uint8Array.from([0xff, 0xff, 0xff, 0xff]);
    const byte = Math.floor(bit / 8);
    mask[byte] = (mask[byte] ?? 0) & ~(1 << bit % 8);
    assertRefused(await judge(bent({ qeReport })), "tdx.qe_mismatch");
    const qeIdentity = { miscselectMask: hexOf(mask) };
    assertGood(await judge(bent({ qeReport, qeIdentity })), `bit ${bit}`);
  }
});

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("").toUpperCase();
}

Deno.test("TDX-03 ATTRIBUTES are compared under their mask, bit by bit", async () => {
  const mask = fromHex("fbffffffffffffff0000000000000000");
  for (let bit = 0; bit < 128; bit++) {
    const change = 1n << BigInt(bit);
    const result = await judge(bent({
      qeReport: (report) =>
        bit < 64
          ? { ...report, flags: report.flags ^ change }
          : { ...report, xfrm: report.xfrm ^ change >> 64n },
    }));
    const counts = ((mask[Math.floor(bit / 8)] ?? 0) >> bit % 8 & 1) === 1;
    if (counts) assertRefused(result, "tdx.qe_mismatch");
    else assertGood(result, `bit ${bit}`);
  }
});

Deno.test("TDX-03 an identity that demands a bit outside of its mask fits nothing", async () => {
  const qeIdentity = { attributes: "15000000000000000000000000000000" };
  await assertBends([
    ["attributes", bent({ qeIdentity }), "tdx.qe_mismatch"],
    [
      "miscselect",
      bent({ qeIdentity: { miscselect: "01000000", miscselectMask: "00000000" } }),
      "tdx.qe_mismatch",
    ],
  ]);
});

Deno.test("TDX-03 masks and values of another length are refused, not padded", async () => {
  const wrong: readonly (readonly [string, string])[] = [
    ["miscselect", "000000"],
    ["miscselect", "0000000000"],
    ["miscselectMask", ""],
    ["attributes", "11000000000000"],
    ["attributesMask", "FB"],
    ["attributesMask", ""],
    ["mrsigner", ""],
    ["mrsigner", "00".repeat(31)],
    ["mrsigner", "00".repeat(33)],
  ];
  await assertBends(
    wrong.map(([member, value]) => [
      `${member} ${value}`,
      bent({ qeIdentity: { [member]: value } }),
      "tdx.qe_identity_format",
    ]),
  );
});

Deno.test("TDX-03 the level of the quoting enclave is the first that its SVN reaches", async () => {
  const levels = [[8, "UpToDate"], [6, "OutOfDate"], [5, "UpToDate"], [2, "Revoked"]] as const;
  const expected: readonly (readonly [number, string])[] = [
    [0xffff, "UpToDate"],
    [9, "UpToDate"],
    [8, "UpToDate"],
    [7, "OutOfDate"],
    [6, "OutOfDate"],
    [5, "UpToDate"],
    [4, "tdx.tcb_revoked"],
    [2, "tdx.tcb_revoked"],
    [1, "tdx.qe_level_not_found"],
    [0, "tdx.qe_level_not_found"],
  ];
  for (const [isvSvn, status] of expected) {
    const result = await judge(bent({
      qeReport: { isvSvn },
      qeIdentity: (identity) => ({
        ...identity,
        tcbLevels: levels.map(([isvsvn, tcbStatus]) => ({
          tcb: { isvsvn },
          tcbDate: identity.issueDate,
          tcbStatus,
        })),
      }),
    }));
    if (status.startsWith("tdx.")) assertRefused(result, status);
    else assert.deepEqual([tcbOf(result).qe.status, tcbOf(result).qe.isvSvn], [status, isvSvn]);
  }
});

Deno.test("TDX-03 an identity without levels is none", async () => {
  await assertBends([
    ["no level", bent({ qeIdentity: { tcbLevels: [] } }), "tdx.qe_identity_format"],
  ]);
});

Deno.test("TDX-03 the identity of another enclave does not stand in, even where all else fits", async () => {
  await assertBends([
    ["QE", bent({ qeIdentity: { id: "QE" } }), "tdx.qe_identity_id"],
    ["QVE", bent({ qeIdentity: { id: "QVE" } }), "tdx.qe_identity_id"],
    ["td_qe", bent({ qeIdentity: { id: "td_qe" } }), "tdx.qe_identity_format"],
    ["TD_QE ", bent({ qeIdentity: { id: "TD_QE " } }), "tdx.qe_identity_format"],
    ["TDX", bent({ qeIdentity: { id: "TDX" } }), "tdx.qe_identity_format"],
    ["none", bent({ qeIdentity: { id: "" } }), "tdx.qe_identity_format"],
  ]);
});

Deno.test("TDX-03 each kind of quote needs TCB info and identity of its own kind", async () => {
  const td = await mint({ version: 4 });
  for (const version of [3, 4, 5]) {
    const enclave = await mint({ version, body: "sgx", keys: td.keys });
    assert.equal(await sgxCode(enclave), "none");
    const { tcbInfo, qeIdentity } = filesOf(td);
    assert.equal(await sgxCode(enclave, { tcbInfo }), "tdx.tcb_info_id");
    assert.equal(await sgxCode(enclave, { qeIdentity }), "tdx.qe_identity_id");
    const sgx = filesOf(enclave);
    await assertFiles(td, { tcbInfo: sgx.tcbInfo }, "tdx.tcb_info_id");
    await assertFiles(td, { qeIdentity: sgx.qeIdentity }, "tdx.qe_identity_id");
    const both = { tcbInfo: sgx.tcbInfo, qeIdentity: sgx.qeIdentity };
    await assertFiles(td, both, "tdx.tcb_info_id");
  }
});

Deno.test("TDX-03 a quote of an enclave is no evidence of a trust domain, and the other way round", async () => {
  for (const version of [3, 4, 5]) {
    const enclave = await mint({ version, body: "sgx" });
    await assertFiles(enclave, {}, "tdx.tee_type", `version ${version}`);
  }
  for (const version of [4, 5]) {
    assert.equal(await sgxCode(await mint({ version })), "tdx.tee_type");
  }
});

Deno.test("TDX-03 versions of the identity other than 2 are not read", async () => {
  for (const version of [0, 1, 3, 4]) {
    await assertBends([[
      `${version}`,
      bent({ qeIdentity: { version } }),
      "tdx.qe_identity_format",
    ]]);
  }
});

Deno.test("TDX-03 no member of an identity may be missing, null, or unknown", async () => {
  const { qeIdentity } = await mint();
  const members = Object.keys(plain(plain(JSON.parse(qeIdentity))["enclaveIdentity"]));
  assert.equal(members.length, 12);
  const refused = (what: string, change: (whole: Plain) => unknown) =>
    [what, bent(asPlain("qeIdentity", change)), "tdx.qe_identity_format"] as const;
  await assertBends([
    ...members.flatMap((member) => [
      refused(`without ${member}`, (whole) => without(whole, member)),
      refused(`${member} null`, (whole) => ({ ...whole, [member]: null })),
    ]),
    refused("mrenclave", (whole) => ({ ...whole, mrenclave: "00".repeat(32) })),
    refused("configid", (whole) => ({ ...whole, configid: "00" })),
    refused("Id", (whole) => ({ ...whole, Id: "TD_QE" })),
    ...["tcb", "tcbDate", "tcbStatus"].map((member) =>
      refused(
        `a level without ${member}`,
        (whole) => inList(whole, "tcbLevels", (level) => without(level, member)),
      )
    ),
    refused(
      "a condition of a level that is not known",
      (whole) => inList(whole, "tcbLevels", (level) => ({ ...level, cpusvn: "00" })),
    ),
    refused(
      "an SVN that is not known",
      (whole) =>
        inList(whole, "tcbLevels", (level) => ({ ...level, tcb: { isvsvn: 1, configsvn: 1 } })),
    ),
  ]);
});

Deno.test("TDX-03 the refusal says which field of the enclave is not Intel's", async () => {
  const result = await judge(bent({ qeReport: { flags: FLAGS | 2n } }));
  assertRefused(result, "tdx.qe_mismatch");
  const finding = findingOf(result, "tdx.qe_mismatch");
  assert.notEqual(finding.expected, finding.actual);
});

Deno.test({
  ...overReal(
    "TDX-03 the real identity of the SGX enclave is refused for a real TDX quote, and the other way round",
  ),
  fn: async () => {
    const td = realCase("tdx/v4-dcapqvl-b0c06f");
    const sgx = realCase("sgx/v3-dcapqvl-sgx");
    const { qeIdentity } = sgx.files;
    assert.ok(qeIdentity && td.files.qeIdentity);
    const result = await examine({
      variant: "tdx",
      evidence: { ...td.files, qeIdentity },
      expect: { freshness: "none" },
      now: td.now,
    });
    assertRefused(result, "tdx.qe_identity_id");
    await assert.rejects(
      verifySgxQuote(inlineEngine, { ...sgx.files, qeIdentity: td.files.qeIdentity }, {
        now: sgx.now,
        labRoots: [],
      }),
      (error) => error instanceof RejectedError && error.code === "tdx.qe_identity_id",
    );
  },
});

Deno.test("TDX-04 a quoting enclave of another vendor is refused, whichever byte differs", async () => {
  for (const version of [4, 5]) {
    const minted = await mint({ version });
    for (let at = 12; at < 28; at++) {
      const quote = await signQuote(edited(minted.quote, at, (byte) => byte ^ 1), minted.keys);
      await assertFiles(minted, { quote }, "tdx.qe_vendor", `byte ${at}`);
    }
    const none = await signQuote(
      overwritten(minted.quote, 12, new Uint8Array(16)),
      minted.keys,
    );
    await assertFiles(minted, { quote: none }, "tdx.qe_vendor");
  }
});

Deno.test("TDX-04 the vendor of an SGX quote is checked, too", async () => {
  for (const version of [3, 4, 5]) {
    const qeVendor = new Uint8Array(16).fill(1);
    const minted = await mint({ version, body: "sgx", bends: { header: { qeVendor } } });
    assert.equal(await sgxCode(minted), "tdx.qe_vendor");
  }
});

Deno.test("TDX-04 the vendor's id elsewhere in the header does not count", async () => {
  const qeVendor = fromHex("939a7233f79c4ca9940a0db3957f0607");
  const header = {
    qeVendor: qeVendor.toReversed(),
    userData: new Uint8Array([...qeVendor, 0, 0, 0, 0]),
  };
  assertRefused(await judge(bent({ header })), "tdx.qe_vendor");
  assertGood(await ask(await mint(bent({ header: { qeVendor } }))));
});

Deno.test({
  ...overReal("TDX-04 a real quote with another vendor is refused for it"),
  fn: async () => {
    const { files, now } = realCase("tdx/v5-google-90c06f");
    const result = await examine({
      variant: "tdx",
      evidence: { ...files, quote: edited(files.quote, 12, (byte) => byte ^ 1) },
      expect: { freshness: "none" },
      now,
    });
    assertRefused(result, "tdx.qe_vendor");
  },
});
