/**
 * The contract that every technology of the registry keeps: it has vectors, and
 * each accepted one is refused with its code when it is bent.
 *
 * @module
 */

import assert from "node:assert/strict";
import { CasemateError, examine, InputError, type Request, verify } from "../../mod.ts";
import { concat } from "../../src/core/bytes.ts";
import { CORE_CODES } from "../../src/core/codes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import type { AnyTechnology } from "../../src/evidence/evidence.ts";
import { technologies, type TechnologyId } from "../../src/evidence/registry.ts";
import { assertRefused, assertVerdict, shown } from "../result.ts";
import { readVectors, type Vector } from "../vectors.ts";
import { awsNitroTpmContract } from "./aws_nitro_tpm.ts";
import { awsSevSnpContract } from "./aws_sev_snp.ts";
import { azureSevSnpContract } from "./azure_sev_snp.ts";
import { azureTdxContract } from "./azure_tdx.ts";
import { azureTrustedLaunchContract } from "./azure_trusted_launch.ts";
import type { Contract } from "./contract.ts";
import { bendFiles, coverFiles, keepForms, leaveOut, mixDevices, type Named } from "./files.ts";
import { gcpSevEsContract } from "./gcp_sev_es.ts";
import { gcpSevSnpContract } from "./gcp_sev_snp.ts";
import { gcpTdxContract } from "./gcp_tdx.ts";
import { nitroEnclaveContract } from "./nitro_enclave.ts";
import { ask, codeOf, questionOf } from "./question.ts";
import { sevSnpContract } from "./sev_snp.ts";
import { tdxContract } from "./tdx.ts";
import { tpmContract } from "./tpm.ts";
import { vtpmContract } from "./vtpm.ts";
import untested from "./untested_codes.json" with { type: "json" };

/** A technology without a contract does not compile. */
const CONTRACTS: Readonly<Record<TechnologyId, Contract>> = {
  "sev-snp": sevSnpContract,
  "tdx": tdxContract,
  "tpm": tpmContract,
  "nitro-enclave": nitroEnclaveContract,
  "aws-sev-snp": awsSevSnpContract,
  "azure-sev-snp": azureSevSnpContract,
  "azure-tdx": azureTdxContract,
  "aws-nitro-tpm": awsNitroTpmContract,
  "azure-trusted-launch": azureTrustedLaunchContract,
  "gcp-tdx": gcpTdxContract,
  "gcp-sev-snp": gcpSevSnpContract,
  "gcp-sev-es": gcpSevEsContract,
  "qemu-vtpm": vtpmContract("qemu-vtpm"),
  "openstack": vtpmContract("openstack"),
};

/** Some forty years, in days. */
const LONG = 40 * 365;

for (const technology of technologies) {
  const contract = CONTRACTS[technology.id];
  const vectors = await readVectors(technology.id);
  const good = vectors.filter(({ code }) => code === null);
  const named = (what: string): string => `${technology.id}: ${what}`;
  describeItself(technology, named);
  keepVectors(technology, vectors, named);
  keepBends(technology, contract, vectors, named);
  for (const vector of good) {
    bendSigned(technology, contract, vector, named);
    bendFiles(technology, contract, vector, named);
    leaveOut(technology, contract, vector, named);
    keepForms(technology, contract, vector, named);
    bendQuestion(technology, contract, vector, named);
    mixDevices(technology, vector, good, named);
  }
  coverFiles(technology, contract, good, named);
  coverCodes(technology, contract, vectors, named);
}

function describeItself(technology: AnyTechnology, named: Named): void {
  const { checks, codes, files, flags } = technology;
  Deno.test(named("names of flags, roles, keys and checks are unique"), () => {
    const lists = [
      [...files.map(({ flag }) => flag), ...flags.map(({ flag }) => flag)],
      files.map(({ role }) => role),
      flags.map(({ key }) => key),
      checks.map(({ id }) => id),
    ];
    for (const list of lists) assert.equal(new Set(list).size, list.length, list.join());
    for (const { flag } of [...files, ...flags]) assert.match(flag, /^[a-z]+[0-9]*(-[a-z]+)*$/);
  });
  Deno.test(named("each flag sets a key that the policy has"), () => {
    const has = (schema: unknown, [name = "", ...rest]: readonly string[]): boolean => {
      const inner: unknown = Object(Object(schema)["properties"])[name];
      return inner !== undefined && (rest.length === 0 || has(inner, rest));
    };
    for (const { key } of flags) assert.ok(has(technology.policy.schema, key.split(".")), key);
  });
  Deno.test(named("each step has a code, and each code of a refusal a check"), () => {
    const named = new Set(Object.values(codes).map(({ check }) => check));
    for (const { id } of checks) assert.ok(named.has(id), `no code is of ${id}`);
    for (const [code, { says, remedy }] of Object.entries(codes)) {
      assert.ok(code.split(".").length === 2 && says.length > 10 && remedy.length > 10, code);
    }
  });
}

function keepVectors(technology: AnyTechnology, vectors: readonly Vector[], named: Named): void {
  for (const vector of vectors) {
    Deno.test(
      named(`vector ${vector.name} comes to ${vector.code ?? vector.verdict}`),
      async () => {
        const result = await ask(technology, vector);
        if (vector.code !== null) {
          assertVerdict(result, vector.verdict, vector.code);
          await assert.rejects(verify(questionOf(technology, vector)), CasemateError);
          return;
        }
        assert.equal(result.verdict, vector.verdict, shown(result));
        assert.equal((await verify(questionOf(technology, vector))).verdict, vector.verdict);
      },
    );
  }
  Deno.test(named("has vectors that are accepted and vectors that are not"), () => {
    assert.ok(
      vectors.some(({ code }) => code === null) && vectors.some(({ code }) => code !== null),
    );
  });
}

function bendSigned(
  technology: AnyTechnology,
  { signed }: Contract,
  vector: Vector,
  named: Named,
): void {
  Deno.test(named(`${vector.name} with a bit flipped in any signed field is refused`), async () => {
    for (const { role, field, at, length, codes } of signed(vector)) {
      const file = vector.files[role];
      assert.ok(file instanceof Uint8Array, role);
      for (const [index, bit] of [[at, 1], [at + length - 1, 0x80]] as const) {
        const bent = concat(file);
        bent[index] = (bent[index] ?? 0) ^ bit;
        const result = await ask(technology, vector, { files: { [role]: bent } });
        const code = result.code ?? "";
        assert.ok(codes.includes(code), `${field}, byte ${index}: ${shown(result)}`);
        assertRefused(result, code);
      }
    }
  });
}

function bendQuestion(
  technology: AnyTechnology,
  contract: Contract,
  vector: Vector,
  named: Named,
): void {
  const { validityOf = () => contract, otherNonceOf } = contract;
  const otherNonce = otherNonceOf?.(vector) ?? contract.otherNonce;
  const validity = validityOf(vector);
  Deno.test(
    named(`${vector.name} is refused long after, long before, and for another nonce`),
    async () => {
      const [late, early] = [
        await ask(technology, vector, { days: LONG }),
        await ask(technology, vector, { days: -LONG }),
      ];
      if (validity === null) {
        assert.deepEqual([late.verdict, early.verdict], [vector.verdict, vector.verdict]);
      } else {
        assertRefused(late, validity.expired);
        assertRefused(early, validity.notYet);
      }
      const other = { ...vector, nonce: vector.nonce.map((byte) => ~byte) };
      assertRefused(await ask(technology, other), otherNonce);
      const shorter = { ...vector, nonce: vector.nonce.subarray(1) };
      if (vector.statement === undefined) {
        assertRefused(await ask(technology, shorter), otherNonce);
      } else assert.equal(await codeOf(ask(technology, shorter)), "input.value");
    },
  );
  Deno.test(named(`${vector.name} is at most platform-only without a nonce`), async () => {
    const question = questionOf(technology, vector);
    const result = await examine({ ...question, expect: { freshness: "none" } });
    assertVerdict(result, "platform-only", "freshness.not_checked");
  });
  Deno.test(named(`${vector.name} is refused where the policy admits others alone`), async () => {
    const question = questionOf(technology, vector);
    const admitting = (...ids: readonly string[]): Request => ({
      ...question,
      policy: { ...Object(question.policy), admitVariants: ids },
    });
    const others = technologies.map(({ id }) => id).filter((id) => id !== technology.id);
    assertRefused(await examine(admitting(...others)), "trust.variant_not_admitted");
    const admitted = await examine(admitting(technology.id));
    assert.equal(admitted.verdict, vector.verdict, shown(admitted));
  });
  Deno.test(named(`${vector.name} takes no file that nothing looks at`), async () => {
    const files = { "something-else": new Uint8Array(1) };
    assert.equal(await codeOf(ask(technology, vector, { files })), "input.unknown");
  });
}

function keepBends(
  technology: AnyTechnology,
  contract: Contract,
  vectors: readonly Vector[],
  named: Named,
): void {
  const base = baseOf(contract, vectors);
  for (const { what, change, verdict, code } of bendsOf(contract, vectors)) {
    Deno.test(named(`${contract.base} with ${what} gives ${code}`), async () => {
      assertVerdict(await ask(technology, base, change), verdict ?? "rejected", code);
    });
  }
  for (const { what, bytes, code } of contract.shown) {
    Deno.test(named(`${what} gives ${code} when shown`), async () => {
      await assert.rejects(
        technology.show(inlineEngine, bytes),
        (error) => error instanceof CasemateError && error.code === code,
      );
    });
  }
  Deno.test(
    named("what is empty or of another kind is not shown as this technology's"),
    async () => {
      for (const bytes of [new Uint8Array(), new TextEncoder().encode("text")]) {
        const shown = technology.show(inlineEngine, bytes);
        assert.equal(
          await shown.catch((error) => error instanceof InputError ? null : error),
          null,
        );
      }
    },
  );
}

function baseOf({ base }: Contract, vectors: readonly Vector[]): Vector {
  const found = vectors.find(({ name }) => name === base);
  assert.ok(found, `there is a vector ${base}`);
  return found;
}

function bendsOf(contract: Contract, vectors: readonly Vector[]): ReturnType<Contract["bends"]> {
  const byName = new Map(vectors.map((vector) => [vector.name, vector]));
  return contract.bends(baseOf(contract, vectors), byName);
}

/** All codes that the tests of this suite assert, each by a test of its own. */
function assertedCodes(contract: Contract, vectors: readonly Vector[]): ReadonlySet<string> {
  return new Set([
    ...vectors.flatMap(({ code }) => code === null ? [] : [code]),
    ...bendsOf(contract, vectors).map(({ code }) => code),
    ...contract.shown.map(({ code }) => code),
    ...contract.together.map(({ absent }) => absent.code),
    ...Object.values(contract.damage).flatMap(({ short, long, empty }) => [short, long, empty]),
    contract.expired,
    contract.notYet,
    contract.otherNonce,
    "freshness.not_checked",
    "trust.variant_not_admitted",
  ]);
}

function coverCodes(
  technology: AnyTechnology,
  contract: Contract,
  vectors: readonly Vector[],
  named: Named,
): void {
  const listed: Readonly<Record<string, Readonly<Record<string, string>>>> = untested;
  const reasons = { ...listed["*"], ...listed[technology.id] };
  const ofParts = technologies.filter(({ id }) => contract.parts?.includes(id)).flatMap((
    { codes },
  ) => Object.keys(codes));
  const codes = Object.fromEntries(
    Object.entries({ ...CORE_CODES, ...technology.codes }).filter(([code]) =>
      !ofParts.includes(code)
    ),
  );
  const needed = Object.entries(codes).flatMap(([code, { class: kind }]) =>
    ["rejected", "unavailable", "platform-only"].includes(kind) ? [code] : []
  );
  Deno.test(
    named("each code that can decide a verdict is given by a test, or listed with a reason"),
    () => {
      const asserted = assertedCodes(contract, vectors);
      const missing = needed.filter((code) => !asserted.has(code) && !(code in reasons));
      assert.deepEqual(missing, []);
      const stale = Object.keys(reasons).filter((code) =>
        asserted.has(code) || !needed.includes(code)
      );
      assert.deepEqual(stale, [], "listed as untested, but tested or no code at all");
    },
  );
}
