/**
 * The real evidence of the corpus as cases of the runtimes' suite. What each
 * case should come to is for `deno task corpus`; here all runtimes must say the
 * same of it.
 *
 * @module
 */

import type { Case } from "../../scripts/corpus/manifest.ts";
import { fromHex, toBase64 } from "../../src/core/bytes.ts";
import { technologies, type TechnologyId } from "../../src/evidence/registry.ts";
import { corpusOf } from "../corpus.ts";
import type { RuntimeCase, RuntimeLog } from "./suite.ts";

/** As which variants evidence is asked about, by the corpus's words; what has no line is for no variant. Enclaves' quotes are refused as TDX. */
const ASKED_AS: Readonly<Record<string, readonly TechnologyId[]>> = {
  "snp": ["sev-snp"],
  "aws-snp": ["sev-snp"],
  "azure-snp": ["azure-sev-snp", "tpm"],
  "tdx": ["tdx"],
  "sgx": ["tdx"],
  "azure-tdx": ["azure-tdx", "tpm"],
  "gcp": ["tdx", "gcp-tdx", "gcp-sev-es"],
  "aws-nitro": ["nitro-enclave"],
  "tpm-quote": ["tpm"],
};

/** Roles that the library calls otherwise; else the corpus writes `chain_ask_ark` where the library has `chainAskArk`. */
const RENAMED: Readonly<Record<string, string>> = {
  "ccel": "eventLog",
  "ak_cert_issuer": "akCertIssuers",
  "ak_cert_root": "akCertRoots",
};

/** Files that are evidence itself; the others only go with it. */
const EVIDENCE: readonly string[] = [
  "report",
  "quote",
  "tpmQuoteMsg",
  "hclReport",
  "document",
  "attestationPb",
];

/** What may stand beside a container of a whole quote. */
const BESIDE_CONTAINER: readonly string[] = ["akCertIssuers", "akCertRoots"];

/** Logs by the corpus's words for them. */
const LOGS: Readonly<Record<string, RuntimeLog["kind"]>> = {
  "ccel": "rtmr",
  "tpm-eventlog": "pcr",
};

/** For what has no period of validity. */
const ANY_TIME = "2026-11-21T00:00:00Z";

/** Every case of the corpus for which there is a variant, with signatures alone and in full; none where the corpus is absent. */
export function corpusCases(): readonly RuntimeCase[] {
  return inputs().flatMap((input) =>
    (ASKED_AS[input.tech] ?? []).flatMap((variant) => casesOf(input, variant))
  );
}

/** Every event log of the corpus. */
export function corpusLogs(): readonly RuntimeLog[] {
  return inputs().flatMap(({ name, tech, files: { event_log: log } }) => {
    const kind = LOGS[tech];
    return kind === undefined || log === undefined ? [] : [{ name, kind, log: toBase64(log) }];
  });
}

function inputs(): readonly Case[] {
  return [...corpusOf(() => true).values()].map(({ input }) => input);
}

function casesOf(input: Case, variant: TechnologyId): readonly RuntimeCase[] {
  const files = filesOf(input, variant);
  if (!Object.keys(files).some((role) => EVIDENCE.includes(role))) return [];
  return (["full", "crypto-only"] as const).map((profile) => ({
    name: `${input.name} ${profile}`,
    variant,
    files,
    labRoots: [],
    nonce: nonceOf(input),
    policy: undefined,
    profile,
    now: input.verifyAt?.toISOString() ?? ANY_TIME,
    engine: "wasm",
  }));
}

/** Zeros were nobody's question, and are refused as one. */
function nonceOf({ nonceHex }: Case): string | null {
  return nonceHex === null || /^0*$/.test(nonceHex) ? null : toBase64(fromHex(nonceHex));
}

/** Files that a variant knows. */
function filesOf({ files }: Case, variant: TechnologyId): RuntimeCase["files"] {
  const inputs = technologies.find(({ id }) => id === variant)?.files ?? [];
  const given = Object.entries(files).flatMap(([name, file]) => {
    const role = RENAMED[name] ??
      name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    const known = inputs.find((one) => one.role === role);
    if (known === undefined) return [];
    return [[role, known.multiple ? [toBase64(file)] : toBase64(file)] as const];
  });
  const whole = given.some(([role]) => role === "attestationPb");
  return Object.fromEntries(
    given.filter(([role]) => !whole || role === "attestationPb" || BESIDE_CONTAINER.includes(role)),
  );
}
