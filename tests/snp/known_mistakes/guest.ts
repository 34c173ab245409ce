/**
 * What the guest's owner demanded at launch, and who asked for the report.
 *
 * @module
 */

import assert from "node:assert/strict";
import { InputError } from "../../../mod.ts";
import { fromHex } from "../../../src/core/bytes.ts";
import type { ReportFields } from "../../../src/lab/mod.ts";
import { assertRefused } from "../../result.ts";
import { ask, assertBends, assertGood, judge, mint, type Minting } from "../ask.ts";

const report = (fields: Partial<ReportFields>): Minting => ({ bends: { report: fields } });

/** The policy that minted reports have: SMT allowed and the bit that is always one. */
const POLICY = 0x30000n;
const bit = (number: number): bigint => 1n << BigInt(number);

Deno.test("SNP-16 bit 17 of the guest policy is one and bits 26 to 63 are zero", async () => {
  const bent = [POLICY & ~bit(17)];
  for (let number = 26; number < 64; number++) bent.push(POLICY | bit(number));
  assert.equal(bent.length, 39);
  await assertBends(
    bent.map((policy) => [`0x${policy.toString(16)}`, report({ policy }), "snp.policy_malformed"]),
  );
});

Deno.test("SNP-16 a guest that may be debugged or migrated is refused, unless the policy allows it", async () => {
  const debug = await mint(report({ policy: POLICY | bit(19) }));
  const migrating = await mint(report({ policy: POLICY | bit(18) }));
  assertRefused(await ask(debug), "snp.debug_allowed");
  assertRefused(await ask(migrating), "snp.migration_allowed");
  assertRefused(await ask(debug, { section: { migration: "allow" } }), "snp.debug_allowed");
  assertRefused(await ask(migrating, { section: { debug: "allow" } }), "snp.migration_allowed");
  const allowed = await ask(debug, { section: { debug: "allow" } });
  assertGood(allowed);
  assert.equal(allowed.findings.find(({ id }) => id === "snp.debug")?.kind, "unchecked");
});

Deno.test("SNP-16 the ABI is compared by major, then minor version", async () => {
  const abi = async (major: number, minor: number) =>
    await mint(report({ policy: POLICY | BigInt(major << 8 | minor) }));
  const minimumAbi = "1.55";
  const low = [[0, 0], [0, 255], [1, 0], [1, 54]] as const;
  for (const [major, minor] of low) {
    assertRefused(
      await ask(await abi(major, minor), { section: { minimumAbi } }),
      "snp.abi_too_low",
    );
  }
  for (const [major, minor] of [[1, 55], [1, 56], [2, 0]] as const) {
    assertGood(await ask(await abi(major, minor), { section: { minimumAbi } }));
  }
});

Deno.test("SNP-16 each further bit of the guest policy can be demanded and refused", async () => {
  const bits = [
    ["cxlAllowed", 21],
    ["memAes256Xts", 22],
    ["raplDisabled", 23],
    ["ciphertextHidingDram", 24],
    ["pageSwapDisabled", 25],
  ] as const;
  const plain = await mint();
  for (const [name, number] of bits) {
    const set = await mint(report({ policy: POLICY | bit(number) }));
    const wanting = (wanted: boolean) => ({ section: { guestPolicy: { [name]: wanted } } });
    assertGood(await ask(set));
    assertGood(await ask(set, wanting(true)));
    assertRefused(await ask(set, wanting(false)), "snp.guest_policy");
    assertGood(await ask(plain, wanting(false)));
    assertRefused(await ask(plain, wanting(true)), "snp.guest_policy");
  }
});

Deno.test("SNP-16 SMT and sockets can be restricted", async () => {
  const off = { policy: POLICY & ~bit(16), platformInfo: 0x24n };
  const smt = { section: { smt: "forbid" } };
  assertGood(await ask(await mint(report(off)), smt));
  for (const fields of [{ ...off, policy: POLICY }, { ...off, platformInfo: 0x25n }]) {
    assertRefused(await ask(await mint(report(fields)), smt), "snp.smt_refused");
  }
  const socket = { section: { singleSocket: "require" } };
  assertRefused(await ask(await mint(), socket), "snp.single_socket_required");
  assertGood(await ask(await mint(report({ policy: POLICY | bit(20) })), socket));
});

Deno.test("SNP-16 each property of the platform can be demanded and refused", async () => {
  const bits = [
    ["smtEnabled", 0],
    ["tsmeEnabled", 1],
    ["eccEnabled", 2],
    ["raplDisabled", 3],
    ["ciphertextHidingDramEnabled", 4],
    ["aliasCheckComplete", 5],
    ["tioEnabled", 7],
  ] as const;
  for (const [name, number] of bits) {
    const [set, unset] = [
      await mint(report({ platformInfo: bit(number) })),
      await mint(report({ platformInfo: 0n })),
    ];
    const wanting = (wanted: boolean) => ({ section: { platformInfo: { [name]: wanted } } });
    assertGood(await ask(set, wanting(true)));
    assertRefused(await ask(set, wanting(false)), "snp.platform_info");
    assertGood(await ask(unset, wanting(false)));
    assertRefused(await ask(unset, wanting(true)), "snp.platform_info");
  }
});

Deno.test("SNP-16 the privilege level is 0 unless the policy names others, and then those alone", async () => {
  for (const vmpl of [1, 2, 3]) assertRefused(await judge(report({ vmpl })), "snp.vmpl");
  const below = { section: { vmpl: [2] } };
  assertGood(await ask(await mint(report({ vmpl: 2 })), below));
  // Where a paravisor runs at 0, its report does not speak for the guest at 2.
  assertRefused(await ask(await mint(report({ vmpl: 0 })), below), "snp.vmpl");
});

Deno.test("SNP-16 a report that the host asked for is refused, whatever levels are accepted", async () => {
  const host = await mint(report({ vmpl: 0xffff_ffff }));
  assertRefused(await ask(host), "snp.vmpl");
  assertRefused(await ask(host, { section: { vmpl: [0, 1, 2, 3] } }), "snp.vmpl");
  for (const vmpl of [4, 255, 0xffff_fffe]) {
    assertRefused(await judge(report({ vmpl })), "snp.reserved_not_zero");
  }
  const levels = { section: { vmpl: [4294967295] } };
  await assert.rejects(
    ask(host, levels),
    (error) => error instanceof InputError && error.code === "policy.value",
  );
});

const ID_KEY = "33".repeat(48);
const AUTHOR_KEY = "44".repeat(48);

Deno.test("SNP-18 a pinned ID key refuses a guest that has another or none", async () => {
  const section = { idKeyDigests: [ID_KEY] };
  const signed = await mint(report({ idKeyDigest: fromHex(ID_KEY) }));
  assertGood(await ask(signed, { section }));
  assertRefused(await ask(await mint(), { section }), "snp.id_key_mismatch");
  const other = await mint(report({ idKeyDigest: fromHex(AUTHOR_KEY) }));
  assertRefused(await ask(other, { section }), "snp.id_key_mismatch");
});

Deno.test("SNP-18 a pinned author key counts only where the firmware says that it was used", async () => {
  const section = { authorKeyDigests: [AUTHOR_KEY] };
  const authorKeyDigest = fromHex(AUTHOR_KEY);
  assertGood(await ask(await mint(report({ authorKeyDigest, flags: 1 })), { section }));
  const unused = await mint(report({ authorKeyDigest, flags: 0 }));
  assertRefused(await ask(unused, { section }), "snp.author_key_mismatch");
  assertRefused(await ask(await mint(), { section }), "snp.author_key_mismatch");
  const zero = await mint(report({ flags: 1 }));
  assertRefused(await ask(zero, { section }), "snp.author_key_mismatch");
});

Deno.test("SNP-18 a demand for keys without any key is an input error", async () => {
  const minted = await mint();
  const empty: readonly Readonly<Record<string, unknown>>[] = [
    { idKeyDigests: [] },
    { authorKeyDigests: [] },
    { idKeyDigests: [""] },
    { idKeyDigests: ["33"] },
    { idKeyDigests: null },
    { requireIdBlock: true },
    { measurements: [] },
    { measurements: "" },
    { hostData: [] },
    { allowChips: [] },
    { denyChips: [] },
    { vmpl: [] },
    { minimumTcb: { genoa: { reported: { sNp: 3 } } } },
  ];
  for (const section of empty) {
    await assert.rejects(
      ask(minted, { section }),
      (error) => error instanceof InputError && error.code.startsWith("policy."),
      JSON.stringify(section),
    );
  }
});

Deno.test("SNP-18 a pinned ID key does not stand in for the ban of migration", async () => {
  const minted = await mint(report({
    policy: POLICY | bit(18),
    idKeyDigest: fromHex(ID_KEY),
    reportIdMa: new Uint8Array(32).fill(9),
  }));
  const result = await ask(minted, { section: { idKeyDigests: [ID_KEY] } });
  assertRefused(result, "snp.migration_allowed");
});

Deno.test("SNP-18 host data and guest version are pinned each on its own", async () => {
  const hostData = new Uint8Array(32).fill(7);
  const minted = await mint(report({ hostData, guestSvn: 4 }));
  assertGood(await ask(minted, { section: { hostData: ["07".repeat(32)], minimumGuestSvn: 4 } }));
  const other = { section: { hostData: ["08".repeat(32)] } };
  assertRefused(await ask(minted, other), "snp.host_data_mismatch");
  assertRefused(await ask(minted, { section: { minimumGuestSvn: 5 } }), "snp.guest_svn_too_low");
});
