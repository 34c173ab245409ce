/**
 * From a configuration to what the owner signs.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { InputError } from "../../core/errors.ts";
import { readPublicKey } from "../../core/signing_key.ts";
import { technologies } from "../../evidence/registry.ts";
import type { ManifestIntent } from "../../manifest/create.ts";
import type { ManifestImage, NodeGroup } from "../../protocol/manifest.ts";
import { plainCopy } from "../../policy/reference/plain_copy.ts";
import type { CustodiansConfig } from "./form.ts";
import type { ReadConfig } from "./read.ts";
import { LAB_PROVIDER } from "./providers.ts";

/** What of a manifest is not in the configuration. */
export interface IntentTerms {
  /** Images, by the reference values that were given. */
  readonly images: readonly ManifestImage[];
  /** SHA-256 of the lab's roots; none for real clusters. */
  readonly labRoots: readonly string[];
}

/**
 * What the owner wants, as manifests say it.
 *
 * @param read The configuration, without errors.
 * @param terms Images and lab roots.
 * @throws {InputError} `config.custodians` for a key that is none of P-384; `config.provider` where lab roots and provider do not go together.
 */
export async function intentOfConfig(
  read: ReadConfig,
  { images, labRoots }: IntentTerms,
): Promise<ManifestIntent> {
  const { config, document } = read;
  requireLab(read, labRoots);
  return {
    labRoots: labRoots.length === 0 ? null : labRoots,
    images,
    policy: policyOf(document),
    kubernetes: config.kubernetes,
    groups: groupsOf(read),
    network: config.network.encryption,
    storageClasses: Object.entries(config.storageClasses).map(([name, storage]) => ({
      name,
      ...storage,
    })),
    workloadPolicy: config.workloadPolicy,
    witnesses: Object.entries(config.witnesses).map(([name, key]) => ({ name, key })),
    cosigningKey: config.cosigningKey,
    custodians: await custodiansOf(config.custodians),
  };
}

function policyOf(document: ReadConfig["document"]): ManifestIntent["policy"] {
  return Object.fromEntries(Object.entries(Object(plainCopy(document))));
}

function groupsOf({ config, provider, section }: ReadConfig): readonly NodeGroup[] {
  const account = provider.accountKey === null ? "" : `${section[provider.accountKey] ?? ""}`;
  return Object.entries(config.nodeGroups).map(([name, { role, variant, min, max }]) => {
    const own = variant ?? config.attestation.variant;
    return { name, role, variant: own, min, max, account: namesAccount(own) ? account : "" };
  });
}

/**
 * Whether evidence of a variant names whose account it is.
 *
 * @param variant The variant.
 */
export function namesAccount(variant: string): boolean {
  return technologies.find(({ id }) => id === variant)?.accountKey !== undefined;
}

async function custodiansOf(given: CustodiansConfig | null) {
  if (given === null) return null;
  const keys: string[] = [];
  for (const [at, pem] of given.keys.entries()) keys.push(await custodianKey(pem, at));
  return { threshold: given.threshold, keys };
}

async function custodianKey(pem: string, at: number): Promise<string> {
  const { kind, spki } = await readPublicKey(new TextEncoder().encode(pem.trim()));
  if (kind === "P-384") return toHex(spki);
  const key = `custodians.keys[${at}]`;
  const message = `Cannot use ${key}: it is a key of ${kind}, expected P-384`;
  throw new InputError(message, { code: "config.custodians", fields: { key } });
}

/** A lab's roots make a lab's cluster, whose id has another label for ever. */
function requireLab({ provider }: ReadConfig, labRoots: readonly string[]): void {
  const isLab = provider.id === LAB_PROVIDER;
  if (isLab === labRoots.length > 0) return;
  const reason = isLab
    ? "its provider is the lab, and no lab root is given"
    : `its provider is ${provider.id}, and lab roots are for the lab alone`;
  const fields = { key: "provider" };
  const message = `Cannot make a manifest of the configuration: ${reason}`;
  throw new InputError(message, { code: "config.provider", fields });
}
