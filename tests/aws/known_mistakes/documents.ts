/**
 * NIT-01: debug mode, rights of authorities and revocation.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, type Request, type Result } from "../../../mod.ts";
import {
  basicConstraints,
  type CertificateDescription,
  createNitroAuthority,
  mintNitro,
  NITRO_BENDS,
  type NitroBends,
  replaceExtension,
} from "../../../src/lab/mod.ts";
import { toHex } from "../../../src/core/bytes.ts";
import { overReal, realEntry } from "../../corpus.ts";
import { assertRefused, assertVerdict, shown } from "../../result.ts";
import { ask, mintTpm, NONCE, NOW } from "../ask.ts";

const nitro = await createNitroAuthority({ now: NOW });
const ENCLAVE = { kind: "enclave", now: NOW, nonce: NONCE } as const;
const straight = await mintNitro(nitro, ENCLAVE);

interface Asked {
  readonly bends?: NitroBends;
  readonly section?: object;
  readonly lists?: readonly Uint8Array[];
}

/** Asks about an enclave whose registers are pinned as a straight one has them. */
async function enclave({ bends = {}, section = {}, lists = [] }: Asked): Promise<Result> {
  const { keys, payload } = straight;
  const { document, der } = await mintNitro(nitro, { ...ENCLAVE, keys, bends });
  const pinned = payload.registers.slice(0, 3);
  const registers = Object.fromEntries(
    pinned.map(([register, value]) => [String(register), [toHex(value)]]),
  );
  const request: Request = {
    variant: "nitro-enclave",
    evidence: { document, documentCrls: lists },
    expect: { nonce: NONCE },
    policy: { version: 1, "nitro-enclave": { registers, ...section } },
    now: NOW,
    labRoots: [der.root],
  };
  return await examine(request);
}

/** The document with some registers zero. */
const zeros = (...numbers: readonly number[]): NitroBends => ({
  payload: (payload) => ({
    ...payload,
    registers: payload.registers.map(([register, value]) => [
      register,
      numbers.includes(register) ? new Uint8Array(48) : value,
    ]),
  }),
});

Deno.test("NIT-01 a document of an enclave in debug mode is refused, and so is each register of zeros", async () => {
  assert.equal((await enclave({})).verdict, "lab-trusted");
  for (const numbers of [[0, 1, 2, 3, 4, 8], [0], [1], [2]]) {
    assertRefused(await enclave({ bends: zeros(...numbers) }), "nitro.debug");
  }
});

Deno.test("NIT-01 debug mode is refused, whatever the policy says runs", async () => {
  const value = straight.payload.registers.find(([register]) => register === 8)?.[1];
  assert.ok(value);
  const section = { whatRuns: [8], registers: { "8": [toHex(value)] } };
  assert.equal((await enclave({ section })).verdict, "lab-trusted");
  assertRefused(await enclave({ section, bends: zeros(0, 1, 2) }), "nitro.debug");
});

Deno.test("NIT-01 no policy pins zeros, nor takes a register that the enclave sets for what runs", async () => {
  for (const zero of [{ "0": ["00".repeat(48)] }, ["0=" + "00".repeat(48)]]) {
    await assert.rejects(enclave({ section: { registers: zero } }), { code: "policy.value" });
  }
  for (const register of [16, 31]) {
    await assert.rejects(enclave({ section: { whatRuns: [register] } }), { code: "policy.value" });
  }
});

Deno.test("NIT-01 an instance's NitroTPM with registers of zeros is refused", async () => {
  for (const numbers of [[4], [11], [0, 4, 7, 11]]) {
    const bent = await mintTpm({ bends: { document: zeros(...numbers) } });
    const right = await mintTpm();
    assertRefused(await ask(right, { files: { document: bent.files["document"] } }), "nitro.debug");
  }
});

Deno.test("NIT-01 each authority must be one, and may have no more below it than it says", async () => {
  const constrained = (ca: boolean, length: number | null) =>
  (
    description: CertificateDescription,
  ): CertificateDescription => ({
    ...description,
    extensions: replaceExtension(description.extensions, basicConstraints(ca, length)),
  });
  const attacks: readonly (readonly [NitroBends, string])[] = [
    [{ root: constrained(true, 2) }, "nitro.chain_shape"],
    [{ region: constrained(true, 1) }, "nitro.chain_shape"],
    [{ zone: constrained(true, 0) }, "nitro.chain_shape"],
    [{ region: constrained(false, null) }, "nitro.chain_shape"],
    [{ zone: constrained(false, null) }, "nitro.chain_shape"],
    [{ instance: constrained(false, null) }, "nitro.chain_shape"],
    [{ leaf: constrained(true, null) }, "nitro.leaf_shape"],
  ];
  for (const [bends, code] of attacks) {
    const result = await enclave({ bends });
    assertRefused(result, code);
  }
});

Deno.test("NIT-01 a revoked authority is refused, and a list that is missing is never passed off as one", async () => {
  const { keys, der } = straight;
  const lists = [der.rootCrl, der.regionCrl];
  const section = { revocation: "require" };
  assert.equal((await enclave({ section, lists })).verdict, "lab-trusted");
  for (const name of ["region-revoked", "zone-revoked"]) {
    const bends = await NITRO_BENDS[name]?.bends({ now: NOW, keys, authority: nitro });
    assert.ok(bends);
    const revoking = (await mintNitro(nitro, { ...ENCLAVE, keys, bends })).der;
    const given = [revoking.rootCrl, revoking.regionCrl];
    assertRefused(await enclave({ lists: given }), "nitro.revoked");
    assertRefused(await enclave({ lists: given, section }), "nitro.revoked");
  }
  const [first] = lists;
  for (const some of [[], first === undefined ? [] : [first]]) {
    const result = await enclave({ section, lists: some });
    assertVerdict(result, "unavailable", "nitro.revocation_not_checked");
  }
  const without = await enclave({});
  const finding = without.findings.find(({ id }) => id === "nitro.revocation");
  assert.equal(finding?.kind, "unchecked", shown(without));
});

Deno.test({
  ...overReal("NIT-01 a real document is judged by all of this"),
  fn: async () => {
    const { input } = realEntry("aws-nitro/evervault-valid");
    const { document } = input.files;
    assert.ok(document && input.verifyAt);
    const request: Request = {
      variant: "nitro-enclave",
      evidence: { document },
      expect: { freshness: "none" },
      policy: { version: 1, "nitro-enclave": { revocation: "require" } },
      now: input.verifyAt,
    };
    const result = await examine(request);
    assertVerdict(result, "unavailable", "nitro.revocation_not_checked");
    assert.deepEqual([result.weakestRoot, result.roots], ["provider", ["provider"]]);
    const open = result.findings.filter(({ kind }) => kind === "unchecked").map(({ id }) => id);
    assert.ok(open.includes("nitro.nonce") && open.includes("nitro.what-runs"));
    assert.ok(result.findings.some(({ id, kind }) => id === "nitro.debug" && kind === "match"));
  },
});
