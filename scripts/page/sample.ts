/**
 * The sample that lies in the page.
 *
 * @module
 */

/** Files of the sample, its report first. */
const FILES: readonly string[] = ["report.bin", "leaf.der", "chain.der", "crl.der"];

/** Where the sample comes from: a vector of the lab. */
const SAMPLE = new URL("../../tests/vectors/sev-snp/genoa-vcek/", import.meta.url);

/** The sample as the page reads it. */
export async function sample(): Promise<Uint8Array<ArrayBuffer>> {
  const { time, expect, policy } = JSON.parse(
    await Deno.readTextFile(new URL("case.json", SAMPLE)),
  );
  const evidence = await Promise.all(FILES.map((name) => Deno.readFile(new URL(name, SAMPLE))));
  const rules = new TextEncoder().encode(JSON.stringify(policy, null, 2));
  const named = [
    ...FILES.map((name, i) => [name, evidence[i] ?? new Uint8Array()] as const),
    ["policy.json", rules] as const,
  ];
  const root = await rootDigest();
  const files = named.map(([name, bytes]) => [name, bytes.length]);
  const head = new TextEncoder().encode(
    JSON.stringify({ nonce: expect.nonce, time, root, files }) + "\n",
  );
  return new Uint8Array(await new Blob([head, ...named.map(([, bytes]) => bytes)]).arrayBuffer());
}

async function rootDigest(): Promise<string> {
  const root = await Deno.readFile(new URL("root.der", SAMPLE));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", root));
  return digest.toHex();
}
