/**
 * Endorsements of firmware as a person sees them. Nothing shown here is verified.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { Malformed } from "../../core/malformed.ts";
import type { Shown, ShownRow, ShownSection } from "../../core/shown.ts";
import { describeX509, showX509 } from "../../core/x509.ts";
import type { Golden } from "./portable/endorsement_golden.ts";
import type { SnpEndorsement, TdxEndorsement } from "./report.ts";

/** Most measurements that are listed. */
const MOST = 24;

/**
 * Shows an endorsement.
 *
 * @param engine Verification engine.
 * @param bytes The file.
 * @returns Null for anything else.
 */
export async function showEndorsement(engine: Engine, bytes: Uint8Array): Promise<Shown | null> {
  const golden = await goldenOf(bytes);
  if (golden === null) return null;
  const { timestamp, digest, commit, sevSnp, tdx } = golden.says;
  const signer = showX509(await describeX509(engine, golden.certificate)).sections;
  return {
    kind: "gce-endorsement",
    title: "Endorsement of firmware by Google (not verified)",
    usedBy: "casemate evidence verify gcp-tdx --firmware-endorsement",
    sections: [
      {
        title: "Firmware",
        rows: [
          { name: "made", value: timestamp ?? "not said" },
          { name: "digest", value: digest, meaning: "SHA-384 of the firmware" },
          { name: "commit", value: commit === "" ? "not said" : commit },
        ],
      },
      ...(sevSnp === null ? [] : [snpSection(sevSnp)]),
      ...(tdx === null ? [] : [tdxSection(tdx)]),
      ...signer,
    ],
  };
}

/** The reader stands with the portable engine, of which nothing is loaded before somebody asks. */
async function goldenOf(bytes: Uint8Array): Promise<Golden | null> {
  const { readGolden, readLaunch } = await import("./portable/endorsement_golden.ts");
  try {
    return readGolden(readLaunch(bytes).golden);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

function snpSection({ svn, policy, measurements, svsmMeasurement }: SnpEndorsement): ShownSection {
  const rows: readonly ShownRow[] = [
    { name: "security version", value: String(svn) },
    { name: "guest policy", value: policy },
    ...(svsmMeasurement === null ? [] : [{ name: "with SVSM", value: svsmMeasurement }]),
  ];
  const listed = measurements.slice(0, MOST).map(({ vmsas, measurement }) => [
    String(vmsas),
    measurement,
  ]);
  return {
    title: `SEV-SNP, ${measurements.length} launch measurements`,
    rows,
    table: { columns: ["vCPUs", "measurement"], rows: listed },
  };
}

function tdxSection({ svn, measurements }: TdxEndorsement): ShownSection {
  const listed = measurements.slice(0, MOST).map(({ ramGib, earlyAccept, mrTd }) => [
    String(ramGib),
    earlyAccept ? "all memory" : "as needed",
    mrTd,
  ]);
  return {
    title: `TDX, ${measurements.length} values of MRTD`,
    rows: [{ name: "security version", value: String(svn) }],
    table: { columns: ["GiB", "accepts", "MRTD"], rows: listed },
  };
}
