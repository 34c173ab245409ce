/**
 * Keys that the lab asks the platform for while examples run. Making one of
 * RSA-4096 takes seconds, and each page's lab asks for three: it gets the ones
 * that tests keep. All other keys are made anew.
 *
 * @module
 */

import { labAuthority } from "../lab_authority.ts";

/**
 * Does some work while keys of RSA-4096 are the kept ones, in turn.
 *
 * @param work The work.
 */
export async function withKeptKeys<T>(work: () => Promise<T>): Promise<T> {
  const kept = await keptKeys();
  const { subtle } = crypto;
  const make = subtle.generateKey;
  let asked = 0;
  const handOut = (
    algorithm: AlgorithmIdentifier | RsaHashedKeyGenParams,
    extractable: boolean,
    usages: KeyUsage[],
  ): Promise<unknown> => {
    const large = typeof algorithm === "object" && "modulusLength" in algorithm &&
      algorithm.modulusLength === 4096;
    if (large) return Promise.resolve(kept[asked++ % kept.length]);
    return Reflect.apply(make, subtle, [algorithm, extractable, usages]);
  };
  Object.defineProperty(subtle, "generateKey", { value: handOut, configurable: true });
  try {
    return await work();
  } finally {
    Reflect.deleteProperty(subtle, "generateKey");
  }
}

async function keptKeys(): Promise<readonly CryptoKeyPair[]> {
  const { ARK, VCEK, VLEK } = await labAuthority();
  const algorithm = { name: "RSA-PSS", hash: "SHA-384" };
  return await Promise.all([ARK, VCEK, VLEK].map(async ({ key }) => ({
    privateKey: await crypto.subtle.importKey("pkcs8", key.pkcs8, algorithm, true, ["sign"]),
    publicKey: await crypto.subtle.importKey("spki", key.spki, algorithm, true, ["verify"]),
  })));
}
