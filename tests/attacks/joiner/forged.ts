/**
 * Evidence that is put together of parts which do not belong together, or were
 * made by the attacker.
 *
 * @module
 */

import type { EvidenceQuestion, Given } from "../../../src/channel/peer.ts";
import { canonicalJson } from "../../../src/core/canonical_json.ts";
import { readEnvelope, writeEnvelope } from "../../../src/evidence/envelope/envelope.ts";
import type { FilesByRole } from "../../../src/evidence/files_by_role.ts";
import { issueSnpReport } from "../../../src/evidence/snp/issue.ts";
import {
  bindingOf,
  qualifyingDataOf,
  reportDataOf,
} from "../../../src/evidence/statement/binding.ts";
import { withGceKey } from "../../../src/evidence/tpm/gce_key.ts";
import { quoteOfNode } from "../../../src/evidence/tpm/node_quote.ts";
import {
  type AmdAuthority,
  createTpmAuthority,
  describeAk,
  describeTpmKey,
  gceInstanceExtension,
  generateLabKey,
  LAB_INSTANCE,
  LAB_TPM,
  type LabKey,
  mintGcpSevEs,
  nameOf,
  type TpmAuthority,
  writeCertificate,
  writePublic,
} from "../../../src/lab/mod.ts";
import { tpmCaName } from "../../../src/lab/tpm/hierarchy.ts";
import { labAuthorityAt } from "../../lab_authority.ts";
import type { Joiner } from "./joiner.ts";
import { VARIANT } from "./stating.ts";

const COMMON_NAME = "2.5.4.3";

const OWN_NAME = tpmCaName("root").map((part) =>
  part.type === COMMON_NAME ? { ...part, value: "Root CA of nobody" } : part
);

/** The attacker's own authority is called otherwise than the lab's. */
const OWN_NAMES = { subject: OWN_NAME, issuer: OWN_NAME };

let amd: Promise<AmdAuthority> | null = null;

/** An authority in AMD's place that is the attacker's. */
export function ownAmd(): Promise<AmdAuthority> {
  amd ??= labAuthorityAt(new Date());
  return amd;
}

/**
 * Evidence of a machine without all that its TEE gave.
 *
 * @param joiner Whose it is.
 * @param question What is asked.
 */
export async function withoutReport(joiner: Joiner, question: EvidenceQuestion): Promise<Given> {
  const { envelope, statement } = await joiner.evidence(question);
  const { variant, files } = readEnvelope(envelope);
  const { report: _r, leaf: _l, chainAskArk: _c, crls: _s, ...rest } = files;
  return { envelope: writeEnvelope(variant, statement, rest), statement };
}

/**
 * Evidence with a genuine report, and quotes of a key that lives in the attacker's program: they say whatever he wants.
 *
 * @param joiner Whose report it is.
 * @param question What is asked.
 * @param certified Who certifies the key.
 */
export async function softwareKey(
  joiner: Joiner,
  question: EvidenceQuestion,
  certified: "own" | "none",
): Promise<Given> {
  const stated = joiner.statement(question);
  const statement = canonicalJson({ ...stated });
  const keys = { ak: await generateLabKey("P-256"), ek: await generateLabKey("P-256") };
  const name = await nameOf(writePublic(describeAk(keys.ak, "ecdsa", "sha256")), "sha256");
  const { nonce } = question;
  const reportData = reportDataOf(bindingOf(nonce, statement), name);
  const { devices } = joiner.machine;
  const { report, files } = await issueSnpReport(devices, VARIANT, reportData);
  const now = new Date();
  const authority = await createTpmAuthority({ now, bends: { root: OWN_NAMES } });
  const minted = await mintGcpSevEs(authority, {
    ...{ now, nonce, statement: stated, beside: report },
    ...{ tpm: { keys }, certified: false },
  });
  const papers = certified === "own" ? await certificateOf(keys.ak, authority, now) : {};
  const all = { ...files, ...minted.files, ...papers };
  return { envelope: writeEnvelope(VARIANT, statement, all), statement };
}

/** As Google certifies a key of an instance, by the attacker's root, which comes along. */
async function certificateOf(
  key: LabKey,
  { root }: TpmAuthority,
  now: Date,
): Promise<FilesByRole> {
  const asked = {
    kind: "ak",
    key,
    issuerKey: root.key,
    identity: LAB_TPM,
    crlPoint: false,
  } as const;
  const description = await describeTpmKey({ ...asked, now });
  const akCert = await writeCertificate({
    ...description,
    issuer: OWN_NAME,
    extensions: [...description.extensions, gceInstanceExtension(LAB_INSTANCE)],
  });
  return { akCert, akCertIssuers: [root.certificate] };
}

/**
 * Evidence with the report of one machine, over its own key, and the quotes of another.
 *
 * @param joiner Whose report it is.
 * @param other Whose quotes.
 * @param question What is asked.
 */
export async function otherTpm(
  joiner: Joiner,
  other: Joiner,
  question: EvidenceQuestion,
): Promise<Given> {
  const { devices } = joiner.machine;
  const own = await withGceKey(joiner.machine.tpm, ({ name }) => Promise.resolve(name));
  const statement = canonicalJson({ ...joiner.statement(question) });
  const reportData = reportDataOf(bindingOf(question.nonce, statement), own);
  const { report, files } = await issueSnpReport(devices, VARIANT, reportData);
  const answer = qualifyingDataOf(bindingOf(question.nonce, statement), report);
  const quoted = await withGceKey(other.machine.tpm, async (key, certificates) => ({
    ...await quoteOfNode(other.machine.tpm, key, answer, devices),
    ...certificates,
  }));
  return { envelope: writeEnvelope(VARIANT, statement, { ...files, ...quoted }), statement };
}
