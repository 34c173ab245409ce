/**
 * Judges what the guest had the paravisor put into the runtime data, and tells
 * what it says of the VM's settings.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import type { ShownSection } from "../../core/shown.ts";
import type { Freshness } from "../evidence.ts";
import type { Judgement } from "../judgement.ts";
import type { HclCode } from "./codes.ts";
import type { HclRuntime, HclSetting } from "./report.ts";

/**
 * Judges the user data. The runtime data are made at boot, so that alone they
 * answer no question; what the guest writes to NV index 0x01400002 comes into
 * them when they are read again. For every purpose but `serve` the binding must
 * stand there; for `serve` the quote alone answers, which names this report.
 *
 * @param runtime The runtime data.
 * @param freshness What the evidence must answer.
 */
export function judgeUserData(
  { userData }: HclRuntime,
  freshness: Freshness,
): Judgement<HclCode> {
  const demanded = freshness.kind === "statement" && freshness.statement.purpose !== "serve";
  const expected = demanded ? toHex(freshness.binding) : null;
  return {
    id: "hcl.user-data",
    title: "Runtime data made for this question",
    link: "evidence",
    holds: demanded ? userData === expected : null,
    required: demanded,
    expected,
    actual: userData ?? "none",
    code: userData === null ? "hcl.user_data_missing" : "hcl.user_data_mismatch",
    source: "protocol §4",
  };
}

/**
 * Settings of the VM, which the host chose and the paravisor repeats: shown, and
 * never judged, since registers say what came of them.
 *
 * @param runtime The runtime data.
 */
export function judgeSettings({ vmConfiguration }: HclRuntime): Judgement<HclCode> {
  return {
    id: "hcl.settings",
    title: "Settings of the VM, by the host's word",
    link: "platform",
    holds: null,
    required: false,
    expected: null,
    actual: vmConfiguration.length === 0 ? "none" : vmConfiguration.map(settingText).join(", "),
    code: null,
    source: "Microsoft, Guest attestation for confidential VMs",
  };
}

function settingText({ name, value }: HclSetting): string {
  return `${name} ${value === "" ? "empty" : value}`;
}

/**
 * Runtime data for a person.
 *
 * @param runtime The runtime data.
 */
export function runtimeSections(runtime: HclRuntime): readonly ShownSection[] {
  const { hashAlgorithm, hash, bytes, keys, vmConfiguration, userData, others } = runtime;
  return [
    {
      title: "Runtime data",
      rows: [
        { name: "Length", value: `${bytes} bytes` },
        { name: `Hash (${hashAlgorithm})`, value: hash, meaning: "what report data begin with" },
        ...keys.map(({ kid, keyOps, bits, spkiSha256 }) => ({
          name: kid,
          value: `RSA ${bits}, ${spkiSha256}`,
          meaning: `may ${keyOps.join(", ")}; SHA-256 of its SubjectPublicKeyInfo`,
        })),
        { name: "user-data", value: userData ?? "none", meaning: "NV index 0x01400002" },
        ...(others.length === 0 ? [] : [{ name: "Not known here", value: others.join(", ") }]),
      ],
    },
    {
      title: "Settings of the VM (vm-configuration)",
      rows: vmConfiguration.map(({ name, value }) => ({ name, value: String(value) })),
    },
  ];
}
