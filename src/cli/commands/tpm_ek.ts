/**
 * `casemate tpm ek`: an endorsement key and the certificates in NV memory. Nothing of it is verified.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { inlineEngine } from "../../core/crypto_inline.ts";
import { CasemateError } from "../../core/errors.ts";
import type { Shown, ShownSection } from "../../core/shown.ts";
import { type DescribedItem, describeX509, showX509 } from "../../core/x509.ts";
import { listHandles } from "../../evidence/tpm/device/capability.ts";
import { sized } from "../../evidence/tpm/device/bytes_out.ts";
import { handleText } from "../../evidence/tpm/device/entity.ts";
import { type TpmObject, withPrimary } from "../../evidence/tpm/device/objects.ts";
import { ENDORSEMENT_KEYS, type EndorsementKeyName } from "../../evidence/tpm/device/templates.ts";
import { endorsementSpki } from "../../evidence/tpm/endorsement_key.ts";
import { hash } from "../../evidence/tpm/hash.ts";
import { isCertificateIndex, readNvCertificate } from "../../evidence/tpm/nv_certificate.ts";
import type { Context } from "../context.ts";
import { reasonOf } from "../explain.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { type NewFile, newFile, refuseExisting, writeFiles } from "../lab/files.ts";
import { printableJson } from "../output/printable.ts";
import { renderShown } from "../output/shown.ts";
import { type OpenTpm, withTpm } from "../tpm/device.ts";
import { readOutFlag } from "../tpm/folder.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

const KEY_NAMES: readonly EndorsementKeyName[] = ["rsa", "ecc", "ecc-p384"];

/** What stands at an index. */
interface NvCertificate {
  readonly index: string;
  /** DER; null where no certificate stands there. */
  readonly der: Uint8Array | null;
  /** What it says; empty where it cannot be read. */
  readonly items: readonly DescribedItem[];
  /** Why it cannot be read; null where it can. */
  readonly unreadable: string | null;
  /** Whether it is of the endorsement key that is printed. */
  readonly ofThisKey: boolean;
}

/** What was found. */
interface Endorsement {
  readonly address: string;
  readonly name: EndorsementKeyName;
  readonly key: TpmObject;
  readonly spkiSha256: string;
  readonly certificates: readonly NvCertificate[];
}

/**
 * Prints an endorsement key and its certificates.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} naming the flag.
 * @throws {UnavailableError} where the TPM is not to be had, or refuses.
 */
export async function printEndorsementKey({ host }: Context, given: Given): Promise<void> {
  // The flag itself refuses other words.
  const name = KEY_NAMES.find((known) => known === given.text("key")) ?? "rsa";
  const folder = readOutFlag(given);
  const found = await withTpm(host, given, (tpm) => collect(tpm, name));
  const files = folder === undefined ? {} : filesOf(folder, found);
  if (folder !== undefined) await refuseExisting(host, folder, namesOf(found), false);
  await writeFiles(host, files);
  const { terminal } = host;
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return terminal.out(`${printableJson({ v: 1, ...asData(found, files) })}\n`);
  }
  terminal.out(renderShown(shown(found), terminal));
  const paths = Object.values(files).map(({ path }) => path);
  if (paths.length > 0) terminal.out(`\nWrote ${paths.join(", ")}\n`);
}

async function collect(tpm: OpenTpm, name: EndorsementKeyName): Promise<Endorsement> {
  const { template } = ENDORSEMENT_KEYS[name];
  const primary = { hierarchy: "endorsement", template } as const;
  const key = await withPrimary(tpm, primary, (object) => Promise.resolve(object));
  const spkiSha256 = toHex(await hash("sha256", await endorsementSpki(key.publicArea)));
  const certificates: NvCertificate[] = [];
  for (const index of (await listHandles(tpm, "nv")).filter(isCertificateIndex)) {
    certificates.push(await readCertificate(tpm, index, spkiSha256));
  }
  return { address: tpm.address, name, key, spkiSha256, certificates };
}

/** What is no certificate is told and does not hide the others. */
async function readCertificate(
  tpm: OpenTpm,
  index: number,
  spkiSha256: string,
): Promise<NvCertificate> {
  const found = { index: handleText(index), der: null, items: [], ofThisKey: false };
  try {
    const der = await readNvCertificate(tpm, index);
    const items = await describeX509(inlineEngine, der);
    const ofThisKey = items.some((item) =>
      item.kind === "certificate" && item.summary.spkiSha256 === spkiSha256
    );
    return { ...found, der, items, ofThisKey, unreadable: null };
  } catch (error) {
    const told = error instanceof CasemateError && !error.code.startsWith("tpm.device_");
    if (!told) throw error;
    return { ...found, unreadable: reasonOf(error) };
  }
}

function namesOf({ certificates }: Endorsement): Readonly<Record<string, string>> {
  const names = certificates.flatMap(({ index, der }) =>
    der === null ? [] : [[index, `ek-cert-${index}.der`] as const]
  );
  return { key: "ek.pub", ...Object.fromEntries(names) };
}

function filesOf(folder: string, found: Endorsement): Readonly<Record<string, NewFile>> {
  const names = namesOf(found);
  const certificates = found.certificates.flatMap(({ index, der }) => {
    const name = names[index];
    return der === null || name === undefined ? [] : [[index, newFile(folder, name, der)] as const];
  });
  const key = newFile(folder, "ek.pub", sized(found.key.publicArea));
  return { key, ...Object.fromEntries(certificates) };
}

function asData(found: Endorsement, files: Readonly<Record<string, NewFile>>): object {
  return {
    device: found.address,
    key: {
      template: found.name,
      name: toHex(found.key.name),
      public: toHex(sized(found.key.publicArea)),
      spkiSha256: found.spkiSha256,
    },
    certificates: found.certificates.map(({ der, ...rest }) => ({
      ...rest,
      der: der === null ? null : toHex(der),
    })),
    files: Object.values(files).map(({ path }) => path),
  };
}

function shown(found: Endorsement): Shown {
  const rows = [
    { name: "template", value: found.name },
    { name: "Name", value: toHex(found.key.name) },
    { name: "spki sha256", value: found.spkiSha256 },
    { name: "public area", value: toHex(sized(found.key.publicArea)) },
  ];
  const sections = found.certificates.flatMap(certificateSections);
  const none = { title: "No certificate in NV memory", rows: [] };
  return {
    kind: "tpm-endorsement-key",
    title: `Endorsement key of the TPM at ${found.address} (not verified)`,
    usedBy: null,
    sections: [{ title: "Key", rows }, ...(sections.length === 0 ? [none] : sections)],
  };
}

function certificateSections(found: NvCertificate): readonly ShownSection[] {
  const at = { name: "NV index", value: found.index };
  if (found.unreadable !== null) {
    const rows = [at, { name: "not read", value: found.unreadable }];
    return [{ title: "Not a certificate", rows }];
  }
  const of = { name: "of", value: found.ofThisKey ? "the key above" : "another key" };
  return showX509(found.items).sections.map(({ title, rows }) => ({
    title,
    rows: [at, of, ...rows],
  }));
}
