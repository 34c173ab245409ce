import assert from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import { createTpmAuthority, exportTpmAuthority, TPM_BENDS } from "../../src/lab/mod.ts";
import { NOW } from "../lab_authority.ts";
import { runCli } from "./fake_host.ts";

const NONCE = "5f1e00a1";
const KEYS = JSON.stringify(exportTpmAuthority(await createTpmAuthority({ now: NOW })));
const FILES = { "tpm.json": KEYS, "amd.json": `{"kind":"casemate-lab-authority/v1"}` };

/** What `lab mint tpm` writes, in this order. */
const NAMES = [
  "quote.msg",
  "quote.sig",
  "ak.pub",
  "pcrs.json",
  "eventlog.bin",
  "ak-cert.pem",
  "ak-issuer.pem",
  "ak-crl.pem",
  "root-crl.pem",
  "lab-root.pem",
];

async function mint(...args: readonly string[]) {
  return await runCli(["lab", "mint", "tpm", "--out", "new", ...args], { files: FILES });
}

Deno.test("casemate lab mint tpm writes its files, and keys only where it made them", async () => {
  const made = await mint("--nonce", NONCE);
  assert.equal(made.exitCode, 0, made.err);
  const paths = NAMES.map((name) => `new/${name}`);
  assert.deepEqual([...made.written.keys()], [...paths, "new/lab-authority.json"]);
  assert.deepEqual([...made.secret], ["new/lab-authority.json"]);

  const again = await mint("--nonce", NONCE, "--authority", "tpm.json");
  assert.equal(again.exitCode, 0, again.err);
  assert.deepEqual([...again.written.keys()], paths);
});

/** Flags, and what verification answers to what they minted. */
const ANSWERS: readonly (readonly [readonly string[], number, RegExp])[] = [
  [[], 0, /^LAB-TRUSTED/],
  [["--key", "rsa"], 0, /^LAB-TRUSTED/],
  [["--key", "rsa-pss"], 0, /^LAB-TRUSTED/],
  [["--key", "p384"], 0, /^LAB-TRUSTED/],
  [["--cmdline", "ro panic=30", "--secure-boot", "off"], 0, /^LAB-TRUSTED/],
  [["--bend", "magic"], 3, /tpm\.attest_magic/],
  [["--bend", "forged", "--bend", "ak-expired"], 3, /tpm\.certificate_expired/],
  [["--bend", "log-edited"], 3, /logs\.data_mismatch/],
  [["--bend", "ak-revoked"], 3, /tpm\.revoked/],
];

for (const [flags, exitCode, says] of ANSWERS) {
  Deno.test(`casemate lab mint tpm ${flags.join(" ")} prints the command line that verifies it`, async () => {
    const minting = await mint("--nonce", NONCE, "--authority", "tpm.json", ...flags);
    assert.equal(minting.exitCode, 0, minting.err);
    const from = minting.out.indexOf("casemate ");
    const to = minting.out.indexOf("\n\nBent");
    const line = minting.out.slice(from, to < 0 ? undefined : to).replaceAll("\\\n", "").trim()
      .split(/\s+/).slice(1);

    const verifying = await runCli(line, { files: Object.fromEntries(minting.written) });

    assert.equal(verifying.exitCode, exitCode, verifying.out + verifying.err);
    assert.match(verifying.out, says);
  });
}

Deno.test("casemate lab mint tpm mints what its flags say", async () => {
  const cmdline = "root=/dev/vda ro panic=30";
  const args = ["--nonce", NONCE, "--authority", "tpm.json", "--key", "rsa-pss"];
  const ran = await mint(...args, "--cmdline", cmdline, "--secure-boot", "off");
  assert.equal(ran.exitCode, 0, ran.err);
  const hex = (name: string): string => toHex(ran.written.get(`new/${name}`) ?? assert.fail());
  assert.ok(hex("quote.msg").startsWith("ff5443478018"), "a quote");
  assert.ok(hex("quote.msg").includes(`0004${NONCE}`), "its nonce");
  assert.ok(hex("quote.sig").startsWith("0016000b"), "RSAPSS with SHA-256");
  assert.ok(hex("ak.pub").slice(4).startsWith("0001000b"), "an RSA key");
  // SecureBoot, one byte: zero.
  const name = toHex(Uint8Array.from("SecureBoot", (letter) => letter.charCodeAt(0)));
  const utf16 = name.replaceAll(/(..)/g, "$100");
  assert.ok(hex("eventlog.bin").includes(`${utf16}00`), "Secure Boot is off");
  const text = (file: string): string => new TextDecoder().decode(ran.written.get(`new/${file}`));
  const pcrs = JSON.parse(text("pcrs.json"));
  for (const register of ["4", "11"]) {
    const flag = `--pcr sha256:${register}=${pcrs.sha256[register]}`;
    assert.ok(ran.out.replace(/ \\\n +/g, " ").includes(flag), ran.out);
  }
  const other = await mint(...args, "--cmdline", `${cmdline} quiet`);
  const second = JSON.parse(new TextDecoder().decode(other.written.get("new/pcrs.json")));
  const differing = Object.keys(pcrs.sha256).filter((register) =>
    pcrs.sha256[register] !== second.sha256[register]
  );
  assert.deepEqual(differing, ["4", "7", "9", "11"]);
});

Deno.test("casemate lab mint tpm --bend says what is wrong, and with which code it is refused", async () => {
  for (const [i, [name, { says, code }]] of Object.entries(TPM_BENDS).entries()) {
    const key = ["p256", "p384"][i % 2] ?? "p256";
    const flags = ["--nonce", NONCE, "--authority", "tpm.json", "--key", key, "--bend", name];
    const ran = await mint(...flags);
    assert.equal(ran.exitCode, 0, `${name}: ${ran.err}`);
    assert.ok(ran.out.includes(`Bent on purpose: ${says} (${code})`), ran.out);
  }
});

Deno.test("casemate lab mint tpm writes nothing where any of its files exists", async () => {
  for (const name of [...NAMES, "lab-authority.json"]) {
    const args = `lab mint tpm --out old --nonce ${NONCE}`.split(" ");
    const ran = await runCli(args, { files: { [`old/${name}`]: "mine" } });

    assert.deepEqual([ran.exitCode, ran.written.size], [2, 0], name);
    assert.match(ran.err, new RegExp(`old/${name}: it exists already`));
  }
});

/** Command lines that are the user's mistake, and what is said. */
const MISTAKES: readonly (readonly [readonly string[], RegExp])[] = [
  [[], /give --nonce HEX/],
  [["--nonce", "xyz"], /--nonce: .*hex/],
  [["--nonce", NONCE, "--key", "p521"], /expected rsa or rsa-pss or p256 or p384/],
  [["--nonce", NONCE, "--secure-boot", "maybe"], /expected on or off/],
  [["--nonce", NONCE, "--bend", "magik"], /did you mean magic/],
  [["--nonce", NONCE, "--bend", "toString"], /Cannot use --bend "toString"/],
  [["--nonce", NONCE, "--bend", "magic", "--bend", "nonce"], /they change the same/],
  [["--nonce", NONCE, "--cmdline", "ro\tquiet"], /--cmdline: expected at most 2048/],
  [["--nonce", NONCE, "--authority", "amd.json"], /kind is not casemate-lab-tpm-authority\/v1/],
];

for (const [flags, says] of MISTAKES) {
  Deno.test(`casemate lab mint tpm ${JSON.stringify(flags)} is the user's mistake`, async () => {
    const ran = await mint(...flags);
    assert.deepEqual([ran.exitCode, ran.written.size], [2, 0], ran.out);
    assert.match(ran.err.replaceAll(/\s+/g, " "), says);
  });
}
