import assert from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import { createIntelAuthority, exportIntelAuthority } from "../../src/lab/mod.ts";
import { NOW } from "../lab_authority.ts";
import { runCli } from "./fake_host.ts";

const NONCE = "5f1e00a1";
const KEYS = JSON.stringify(exportIntelAuthority(await createIntelAuthority({ now: NOW })));
const FILES = { "intel.json": KEYS, "amd.json": `{"kind":"casemate-lab-authority/v1"}` };

/** What `lab mint tdx` writes, in this order. */
const NAMES = [
  "quote.bin",
  "tcb_info.json",
  "qe_identity.json",
  "tcb_chain.pem",
  "pck_crl.pem",
  "pck_crl_chain.pem",
  "root_crl.pem",
  "lab-root.pem",
];

async function mint(flags: string) {
  return await runCli(`lab mint tdx --out new ${flags}`.split(" "), { files: FILES });
}

Deno.test("casemate lab mint tdx writes its files, and keys only where it made them", async () => {
  const made = await mint(`--nonce ${NONCE}`);
  assert.equal(made.exitCode, 0, made.err);
  const paths = NAMES.map((name) => `new/${name}`);
  assert.deepEqual([...made.written.keys()], [...paths, "new/lab-authority.json"]);
  assert.deepEqual([...made.secret], ["new/lab-authority.json"]);

  const again = await mint(`--nonce ${NONCE} --authority intel.json`);
  assert.equal(again.exitCode, 0, again.err);
  assert.deepEqual([...again.written.keys()], paths);
});

/** Flags, and what verification answers to what they minted. */
const ANSWERS: readonly (readonly [string, number, RegExp])[] = [
  ["", 0, /^LAB-TRUSTED/],
  ["--quote-version 5 --processor-ca", 0, /^LAB-TRUSTED/],
  [`--mrtd ${"aa".repeat(48)} --rtmr1 ${"bb".repeat(48)}`, 0, /^LAB-TRUSTED/],
  ["--tcb-status OutOfDate", 3, /tdx\.tcb_status/],
  ["--tcb-status Revoked", 3, /tdx\.tcb_revoked/],
  ["--debug", 3, /tdx\.debug_allowed/],
];

for (const [flags, exitCode, says] of ANSWERS) {
  Deno.test(`casemate lab mint tdx ${flags.slice(0, 50)} prints the command line that verifies what it wrote`, async () => {
    const minting = await mint(`--nonce ${NONCE} --authority intel.json ${flags}`.trim());
    assert.equal(minting.exitCode, 0, minting.err);
    const line = minting.out.slice(minting.out.indexOf("casemate ")).replaceAll("\\\n", "").trim()
      .split(/\s+/).slice(1);

    const verifying = await runCli(line, { files: Object.fromEntries(minting.written) });

    assert.equal(verifying.exitCode, exitCode, verifying.out + verifying.err);
    assert.match(verifying.out, says);
  });
}

/** Offsets in a quote of version 5: header of 48 bytes, 6 that describe the body, the body. */
const BODY = 54;

Deno.test("casemate lab mint tdx mints what its flags say", async () => {
  const registers = ["aa", "bb", "cc"].map((byte) => byte.repeat(48));
  const [mrTd, rtmr1, rtmr2] = registers;
  const ran = await mint(
    `--report-data ${"01".repeat(64)} --quote-version 5 --processor-ca --tcb-status OutOfDate ` +
      `--debug --mrtd ${mrTd} --rtmr1 ${rtmr1} --rtmr2 ${rtmr2} --authority intel.json`,
  );
  assert.equal(ran.exitCode, 0, ran.err);
  const quote = ran.written.get("new/quote.bin") ?? assert.fail();
  const at = (offset: number, length: number): string =>
    toHex(quote.subarray(BODY + offset, BODY + offset + length));
  assert.deepEqual([quote[0], at(520, 64), at(120, 8)], [5, "01".repeat(64), "0100001000000000"]);
  assert.deepEqual([at(136, 48), at(376, 48), at(424, 48)], registers);
  const text = (name: string): string => new TextDecoder().decode(ran.written.get(`new/${name}`));
  const statuses = JSON.parse(text("tcb_info.json")).tcbInfo.tcbLevels
    .map(({ tcbStatus }: { readonly tcbStatus: string }) => tcbStatus);
  assert.deepEqual(statuses, ["UpToDate", "OutOfDate", "OutOfDate", "Revoked"]);
  const flags = [
    `--mrtd ${mrTd}`,
    `--rtmr1 ${rtmr1}`,
    `--rtmr2 ${rtmr2}`,
    "--lab-root new/lab-root.pem",
  ];
  for (const flag of flags) assert.ok(ran.out.includes(flag), ran.out);
});

Deno.test("casemate lab mint tdx writes nothing where any of its files exists", async () => {
  for (const name of [...NAMES, "lab-authority.json"]) {
    const args = `lab mint tdx --out old --nonce ${NONCE}`.split(" ");
    const ran = await runCli(args, { files: { [`old/${name}`]: "mine" } });

    assert.deepEqual([ran.exitCode, ran.written.size], [2, 0], name);
    assert.match(ran.err, new RegExp(`old/${name}: it exists already`));
  }
});

/** Command lines that are the user's mistake, and what is said. */
const MISTAKES: readonly (readonly [string, RegExp])[] = [
  ["--debug", /--nonce HEX or --report-data HEX/],
  [`--nonce ${NONCE} --report-data ${"00".repeat(64)}`, /together/],
  [`--nonce ${NONCE} --quote-version 3`, /expected 4 or 5/],
  [`--nonce ${NONCE} --tcb-status UpTodate`, /did you mean UpToDate/],
  [`--nonce ${NONCE} --rtmr2 00`, /--rtmr2: expected 48 bytes in hex/],
  [`--nonce ${NONCE} --authority amd.json`, /kind is not casemate-lab-intel-authority\/v1/],
  [`--nonce ${NONCE} --authority nowhere.json`, /--authority|nowhere\.json/],
];

for (const [flags, says] of MISTAKES) {
  Deno.test(`casemate lab mint tdx ${flags.slice(0, 50)} is the user's mistake`, async () => {
    const ran = await mint(flags);
    assert.deepEqual([ran.exitCode, ran.written.size], [2, 0], ran.out);
    assert.match(ran.err.replaceAll(/\s+/g, " "), says);
  });
}
