/**
 * Keys that the lab asks the platform for while examples run. Making one of
 * RSA-4096 takes seconds, and each page's lab asks for three: it gets the ones
 * that tests keep. All other keys are made anew.
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";

/**
 * Does some work while keys of RSA-4096 are the kept ones, in turn.
 *
 * @param work The work.
 */
export async function withKeptKeys<T>(work: () => Promise<T>): Promise<T> {
  const end = handOutKeptKeys();
  try {
    return await work();
  } finally {
    end();
  }
}

/**
 * Lets the platform hand out the kept keys where RSA-4096 is asked for.
 *
 * @returns What ends it.
 */
export function handOutKeptKeys(): () => void {
  const { subtle } = crypto;
  const make = subtle.generateKey;
  let asked = 0;
  let keys: Promise<readonly CryptoKeyPair[]> | undefined;
  const making = new AsyncLocalStorage<boolean>();
  const handOut = async (
    algorithm: AlgorithmIdentifier | RsaHashedKeyGenParams,
    extractable: boolean,
    usages: KeyUsage[],
  ): Promise<unknown> => {
    const large = typeof algorithm === "object" && "modulusLength" in algorithm &&
      algorithm.modulusLength === 4096;
    // Where none are kept yet, those that are to be kept are made.
    if (!large || making.getStore() === true) {
      return await Reflect.apply(make, subtle, [algorithm, extractable, usages]);
    }
    const turn = asked++;
    const kept = await (keys ??= making.run(true, keptKeys));
    return kept[turn % kept.length];
  };
  Object.defineProperty(subtle, "generateKey", { value: handOut, configurable: true });
  return () => void Reflect.deleteProperty(subtle, "generateKey");
}

async function keptKeys(): Promise<readonly CryptoKeyPair[]> {
  // Loaded where a key is asked for: most examples ask for none.
  const { labAuthority } = await import("../lab_authority.ts");
  const { ARK, VCEK, VLEK } = await labAuthority();
  const algorithm = { name: "RSA-PSS", hash: "SHA-384" };
  return await Promise.all([ARK, VCEK, VLEK].map(async ({ key }) => ({
    privateKey: await crypto.subtle.importKey("pkcs8", key.pkcs8, algorithm, true, ["sign"]),
    publicKey: await crypto.subtle.importKey("spki", key.spki, algorithm, true, ["verify"]),
  })));
}
