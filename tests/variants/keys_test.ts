/**
 * Attestation keys and certificates that are real, but of another kind, another
 * machine or another place in the chain.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Result } from "../../mod.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import {
  createTpmAuthority,
  dropExtension,
  gceInstanceExtension,
  type GceVtpmOptions,
  generateLabKey,
  LAB_INSTANCE,
  LAB_MARK_OID,
  LAB_STATEMENT,
  mintGcpSevEs,
  mintGcpSevSnp,
  mintVtpm,
  OBJECT_ATTRIBUTES,
} from "../../src/lab/mod.ts";
import type { CertificateDescription } from "../../src/core/x509_writer/certificate.ts";
import { assertRefused, assertVerdict, shown } from "../result.ts";
import { ask, AUTHORITIES, mintedOf, NONCE, NOW, outcomeOf } from "./ask.ts";

const tpm = await AUTHORITIES.tpm();

const questionOf = (variant: string) => ({
  now: NOW,
  nonce: NONCE,
  statement: { ...LAB_STATEMENT, variant },
});

/** Asks about an instance of Google's, and with changes about parts of it. */
async function askGoogle(
  options: Partial<GceVtpmOptions>,
  changed: (files: FilesByRole) => FilesByRole = (files) => files,
): Promise<Result> {
  const { files, statement } = await mintGcpSevEs(tpm, { ...questionOf("gcp-sev-es"), ...options });
  return await ask(await mintedOf("gcp-sev-es"), { files: changed(files), statement });
}

Deno.test("an endorsement key's certificate is no attestation key's, though the same authority issued it", async () => {
  const key = await generateLabKey("P-256");
  for (const variant of ["azure-trusted-launch", "gcp-sev-es"] as const) {
    const options = { ...questionOf(variant), tpm: { keys: { ak: key, ek: key } } };
    const minted = await mintVtpm(tpm, options);
    const [{ der }] = minted.quotes;
    const files = { ...minted.files, akCert: der.ek };
    assertRefused(
      await ask(await mintedOf(variant), { files, statement: minted.statement }),
      "tpm.ak_certificate_shape",
    );
  }
});

Deno.test("whose instance it is says the certificate of the key that signed, wherever another's stands", async () => {
  const victim = await mintedOf("gcp-sev-es");
  const instance = { ...LAB_INSTANCE, projectId: "attacker", projectNumber: 666n };
  const { akCert: wanted } = victim.files;
  assert.ok(wanted instanceof Uint8Array);
  assertRefused(await askGoogle({ instance }), "gce.project_mismatch");
  const first = await askGoogle({ instance }, ({ akCert, ...files }) => ({
    ...files,
    akCert: wanted,
    akCertIssuers: [...akCert instanceof Uint8Array ? [akCert] : [], tpm.issuing.certificate],
  }));
  assertRefused(first, "tpm.ak_key_mismatch");
  const beside = await askGoogle({ instance }, (files) => ({
    ...files,
    akCertIssuers: [wanted, tpm.issuing.certificate],
  }));
  assertRefused(beside, "gce.project_mismatch");
});

Deno.test("an instance that only the issuing authority names is none, and neither is one that stands twice", async () => {
  const named = (authority: CertificateDescription): CertificateDescription => ({
    ...authority,
    extensions: [...authority.extensions, gceInstanceExtension(LAB_INSTANCE)],
  });
  const authority = await createTpmAuthority({ now: NOW, bends: { issuing: named } });
  const { files, statement, quotes: [{ root }] } = await mintGcpSevEs(authority, {
    ...questionOf("gcp-sev-es"),
    instance: null,
  });
  const labRoots = [new TextEncoder().encode(root)];
  const minted = await mintedOf("gcp-sev-es");
  assertRefused(await ask(minted, { files, statement, labRoots }), "gce.instance_missing");
  const other = { ...LAB_INSTANCE, projectId: "somebody-else" };
  const twice = await askGoogle({
    bends: {
      ak: (ak) => ({ ...ak, extensions: [...ak.extensions, gceInstanceExtension(other)] }),
    },
  });
  assert.deepEqual([twice.verdict, twice.code], ["rejected", "x509.malformed"], shown(twice));
});

Deno.test("a project is the certificate's id or number, whole, and no other member of it", async () => {
  const { projectId, projectNumber, instanceName, zone } = LAB_INSTANCE;
  const minted = await mintedOf("gcp-sev-es");
  const pinned = { vtpm: Object(minted.reference).vtpm };
  const asking = (section: object): Promise<string> =>
    outcomeOf(minted, { section: { ...pinned, ...section } });
  for (const project of [projectId, String(projectNumber)]) {
    assert.equal(await asking({ project }), "lab-trusted: null");
  }
  const near = [projectId.slice(0, -1), `${projectId}-2`, instanceName, zone, "1"];
  for (const project of near) {
    assert.equal(await asking({ project }), "rejected: gce.project_mismatch", project);
  }
  assert.equal(await asking({}), "platform-only: gce.project_not_pinned");
});

Deno.test("a public area that lets the key sign anything is refused, whoever certified the key", async () => {
  const { sign, fixedTPM, fixedParent, sensitiveDataOrigin } = OBJECT_ATTRIBUTES;
  const attributes = sign | fixedTPM | fixedParent | sensitiveDataOrigin;
  const result = await askGoogle({ bends: { publicArea: { attributes } } });
  assertRefused(result, "tpm.public_attributes");
});

Deno.test("a report names one public area of the key, and no other of the same key", async () => {
  const question = { ...questionOf("gcp-sev-snp") };
  const minted = await mintedOf("gcp-sev-snp");
  const key = await generateLabKey("P-256");
  const options = { ...question, tpm: { keys: { ak: key, ek: key } } };
  const authorities = { amd: await AUTHORITIES.amd(), tpm };
  const one = await mintGcpSevSnp(authorities, options);
  const { restricted, sign, fixedTPM, fixedParent, sensitiveDataOrigin } = OBJECT_ATTRIBUTES;
  const attributes = restricted | sign | fixedTPM | fixedParent | sensitiveDataOrigin;
  const other = await mintGcpSevSnp(authorities, {
    ...options,
    bends: { publicArea: { attributes } },
  });
  assert.notDeepEqual(one.akName, other.akName);
  const { statement, files: { akPub } } = other;
  const files = { ...one.files, akPub };
  assertRefused(await ask(minted, { files, statement }), "snp.report_data_mismatch");
});

Deno.test("a lab's root under the operator's own flag is no root, and makes nothing the provider's", async () => {
  for (const variant of ["azure-trusted-launch", "gcp-sev-es", "gcp-sev-snp"] as const) {
    const minted = await mintedOf(variant);
    const files = { akCertRoots: [tpm.root.certificate] };
    assert.equal(await outcomeOf(minted, { files }), "input: input.wrong_kind", variant);
    // Without a lab root AMD's part is refused first.
    if (variant === "gcp-sev-snp") continue;
    const alone = await outcomeOf(minted, { files, labRoots: [] });
    assert.equal(alone, "input: input.wrong_kind", variant);
  }
});

Deno.test("the operator's root is the provider's word at best, and no lab's", async () => {
  const unmarked = (one: CertificateDescription): CertificateDescription => ({
    ...one,
    extensions: dropExtension(one.extensions, LAB_MARK_OID),
  });
  const authority = await createTpmAuthority({
    now: NOW,
    bends: { root: unmarked, issuing: unmarked },
  });
  const { files, statement } = await mintVtpm(authority, {
    ...questionOf("azure-trusted-launch"),
    bends: { ak: unmarked },
  });
  const minted = await mintedOf("azure-trusted-launch");
  const given = { ...files, akCertRoots: [authority.root.certificate] };
  const result = await ask(minted, { files: given, statement, labRoots: [] });
  assert.deepEqual([result.verdict, result.roots], ["trusted", ["provider"]], shown(result));
  const strict = await ask(minted, {
    files: given,
    statement,
    policy: { acceptRoots: ["amd", "intel", "paravisor"] },
  });
  assertVerdict(strict, "platform-only", "trust.root_not_accepted");
  // The same root as a lab's: what is not marked is none.
  const asLab = { files, statement, labRoots: [authority.root.certificate] };
  assertRefused(await ask(minted, asLab), "tpm.lab_extension_missing");
});
