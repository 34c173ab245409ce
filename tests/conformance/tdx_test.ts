/**
 * Stage `verify-attestation-tdx` over quotes that the lab mints.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat, toBase64, toHex } from "../../src/core/bytes.ts";
import {
  intelRevoked,
  intelSerial,
  type MintedTdx,
  mintTdx,
  type TdxBends,
} from "../../src/lab/mod.ts";
import { intelAuthority, twinAuthority } from "../intel_authority.ts";
import { NOW } from "../lab_authority.ts";
import { ask, outputsOf, type Plain, TDX, tdx, tdxCollateral, tdxInput, wordOf } from "./inputs.ts";
import { AA, DEMANDED, GENUINE } from "./tdx_cases.ts";

for (const [says, minting, asked, word] of [...GENUINE, ...DEMANDED]) {
  Deno.test(`${TDX} ${says}: ${word}`, async () => {
    const answer = await ask(TDX, tdxInput(await tdx(minting), asked));
    assert.equal(wordOf(answer), word, answer.says);
  });
}

Deno.test(`${TDX} accepts what has each value that is pinned, and says it`, async () => {
  const minted = await tdx({ reportData: new Uint8Array(64).fill(7) });
  const hex = (at: number, length: number): string =>
    toHex(minted.quote.slice(48 + at, 48 + at + length));
  const rtmr = (index: number): string => hex(328 + 48 * index, 48);
  const policy = {
    tcb_evaluation_required: true,
    enforce_spec_defaults: true,
    accepted_qv_results: ["OK"],
    min_tee_tcb_svn_hex: hex(0, 16),
    expected_mrseam_allowlist: [AA, hex(16, 48)],
    expected_mr_signer_seam_hex: hex(64, 48),
    expected_seam_attributes_hex: hex(112, 8),
    expected_td_attributes_hex: hex(120, 8),
    expected_xfam_hex: hex(128, 8),
    expected_mrtd_hex: hex(136, 48),
    expected_mr_config_id_hex: hex(184, 48),
    expected_mr_owner_hex: hex(232, 48),
    expected_mr_owner_config_hex: hex(280, 48),
    expected_rtmr3_hex: rtmr(3),
    expected_report_data_hex: "07".repeat(64),
    expected_fmspc_hex: toHex(minted.pck.fmspc),
    expected_qe_vendor_id_hex: "939A7233F79C4CA9940A0DB3957F0607",
  };
  const answer = await ask(TDX, tdxInput(minted, { policy, execution_mode: "public_api" }));
  assert.equal(wordOf(answer), "accepted", answer.says);
  const outputs = outputsOf(answer);
  assert.deepEqual(outputs["measurement"], {
    type: "https://tinfoil.sh/predicate/tdx-guest/v2",
    registers: [hex(136, 48), rtmr(0), rtmr(1), rtmr(2), rtmr(3)],
  });
  assert.equal(outputs["qv_result"], "OK");
  assert.equal(outputs["tcb_status"], "UpToDate");
  const fields: Plain = Object(outputs["body_fields"]);
  assert.equal(fields["xfam_hex"], "e702060000000000", "bytes in memory");
  assert.equal(fields["td_attributes_hex"], "0000001000000000", "bytes in memory");
  assert.deepEqual(fields["td_attributes_decoded"], {
    tud_debug: false,
    tud_reserved_nonzero: false,
    sec_reserved_lower_nonzero: false,
    sec_sept_ve_disable: true,
    sec_reserved_bit29: false,
    sec_pks: false,
    sec_kl: false,
    other_reserved_nonzero: false,
    other_perfmon: false,
  });
});

/** Input with a quote in place of the minted one. */
function withQuote(minted: MintedTdx, quote: Uint8Array): Plain {
  return tdxInput(minted, { quote_b64: toBase64(quote) });
}

Deno.test(`${TDX} tells bytes that were changed`, async () => {
  const minted = await tdx();
  const bent = async (at: number): Promise<string> => {
    const quote = minted.quote.slice();
    quote[at] = (quote[at] ?? 0) ^ 1;
    return wordOf(await ask(TDX, withQuote(minted, quote)));
  };
  assert.equal(await bent(48 + 136), "QUOTE_SIGNATURE_INVALID", "MRTD");
  assert.equal(await bent(48 + 584 + 4 + 5), "QUOTE_SIGNATURE_INVALID", "the signature");
  assert.equal(await bent(48 + 584 + 4 + 128 + 6 + 384 + 5), "QE_REPORT_SIGNATURE_INVALID");
  const cut = await ask(TDX, withQuote(minted, minted.quote.slice(0, 64)));
  assert.equal(wordOf(cut), "QUOTE_TRUNCATED");
  const longer = await ask(TDX, withQuote(minted, concat(minted.quote, Uint8Array.of(1, 2, 3))));
  assert.equal(wordOf(longer), "accepted", "the contract does not ask what follows");
});

Deno.test(`${TDX} tells who was revoked`, async () => {
  const { keys } = await tdx();
  const { platform } = await intelAuthority();
  const pck = [intelRevoked(await intelSerial(keys.pck), NOW)];
  const ca = [intelRevoked(await intelSerial(platform.key), NOW)];
  const asked = async (bends: TdxBends): Promise<string> =>
    wordOf(await ask(TDX, tdxInput(await tdx({ keys, bends }))));
  assert.equal(await asked({ pckCrl: { revoked: pck } }), "PCK_REVOKED");
  assert.equal(await asked({ rootCrl: { revoked: ca } }), "INTERMEDIATE_REVOKED");
});

Deno.test(`${TDX} tells lists, chains and roots that are somebody else's`, async () => {
  const minted = await tdx();
  const other = await mintTdx(await twinAuthority(), { now: NOW });
  const asked = async (changes: Plain): Promise<string> =>
    wordOf(await ask(TDX, tdxInput(minted, { collateral: tdxCollateral(minted, changes) })));
  const unspecified = "QV_RESULT_TERMINAL_UNSPECIFIED";
  assert.equal(await asked({ pck_crl_der_b64: toBase64(other.der.pckCrl) }), unspecified);
  assert.equal(await asked({ root_crl_der_b64: toBase64(other.der.rootCrl) }), unspecified);
  assert.equal(await asked({ intel_root_ca_pem: other.root }), "ROOT_CA_UNTRUSTED");
  assert.equal(
    await asked({ tcb_info_issuer_chain_pem: other.tcbChain }),
    "TCB_INFO_CHAIN_INVALID",
    "each document has a chain of its own",
  );
  assert.equal(
    await asked({ qe_identity_issuer_chain_pem: other.tcbChain }),
    "TCB_INFO_CHAIN_INVALID",
  );
});

Deno.test(`${TDX} takes chains from the program where the input brings none`, async () => {
  const minted = await tdx();
  const { tcb_info_issuer_chain_pem: _, qe_identity_issuer_chain_pem: __, ...collateral } =
    tdxCollateral(minted);
  const input = tdxInput(minted, { collateral });
  assert.equal(wordOf(await ask(TDX, input)), "exit 20");
  const tcbChains = [new TextEncoder().encode(minted.tcbChain)];
  assert.equal(wordOf(await ask(TDX, input, { tcbChains })), "accepted");
});

Deno.test("API-01 verify-attestation-tdx claims no result of an evaluation that was not asked for", async () => {
  const minted = await tdx({ tcbStatus: "OutOfDate" });
  const asked = (more: Plain = {}): ReturnType<typeof ask> =>
    ask(TDX, tdxInput(minted, { policy: { tcb_evaluation_required: false, ...more } }));
  const answer = await asked();
  assert.equal(wordOf(answer), "accepted");
  assert.equal(outputsOf(answer)["qv_result"], undefined);
  assert.equal(outputsOf(answer)["tcb_status"], undefined);
  assert.equal(wordOf(await asked({ expected_mrtd_hex: AA })), "MRTD_MISMATCH");
  const least = { min_tee_tcb_svn_hex: "ff".repeat(16) };
  assert.equal(wordOf(await asked(least)), "TEE_TCB_SVN_BELOW_MINIMUM");
});
