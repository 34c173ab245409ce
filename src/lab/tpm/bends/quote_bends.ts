/**
 * Bends of quote, signature, key and registers, signed as the quote is.
 *
 * @module
 */

import type { Bend } from "../../bend.ts";
import type { SigningMethod } from "../../lab_key.ts";
import { LAB_HASHES, type LabBank, TPM_ALGORITHMS } from "../algorithms.ts";
import { ATTEST_TYPES, type AttestDescription } from "../attest.ts";
import type { GivenRegisters } from "../options.ts";
import { objectAttributes, type PublicDescription } from "../public_area.ts";
import type { QuoteSignatureDescription } from "../quote_signature.ts";
import type { NamedTpmBend, NamedTpmBends } from "./named_bend.ts";

/** What says the same of every bend of a kind. */
type Words = readonly [says: string, code: string];

const QUOTE = ["quote", "signature"] as const;

const attest = ([says, code]: Words, bend: Bend<AttestDescription>): NamedTpmBend => ({
  says,
  code: `tpm.${code}`,
  files: QUOTE,
  bends: () => ({ attest: bend }),
});

const signature = (
  [says, code]: Words,
  bend: Bend<QuoteSignatureDescription>,
): NamedTpmBend => ({
  says,
  code: `tpm.signature_${code}`,
  files: ["signature"],
  bends: () => ({ signature: bend }),
});

const area = ([says, code]: Words, bend: Bend<PublicDescription>): NamedTpmBend => ({
  says,
  code: `tpm.public_${code}`,
  files: [...QUOTE, "akPublic"],
  bends: () => ({ publicArea: bend }),
});

const ONE = Uint8Array.of(0);

/** What the TPM says. */
const ATTEST: NamedTpmBends = {
  magic: attest(["No TPM made the structure: its magic is another", "attest_magic"], {
    magic: 0xff54_4348,
  }),
  type: attest(["The TPM certified a key, and quoted nothing", "attest_type"], {
    type: ATTEST_TYPES.certify,
  }),
  safe: attest(["The clock is neither safe nor not", "attest_value"], { safe: 2 }),
  "signer-empty": attest(["The quote names no signer", "attest_value"], {
    qualifiedSigner: new Uint8Array(),
  }),
  "quote-trailing": attest(["A byte follows the quote, and is signed", "attest_length"], {
    trailing: ONE,
  }),
  "selection-empty": attest(["Nothing is selected", "selection_empty"], { selections: [] }),
  "selection-none": attest(
    ["A bank is selected, and no register of it", "selection_empty"],
    (quote) => ({
      ...quote,
      selections: quote.selections.map(({ bank }) => ({ bank, registers: [] })),
    }),
  ),
  "selection-repeated": attest(["A bank is selected twice", "selection_repeated"], (quote) => ({
    ...quote,
    selections: [...quote.selections, ...quote.selections],
  })),
  "selection-wide": attest(["Registers above 23 are selected", "selection_malformed"], {
    selectBytes: 4,
  }),
  nonce: attest(["The quote answers another nonce", "qualifying_data_mismatch"], {
    extraData: new TextEncoder().encode("the nonce of somebody else"),
  }),
  clock: attest(["The TPM says that its clock may have run backwards", "clock_not_safe"], {
    safe: 0,
  }),
};

/** WebCrypto signs with SHA-1 by RSA and on P-256; elsewhere the signature only says that it did. */
function withSha1({ method, signWith }: QuoteSignatureDescription): SigningMethod {
  if (signWith.kind === "P-384") return method;
  return method.name === "RSA-PSS"
    ? { ...method, hash: "SHA-1", saltLength: LAB_HASHES.sha1.bytes }
    : { ...method, hash: "SHA-1" };
}

/** Another scheme of signatures of the same form; where there is none, another hash. */
function otherScheme({ scheme }: QuoteSignatureDescription): Partial<QuoteSignatureDescription> {
  if (scheme === TPM_ALGORITHMS.ecdsa) return { hash: LAB_HASHES.sha512.id };
  const { rsassa, rsapss } = TPM_ALGORITHMS;
  return { scheme: scheme === rsassa ? rsapss : rsassa };
}

/** How it is signed. */
const SIGNATURE: NamedTpmBends = {
  forged: signature(["A bit of the signature is another", "mismatch"], {
    value: (bytes) => bytes.map((byte, i) => i === bytes.length - 1 ? byte ^ 1 : byte),
  }),
  sha1: signature(["The quote is signed with SHA-1", "algorithm"], (how) => ({
    ...how,
    hash: LAB_HASHES.sha1.id,
    method: withSha1(how),
  })),
  scheme: signature(
    ["The signature names a scheme or hash that the key has not", "algorithm"],
    (how) => ({ ...how, ...otherScheme(how) }),
  ),
  "signature-trailing": signature(["A byte follows the signature", "malformed"], {
    trailing: ONE,
  }),
};

/** What the key is; the quote names it, so that only its own rules refuse it. */
const KEY: NamedTpmBends = {
  unrestricted: area(["The key signs whatever it is given", "attributes"], (key) => ({
    ...key,
    attributes: key.attributes & ~objectAttributes("restricted"),
  })),
  decrypts: area(["The key decrypts, too", "attributes"], (key) => ({
    ...key,
    attributes: key.attributes | objectAttributes("decrypt"),
  })),
  imported: area(["The key was not made inside the TPM", "attributes"], (key) => ({
    ...key,
    attributes: key.attributes & ~objectAttributes("sensitiveDataOrigin"),
  })),
  movable: area(["The key can be moved to another TPM", "attributes"], (key) => ({
    ...key,
    attributes: key.attributes & ~objectAttributes("fixedTPM", "fixedParent"),
  })),
  "any-scheme": area(["The key leaves its scheme to the caller", "algorithm"], {
    scheme: [TPM_ALGORITHMS.null],
  }),
  "name-sha1": area(["The key's Name is a SHA-1", "algorithm"], {
    nameAlgorithm: LAB_HASHES.sha1.id,
  }),
  "key-trailing": area(["A byte follows the public area", "malformed"], { trailing: ONE }),
};

/** Changes the values that are given, in the first quoted bank of SHA-256 or better. */
function given(
  [says, code]: Words,
  change: (values: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
): NamedTpmBend {
  const pcrs = (banks: GivenRegisters): GivenRegisters => {
    const strong: readonly LabBank[] = ["sha256", "sha384", "sha512"];
    const bank = strong.find((name) => banks[name] !== undefined) ?? "sha256";
    return { ...banks, [bank]: change(banks[bank] ?? {}) };
  };
  return { says, code: `tpm.pcr_${code}`, files: ["pcrs"], bends: () => ({ pcrs }) };
}

/** Registers that every boot of the lab quotes, one behind the other. */
const [FIRST, SECOND] = ["4", "5"] as const;

/** What is said to be in the registers. */
const PCRS: NamedTpmBends = {
  "pcr-value": given(["A register has another value", "digest_mismatch"], (values) => ({
    ...values,
    [FIRST]: "ee".repeat((values[FIRST] ?? "").length / 2),
  })),
  "pcr-split": given(
    ["A byte of one register stands in the next, with the same hash over both", "length"],
    (values) => ({
      ...values,
      [FIRST]: (values[FIRST] ?? "").slice(0, -2),
      [SECOND]: (values[FIRST] ?? "").slice(-2) + (values[SECOND] ?? ""),
    }),
  ),
  "pcr-missing": given(
    ["A quoted register is not given", "missing"],
    (values) =>
      Object.fromEntries(Object.entries(values).filter(([register]) => register !== FIRST)),
  ),
  "pcr-swapped": given(["Two registers have each other's values", "digest_mismatch"], (values) => ({
    ...values,
    [FIRST]: values[SECOND] ?? "",
    [SECOND]: values[FIRST] ?? "",
  })),
};

/** All of them. */
export const QUOTE_BENDS: NamedTpmBends = { ...ATTEST, ...SIGNATURE, ...KEY, ...PCRS };
