/**
 * What we read in a quote and its collateral, in the corpus's words.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { type DescribedCrl, describeX509 } from "../../src/core/x509.ts";
import type {
  EnclaveReport,
  Pck,
  QuoteEvidence,
  TcbEvaluation,
  TdReport,
  TdxFiles,
} from "../../src/evidence/tdx/mod.ts";
import type { ShownDocument } from "../../src/evidence/tdx/show_document.ts";

/** Evidence of either kind. */
export type Evidence = QuoteEvidence<TdReport | EnclaveReport>;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The fields.
 *
 * @param files The quote and all of its collateral.
 * @param alone What was verified of the quote without collateral.
 * @param whole What was verified with it; null where no TCB level fits.
 */
export async function ourFields(
  files: TdxFiles,
  alone: Evidence,
  whole: Evidence | null,
): Promise<Fields> {
  const collateral = await readCollateral(files);
  if (whole !== null) assertSameCollateral(whole, collateral);
  const { pckCrl, rootCrl, ...documents } = collateral;
  return {
    quote: quoteFields(files.quote, whole ?? alone),
    in_force_window: inForce(collateral),
    ...tcbFields(whole?.collateral?.tcb ?? null),
    qe_identity: {
      status: whole?.collateral?.tcb.qe.status,
      isvsvn: alone.quote.qeReport.isvSvn,
    },
    collateral: {
      tcb_info: { ...dates(documents.tcbInfo), ...tcbInfoFields(documents.tcbInfo, files) },
      qe_identity: dates(documents.qeIdentity),
      pck_crl: { ...listDates(pckCrl), entries: pckCrl.revokedCount },
      root_crl: listDates(rootCrl),
    },
  };
}

/** A number of 64 bits as it stands in memory. */
const inMemory = (word: string): string => toHex(fromHex(word.slice(2)).toReversed());

const commonName = (name: string): string => /CN=([^,]+)/.exec(name)?.[1] ?? "";

const withOffset = (moment: string): string => moment.replace("Z", "+00:00");

const TD_REPORT_BYTES = { "tdx-1.0": 584, "tdx-1.5": 648 } as const;
const ENCLAVE_REPORT_BYTES = 384;
const BODY_TYPES = { "tdx-1.0": 2, "tdx-1.5": 3, "sgx": 1 } as const;

function quoteFields(file: Uint8Array, { quote, pck, chain }: Evidence): Fields {
  const { version, body, trailing } = quote;
  const bodyBytes = body.kind === "sgx" ? ENCLAVE_REPORT_BYTES : TD_REPORT_BYTES[body.kind];
  const head = 48 + (version === 5 ? 6 : 0) + bodyBytes + 4;
  const signatureBytes = file.length - trailing.bytes - head;
  // R, S, X, Y; the report of the quoting enclave and its R and S; three sizes, types before two of them.
  const around = 128 + 448 + quote.qeAuthenticationData.length / 2 + 8 + (version === 3 ? 0 : 6);
  return {
    version,
    att_key_type: quote.attestationKeyType,
    tee_type: quote.teeType === "TDX" ? "0x81" : "0x0",
    qe_vendor: quote.qeVendor,
    body_type: BODY_TYPES[body.kind],
    ...(body.kind === "sgx" ? { sgx: enclaveFields(body) } : { td: tdFields(body) }),
    sig_len: signatureBytes,
    trailing: trailing.bytes,
    trailing_zero: trailing.zero,
    // The only types that the engine takes.
    outer_cert_type: 6,
    cert_type: 5,
    cert_data_len: signatureBytes - around,
    qe_report: enclaveFields(quote.qeReport),
    chain: [pck.certificate, chain.intermediate, chain.root].map(({ subject }) =>
      commonName(subject)
    ),
    root_sha256: chain.root.sha256,
    root_spki: chain.root.spkiSha256,
    pck: pckFields(pck),
    pck_validity: [pck.certificate.notBefore, pck.certificate.notAfter].map(withOffset),
    pck_serial: pck.certificate.serial,
  };
}

function tdFields(body: TdReport): Fields {
  const [rtmr0, rtmr1, rtmr2, rtmr3] = body.rtmrs;
  return {
    tee_tcb_svn: body.teeTcbSvn,
    mr_seam: body.mrSeam,
    mr_signer_seam: body.mrSignerSeam,
    seam_attributes: inMemory(body.seamAttributes),
    td_attributes: inMemory(body.tdAttributes.raw),
    xfam: inMemory(body.xfam),
    mr_td: body.mrTd,
    mr_config_id: body.mrConfigId,
    mr_owner: body.mrOwner,
    mr_owner_config: body.mrOwnerConfig,
    rtmr0,
    rtmr1,
    rtmr2,
    rtmr3,
    report_data: body.reportData,
    debug: body.tdAttributes.debug,
    tee_tcb_svn2: body.teeTcbSvn2,
    mr_service_td: body.mrServiceTd,
  };
}

function enclaveFields(report: EnclaveReport): Fields {
  return {
    cpu_svn: report.cpuSvn,
    misc_select: report.miscSelect,
    attributes: report.attributes,
    mrenclave: report.mrEnclave,
    mrsigner: report.mrSigner,
    isv_prod_id: report.isvProdId,
    isv_svn: report.isvSvn,
    report_data: report.reportData,
  };
}

const SGX_TYPES = { Standard: 0, Scalable: 1, ScalableWithIntegrity: 2 } as const;

function pckFields(pck: Pck): Fields {
  return {
    ppid: pck.ppid,
    pcesvn: pck.pceSvn,
    cpusvn: pck.cpuSvn,
    sgx_comps: pck.components,
    pceid: pck.pceId,
    fmspc: pck.fmspc,
    sgx_type: SGX_TYPES[pck.sgxType],
    platform_instance_id: pck.platformInstanceId,
  };
}

/** The corpus joins platform and module; no quoting enclave in it is anything but up to date. */
function tcbFields(tcb: TcbEvaluation | null): Fields {
  if (tcb === null) {
    const status = "NO_MATCH";
    return { tcb: { status, converged_with_module: status }, tcb_status: status };
  }
  assert.equal(tcb.qe.status, "UpToDate");
  const { platform, module } = tcb;
  return {
    tcb: {
      module: { id: module?.id ?? null, status: module?.status },
      status: platform.status,
      tcbDate: platform.tcbDate,
      advisories: platform.advisoryIds,
      level: platform.level,
      converged_with_module: tcb.status,
    },
    tcb_status: platform.status,
    qe_status: tcb.qe.status,
  };
}

/** Collateral as it is shown, verified or not. */
interface Read {
  readonly tcbInfo: ShownDocument;
  readonly qeIdentity: ShownDocument;
  readonly pckCrl: DescribedCrl;
  readonly rootCrl: DescribedCrl;
}

async function readCollateral(files: TdxFiles): Promise<Read> {
  return {
    tcbInfo: await readDocument(files.tcbInfo),
    qeIdentity: await readDocument(files.qeIdentity),
    pckCrl: await readList(files.pckCrl),
    rootCrl: await readList(files.rootCrl),
  };
}

async function readDocument(file: Uint8Array | undefined): Promise<ShownDocument> {
  assert.ok(file, "the case has all collateral");
  // The engine answers with this shape; the tests of shapes hold it.
  return await inlineEngine.run("tdx_collateral", [file]) as ShownDocument;
}

async function readList(file: Uint8Array | undefined): Promise<DescribedCrl> {
  assert.ok(file, "the case has all collateral");
  const [list] = await describeX509(inlineEngine, file);
  assert.ok(list?.kind === "crl", "one list");
  return list;
}

/** What was verified is what is shown. */
function assertSameCollateral({ collateral }: Evidence, read: Read): void {
  assert.ok(collateral, "there is collateral");
  for (const name of ["tcbInfo", "qeIdentity"] as const) {
    const shown = Object.fromEntries(Object.entries(read[name]));
    for (const [key, value] of Object.entries(collateral[name])) {
      assert.deepEqual(value, shown[key], `${name}.${key}`);
    }
  }
  for (const name of ["pckCrl", "rootCrl"] as const) {
    const { issuer, number, thisUpdate, nextUpdate, sha256, revokedCount: revoked } = read[name];
    const shown = { issuer, number, thisUpdate, nextUpdate, revoked, sha256 };
    assert.deepEqual(collateral[name], shown, name);
  }
}

function dates({ id, issueDate, nextUpdate }: ShownDocument): Fields {
  return { id, issueDate, nextUpdate };
}

/** The corpus has the FMSPC in the letters in which the document has it. */
function tcbInfoFields(shown: ShownDocument, { tcbInfo }: TdxFiles): Fields {
  const { fmspc = "", tcbEvaluationDataNumber } = shown;
  const upper = new TextDecoder().decode(tcbInfo).includes(`"fmspc":"${fmspc.toUpperCase()}"`);
  return { fmspc: upper ? fmspc.toUpperCase() : fmspc, tcbEvaluationDataNumber };
}

function listDates({ thisUpdate, nextUpdate }: DescribedCrl): Fields {
  return { thisUpdate, nextUpdate };
}

/** When all of the collateral is in force: from the latest issue to the first end. */
function inForce({ tcbInfo, qeIdentity, pckCrl, rootCrl }: Read): readonly unknown[] {
  const from = [tcbInfo.issueDate, qeIdentity.issueDate, pckCrl.thisUpdate, rootCrl.thisUpdate];
  const until = [tcbInfo, qeIdentity, pckCrl, rootCrl].map(({ nextUpdate }) => nextUpdate);
  return [from.sort().at(-1), until.sort()[0]];
}
