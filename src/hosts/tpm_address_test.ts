import assert from "node:assert/strict";
import { InputError } from "../core/errors.ts";
import { readTpmAddress, type TpmAddress } from "./tpm_address.ts";

const ADDRESSES: readonly (readonly [string, TpmAddress])[] = [
  ["/dev/tpmrm0", { kind: "device", path: "/dev/tpmrm0" }],
  ["unix:/run/swtpm.sock", { kind: "unix", path: "/run/swtpm.sock" }],
  ["127.0.0.1:2321", { kind: "tcp", hostname: "127.0.0.1", port: 2321 }],
  ["localhost:1", { kind: "tcp", hostname: "localhost", port: 1 }],
  ["[::1]:65535", { kind: "tcp", hostname: "::1", port: 65535 }],
  ["swtpm:host=::1,port=2321", { kind: "tcp", hostname: "::1", port: 2321 }],
  ["swtpm:port=2321", { kind: "tcp", hostname: "127.0.0.1", port: 2321 }],
  ["device:/dev/tpm0", { kind: "device", path: "/dev/tpm0" }],
];

for (const [text, wanted] of ADDRESSES) {
  Deno.test(`readTpmAddress() reads ${text}`, () => {
    assert.deepEqual(readTpmAddress(text), wanted);
  });
}

const WRONG = [
  "",
  "tpmrm0",
  "unix:",
  "unix:sock",
  "host:",
  ":2321",
  "host:0",
  "host:65536",
  "host:x",
];

for (const text of [...WRONG, "a:b:1", "swtpm:host=a", "device:tpm0", "http://host:1"]) {
  Deno.test(`readTpmAddress() refuses ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => readTpmAddress(text),
      (error) => error instanceof InputError && error.code === "input.value",
    );
  });
}
