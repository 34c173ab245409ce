import assert from "node:assert/strict";
import { fromHex, toHex } from "../../../core/bytes.ts";
import { UnavailableError } from "../../../core/errors.ts";
import { answer, authorizedAnswer, scriptedTpm } from "../../../../tests/fakes/scripted_tpm.ts";
import { extendRegister, readRegisters } from "./registers.ts";
import { withPrimary } from "./objects.ts";
import { getRandom, startup } from "./state.ts";
import { STORAGE_KEY } from "./templates.ts";

const RANDOM = answer(0, "0004 01020304");

Deno.test("execute() writes header, handle, password and parameters (Part 3 §22.2)", async () => {
  const tpm = scriptedTpm(authorizedAnswer());

  await extendRegister(tpm, 11, { sha256: new Uint8Array(32).fill(0xab) });

  assert.deepEqual(tpm.commands.map(toHex), [
    "8002 00000041 00000182 0000000b 00000009 40000009 0000 01 0000 00000001 000b".replaceAll(
      " ",
      "",
    ) +
    "ab".repeat(32),
  ]);
});

for (const code of [0x922, 0x90a, 0x908]) {
  Deno.test(`exchange() sends a command again after 0x${code.toString(16)}, waiting longer each time`, async () => {
    const tpm = scriptedTpm(answer(code), answer(code), answer(code), RANDOM);

    assert.deepEqual(await getRandom(tpm, 4), fromHex("01020304"));
    assert.deepEqual(tpm.waits, [1, 2, 4]);
    assert.equal(new Set(tpm.commands.map(toHex)).size, 1);
  });
}

Deno.test("exchange() gives up on a TPM that wants a command again for ever", async () => {
  const tpm = scriptedTpm(answer(0x922));

  await assert.rejects(
    getRandom(tpm, 4),
    (error) =>
      error instanceof UnavailableError && error.code === "tpm.device_refused" &&
      error.retryable && error.fields["response"] === "TPM_RC_RETRY",
  );
  const waited = tpm.waits.reduce((sum, wait) => sum + wait, 0);
  assert.ok(waited > 10_000 && waited < 15_000, String(waited));
  assert.equal(tpm.commands.length, tpm.waits.length + 1);
});

Deno.test("exchange() sends no other refused command again", async () => {
  const tpm = scriptedTpm(answer(0x921), RANDOM);

  await assert.rejects(getRandom(tpm, 4), { code: "tpm.device_refused" });
  assert.equal(tpm.commands.length, 1);
});

/** Answers that no TPM gives to GetRandom, and what is said of them. */
const BAD: readonly (readonly [string, string, RegExp])[] = [
  ["nothing", "", /reach past the end/],
  ["half a header", "80010000", /reach past the end/],
  ["a size beyond its bytes", "8001 00000011 00000000 0004 01020304", /says 17 bytes and has 16/],
  ["a size below its bytes", "8001 0000000f 00000000 0004 01020304", /says 15 bytes and has 16/],
  ["the tag of a TPM 1.2", "00c4 0000000a 0000001e", /TPM 1\.2/],
  ["another tag", "8003 00000010 00000000 0004 01020304", /unknown tag 0x8003/],
  ["authorizations that nobody gave", "8002 00000010 00000000 0004 01020304", /tag 0x8002/],
  ["a refusal with more behind it", "8001 0000000b 00000101 00", /1 bytes are left over/],
  ["a refusal with authorizations", "8002 0000000a 00000101", /refusal with tag 0x8002/],
  ["a byte too many", "8001 00000011 00000000 0004 0102030405", /1 bytes are left over/],
  ["a byte too few", "8001 0000000f 00000000 0004 010203", /reach past the end/],
  ["more than was asked for", "8001 00000011 00000000 0005 0102030405", /5 bytes, asked for 4/],
  ["no byte at all", "8001 0000000c 00000000 0000", /0 bytes, asked for 4/],
];

for (const [name, hex, reason] of BAD) {
  Deno.test(`execute() refuses ${name}`, async () => {
    const tpm = scriptedTpm(fromHex(hex.replaceAll(" ", "")));

    await assert.rejects(
      getRandom(tpm, 4),
      (error) =>
        error instanceof UnavailableError && error.code === "tpm.device_answer" &&
        reason.test(error.message),
    );
  });
}

Deno.test("execute() refuses an authorization of the answer that does not fit the command's", async () => {
  const nonce = "8002 00000014 00000000 00000000 0001ff 01 0000".replaceAll(" ", "");
  const second = "8002 00000018 00000000 00000000 0000 01 0000 0000 01 0000".replaceAll(" ", "");
  for (const bad of [nonce, second]) {
    const tpm = scriptedTpm(fromHex(bad));
    const extending = extendRegister(tpm, 11, { sha256: new Uint8Array(32) });
    await assert.rejects(extending, { code: "tpm.device_answer" });
  }
});

Deno.test("startup() takes a TPM that was started already, and no other refusal", async () => {
  await startup(scriptedTpm(answer(0x100)));

  await assert.rejects(startup(scriptedTpm(answer(0x101))), { code: "tpm.device_refused" });
});

Deno.test("withPrimary() flushes a key of which nothing but the handle can be read", async () => {
  const tpm = scriptedTpm(authorizedAnswer("00", "80000001"), answer(0));
  const made = withPrimary(
    tpm,
    { hierarchy: "owner", template: STORAGE_KEY },
    () => Promise.resolve(),
  );

  await assert.rejects(made, { code: "tpm.device_answer" });
  assert.equal(toHex(tpm.commands[1] ?? new Uint8Array()), "80010000000e0000016580000001");
});

/** An answer to PCR_Read of registers 0 and 1, one at a time. */
function part(counter: string, bitmap: string, value: string): Uint8Array {
  return answer(0, `${counter} 00000001 000b 03 ${bitmap} 00000001 0020 ${value.repeat(32)}`);
}

Deno.test("readRegisters() reads anew where the counter moved between two answers", async () => {
  const tpm = scriptedTpm(
    part("00000001", "010000", "aa"),
    part("00000002", "020000", "bb"),
    part("00000002", "010000", "cc"),
    part("00000002", "020000", "bb"),
  );
  const { updateCounter, registers } = await readRegisters(tpm, [{
    bank: "sha256",
    registers: [0, 1],
  }]);

  assert.equal(updateCounter, 2);
  assert.deepEqual(registers.map(({ value }) => value[0]), [0xcc, 0xbb]);
});

Deno.test("readRegisters() says so where registers never rest", async () => {
  const moving = Array.from(
    { length: 40 },
    (_, i) => part(i.toString(16).padStart(8, "0"), i % 2 === 0 ? "010000" : "020000", "aa"),
  );

  await assert.rejects(
    readRegisters(scriptedTpm(...moving), [{ bank: "sha256", registers: [0, 1] }]),
    (error) =>
      error instanceof UnavailableError && error.code === "tpm.registers_changing" &&
      error.retryable,
  );
});

Deno.test("readRegisters() refuses a value of another length than its bank's", async () => {
  const short = answer(0, `00000001 00000001 000b 03 010000 00000001 0014 ${"aa".repeat(20)}`);

  await assert.rejects(readRegisters(scriptedTpm(short), [{ bank: "sha256", registers: [0] }]), {
    code: "tpm.device_answer",
  });
});
