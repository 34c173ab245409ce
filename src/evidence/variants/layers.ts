/**
 * Which part of the chain from the processor up to the cluster a finding is about.
 *
 * @module
 */

import type { Finding } from "../finding.ts";
import type { Layer, VariantFacts } from "./facts.ts";

/** The layers, from the processor up. */
export const LAYERS: readonly Layer[] = [
  "silicon",
  "tpm",
  "firmware",
  "boot",
  "kernel",
  "node",
  "cluster",
];

/** What an id begins with, and the layer; null is none, since it judges all of them. The first that fits counts. */
const RULES: readonly (readonly [RegExp, Layer | null])[] = [
  [/^(?:(?:trust|evidence)\.|reference\.(?:set|time)$)/, null],
  [/^snp\.(?:measurement|id-key|author-key|guest-svn)$/, "firmware"],
  [/^tdx\.(?:mrtd|rtmr0)$/, "firmware"],
  [/^tdx\.rtmr1$/, "boot"],
  [/^tdx\.rtmr2$/, "kernel"],
  [/^tdx\.rtmr3$/, "node"],
  [/^(?:snp\.host-data|tdx\.mr-.*(?:owner|config).*)$/, "cluster"],
  [/^(?:snp|tdx)\.report-data$/, "node"],
  [/^(?:snp|tdx)\./, "silicon"],
  // TCG PC Client Platform Firmware Profile §3.3.4, UAPI "Linux TPM PCR Registry", protocol §3.
  [/^(?:tpm\.registers\.[a-z0-9]+|nitro\.what-runs)\.(?:[0-35-7])$/, "firmware"],
  [/^(?:tpm\.registers\.[a-z0-9]+|nitro\.what-runs)\.(?:4|14)$/, "boot"],
  [/^(?:tpm\.registers\.[a-z0-9]+|nitro\.what-runs)\.(?:8|9|10|11|12|13)$/, "kernel"],
  [/^(?:tpm\.registers\.[a-z0-9]+|nitro\.what-runs)\.15$/, "node"],
  [/^(?:gce\.(?:firmware|endorsement|secure-boot)|tpm\.secure-boot)$/, "firmware"],
  [
    /^(?:tpm\.(?:registers|what-runs)|nitro\.(?:what-runs|registers|debug)|logs\.|gce\.ccel)/,
    "boot",
  ],
  [/^statement\.(?:cluster|manifest)/, "cluster"],
  [/^(?:statement|phase|pairing|freshness|reference)\./, "node"],
  [/^(?:tpm\.qualifying-data|nitro\.(?:nonce|user-data)|hcl\.user-data)$/, "node"],
  [/^(?:tpm|hcl|nitro|gce|ec2)\./, "tpm"],
];

/** Ids that are about the paravisor, where there is one: to the processor it is what was launched. */
const PARAVISOR = /^(?:snp\.(?:measurement|id-key|author-key|guest-svn)|tdx\.(?:mrtd|rtmr[0-3]))$/;

/**
 * The layer of a finding.
 *
 * @param finding The finding.
 * @param facts What is known of the variant; undefined of what is none.
 * @returns Null where it is of no layer, as those about the policy; undefined where nobody said.
 */
export function layerOf(
  { id }: Pick<Finding, "id">,
  facts: Pick<VariantFacts, "reportData"> | undefined,
): Layer | null | undefined {
  if (facts?.reportData === "paravisor" && PARAVISOR.test(id)) return "tpm";
  return RULES.find(([pattern]) => pattern.test(id))?.[1];
}

/** Registers by the names that measurements have for them, and the ids of findings that judge each. */
const REGISTERS: readonly (readonly [RegExp, (number: string) => RegExp])[] = [
  [/^MEASUREMENT$/, () => /^snp\.measurement$/],
  [/^ID_KEY_DIGEST$/, () => /^snp\.id-key$/],
  [/^HOST_DATA$/, () => /^(?:snp\.host-data|statement\.cluster(?:\.launch)?)$/],
  [/^MRTD$/, () => /^tdx\.mrtd$/],
  [/^RTMR ([0-3])$/, (number) => new RegExp(`^tdx\\.rtmr${number}$`)],
  [
    /^PCR ([0-9]+)$/,
    (number) => new RegExp(`^(?:tpm\\.registers\\.[a-z0-9]+|nitro\\.what-runs)\\.${number}$`),
  ],
];

/** The finding that the register of the phase holds what it should (protocol §3). */
const PHASE = "phase.measured";

/** What findings say of a register: that it has an expected value, that it has another, or nothing. */
export type Pinned = "match" | "mismatch" | "open";

/**
 * What findings say of a register.
 *
 * @param register Its name in the table of variants, as `PCR 11`.
 * @param findings All findings of a result.
 * @param facts What is known of the variant.
 */
export function pinnedAs(
  register: string,
  findings: readonly Pick<Finding, "id" | "kind">[],
  facts: Pick<VariantFacts, "runtimeRegister">,
): Pinned {
  const judges = REGISTERS.flatMap(([name, ids]) => {
    const found = name.exec(register);
    return found === null ? [] : [ids(found[1] ?? "")];
  });
  const isOfIt = (id: string): boolean =>
    judges.some((ids) => ids.test(id)) || (register === facts.runtimeRegister && id === PHASE);
  const kinds = findings.filter(({ id }) => isOfIt(id)).map(({ kind }) => kind);
  if (kinds.includes("mismatch")) return "mismatch";
  return kinds.includes("match") ? "match" : "open";
}
