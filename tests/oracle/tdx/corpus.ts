/**
 * Real quotes of TDX and SGX with their collateral, read where they are.
 *
 * @module
 */

import { fromFileUrl } from "../../../scripts/process.ts";
import { type Entry, readCorpus } from "../../../scripts/corpus/manifest.ts";
import type { TdxCase } from "./case.ts";
import { certificatesOf, pemOf } from "./der.ts";

const FOLDER = fromFileUrl(new URL("../../../../shared/evidence", import.meta.url));

/** Cases of the corpus, by name; none where it is absent. */
export const corpus: ReadonlyMap<string, TdxCase> = await read();

async function read(): Promise<ReadonlyMap<string, TdxCase>> {
  try {
    const entries = (await readCorpus(FOLDER)).flatMap((entry) => "problem" in entry ? [] : entry);
    const cases = entries.flatMap((entry) => isQuote(entry) ? [caseOf(entry)] : []);
    return new Map(cases.map((one) => [one.name.slice("corpus/".length), one]));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.warn(`ignored: tests over real evidence, since ${FOLDER} is not there`);
    return new Map();
  }
}

function isQuote({ input: { tech, files } }: Entry): boolean {
  return ["tdx", "sgx", "gcp"].includes(tech) && files["quote"] !== undefined &&
    files["tcb_info"] !== undefined;
}

function caseOf({ input: { name, tech, files, verifyAt } }: Entry): TdxCase {
  const file = (role: string): Uint8Array => {
    const found = files[role];
    if (found === undefined) throw new Error(`${name} has no ${role}`);
    return found;
  };
  if (verifyAt === null) throw new Error(`${name} has no time`);
  return {
    name: `corpus/${name}`,
    tee: tech === "sgx" ? "SGX" : "TDX",
    input: {
      quote: file("quote"),
      tcbInfo: file("tcb_info"),
      qeIdentity: file("qe_identity"),
      tcbChain: file("tcb_chain"),
      pckCrl: file("pck_crl"),
      pckCrlChain: files["pck_crl_chain"],
      rootCrl: file("root_crl"),
    },
    // go-tdx-guest takes no blank line behind the last certificate.
    plain: { tcbChain: new TextEncoder().encode(pemOf(certificatesOf(file("tcb_chain")))) },
    now: verifyAt,
    root: null,
  };
}

/**
 * A case of the corpus.
 *
 * @param name Its name, `tech/id`.
 */
export function realCase(name: string): TdxCase {
  const found = corpus.get(name);
  if (found === undefined) throw new Error(`The corpus has no case ${name}`);
  return found;
}
