/**
 * Vectors of envelopes and of CMW records. Their files are placeholders:
 * nothing in them is evidence of anything.
 *
 * @module
 */
import { concat, fromHex, toHex } from "../../../src/core/bytes.ts";
import { cmwExtension } from "../../../src/evidence/envelope/certificate.ts";
import { writeCmwCbor, writeCmwJson } from "../../../src/evidence/envelope/cmw.ts";
import { writeEnvelope } from "../../../src/evidence/envelope/envelope.ts";
import type { FilesByRole } from "../../../src/evidence/evidence.ts";
import { canonicalJson } from "../../../src/core/canonical_json.ts";
import { writeStatement } from "../../../src/evidence/statement/read.ts";
import type { EnvelopeVectors, Refusal } from "./shapes.ts";
import { JOINER, MEMBER } from "./statements.ts";

const file = (seed: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (seed * 16 + i) & 0xff);

/** Files of each variant. */
const FILES: Readonly<Record<string, FilesByRole>> = {
  "sev-snp": { report: file(1, 24), leaf: file(2, 5), chainAskArk: file(3, 1), crls: [file(4, 2)] },
  "gcp-tdx": {
    ...{ quote: file(1, 256), tcbInfo: file(2, 1), qeIdentity: file(3, 2), tcbChain: file(4, 3) },
    ...{ pckCrl: file(5, 4), pckCrlChain: file(6, 5), rootCrl: file(7, 6), eventLog: file(8, 7) },
    firmwareEndorsement: file(9, 8),
  },
  "gcp-sev-snp": {
    ...{ report: file(1, 9), leaf: file(2, 8), akPub: file(3, 7), eventLog: file(4, 6) },
    tpmQuoteMsg: [file(5, 5), file(6, 4)],
    tpmQuoteSig: [file(7, 3), file(8, 2)],
    pcrs: canonicalJson({
      sha256: { "15": "5a".repeat(32), "4": "6b".repeat(32) },
      sha384: { "15": "7c".repeat(48) },
    }),
    ...{ akCert: file(9, 1), akCertIssuers: [file(10, 2), file(11, 3)], akCertCrls: [file(12, 4)] },
  },
  "azure-tdx": { hclReport: file(1, 2600), tdQuote: file(2, 3) },
  "aws-sev-snp": {
    ...{ report: file(1, 1), document: file(2, 2), eventLog: file(3, 3) },
    ...{ identityDocument: file(4, 4), identitySignature: file(5, 5) },
  },
};

/** Vectors of envelopes. */
export function envelopeVectors(): EnvelopeVectors {
  const cases = Object.entries(FILES).map(([variant, files], i) => {
    const statement = writeStatement({ ...(i % 2 === 0 ? MEMBER : JOINER), variant });
    const envelope = writeEnvelope(variant, statement, files);
    return {
      says: `files of ${variant}`,
      variant,
      statement: toHex(statement),
      files: Object.fromEntries(Object.entries(files).map(([role, given]) => [role, hexOf(given)])),
      envelope: toHex(envelope),
      cmwJson: toHex(writeCmwJson(envelope)),
      cmwCbor: toHex(writeCmwCbor(envelope)),
      extensionJson: toHex(cmwExtension(envelope, "json").value),
      extensionCbor: toHex(cmwExtension(envelope, "cbor").value),
    };
  });
  return { cases, refusals: refusals(), cmwRefusals: cmwRefusals() };
}

function hexOf(given: FilesByRole[string]): string | readonly string[] {
  if (given === undefined) return [];
  return given instanceof Uint8Array ? toHex(given) : given.map(toHex);
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function refusal(says: string, code: string, bytes: string | object): Refusal {
  const text = typeof bytes === "string" ? bytes : JSON.stringify(bytes);
  return { says, bytes: toHex(utf8(text)), code };
}

function refusals(): readonly Refusal[] {
  const head = { v: 1, variant: "sev-snp", statement: "e30" };
  const text = JSON.stringify(head);
  const syntax = "envelope.syntax";
  const member = (says: string, change: object): Refusal =>
    refusal(says, "envelope.member", { ...head, ...change });
  return [
    refusal("nothing", syntax, ""),
    refusal("cut short", syntax, text.slice(0, -1)),
    refusal("a byte order mark", syntax, `\ufeff${text}`),
    refusal("a member twice", syntax, text.replace("{", '{"v":1,')),
    refusal(
      "a member twice, deeper",
      syntax,
      text.replace("}", ',"tee":{"leaf":"AA","leaf":"AA"}}'),
    ),
    refusal("another version", "envelope.version", { ...head, v: 2 }),
    refusal("another version with other members", "envelope.version", { v: 2, x: 1 }),
    refusal("a list", "envelope.member", "[]"),
    member("no version", { v: undefined }),
    member("no statement", { statement: undefined }),
    member("an empty statement", { statement: "" }),
    member("a statement with padding", { statement: "e30=" }),
    member("a statement with bits beyond its end", { statement: "e31" }),
    member("a statement in the other alphabet", { statement: "+/+/" }),
    member("a variant in capitals", { variant: "SEV-SNP" }),
    member("a member that is not known", { roots: ["AA"] }),
    member("an empty part", { tee: {} }),
    member("a part of null", { vtpm: null }),
    member("a role of another part", { tee: { akPub: "AA" } }),
    member("a root", { vtpm: { akCertRoots: ["AA"] } }),
    member("an empty list", { tee: { crls: [] } }),
    member("a list of one file", { tee: { report: ["AA"] } }),
    member("a quote without signature", { vtpm: { quotes: [{ msg: "AA" }] } }),
    member("a register beyond 23", { vtpm: { pcrs: { sha256: { "24": "00".repeat(32) } } } }),
    member("a register in capitals", { vtpm: { pcrs: { sha256: { "0": "AA".repeat(32) } } } }),
    member("a register of another bank", { vtpm: { pcrs: { sha384: { "0": "00".repeat(32) } } } }),
    member("two event logs", { tee: { eventLog: "AA" }, vtpm: { eventLog: "AA" } }),
    member("a document beside a quote", {
      vtpm: { document: "AA", quotes: [{ msg: "AA", sig: "AA" }] },
    }),
  ];
}

const TYPE = "application/vnd.casemate.evidence+json";
const [TYPE_ITEM, VALUE_ITEM] = [concat(fromHex("7826"), utf8(TYPE)), fromHex("43010203")];

function cmwRefusals(): readonly Refusal[] {
  const cbor = (
    says: string,
    head: string,
    items: readonly (Uint8Array | string)[],
    code = "envelope.cmw",
  ): Refusal => {
    const parts = items.map((item) => typeof item === "string" ? fromHex(item) : item);
    return { says, bytes: toHex(concat(fromHex(head), ...parts)), code };
  };
  const record = [TYPE_ITEM, VALUE_ITEM];
  return [
    refusal("one item", "envelope.cmw", [TYPE]),
    refusal("four items", "envelope.cmw", [TYPE, "AQID", 4, 4]),
    refusal("a value with padding", "envelope.cmw", [TYPE, "AQI="]),
    refusal("an indicator without evidence", "envelope.cmw", [TYPE, "AQID", 1]),
    refusal("an indicator of null", "envelope.cmw", [TYPE, "AQID", null]),
    refusal("a collection", "envelope.cmw", { "__cmwc_t": "tag:x,2026:y", "a": [TYPE, "AQID"] }),
    refusal("another media type", "envelope.media_type", ["application/eat+jwt", "AQID"]),
    refusal("a media type in capitals", "envelope.media_type", [TYPE.toUpperCase(), "AQID"]),
    refusal("a media type with a parameter", "envelope.media_type", [`${TYPE};v=1`, "AQID"]),
    cbor("a content format", "82", ["190107", VALUE_ITEM], "envelope.media_type"),
    cbor("one item in CBOR", "81", [TYPE_ITEM]),
    cbor("an array without end", "9f", [...record, "ff"]),
    cbor("a longer head than needed", "82", [TYPE_ITEM, "5803010203"]),
    cbor("a value of text", "82", [TYPE_ITEM, "63414243"]),
    cbor("a tag around it", "d9023b82", record),
    cbor("a tag for the type", "da63740101", [VALUE_ITEM]),
    cbor("a collection in CBOR", "a1", [TYPE_ITEM, "82", ...record]),
    cbor("an indicator without evidence in CBOR", "83", [...record, "08"]),
    cbor("a byte behind it", "82", [...record, "00"]),
    cbor("cut short", "83", record),
  ];
}
