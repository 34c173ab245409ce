/**
 * Rebuilds AMD's own certificates and reports byte for byte, out of the lab's
 * descriptions and of what other parsers say about them: so the lab writes
 * what AMD writes, not only what this project's verifier likes.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromHex, toHex } from "../../core/bytes.ts";
import {
  crlUri,
  describeArk,
  describeIntermediate,
  LAB_LINES,
  type LabLine,
  type LeafForm,
} from "./amd_hierarchy.ts";
import { describeLeaf, type TcbVersion } from "./amd_leaf.ts";
import {
  type CertificateDescription,
  writeCertificate,
} from "../../core/x509_writer/certificate.ts";
import {
  crlDistributionPoints,
  dropExtension,
  LAB_MARK_OID,
  replaceExtension,
} from "../extension.ts";
import type { Name } from "../name.ts";
import { noOpenssl } from "../openssl_test.ts";
import {
  assertSame,
  EVIDENCE,
  noEvidence,
  readManifest,
  readReal,
  type Real,
} from "../real_test.ts";
import { AMD_PSS, rsaPss } from "../signature.ts";
import { type ReportFields, SIGNATURE_OFFSET, writeSnpReport } from "./snp_report.ts";

/** A description of the lab's, with AMD's organization, serial and signature, and without the lab mark. */
function asAmd(description: CertificateDescription, real: Real): CertificateDescription {
  const amd = (name: Name): Name =>
    name.map((attribute) =>
      attribute.type === "2.5.4.10" ? { ...attribute, value: "Advanced Micro Devices" } : attribute
    );
  return {
    ...description,
    serial: real.serial,
    issuer: amd(description.issuer),
    subject: amd(description.subject),
    extensions: dropExtension(description.extensions, LAB_MARK_OID),
    signature: real.signature,
  };
}

/** The same with the address of AMD's CRL. */
function withAmdCrl(
  description: CertificateDescription,
  line: LabLine,
  form: LeafForm,
): CertificateDescription {
  const uri = crlUri(line, form).replace("lab:", "https://kdsintf.amd.com/");
  return {
    ...description,
    extensions: replaceExtension(description.extensions, crlDistributionPoints(uri)),
  };
}

async function readChain(line: LabLine, form: LeafForm): Promise<readonly [Real, Real]> {
  const suffix = form === "VLEK" ? "_vlek" : line === "Turin" ? "_vcek" : "";
  const file = new URL(`anchors/amd/ask_ark_${line.toLowerCase()}${suffix}.pem`, EVIDENCE);
  const text = await Deno.readTextFile(file);
  const [ask = "", ark = ""] = text.split(/(?<=-----END CERTIFICATE-----)/);
  return [await readReal(ask, "RSA-4096"), await readReal(ark, "RSA-4096")];
}

for (const line of LAB_LINES) {
  for (const form of ["VCEK", "VLEK"] as const) {
    Deno.test({
      name:
        `describeIntermediate() and describeArk() say what AMD's ${line} chain for a ${form} says`,
      ignore: noEvidence || noOpenssl,
      fn: async () => {
        const [ask, ark] = await readChain(line, form);
        const root = asAmd(await describeArk(line, ark.key, ark.notBefore), ark);
        assertSame(await writeCertificate(withAmdCrl(root, line, "VCEK")), ark.der, "ARK");
        const options = { line, form, key: ask.key, ark: ark.key, now: ask.notBefore };
        const intermediate = asAmd(await describeIntermediate(options), ask);
        assertSame(
          await writeCertificate(withAmdCrl(intermediate, line, form)),
          ask.der,
          "ASK or ASVK",
        );
      },
    });
  }
}

/** A TCB in the words of the manifest. */
interface ManifestTcb {
  readonly fmc?: number;
  readonly bl: number;
  readonly tee: number;
  readonly snp: number;
  readonly ucode: number;
}

/** What the manifest says about a report, found by a parser that is not ours. */
interface ManifestFields {
  readonly version: number;
  readonly guest_svn: number;
  readonly policy: string;
  readonly family_id: string;
  readonly image_id: string;
  readonly vmpl: number;
  readonly sig_algo: number;
  readonly platform_info: string;
  readonly flags: string;
  readonly report_data: string;
  readonly measurement: string;
  readonly host_data: string;
  readonly id_key_digest: string;
  readonly author_key_digest: string;
  readonly report_id: string;
  readonly report_id_ma: string;
  readonly chip_id: string;
  readonly current_version: string;
  readonly committed_version: string;
  readonly cpuid?: NonNullable<ReportFields["cpuid"]>;
  readonly launch_mit_vector?: string;
  readonly current_mit_vector?: string;
  readonly current_tcb: ManifestTcb;
  readonly reported_tcb: ManifestTcb;
  readonly committed_tcb: ManifestTcb;
  readonly launch_tcb: ManifestTcb;
  readonly leaf: {
    readonly type: LeafForm;
    readonly issuer_cn: string;
    readonly tcb_ext: ManifestTcb;
    readonly hwid_ext: string | null;
    readonly csp_id_ext: string | null;
  };
}

interface ManifestCase {
  readonly id: string;
  readonly kind: string;
  readonly files: { readonly report: string; readonly leaf: string };
  readonly expect: { readonly fields: ManifestFields };
}

const cases: readonly ManifestCase[] = (await readManifest<ManifestCase>())
  .filter(({ kind }) => kind.startsWith("snp-report-"));

function tcbOf({ fmc = undefined, bl, tee, snp, ucode }: ManifestTcb): TcbVersion {
  return { fmc: fmc ?? null, bootloader: bl, tee, snp, microcode: ucode };
}

function firmwareOf(text: string): ReportFields["currentVersion"] {
  const [major = 0, minor = 0, build = 0] = text.split(".").map(Number);
  return { major, minor, build };
}

function fieldsOf(said: ManifestFields): ReportFields {
  return {
    version: said.version,
    guestSvn: said.guest_svn,
    policy: BigInt(said.policy),
    familyId: fromHex(said.family_id),
    imageId: fromHex(said.image_id),
    vmpl: said.vmpl,
    signatureAlgorithm: said.sig_algo,
    currentTcb: tcbOf(said.current_tcb),
    platformInfo: BigInt(said.platform_info),
    flags: Number(said.flags),
    reportData: fromHex(said.report_data),
    measurement: fromHex(said.measurement),
    hostData: fromHex(said.host_data),
    idKeyDigest: fromHex(said.id_key_digest),
    authorKeyDigest: fromHex(said.author_key_digest),
    reportId: fromHex(said.report_id),
    reportIdMa: fromHex(said.report_id_ma),
    reportedTcb: tcbOf(said.reported_tcb),
    cpuid: said.cpuid ?? null,
    chipId: fromHex(said.chip_id),
    committedTcb: tcbOf(said.committed_tcb),
    currentVersion: firmwareOf(said.current_version),
    committedVersion: firmwareOf(said.committed_version),
    launchTcb: tcbOf(said.launch_tcb),
    launchMitigationVector: BigInt(said.launch_mit_vector ?? 0),
    currentMitigationVector: BigInt(said.current_mit_vector ?? 0),
  };
}

function lineOf(issuer: string): LabLine {
  return LAB_LINES.find((line) => issuer.endsWith(line)) ?? assert.fail(issuer);
}

Deno.test({
  name: "writeSnpReport() writes every real report as AMD's firmware did, up to the signature",
  ignore: noEvidence,
  fn: async () => {
    assert.ok(cases.length >= 7, `${cases.length} reports in the manifest`);
    for (const { id, files, expect } of cases) {
      const real = await Deno.readFile(new URL(files.report, EVIDENCE));
      const written = writeSnpReport(fieldsOf(expect.fields));
      const signedPart = (report: Uint8Array): string =>
        toHex(report.subarray(0, SIGNATURE_OFFSET));
      assert.equal(signedPart(written), signedPart(real), id);
    }
  },
});

Deno.test({
  name: "describeLeaf() says what every real VCEK and VLEK says",
  ignore: noEvidence || noOpenssl,
  fn: async () => {
    for (const { id, files, expect: { fields: { leaf } } } of cases) {
      const leafDer = await Deno.readFile(new URL(files.leaf, EVIDENCE));
      const real = await readReal(leafDer, "P-384");
      const description = asAmd(
        describeLeaf({
          line: lineOf(leaf.issuer_cn),
          form: leaf.type,
          key: real.key,
          issuerKey: real.key,
          tcb: tcbOf(leaf.tcb_ext),
          hwid: fromHex(leaf.hwid_ext ?? ""),
          cspId: leaf.csp_id_ext ?? "",
          now: real.notBefore,
        }),
        real,
      );
      const old = real.notBefore < new Date("2024-01-01T00:00:00Z");
      const algorithm = old ? rsaPss(AMD_PSS) : description.algorithm;
      assertSame(await writeCertificate({ ...description, algorithm }), real.der, id);
    }
  },
});
