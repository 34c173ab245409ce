/**
 * Files of Google Compute Engine as a person sees them. Nothing shown here is verified.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { CasemateError } from "../../core/errors.ts";
import { Malformed } from "../../core/malformed.ts";
import type { Shown, ShownRow, ShownSection } from "../../core/shown.ts";
import { describeX509, showX509 } from "../../core/x509.ts";
import { piecesOf } from "./attestation.ts";
import { looksLikeCcelTable, readCcelTable } from "./ccel_table.ts";
import { readGceInstance } from "./mod.ts";
import type { GceInstance } from "./report.ts";
import { showEndorsement } from "./show_endorsement.ts";

/** The extension of a key's certificate. */
const INSTANCE = "1.3.6.1.4.1.11129.2.1.21";

/** First byte of the containers that are known: field 1, bytes. */
const FIRST_FIELD = 0x0a;

/**
 * Says what a file is, if it is one of Google's: a certificate that names an
 * instance, an endorsement of firmware, a container of quotes, or the table that
 * points to an event log.
 *
 * @param engine Verification engine.
 * @param bytes The file.
 * @throws {RejectedError} when it is one of them, but damaged.
 */
export async function showGce(engine: Engine, bytes: Uint8Array): Promise<Shown | null> {
  if (looksLikeCcelTable(bytes)) return showCcelTable(bytes);
  if (bytes[0] === FIRST_FIELD) {
    return showAttestation(bytes) ?? await showEndorsement(engine, bytes);
  }
  return await showCertificate(engine, bytes);
}

/** A lone certificate with the extension; all others are nobody's in particular. */
async function showCertificate(engine: Engine, bytes: Uint8Array): Promise<Shown | null> {
  const items = await describeX509(engine, bytes).catch((error: unknown) => {
    if (error instanceof CasemateError) return [];
    throw error;
  });
  const [item] = items;
  if (items.length !== 1 || item?.kind !== "certificate") return null;
  if (!item.extensions.some(({ oid }) => oid === INSTANCE)) return null;
  const instance = await readGceInstance(engine, bytes);
  if (instance === null) return null;
  return {
    kind: "gce-ak-certificate",
    title: "Certificate of a Google Compute Engine key (not verified)",
    usedBy: "casemate evidence verify gcp-sev-es --ak-cert",
    sections: [...showX509(items).sections, instanceSection(instance)],
  };
}

function instanceSection(instance: GceInstance): ShownSection {
  const { security } = instance;
  const production = security?.isProduction ?? null;
  return {
    title: "Instance, by the word of who signed the certificate",
    rows: [
      { name: "project", value: instance.projectId, meaning: `number ${instance.projectNumber}` },
      { name: "zone", value: instance.zone },
      { name: "instance", value: instance.instanceName, meaning: `number ${instance.instanceId}` },
      { name: "security version", value: security?.version ?? "not said" },
      {
        name: "environment",
        value: production === null ? "not said" : production ? "production" : "test",
      },
    ],
  };
}

function showCcelTable(bytes: Uint8Array): Shown {
  const { maker, logBytes, logAddress } = readCcelTable(bytes);
  return {
    kind: "ccel-table",
    title: "ACPI table CCEL of a trust domain (not verified)",
    usedBy: "casemate evidence verify gcp-tdx --ccel-table",
    sections: [{
      title: "Table",
      rows: [
        { name: "maker", value: maker },
        { name: "type", value: "2.0", meaning: "Intel TDX" },
        { name: "log", value: `${logBytes} bytes`, meaning: "room for it, not its length" },
        { name: "address", value: logAddress, meaning: "in the guest's memory" },
      ],
    }],
  };
}

function showAttestation(bytes: Uint8Array): Shown | null {
  const pieces = attestationOf(bytes);
  if (pieces === null) return null;
  const rows = Object.entries(pieces).flatMap(([name, piece]): readonly ShownRow[] => {
    const files = piece instanceof Uint8Array ? [piece] : piece ?? [];
    return files.map((file) => ({ name, value: `${file.length} bytes` }));
  });
  return {
    kind: "gce-attestation",
    title: "Attestation of go-tpm-tools (not verified)",
    usedBy: "casemate evidence verify gcp-sev-es --attestation-pb",
    sections: [{ title: "Pieces", rows }],
  };
}

function attestationOf(bytes: Uint8Array): ReturnType<typeof piecesOf> | null {
  try {
    return piecesOf(bytes);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
