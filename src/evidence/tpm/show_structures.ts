/**
 * Structures of a TPM as a person sees them: every field by its specification's name.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import type { Shown, ShownRow, ShownSection } from "../../core/shown.ts";
import type { GivenRegister } from "./registers.ts";
import type { ObjectAttributes, PublicArea, Quote, SignatureScheme } from "./report.ts";

/** Command that takes them. */
const VERIFY = "casemate evidence verify tpm";

/**
 * Describes a quote. Nothing of it is verified.
 *
 * @param quote The quote.
 */
export function showQuote(quote: Quote): Shown {
  return {
    kind: "tpm-quote",
    title: "TPM 2.0 quote (not verified)",
    usedBy: `${VERIFY} --tpm-quote-msg`,
    sections: [quoteSection(quote), selectionSection(quote), clockSection(quote)],
  };
}

function quoteSection(quote: Quote): ShownSection {
  return {
    title: "Quote",
    rows: [
      { name: "magic", value: "ff544347", meaning: "made by a TPM, if it is signed by one's key" },
      { name: "type", value: "8018", meaning: "quote" },
      {
        name: "qualifiedSigner",
        value: quote.qualifiedSigner,
        meaning: "Qualified Name of the key that signed",
      },
      {
        name: "extraData",
        value: quote.qualifyingData === "" ? "empty" : quote.qualifyingData,
        meaning: quote.qualifyingData === "" ? "answers no question" : "chosen by who asked",
      },
      { name: "pcrDigest", value: quote.pcrDigest, meaning: "hash over the registers' values" },
    ],
  };
}

function selectionSection({ selections }: Quote): ShownSection {
  return {
    title: "Registers that it selects",
    rows: selections.map(({ bank, registers }) => ({
      name: bank,
      value: registers.join(", "),
      ...(bank === "sha1" ? { meaning: "SHA-1 proves nothing" } : {}),
    })),
  };
}

function clockSection({ clock, firmwareVersion }: Quote): ShownSection {
  return {
    title: "TPM",
    rows: [
      { name: "clock", value: `${clock.clock} ms`, meaning: "time that it was powered" },
      { name: "resetCount", value: String(clock.resetCount), meaning: "starts" },
      { name: "restartCount", value: String(clock.restartCount), meaning: "resumes since" },
      {
        name: "safe",
        value: clock.safe ? "1" : "0",
        meaning: clock.safe ? "the clock never ran backwards" : "the clock may have run backwards",
      },
      { name: "firmwareVersion", value: firmwareVersion },
    ],
  };
}

/**
 * Describes a public area. Nothing of it is verified.
 *
 * @param area The public area.
 */
export function showPublicArea(area: PublicArea): Shown {
  return {
    kind: "tpm-public",
    title: `TPM public area, ${area.key.kind} key (not verified)`,
    usedBy: `${VERIFY} --ak-pub`,
    sections: [
      {
        title: "Key",
        rows: [
          { name: "kind", value: area.key.kind },
          { name: "scheme", value: area.scheme === null ? "none" : schemeText(area.scheme) },
          { name: "nameAlg", value: area.nameAlgorithm },
          { name: "Name", value: area.name, meaning: "what credentials and policies call it" },
          { name: "authPolicy", value: area.authPolicy === "" ? "none" : area.authPolicy },
          { name: "spki sha256", value: area.key.spkiSha256 },
        ],
      },
      { title: "Attributes", rows: attributeRows(area.attributes) },
    ],
  };
}

/** What each attribute means where it is set, and where it is clear. */
const ATTRIBUTES: Readonly<Record<keyof ObjectAttributes, readonly [string, string]>> = {
  fixedTPM: ["cannot leave its TPM", "may be duplicated to another TPM"],
  fixedParent: ["stays under its parent", "may be loaded under another parent"],
  sensitiveDataOrigin: ["made inside the TPM", "brought from outside"],
  userWithAuth: ["its use takes its password", "its use takes a policy"],
  adminWithPolicy: ["administration takes a policy", "administration takes its password"],
  noDA: ["not protected against guessing", "protected against guessing"],
  encryptedDuplication: ["duplicated only encrypted", "duplication need not be encrypted"],
  restricted: ["works only on what the TPM made", "works on anything"],
  decrypt: ["decrypts", "does not decrypt"],
  sign: ["signs", "does not sign"],
  stClear: ["its context is lost at a start", "its context survives a resume"],
};

function attributeRows(attributes: ObjectAttributes): readonly ShownRow[] {
  return Object.entries(ATTRIBUTES).map(([name, [set, clear]]) => {
    const on = attributes[name as keyof ObjectAttributes];
    return { name, value: on ? "1" : "0", meaning: on ? set : clear };
  });
}

/**
 * Describes a signature. Nothing of it is verified.
 *
 * @param signature How it was made.
 */
export function showSignature(signature: SignatureScheme): Shown {
  return {
    kind: "tpm-signature",
    title: "TPM signature (not verified)",
    usedBy: `${VERIFY} --tpm-quote-sig`,
    sections: [{
      title: "Signature",
      rows: [{ name: "scheme", value: signature.scheme }, { name: "hash", value: signature.hash }],
    }],
  };
}

/**
 * A scheme as text.
 *
 * @param scheme The scheme.
 */
export function schemeText({ scheme, hash }: SignatureScheme): string {
  return `${scheme} with ${hash}`;
}

/**
 * Describes values of registers, which nothing vouches for.
 *
 * @param values The values.
 */
export function showPcrs(values: readonly GivenRegister[]): Shown {
  const banks = [...new Set(values.map(({ bank }) => bank))];
  return {
    kind: "tpm-pcrs",
    title: "TPM register values (not verified)",
    usedBy: `${VERIFY} --pcrs`,
    sections: banks.map((bank) => ({
      title: `Bank ${bank}`,
      rows: values.filter((one) => one.bank === bank).map(({ register, value }) => ({
        name: `PCR ${register}`,
        value: toHex(value),
      })),
    })),
  };
}
