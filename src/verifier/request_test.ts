import assert from "node:assert/strict";
import { InputError } from "../core/errors.ts";
import { MAX_FILE_BYTES } from "../core/limits.ts";
import { documentDigest } from "./digests.ts";
import { type Job, readRequest, type Request } from "./request.ts";

interface Given {
  readonly nonce: Uint8Array;
  readonly report: Uint8Array;
  readonly crls: Uint8Array[];
  readonly labRoots: Uint8Array[];
  readonly now: Date;
}

function given(): Given {
  return {
    nonce: new Uint8Array(32).fill(9),
    report: new Uint8Array(4).fill(1),
    crls: [Uint8Array.of(2)],
    labRoots: [Uint8Array.of(3)],
    now: new Date("2026-11-21T12:00:00Z"),
  };
}

function requestOf({ nonce, report, crls, labRoots, now }: Given, changes: object = {}): Request {
  const evidence = { report, leaf: report, chainAskArk: report, crls };
  return { variant: "sev-snp", evidence, expect: { nonce }, now, labRoots, ...changes };
}

function read(changes: object): Job {
  return readRequest(requestOf(given(), changes));
}

Deno.test("readRequest() keeps nothing that its caller can change while it is judged", () => {
  const mine = given();
  const job = readRequest(requestOf(mine));
  const before = structuredClone([job.files, job.question, job.now, job.labRoots]);
  mine.nonce.fill(0);
  mine.report.fill(0);
  mine.crls.pop();
  mine.labRoots.push(mine.report);
  mine.now.setTime(0);

  assert.deepEqual([job.files, job.question, job.now, job.labRoots], before);
});

Deno.test("readRequest() digests the policy that it judges by, whatever it says when asked again", () => {
  const changing = (members: () => object): object =>
    new Proxy({}, {
      ownKeys: () => Object.keys(members()),
      getOwnPropertyDescriptor: (_, name) => Object.getOwnPropertyDescriptor(members(), name),
      get: (_, name) => Reflect.get(members(), name),
    });
  const lax = { version: 1, "sev-snp": { debug: "allow" } };
  for (let honest = 0; honest < 12; honest++) {
    let asked = 0;
    const policy = changing(() => asked++ < honest ? lax : { version: 1 });
    const job = read({ policy });
    const isLax = job.policy.exceptions.length > 0;
    assert.equal(job.digests.policy, documentDigest(isLax ? lax : { version: 1 }), `${honest}`);
  }
});

Deno.test("readRequest() copies a view that shares its memory, and refuses a nonce that was moved away", () => {
  const nonce = new Uint8Array(new SharedArrayBuffer(32)).fill(9);
  const job = read({ expect: { nonce } });
  nonce.fill(0);
  assert.deepEqual(job.question, { kind: "nonce", bytes: new Uint8Array(32).fill(9) });

  const moved = new Uint8Array(32);
  structuredClone(moved, { transfer: [moved.buffer] });
  assert.throws(() => read({ expect: { nonce: moved } }), InputError);
});

for (
  const [name, changes] of Object.entries<object>({
    "lab root that stands alone": { labRoots: Uint8Array.of(3) },
    "lab root as text": { labRoots: "root" },
    "lab roots with nothing among them": { labRoots: [null] },
    "lab roots with a hole": { labRoots: new Array(1) },
    "lists with a hole": { evidence: { ...requestOf(given()).evidence, crls: new Array(1) } },
    "more lists than anybody has": {
      evidence: { ...requestOf(given()).evidence, crls: new Array(2000).fill(Uint8Array.of(2)) },
    },
    "file larger than any": {
      evidence: { ...requestOf(given()).evidence, report: new Uint8Array(MAX_FILE_BYTES + 1) },
    },
    "profile that is none": { profile: "crypto-onl" },
    "expectation that is nothing": { expect: null },
    "expectation as text": { expect: "5f1e" },
    "evidence that is nothing": { evidence: null },
    "variant that is no text": { variant: Symbol("sev-snp") },
  })
) {
  Deno.test(`readRequest() refuses: ${name}`, () => {
    assert.throws(() => read(changes), InputError);
  });
}

Deno.test("readRequest() names what an expectation lacks, and no other technology's", () => {
  const nonce = new Uint8Array(32).fill(9);
  const file = new Uint8Array(4).fill(1);
  const evidence = { tpmQuoteMsg: file, tpmQuoteSig: file, akPub: file, pcrs: file };
  for (
    const [expect, says] of [
      [{ freshness: "any" }, /`expect\.freshness` is not "none"/],
      [{}, /`expect` is not reportData, nonce or/],
      [{ nonse: nonce }, /`expect` is not reportData, nonce or/],
    ] as const
  ) {
    assert.throws(() => read({ expect }), { name: "InputError", message: says });
  }
  const tpm = { variant: "tpm", evidence: { ...evidence, pcrs: new TextEncoder().encode("{}") } };
  assert.throws(() => read({ ...tpm, expect: {} }), { message: /`expect` is not nonce or/ });
});

Deno.test("readRequest() refuses a request that is nothing", () => {
  for (const nothing of [null, undefined]) {
    assert.throws(() => Reflect.apply(readRequest, undefined, [nothing]), InputError);
  }
});
