/**
 * Envelopes that the command lines of these tests name: a vector's evidence in
 * each form that carries it, and damaged.
 *
 * @module
 */

import { toHex } from "../../src/core/bytes.ts";
import { cmwExtension } from "../../src/evidence/envelope/certificate.ts";
import { writeCmwCbor, writeCmwJson } from "../../src/evidence/envelope/cmw.ts";
import { writeEnvelope } from "../../src/evidence/envelope/envelope.ts";
import { ecdsa, generateLabKey, pem, writeCertificate } from "../../src/lab/mod.ts";
import { readVectors, type Vector } from "../vectors.ts";
import type { FakeFile } from "./fake_host.ts";

const VECTORS = new URL("../vectors/", import.meta.url);

async function vector(id: string, name: string): Promise<Vector> {
  const found = (await readVectors(id)).find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no vector ${name} of ${id}`);
  return found;
}

const azure = await vector("azure-sev-snp", "join");
const aws = await vector("aws-sev-snp", "stated");
const enclave = await vector("nitro-enclave", "plain");
const td = await vector("gcp-tdx", "join");
const endorsed = await vector("gcp-tdx", "bent-endorsement-other");
const NONCE = toHex(azure.nonce);

/** Files of a vector that a node sends; the verifier has the others. */
function envelopeOf(id: string, { files, statement }: Vector, without: readonly string[]) {
  const sent = Object.entries(files).filter(([role]) => !without.includes(role));
  return writeEnvelope(id, statement ?? new Uint8Array(), Object.fromEntries(sent));
}

/** Members of JSON, of which a test changes some. */
interface Members {
  [name: string]: unknown;
}

const envelope = envelopeOf("azure-sev-snp", azure, []);

/** The envelope with one member changed. */
function changed(change: (members: Members) => void): string {
  const members: Members = JSON.parse(new TextDecoder().decode(envelope));
  change(members);
  return JSON.stringify(members);
}

const key = await generateLabKey("P-256");
const NAME = [{ type: "2.5.4.3", value: "node", encoding: "utf8" }] as const;

function certificate(oid: string, value: Uint8Array): Promise<Uint8Array> {
  return writeCertificate({
    version: 3,
    serial: 7n,
    issuer: NAME,
    subject: NAME,
    notBefore: new Date("2026-01-01T00:00:00Z"),
    notAfter: new Date("2027-01-01T00:00:00Z"),
    publicKey: key.spki,
    extensions: [{ oid, critical: false, value }],
    algorithm: ecdsa("SHA-256"),
    signWith: key,
  });
}

function carrier(form: "json" | "cbor"): Promise<Uint8Array> {
  const { oid, value } = cmwExtension(envelope, form);
  return certificate(oid, value);
}

const quote = await Deno.readFile(new URL("tdx/v4-platform/quote.bin", VECTORS));

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What the vector's policy has, of which a part is reference values. */
interface AzurePolicy {
  readonly "azure-sev-snp": {
    readonly tee: object;
    readonly vtpm: { readonly registers: object };
  };
}

/** A policy apart from its reference values, as an operator writes both. */
function azurePolicy(): readonly [policy: object, reference: object] {
  const whole: AzurePolicy = JSON.parse(JSON.stringify(azure.policy));
  const { tee, vtpm: { registers, ...vtpm } } = whole["azure-sev-snp"];
  return [
    { version: 1, "azure-sev-snp": { vtpm } },
    { version: 1, "azure-sev-snp": { tee, vtpm: { registers } } },
  ];
}

const [policy, reference] = azurePolicy();
const CONTROLS = "\u001b[2J\u202eTRUSTED";
/** The files of a role of a vector. */
function filesOf({ files }: Vector, role: string): readonly Uint8Array[] {
  const file = files[role];
  return file instanceof Uint8Array ? [file] : file ?? [];
}

/** A file of a role. */
function fileOf(of: Vector, role: string, at = 0): Uint8Array {
  const file = filesOf(of, role)[at];
  if (file === undefined) throw new Error(`The vector has no ${role}`);
  return file;
}

/** Content by path. */
export const ENVELOPE_FILES: Readonly<Record<string, FakeFile>> = {
  "node.json": envelope,
  "node.cmw.json": writeCmwJson(envelope),
  "node.cmw": writeCmwCbor(envelope),
  "node.pem": pem("CERTIFICATE", await carrier("json")),
  "node.der": await carrier("cbor"),
  "quote-cert.der": await certificate("1.2.840.113741.1337.6", quote),
  "cut.json": envelope.subarray(0, 3000),
  "cut.cmw": writeCmwCbor(envelope).subarray(0, 3000),
  "cut.pem": pem("CERTIFICATE", await carrier("json")).slice(0, 3000),
  "later.json": changed((members) => members["v"] = 2),
  "unknown.json": changed((members) => members["variant"] = "azure-sev-snp-2"),
  "called-tdx.json": changed((members) => members["variant"] = "azure-tdx"),
  "no-tee.json": changed((members) => delete members["tee"]),
  "no-leaf.json": envelopeOf("azure-sev-snp", azure, ["leaf"]),
  "no-crl.json": envelopeOf("azure-sev-snp", azure, ["crls"]),
  "no-quote.json": envelopeOf("azure-sev-snp", azure, ["tpmQuoteMsg", "tpmQuoteSig"]),
  "no-statement.json": changed((members) => members["statement"] = "e30"),
  "other-type.json": '["application/eat+jwt","YQ",4]',
  "evil.json": changed((members) => members["variant"] = CONTROLS),
  "evil-member.json": changed((members) => members[CONTROLS] = 1),
  "evil.cmw.json": JSON.stringify([`text/${CONTROLS}`, "YQ"]),
  "evil-statement.json": JSON.stringify({ tlsSpki: CONTROLS, [CONTROLS]: 1 }),
  "statement.json": azure.statement ?? "",
  "statement-damaged.json": '{"tlsSpki":"00"}',
  "hcl.bin": fileOf(azure, "hclReport"),
  "leaf.der": fileOf(azure, "leaf"),
  "chain.der": fileOf(azure, "chainAskArk"),
  "crl.der": fileOf(azure, "crls"),
  "quote.msg": fileOf(azure, "tpmQuoteMsg"),
  "quote.sig": fileOf(azure, "tpmQuoteSig"),
  "pcrs.json": fileOf(azure, "pcrs"),
  "eventlog.bin": fileOf(azure, "eventLog"),
  "quote.bin": quote,
  "azure-root.der": azure.labRoots[0] ?? "",
  "azure.json": text(policy),
  "azure-reference.json": text(reference),
  "tdx-only.json": text({ version: 1, admitVariants: ["azure-tdx"] }),
  "empty-reference.json": text({ version: 1, "azure-sev-snp": {} }),
  "tdx-reference.json": text({ version: 1, tdx: { mrTd: ["ab".repeat(48)] } }),
  "typo-reference.json": text({ version: 1, "azure-sev-snp": { tee: { idKeyDigest: [] } } }),
  "broken.yaml": "version: 1\n  azure-sev-snp: [\n",
  "aws.json": envelopeOf("aws-sev-snp", aws, ["documentCrls", "identityCert"]),
  "aws-policy.json": text(aws.policy),
  "aws-roots.pem": aws.labRoots[0] ?? "",
  "region.der": fileOf(aws, "identityCert"),
  "nitro-tpm.cbor": fileOf(aws, "document"),
  "enclave.cbor": fileOf(enclave, "document"),
  "enclave-cut.cbor": fileOf(enclave, "document").subarray(0, -1),
  "identity.json": fileOf(aws, "identityDocument"),
  "endorsement.pb": fileOf(endorsed, "firmwareEndorsement"),
  "ccel.bin": fileOf(td, "eventLog"),
  "aws-chain.der": fileOf(aws, "chainAskArk"),
  "document-1.crl": fileOf(aws, "documentCrls"),
  "document-2.crl": fileOf(aws, "documentCrls", 1),
  "old/envelope.json": envelope,
  "-": envelope,
  "empty.bin": new Uint8Array(),
  "noise.bin": Uint8Array.from({ length: 700 }, (_, i) => (i * 151 + 7) % 251),
  "notes.txt": "Dear reader, this is no evidence at all.\n",
};

/** What the statement of the vector must say, as flags. */
const ASKED =
  `--nonce ${NONCE} --purpose join --audience ${azure.expected?.audience} --request-digest ${azure.expected?.requestDigest} --cluster-id ${azure.expected?.clusterId}`;

/** Words that stand for several in a command line. */
const WORDS: Readonly<Record<string, string>> = {
  "@nonce": `--nonce ${NONCE}`,
  "@asked": ASKED,
  "@terms": "--policy azure.json --reference azure-reference.json --lab-root azure-root.der",
  "@policy": "--policy azure.json --lab-root azure-root.der",
  "@root": "--lab-root azure-root.der",
  "@files":
    "--hcl-report hcl.bin --leaf leaf.der --chain-ask-ark chain.der --crl crl.der --tpm-quote-msg quote.msg --tpm-quote-sig quote.sig --pcrs pcrs.json --event-log eventlog.bin",
  "@aws": `--nonce ${
    toHex(aws.nonce)
  } --role ${aws.expected?.role} --policy aws-policy.json --lab-root aws-roots.pem`,
  "@lists": "--document-crl document-1.crl --document-crl document-2.crl",
};

/**
 * A command line as arguments.
 *
 * @param line Words between spaces; some stand for several.
 */
export function envelopeArguments(line: string): readonly string[] {
  return line.split(" ").flatMap((word) => (WORDS[word] ?? word).split(" "));
}
