/**
 * Judges attestation documents of Nitro Enclaves in a corpus.
 *
 * @module
 */

import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { describeCertificates } from "../../src/core/x509.ts";
import { RejectedError } from "../../src/core/errors.ts";
import { nitroEnclave } from "../../src/evidence/nitro/mod.ts";
import type { NitroEvidence } from "../../src/evidence/nitro/report.ts";
import { AWS_NITRO_ROOTS } from "../../src/evidence/nitro/roots.ts";
import type { Judge } from "./judge.ts";
import type { Case } from "./manifest.ts";

/** Documents of enclaves. */
export const nitroJudge: Judge = {
  techs: ["aws-nitro"],
  takes: (files) => files["document"] !== undefined,
  judge,
  reasons: {
    "cose_sig": ["nitro.signature_mismatch"],
    "chain": ["nitro.chain_signature", "nitro.chain_shape", "nitro.chain_order"],
    "root": ["nitro.root_unknown"],
    "expired": ["nitro.certificate_expired"],
    "timestamp": ["nitro.timestamp"],
  },
};

/** The root in a case is the one that is pinned, and no other is believed because a case has it. */
async function judge(input: Case): Promise<NitroEvidence> {
  const { document, root } = input.files;
  if (root !== undefined) await refuseOtherRoot(root);
  const files = nitroEnclave.readFiles({ document });
  const now = input.verifyAt ?? new Date();
  const proven = await nitroEnclave.verify(inlineEngine, files, { now, labRoots: [] });
  const { nonce } = proven.document;
  if (input.nonceHex === null || input.nonceHex === nonce) return proven;
  throw new RejectedError(`The document answers ${nonce}, expected ${input.nonceHex}`, {
    code: "nitro.nonce_mismatch",
  });
}

async function refuseOtherRoot(file: Uint8Array): Promise<void> {
  const certificates = await describeCertificates(inlineEngine, file);
  const pinned = AWS_NITRO_ROOTS.map(({ certificateSha256 }) => certificateSha256);
  if (certificates.every(({ summary }) => pinned.includes(summary.sha256))) return;
  throw new RejectedError("The case brings another root than the pinned one", {
    code: "nitro.root_unknown",
  });
}
