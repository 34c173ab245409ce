/**
 * Mints `tests/vectors/TECHNOLOGY/` anew: lab evidence that is accepted, and
 * bent evidence beside it. The keys are random and not kept, so nothing is
 * minted again unless asked for, and then all cases of a technology at once.
 *
 * `deno run --allow-read --allow-write scripts/mint_vectors.ts TECHNOLOGY`
 *
 * @module
 */

import { toHex } from "../src/core/bytes.ts";
import type { TechnologyId } from "../src/evidence/registry.ts";
import type { CaseFile } from "../tests/vectors.ts";
import { nitroEnclaveVectors } from "./vectors/aws/nitro_enclave.ts";
import { awsNitroTpmVectors } from "./vectors/aws/nitro_tpm.ts";
import { awsSevSnpVectors } from "./vectors/aws/sev_snp.ts";
import { azureSevSnpVectors } from "./vectors/azure/snp.ts";
import { azureTdxVectors } from "./vectors/azure/tdx.ts";
import { azureTrustedLaunchVectors } from "./vectors/azure/trusted_launch.ts";
import { gcpSevEsVectors } from "./vectors/gcp/sev_es.ts";
import { gcpSevSnpVectors } from "./vectors/gcp/sev_snp.ts";
import { gcpTdxVectors } from "./vectors/gcp/tdx.ts";
import { sevSnpVectors } from "./vectors/snp.ts";
import { type MintedCase, NONCE, TIME, type VectorSource } from "./vectors/source.ts";
import { tdxVectors } from "./vectors/tdx/vectors.ts";
import { tpmVectors } from "./vectors/tpm/vectors.ts";
import { vtpmVectors } from "./vectors/vtpm/vectors.ts";

const ROOT = new URL("../tests/vectors/", import.meta.url);

/** A technology without vectors does not compile. */
const SOURCES: Readonly<Record<TechnologyId, VectorSource>> = {
  "sev-snp": sevSnpVectors,
  "tdx": tdxVectors,
  "tpm": tpmVectors,
  "nitro-enclave": nitroEnclaveVectors,
  "aws-sev-snp": awsSevSnpVectors,
  "azure-sev-snp": azureSevSnpVectors,
  "azure-tdx": azureTdxVectors,
  "aws-nitro-tpm": awsNitroTpmVectors,
  "azure-trusted-launch": azureTrustedLaunchVectors,
  "gcp-tdx": gcpTdxVectors,
  "gcp-sev-snp": gcpSevSnpVectors,
  "gcp-sev-es": gcpSevEsVectors,
  "qemu-vtpm": vtpmVectors("qemu-vtpm"),
  "openstack": vtpmVectors("openstack"),
};

/** Where a case finds a file: in its own folder, or in that of its base. */
function pathOf({ name, own, base }: MintedCase, file: string): string {
  if (file in own) return file;
  if (base === null) throw new Error(`The case ${name} lacks ${file}`);
  return `../${base}/${file}`;
}

/** Files by role, but for those that the case does not have. */
function filesOf(source: VectorSource, minted: MintedCase): CaseFile["files"] {
  const { absent = [] } = minted;
  const path = (file: string): string => pathOf(minted, file);
  return Object.fromEntries(
    Object.entries({ ...source.files, ...minted.files })
      .filter(([role]) => !absent.includes(role))
      .map(([role, file]) => [role, typeof file === "string" ? path(file) : file.map(path)]),
  );
}

/** The statement, where the evidence is bound to one. */
function statementOf(
  { statement }: VectorSource,
  minted: MintedCase,
): Pick<CaseFile, "statement"> {
  if (statement === undefined || minted.absent?.includes("statement")) return {};
  return { statement: pathOf(minted, statement) };
}

/** The lab root, unless the case has none. */
function rootOf(source: VectorSource, minted: MintedCase): Pick<CaseFile, "labRoots"> {
  if (minted.absent?.includes("labRoots")) return {};
  return { labRoots: [pathOf(minted, source.labRoot)] };
}

function describe(source: VectorSource, minted: MintedCase): CaseFile {
  return {
    origin: "minted by casemate lab",
    says: minted.says,
    time: TIME.toISOString(),
    files: filesOf(source, minted),
    ...rootOf(source, minted),
    ...statementOf(source, minted),
    expect: { nonce: toHex(NONCE), ...minted.expected },
    policy: minted.policy,
    verdict: minted.verdict,
    code: minted.code,
  };
}

async function write(folder: URL, source: VectorSource, minted: MintedCase): Promise<void> {
  const here = new URL(`${minted.name}/`, folder);
  await Deno.mkdir(here, { recursive: true });
  for (const [file, bytes] of Object.entries(minted.own)) {
    await Deno.writeFile(new URL(file, here), bytes);
  }
  const text = JSON.stringify(describe(source, minted), null, 2);
  await Deno.writeTextFile(new URL("case.json", here), `${text}\n`);
}

/**
 * Mints the vectors of a technology in place of those that are there.
 *
 * @param id Its id.
 * @param root Folder of all vectors.
 * @throws {Error} when no such technology has vectors.
 */
export async function mintVectors(id: string, root: URL = ROOT): Promise<void> {
  const source = new Map(Object.entries(SOURCES)).get(id);
  if (source === undefined) {
    throw new Error(`Name a technology: ${Object.keys(SOURCES).join(" or ")}`);
  }
  const folder = new URL(`${id}/`, root);
  const cases = await Array.fromAsync(source.mint());
  // What is no case any more must not stay behind.
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  for (const minted of cases) await write(folder, source, minted);
  console.log(`minted ${cases.length} cases of ${id}`);
}

if (import.meta.main) await mintVectors(Deno.args[0] ?? "");
