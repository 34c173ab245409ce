/**
 * Quotes that tpm2-tools ask of a TPM in software, in the forms in which these
 * tools write them.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import type { Hierarchy } from "../../src/evidence/tpm/report.ts";
import { outcome, type Question, verified } from "./ask.ts";
import { type Swtpm, testWithTpm, tpm2, withSwtpm } from "./swtpm.ts";

const NONCE_HEX = new TextEncoder().encode("a nonce of the tests").toHex();
const ATTRIBUTES = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign";
const NOT_PINNED = "tpm.registers_not_pinned";

/** Keys: hierarchy as the tool names it and as we do, algorithm and hash. */
const KEYS: readonly (readonly [string, Hierarchy, string, string])[] = [
  ["o", "owner", "ecc:ecdsa-sha256:null", "sha256"],
  ["e", "endorsement", "rsa2048:rsassa-sha256:null", "sha256"],
  ["p", "platform", "rsa2048:rsapss-sha256:null", "sha256"],
  ["n", "null", "ecc384:ecdsa-sha384:null", "sha384"],
];

function read(tpm: Swtpm, name: string): Promise<Uint8Array> {
  return Deno.readFile(`${tpm.folder}/${name}`);
}

/** A key and a quote by it, with the values as the tool writes them. */
async function quoted(
  tpm: Swtpm,
  key: readonly [place: string, algorithm: string, hash: string],
  selection: string,
): Promise<FilesByRole> {
  const [place, algorithm, hash] = key;
  await tpm2(
    tpm,
    `tpm2_createprimary -Q -C ${place} -G ${algorithm} -g ${hash} -a ${ATTRIBUTES} -c ak.ctx`,
  );
  await tpm2(tpm, "tpm2_flushcontext -t");
  await tpm2(tpm, "tpm2_readpublic -Q -c ak.ctx -o ak.pub");
  await tpm2(tpm, "tpm2_readpublic -Q -c ak.ctx -f pem -o ak.pem");
  await tpm2(tpm, "tpm2_flushcontext -t");
  const scheme = /rsassa|rsapss|ecdsa/.exec(algorithm)?.[0] ?? "";
  const files = `--scheme ${scheme} -m quote.msg -s quote.sig -o pcrs.bin`;
  await tpm2(tpm, `tpm2_quote -Q -c ak.ctx -l ${selection} -q ${NONCE_HEX} -g ${hash} ${files}`);
  return {
    tpmQuoteMsg: await read(tpm, "quote.msg"),
    tpmQuoteSig: await read(tpm, "quote.sig"),
    akPub: await read(tpm, "ak.pub"),
    pcrs: await read(tpm, "pcrs.bin"),
  };
}

function ask(files: FilesByRole): Question {
  return { files, labRoots: [], policy: {} };
}

for (const [place, hierarchy, algorithm, hash] of KEYS) {
  testWithTpm(
    `a quote of tpm2_quote by ${algorithm} verifies, all registers in two banks`,
    () =>
      withSwtpm({}, async (tpm) => {
        await tpm2(tpm, `tpm2_pcrextend 11:sha256=${"0b".repeat(32)},sha384=${"0b".repeat(48)}`);
        const files = await quoted(tpm, [place, algorithm, hash], "sha256:all+sha384:all");
        const proven = await verified(ask(files));
        assert.equal(proven.hierarchy, hierarchy);
        assert.equal(proven.registers.length, 48);
        assert.equal(await outcome(ask(files)), NOT_PINNED);
        const printed = new TextEncoder().encode(await tpm2(tpm, "tpm2_pcrread"));
        const same = await verified(ask({ ...files, pcrs: printed }));
        assert.deepEqual(same.registers, proven.registers);
        assert.ok(same.notQuoted.length > 0, "the tool prints SHA-1, too");
        const bare = await verified(ask({ ...files, akPub: await read(tpm, "ak.pem") }));
        assert.deepEqual([bare.publicArea, bare.hierarchy], [null, null]);
      }),
  );
}

testWithTpm(
  "a register that is extended after the quote is told",
  () =>
    withSwtpm({}, async (tpm) => {
      const files = await quoted(tpm, ["o", "ecc:ecdsa-sha256:null", "sha256"], "sha256:0,11");
      await tpm2(tpm, `tpm2_pcrextend 11:sha256=${"0b".repeat(32)}`);
      const later = new TextEncoder().encode(await tpm2(tpm, "tpm2_pcrread sha256:0,11"));
      assert.equal(await outcome(ask({ ...files, pcrs: later })), "tpm.pcr_digest_mismatch");
    }),
);

testWithTpm(
  "values without their registers are refused, with a word on the form that is taken",
  () =>
    withSwtpm({}, async (tpm) => {
      const files = await quoted(tpm, ["o", "ecc:ecdsa-sha256:null", "sha256"], "sha256:0,11");
      await tpm2(tpm, "tpm2_pcrread -Q sha256:0,11 -o values.bin");
      await assert.rejects(
        async () => verified(ask({ ...files, pcrs: await read(tpm, "values.bin") })),
        { name: "InputError", code: "input.encoding", message: /serialized/ },
      );
    }),
);
