/**
 * SEV-SNP files as a person sees them: reports, VCEKs and VLEKs, certificate tables.
 *
 * Nothing shown here is verified.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { CasemateError } from "../../core/errors.ts";
import type { Shown, ShownRow } from "../../core/shown.ts";
import { describeX509, showX509 } from "../../core/x509.ts";
import { looksLikeReport, looksLikeTable } from "./looks.ts";
import { productStatus } from "./products.ts";
import type { SnpLeaf, SnpReport } from "./report.ts";
import { showReport } from "./show_report.ts";
import { formatTcb } from "./tcb.ts";

/** One entry of a certificate table. */
interface TableEntry {
  readonly guid: string;
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * Says what a file is, if it is one of SEV-SNP's.
 *
 * @param engine Verification engine.
 * @param bytes The file.
 * @throws {RejectedError} when it is one of them, but damaged.
 */
export async function show(engine: Engine, bytes: Uint8Array): Promise<Shown | null> {
  // The engine answers each operation with its shape; tests hold them.
  if (looksLikeReport(bytes)) {
    return showReport(await engine.run("snp_report", [bytes]) as SnpReport);
  }
  if (looksLikeTable(bytes)) {
    const table = await engine.run("snp_certificate_table", [bytes]) as {
      readonly entries: readonly TableEntry[];
    };
    return showTable(table.entries);
  }
  const leaf = await readLeaf(engine, bytes);
  return leaf === null ? null : await showLeaf(engine, bytes, leaf);
}

async function readLeaf(engine: Engine, bytes: Uint8Array): Promise<SnpLeaf | null> {
  try {
    return await engine.run("snp_leaf", [bytes]) as SnpLeaf;
  } catch (error) {
    // Not a VCEK or VLEK: something else may know it.
    if (error instanceof CasemateError) return null;
    throw error;
  }
}

async function showLeaf(engine: Engine, bytes: Uint8Array, leaf: SnpLeaf): Promise<Shown> {
  const certificate = showX509(await describeX509(engine, bytes));
  const line = leaf.productName.split("-")[0] ?? "";
  const { status, source, date } = productStatus(line);
  const rows: readonly ShownRow[] = [
    {
      name: "productName",
      value: leaf.productName,
      meaning: status === "ok" ? "not known to be broken" : `compromised since ${date}: ${source}`,
    },
    { name: "structVersion", value: String(leaf.structVersion) },
    { name: "TCB", value: formatTcb(leaf.tcb), meaning: "the key was derived for these versions" },
    leaf.form === "VCEK"
      ? { name: "hwID", value: leaf.hwid ?? "", meaning: "chip that holds the key" }
      : { name: "cspID", value: leaf.cspId ?? "", meaning: "provider that holds the key" },
  ];
  return {
    kind: `snp-${leaf.form.toLowerCase()}`,
    title: `AMD ${leaf.form}, the key that signs reports (not verified)`,
    usedBy: "casemate evidence verify snp --leaf",
    sections: [...certificate.sections, { title: `What the ${leaf.form} certifies`, rows }],
  };
}

function showTable(entries: readonly TableEntry[]): Shown {
  return {
    kind: "snp-certificate-table",
    title: `AMD SEV-SNP certificate table, ${entries.length} entries (not verified)`,
    usedBy: null,
    sections: [{
      title: "Entries",
      rows: entries.map(({ name, guid, offset, length }) => ({
        name,
        value: `${length} bytes at offset ${offset}`,
        meaning: guid,
      })),
    }],
  };
}
