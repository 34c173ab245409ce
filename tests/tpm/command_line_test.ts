/**
 * `casemate tpm` against a TPM in software, and against none.
 *
 * @module
 */

import assert from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import { TPM_FILES } from "../../src/evidence/tpm/files.ts";
import { ATTESTATION_KEYS, ENDORSEMENT_KEYS } from "../../src/evidence/tpm/device/templates.ts";
import { extendRegister } from "../../src/evidence/tpm/device/registers.ts";
import { ATTESTATION_KEY_NAMES, ENDORSEMENT_KEY_NAMES } from "../../src/cli/tpm_program.ts";
import { denoTpms } from "../../src/hosts/deno_tpm.ts";
import { type Ran, runCli } from "../cli/fake_host.ts";
import { answer, scriptedTpms } from "../fakes/scripted_tpm.ts";
import { connected, testWithTpm, tpm2, withSwtpm } from "./swtpm.ts";

Deno.test("keys of the flags are those of the templates, which `--help` need not load", () => {
  assert.deepEqual(ATTESTATION_KEY_NAMES, Object.keys(ATTESTATION_KEYS));
  assert.deepEqual(ENDORSEMENT_KEY_NAMES, Object.keys(ENDORSEMENT_KEYS));
});

testWithTpm(
  "casemate tpm quote writes what tpm2_checkquote takes, and prints the flags of verification",
  () =>
    withSwtpm({}, async (tpm) => {
      const line =
        `tpm quote --device ${tpm.address} --nonce 5f1e00 --key ecc --pcrs sha256:0-3,11`;
      const files = { "boot.log": "a log" };
      const words = await runCli([
        ...line.split(" "),
        ..."--out new/ --event-log boot.log".split(" "),
      ], {
        tpms: denoTpms(),
        files,
      });
      assert.deepEqual([words.exitCode, words.err], [0, ""]);
      const names = ["quote.msg", "quote.sig", "ak.pub", "pcrs.json", "eventlog.bin"];
      assert.deepEqual([...words.written.keys()], names.map((name) => `new/${name}`));
      assert.equal(words.secret.size, 0);
      const flags = [...words.out.matchAll(/ (--[a-z-]+) new\//g)].map(([, flag]) => flag);
      assert.deepEqual(flags, TPM_FILES.slice(0, 5).map(({ flag }) => `--${flag}`));
      assert.match(words.out, /casemate evidence verify tpm[^]*--nonce 5f1e00\n$/);

      for (const [path, bytes] of words.written) {
        await Deno.writeFile(`${tpm.folder}/${path.slice("new/".length)}`, bytes);
      }
      await tpm2(tpm, "tpm2_checkquote -u ak.pub -m quote.msg -s quote.sig -g sha256 -q 5f1e00");

      const json = await runCli([...line.split(" "), "-o", "json"], { tpms: denoTpms() });
      const told = JSON.parse(json.out);
      assert.deepEqual([json.exitCode, json.written.size, told.pcrs], [0, 0, "sha256:0-3,11"]);
      const key = words.written.get("new/ak.pub") ?? new Uint8Array();
      assert.equal(told.evidence.akPub, toHex(key), "the same key each time");
      assert.deepEqual(Object.keys(told.evidence), ["tpmQuoteMsg", "tpmQuoteSig", "akPub", "pcrs"]);
    }),
);

for (const key of ATTESTATION_KEY_NAMES) {
  testWithTpm(
    `casemate tpm quote --key ${key} prints a command line that verifies what it wrote, as far as nobody vouches for the key`,
    () =>
      withSwtpm({}, async (tpm) => {
        const line = `tpm quote --device ${tpm.address} --nonce 5f1e00 --key ${key} --out new`;
        const quoting = await runCli(line.split(" "), { tpms: denoTpms() });
        assert.deepEqual([quoting.exitCode, quoting.err], [0, ""]);
        const printed = quoting.out.slice(quoting.out.indexOf("casemate ")).replaceAll("\\\n", "");
        const files = Object.fromEntries(quoting.written);

        const verifying = await runCli(printed.trim().split(/\s+/).slice(1), { files });

        assert.deepEqual([verifying.exitCode, verifying.err], [6, ""], verifying.out);
        assert.match(verifying.out, /^PLATFORM ONLY\n[^]*weakest root +none/);
        assert.match(verifying.out, /✔ Quote signature[^]*✔ Answers this question +5f1e00/);
      }),
  );
}

testWithTpm("casemate tpm pcrs prints registers as they are", () =>
  withSwtpm({}, async (tpm) => {
    await connected(tpm, (device) => extendRegister(device, 4, { sha256: new Uint8Array(32) }));
    const line = ["tpm", "pcrs", "--device", tpm.address];
    const all = JSON.parse((await runCli([...line, "-o", "json"], { tpms: denoTpms() })).out);
    const some = await runCli([...line, "--pcrs", "sha256:4,10+sha1:0"], { tpms: denoTpms() });

    assert.deepEqual(Object.keys(all.pcrs), ["sha1", "sha256", "sha384", "sha512"]);
    assert.equal(Object.keys(all.pcrs.sha256).length, 24);
    assert.match(
      some.out,
      new RegExp(`\\nsha256\\n +4  ${all.pcrs.sha256["4"]}\\n +10  0{64}\\n\\nsha1\\n`),
    );
  }));

/** Command lines that a TPM in software refuses, with exit code, flag to look at and what is said. */
const REFUSED: readonly (readonly [string, number, RegExp])[] = [
  ["tpm quote --nonce 00 --out new --ak-cert-index 0x01c101d0", 4, /TPM_RC_HANDLE \(handle 1\)/],
  ["tpm quote --nonce 00 --out new --key-handle 0x81000003", 4, /TPM2_ReadPublic: TPM_RC_HANDLE/],
  [
    "tpm quote --nonce 00 --out new --event-log nowhere",
    2,
    /nowhere[^]*look at +--event-log[^]*input\.unreadable/,
  ],
];

testWithTpm(
  "casemate tpm quote says what the TPM refused, and writes nothing",
  () =>
    withSwtpm({}, async (tpm) => {
      for (const [line, exitCode, said] of REFUSED) {
        const args = [...line.split(" "), "--device", tpm.address];
        const ran = await runCli(args, { tpms: denoTpms() });

        assert.deepEqual([ran.exitCode, ran.out, ran.written.size], [exitCode, "", 0], line);
        assert.match(ran.err.replaceAll(/\n {2,}(?=[A-Z])/g, " "), said);
        assert.match(ran.err, /what to do {2}\S/);
      }
    }),
);

/** Command lines that are wrong, whichever TPM there is: flag to look at, and what is said. */
const WRONG: readonly (readonly [string, string, RegExp])[] = [
  ["quote --out new", "--nonce", /input\.missing/],
  ["quote --nonce 00", "--out", /-o\s+json[^]*input\.missing/],
  ["quote --nonce xyz --out new", "--nonce", /not hex/],
  ["quote --nonce= --out new", "--nonce", /got\s+nothing/],
  [`quote --nonce ${"00".repeat(65)} --out new`, "--nonce", /65 bytes/],
  ["quote --nonce 00 --out new --pcrs sha265:1", "--pcrs", /did you mean\s+sha256\?/],
  ["quote --nonce 00 --out new --key dsa", "--key", /expected rsa or/],
  [
    "quote --nonce 00 --out new --key ecc --key-handle 0x81000003",
    "--key, --key-handle",
    /input\.conflict/,
  ],
  ["quote --nonce 00 --out new --key-handle 0x80000001", "--key-handle", /as\s+0x81000003/],
  ["quote --nonce 00 --out new --key-template 1c10001", "--key-template", /NV index/],
  ["quote --nonce 00 --out new --ak-cert-index 0x81000003", "--ak-cert-index", /NV index/],
  ["quote --nonce 00 --out old", "--out", /old\/ak\.pub: it\s+exists already/],
  ["pcrs --pcrs 0,1", "--pcrs", /BANK:LIST/],
  ["ek --key rsa-pss", "--key", /expected rsa or ecc/],
];

const isOneError = (ran: Ran, flag: string): void => {
  assert.equal(ran.out, "");
  assert.match(ran.err, /^error: Cannot /);
  assert.match(ran.err, new RegExp(`\\n {2}look at +${flag}\\n`));
};

for (const [line, flag, said] of WRONG) {
  Deno.test(`casemate tpm ${line.slice(0, 70)} is refused before a TPM is asked`, async () => {
    const ran = await runCli(["tpm", ...line.split(" ")], { files: { "old/ak.pub": "mine" } });

    isOneError(ran, flag);
    assert.equal(ran.exitCode, 2);
    assert.match(ran.err, said);
  });
}

for (const command of ["quote --nonce 00 --out new", "pcrs", "ek"]) {
  Deno.test(`casemate tpm ${command} ends with 4 where there is no TPM, and with 2 where there is no such address`, async () => {
    const args = ["tpm", ...command.split(" ")];
    const none = await runCli(args);
    const nowhere = await runCli([...args, "--device", "tpm0"], { tpms: denoTpms() });

    isOneError(none, "--device");
    assert.deepEqual([none.exitCode, nowhere.exitCode], [4, 2]);
    assert.match(none.err, /\/dev\/tpmrm0[^]*tpm\.device_unreachable[^]*what to do/);
    isOneError(nowhere, "--device");
    assert.match(nowhere.err, /unix:\/PATH/);
  });
}

Deno.test("casemate tpm tells of answers that no TPM gives", async () => {
  const tpms = scriptedTpms(answer(0, "00"));
  const ran = await runCli(["tpm", "pcrs"], { tpms });

  assert.equal(ran.exitCode, 4);
  assert.match(ran.err, /answer to\s+TPM2_GetCapability[^]*tpm\.device_answer/);
});
