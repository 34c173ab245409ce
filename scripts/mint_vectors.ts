/**
 * Mints `tests/vectors/sev-snp/`: lab evidence of each product line and form of
 * leaf, and bent evidence beside it. The keys are random and not kept, so
 * nothing is minted again unless asked for.
 *
 * `deno run --allow-write scripts/mint_vectors.ts`
 *
 * @module
 */

import { concat, toHex } from "../src/core/bytes.ts";
import { type AmdAuthority, createAmdAuthority, type LabLine, mintSnp } from "../src/lab/mod.ts";
import type { CaseFile } from "../tests/vectors.ts";
import { type Bent, bentCases, type Good, GOOD_CASES, NONCE, TIME } from "./vectors/snp_cases.ts";

const FOLDER = new URL("../tests/vectors/sev-snp/", import.meta.url);

/** Names of the files of a case. */
const REPORT = "report.bin";
const LEAF = "leaf.der";
const CHAIN = "chain.der";
const CRL = "crl.der";
const ROOT = "root.der";

/** All evidence of a case by file name. */
type Evidence = Readonly<Record<string, Uint8Array>>;

async function write(name: string, files: Evidence, text: CaseFile): Promise<void> {
  const folder = new URL(`${name}/`, FOLDER);
  await Deno.mkdir(folder, { recursive: true });
  for (const [file, bytes] of Object.entries(files)) {
    await Deno.writeFile(new URL(file, folder), bytes);
  }
  await Deno.writeTextFile(new URL("case.json", folder), `${JSON.stringify(text, null, 2)}\n`);
}

function describe(
  good: Good,
  measurement: string,
  outcome: Pick<CaseFile, "says" | "verdict" | "code">,
  pathOf: (file: string) => string,
): CaseFile {
  return {
    origin: "minted by casemate lab",
    says: outcome.says,
    time: TIME.toISOString(),
    files: {
      report: pathOf(REPORT),
      leaf: pathOf(LEAF),
      chainAskArk: pathOf(CHAIN),
      crls: [pathOf(CRL)],
    },
    labRoots: [pathOf(ROOT)],
    expect: { nonce: toHex(NONCE) },
    policy: {
      version: 1,
      allowLab: true,
      ...good.policy,
      "sev-snp": { measurements: [measurement] },
    },
    verdict: outcome.verdict,
    code: outcome.code,
  };
}

/** Mints one good case; gives its evidence and the options that it was minted by. */
async function mintGood(good: Good, authority: AmdAuthority): Promise<void> {
  const { name, form, version, says } = good;
  const options = { now: TIME, form, version, reportData: NONCE };
  const minted = await mintSnp(authority, options);
  const evidence = evidenceOf(minted);
  const text = describe(
    good,
    toHex(minted.measurement),
    { says, verdict: "lab-trusted", code: null },
    (file) => file,
  );
  await write(name, evidence, text);
  const { leafKey } = minted;
  // Bent evidence is made for chips of 64 bytes of id only.
  const hwid = minted.report.subarray(0x1a0, 0x1e0);
  for (const bent of bentCases(name, authority)) {
    const again = await mintSnp(authority, { ...options, leafKey, hwid, bends: bent.bends });
    await writeBent(good, bent, evidenceOf(again));
  }
}

type Minted = Awaited<ReturnType<typeof mintSnp>>;

function evidenceOf({ report, der }: Minted): Evidence {
  const { leaf, intermediate, ark, crl } = der;
  return {
    [REPORT]: report,
    [LEAF]: leaf,
    [CHAIN]: concat(intermediate, ark),
    [CRL]: crl,
    [ROOT]: ark,
  };
}

/** A bent case has its bent files only; the rest are those of its base. */
async function writeBent(good: Good, bent: Bent, evidence: Evidence): Promise<void> {
  const own = Object.fromEntries(
    Object.entries(evidence).filter(([file]) => bent.files.includes(file)),
  );
  const measurement = toHex((evidence[REPORT] ?? new Uint8Array()).subarray(0x90, 0xc0));
  const path = (file: string): string =>
    bent.files.includes(file) ? file : `../${good.name}/${file}`;
  const { policy: _, ...bare } = good;
  await write(bent.name, own, describe(bent.barePolicy ? bare : good, measurement, bent, path));
}

if (import.meta.main) {
  const first = await createAmdAuthority({ line: "Genoa", now: TIME });
  const keys = { ARK: first.ARK.key, VCEK: first.VCEK.key, VLEK: first.VLEK.key };
  const authorities: Partial<Record<LabLine, AmdAuthority>> = { Genoa: first };
  for (const good of GOOD_CASES) {
    const authority = authorities[good.line] ??
      await createAmdAuthority({ line: good.line, now: TIME, keys });
    authorities[good.line] = authority;
    await mintGood(good, authority);
    console.log(`minted ${good.name}`);
  }
}
