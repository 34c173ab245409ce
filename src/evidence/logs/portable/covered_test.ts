import assert from "node:assert/strict";
import { concat } from "../../../core/bytes.ts";
import { CasemateError } from "../../../core/errors.ts";
import type { Covered } from "../event_log.ts";
import { event, header, type NamedBank, oldEvent, read, u32, utf16, utf8 } from "./build_test.ts";

const IPL = 0x0d;
const SEPARATOR = 0x04;
const HASHED_WHOLE = [SEPARATOR, 0x05, 0x8000_0001, 0x8000_0006, 0x8000_0007];
const VARIABLES = [0x8000_0002, 0x8000_000c, 0x8000_00e0];
const BOTH = ["sha384", "sha256"] as const;

/** What the digests of one event cover. */
function coveredOf(
  type: number,
  data: Uint8Array,
  measured: Uint8Array,
  banks: readonly NamedBank[] = BOTH,
): Covered | undefined {
  return read(concat(header(banks), event(banks, 1, type, data, measured))).events[0]?.covered;
}

/** UEFI_VARIABLE_DATA. */
function variable(name: string, value: Uint8Array, sizes = [name.length, value.length]) {
  const [nameLength = 0, valueLength = 0] = sizes;
  return concat(
    ...[new Uint8Array(16).fill(9), u32(nameLength), u32(0), u32(valueLength), u32(0)],
    ...[utf16(name), value],
  );
}

Deno.test("judgeData() believes data that digests are the hash of, in every bank of SHA-256 and better", () => {
  const [data, other] = [utf8("data"), utf8("other")];

  assert.equal(coveredOf(1, data, data), "whole");
  assert.equal(coveredOf(1, data, other), null);
  assert.equal(coveredOf(3, data, data), null);
  for (const banks of [["sha256", "sha384"], ["sha384", "sha512"]] as const) {
    const half = event(banks, 1, 1, data);
    half[half.length - data.length - 5] = 0;
    assert.equal(read(concat(header(banks), half)).events[0]?.covered, null);
  }
  // SHA-1 says something only where nothing else does.
  const weak = event(["sha1", "sha256"], 1, 1, data);
  weak[14] = 0;
  weak[15] = 0;
  assert.equal(read(concat(header(["sha1", "sha256"]), weak)).events[0]?.covered, "whole");
  assert.equal(coveredOf(1, data, data, ["sha1"]), "whole");
  assert.equal(coveredOf(1, data, other, ["sha1"]), null);
});

Deno.test("judgeData() knows that firmware hashes values of variables without their names", () => {
  const value = utf8("value");
  for (const type of VARIABLES) {
    const data = variable("Boot0001", value);
    assert.equal(coveredOf(type, data, data), "whole");
    assert.equal(coveredOf(type, data, value), "value");
    assert.equal(coveredOf(type, variable("", value), value), "value");
    for (const sizes of [[8, 4], [9, 5], [8, 6], [0x8000_0008, 5]]) {
      assert.equal(coveredOf(type, variable("Boot0001", value, sizes), value), null);
    }
    assert.equal(coveredOf(type, utf8("short"), new Uint8Array()), null);
  }
  assert.equal(coveredOf(IPL, variable("Boot0001", value), value), null);
});

Deno.test("judgeData() knows what boot loaders put around the texts that they hash", () => {
  const prefixes = ["grub_cmd: ", "grub_cmd ", "kernel_cmdline: ", "grub_kernel_cmdline "];
  for (
    const prefix of [...prefixes, "kernel_cmdline ", "module_cmdline: ", "module_cmdline ", ""]
  ) {
    const text = utf8("/vmlinuz ro quiet");
    assert.equal(coveredOf(IPL, concat(utf8(prefix), text, utf8("\0")), text), "text", prefix);
  }
  const [logged, text] = [utf8("grub_cmd set a=b\0"), utf8("set a=b")];
  assert.equal(coveredOf(IPL, logged, logged), "whole");
  assert.equal(coveredOf(IPL, logged, concat(text, utf8("\0"))), "text");
  assert.equal(coveredOf(IPL, logged, logged.subarray(0, -1)), null);
  assert.equal(coveredOf(IPL, utf8("xgrub_cmd set a=b\0"), text), null);
  assert.equal(coveredOf(IPL, concat(logged, utf8("\0")), text), null);
  assert.equal(coveredOf(1, logged, text), null);
});

Deno.test("judgeData() knows names that are hashed in ASCII and logged as UTF-16", () => {
  assert.equal(coveredOf(IPL, utf16(".linux\0"), utf8(".linux\0")), "name");
  assert.equal(coveredOf(IPL, utf16("a\0b\0"), utf8("a\0b\0")), null);
  assert.equal(coveredOf(IPL, utf16(".linux"), utf8(".linux")), null);
  assert.equal(coveredOf(IPL, utf16("\u012e\0"), utf8(".\0")), null);
  assert.equal(coveredOf(IPL, utf16("\u00ae\0"), Uint8Array.of(0xae, 0)), null);
});

Deno.test("eventLog() refuses changed data of types that are hashed whole", () => {
  const [data, other] = [utf8("data"), utf8("other")];
  for (const type of HASHED_WHOLE) {
    assert.equal(coveredOf(type, data, data), "whole");
    assert.throws(() => coveredOf(type, data, other), (error) => {
      assert.ok(error instanceof CasemateError);
      assert.equal(error.code, "logs.data_mismatch");
      const hex = `0x${type.toString(16).padStart(8, "0")}`;
      assert.deepEqual(error.fields, { event: "0", type: hex, bank: "sha256" });
      return true;
    });
    assert.equal(coveredOf(type, data, other, ["sha1"]), null);
    assert.equal(read(oldEvent(0, type, data, new Uint8Array(20))).events[0]?.covered, null);
  }
});

Deno.test("eventLog() lets a separator say that the firmware failed", () => {
  assert.equal(coveredOf(SEPARATOR, utf8("the error"), u32(1)), null);
  assert.equal(coveredOf(SEPARATOR, u32(1), u32(1)), "whole");
  assert.throws(() => coveredOf(SEPARATOR, u32(0), u32(2)), /sha256/);
  assert.throws(() => coveredOf(0x05, utf8("the error"), u32(1)), /sha256/);
});
