/**
 * Mints the vectors of TPM 2.0: each kind of key, banks, logs, and bent evidence
 * beside it.
 *
 * @module
 */

import {
  createTpmAuthority,
  type MintedTpm,
  mintTpm,
  type MintTpmOptions,
  type TpmAuthority,
} from "../../../src/lab/mod.ts";
import { type MintedCase, NONCE, only, TIME, type VectorSource } from "../source.ts";
import { bentCases } from "./bent.ts";
import { evidenceOf, FILE_NAMES, ROOT } from "./files.ts";
import { type Good, GOOD_CASES } from "./good.ts";

/** TPM 2.0. */
export const tpmVectors: VectorSource = { files: FILE_NAMES, labRoot: ROOT, mint };

/** Registers that say what runs. */
const WHAT_RUNS = ["4", "11"] as const;

/** Each good case has an authority, a TPM and a kernel of its own, so that no file fits another case. */
async function* mint(): AsyncGenerator<MintedCase> {
  for (const good of GOOD_CASES) {
    yield* mintGood(good, await createTpmAuthority({ now: TIME }));
  }
}

/** A good case, and the bent ones that are made from it. */
async function* mintGood(good: Good, authority: TpmAuthority): AsyncGenerator<MintedCase> {
  const { name, says, absent = [] } = good;
  const boot = { ...good.options.boot, kernel: `casemate lab kernel of ${name}` };
  const options: MintTpmOptions = { ...good.options, boot, now: TIME, nonce: NONCE };
  const minted = await mintTpm(authority, options);
  const certified = !absent.includes("akCert");
  const policy = policyOf(minted, good, certified);
  yield {
    name,
    says,
    policy,
    verdict: certified ? "lab-trusted" : "trusted",
    code: null,
    own: ownOf(minted, good),
    base: null,
    absent: certified ? absent : [...absent, "labRoots"],
  };
  const { keys } = minted;
  const context = { now: TIME, keys, issuing: authority.issuing.key };
  for (const { files, options: changed, ...bent } of await bentCases(name, context)) {
    const again = await mintTpm(authority, {
      ...options,
      ...changed,
      boot: { ...boot, ...changed.boot },
      keys,
    });
    yield { ...bent, policy, own: only(evidenceOf(again), files), base: name };
  }
}

/** Its files without those of the roles that it does not have. */
function ownOf(minted: MintedTpm, { absent = [] }: Good): MintedCase["own"] {
  const names = Object.keys(evidenceOf(minted));
  const gone: readonly string[] = absent.flatMap((role) => FILE_NAMES[role]);
  const kept = absent.includes("akCert") ? names.filter((name) => name !== ROOT) : names;
  return only(evidenceOf(minted), kept.filter((name) => name === ROOT || !gone.includes(name)));
}

/** What was booted is pinned; evidence without certificate rests on nobody's word. */
function policyOf({ pcrs }: MintedTpm, good: Good, certified: boolean): unknown {
  const { bank = "sha256", section } = good;
  const pinned = WHAT_RUNS.map((register) => [register, [pcrs[bank]?.[register]]]);
  return {
    version: 1,
    ...(certified ? { allowLab: true } : { acceptRoots: ["none"] }),
    tpm: { registers: { [bank]: Object.fromEntries(pinned) }, ...section },
  };
}
