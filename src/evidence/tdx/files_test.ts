import assert from "node:assert/strict";
import { toHex } from "../../core/bytes.ts";
import { InputError } from "../../core/errors.ts";
import { readFiles, type TdxFiles } from "./files.ts";

const asFile = (text: string): Uint8Array => new TextEncoder().encode(text);
const asText = (file: Uint8Array | undefined): string => new TextDecoder().decode(file);

const CHAIN = "-----BEGIN CERTIFICATE-----\nMIIB+/a=\n-----END CERTIFICATE-----\n";
const ENCODED = encodeURIComponent(CHAIN);
const LIST = Uint8Array.from({ length: 100 }, (_, i) => i === 0 ? 0x30 : i);

function read(files: Readonly<Record<string, Uint8Array>> = {}): TdxFiles {
  const plain = asFile("x");
  return readFiles({
    quote: Uint8Array.of(4, 0),
    tcbInfo: plain,
    qeIdentity: plain,
    tcbChain: plain,
    pckCrl: plain,
    rootCrl: plain,
    ...files,
  });
}

Deno.test("readFiles() takes chains as the PCS's headers have them", () => {
  for (
    const form of [
      ENCODED,
      encodeURI(CHAIN),
      `${ENCODED}\r\n`,
      ENCODED.replaceAll("%0A", "%0a"),
      `TCB-Info-Issuer-Chain: ${ENCODED}\r\n`,
      `sgx-pck-crl-issuer-chain:${ENCODED}`,
      `SGX-Enclave-Identity-Issuer-Chain:  ${encodeURI(CHAIN)}\n`,
    ]
  ) {
    const { tcbChain, pckCrlChain } = read({
      tcbChain: asFile(form),
      pckCrlChain: asFile(form),
    });
    assert.equal(asText(tcbChain).trim(), CHAIN.trim(), form);
    assert.equal(asText(pckCrlChain).trim(), CHAIN.trim(), form);
  }
});

Deno.test("readFiles() leaves any other chain as it is, for the engine to refuse", () => {
  for (
    const form of [
      CHAIN,
      `Content-Type: ${ENCODED}`,
      `Subject: x\r\nTCB-Info-Issuer-Chain: ${ENCODED}`,
      `TCB-Info-Issuer-Chain: ${CHAIN}`,
      `TCB-Info-Issuer-Chain: TCB-Info-Issuer-Chain: ${ENCODED}`,
      ENCODED.replace("%2B", "%zz"),
      ENCODED.replaceAll("%20", "+"),
    ]
  ) assert.equal(asText(read({ tcbChain: asFile(form) }).tcbChain), form);
});

Deno.test("readFiles() takes lists in hex of either case, in one line or several", () => {
  const hex = toHex(LIST);
  for (
    const form of [
      hex,
      hex.toUpperCase(),
      `${hex}\r\n`,
      ` ${hex} `,
      hex.replaceAll(/.{60}/g, "$&\n"),
      hex.replaceAll(/.{61}/g, "$&\r\n"),
    ]
  ) {
    const { pckCrl, rootCrl } = read({ pckCrl: asFile(form), rootCrl: asFile(form) });
    assert.deepEqual(pckCrl, LIST, form);
    assert.deepEqual(rootCrl, LIST, form);
  }
});

Deno.test("readFiles() guesses at no other form of a list", () => {
  const hex = toHex(LIST);
  for (
    const form of [`0x${hex}`, hex.slice(1), hex.slice(0, -1), `"${hex}"`, hex.replace("01", "0 1")]
  ) {
    assert.equal(asText(read({ pckCrl: asFile(form) }).pckCrl), form);
  }
});

Deno.test("readFiles() refuses a quote as text, and half of the collateral", () => {
  assert.throws(() => read({ quote: asFile("040002") }), {
    name: "InputError",
    code: "input.encoding",
  });
  for (const role of ["tcbInfo", "qeIdentity", "tcbChain", "pckCrl", "pckCrlChain", "rootCrl"]) {
    const files = { quote: Uint8Array.of(4, 0), [role]: asFile("x") };
    assert.throws(() => readFiles(files), InputError, role);
  }
});
