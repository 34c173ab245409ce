/**
 * Requests whose results are in every state that a report can be in: of real
 * evidence where there is some, else of the vectors.
 *
 * @module
 */

import type { Request, Result } from "../../mod.ts";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import { askReal } from "../azure/real.ts";
import { noCorpus, realEntry } from "../corpus.ts";
import { readVectors, type Vector } from "../vectors.ts";
import { examine } from "../../mod.ts";

/** A result and the name of its state. */
export interface State {
  /** Name, as `trusted`. */
  readonly name: string;
  /** The result. */
  readonly result: Result;
}

/**
 * The request of a vector.
 *
 * @param id Technology.
 * @param vector The vector.
 */
export function requestOf(id: string, vector: Vector): Request {
  const request: unknown = {
    variant: id,
    evidence: vector.files,
    expect: { nonce: vector.nonce, ...vector.expected },
    ...(vector.statement === undefined ? {} : { statement: vector.statement }),
    policy: vector.policy,
    labRoots: vector.labRoots,
    now: vector.now,
  };
  return request as Request;
}

/** A vector by its name, as `tdx/v4-platform`. */
export async function vectorRequest(name: string): Promise<Request> {
  const [id = "", wanted] = name.split("/");
  const vector = (await readVectors(id)).find((one) => one.name === wanted);
  if (vector === undefined) throw new Error(`There is no vector ${name}`);
  return requestOf(id, vector);
}

/** States of the lab: there without any corpus. */
const LAB: readonly (readonly [string, string, Partial<Request>])[] = [
  ["lab", "azure-sev-snp/join", {}],
  ["lab-snp", "sev-snp/genoa-vcek", {}],
  ["lab-no-processor", "qemu-vtpm/enrolled", {}],
  ["lab-provider", "aws-sev-snp/stated", {}],
  ["rejected-node", "azure-sev-snp/bent-phase", {}],
  ["rejected-signature", "tdx/bent-quote-forged", {}],
  ["crypto-only", "tdx/v4-platform", { profile: "crypto-only" }],
];

/** A real TD quote that is up to date. */
const QUOTE = "tdx/v5-google-90c06f";

const ROLES = {
  quote: "quote",
  tcb_info: "tcbInfo",
  qe_identity: "qeIdentity",
  tcb_chain: "tcbChain",
  pck_crl: "pckCrl",
  pck_crl_chain: "pckCrlChain",
  root_crl: "rootCrl",
} as const;

/** Offset of the TD report's fields in a quote of version 5: header 48, body descriptor 6. */
const BODY_AT = 48 + 6;

/** A request about a real quote, with pins that it meets. */
function quoteRequest(changes: object, left: readonly string[] = []): Request {
  const { files, verifyAt } = realEntry(QUOTE).input;
  const evidence = Object.fromEntries(
    Object.entries(ROLES).flatMap(([role, own]) => left.includes(own) ? [] : [[own, files[role]]]),
  );
  const quote = files["quote"] ?? new Uint8Array();
  const value = (at: number, length: number): string =>
    toHex(quote.subarray(BODY_AT + at, BODY_AT + at + length));
  const pins = { mrTd: [value(136, 48)], rtmr1: [value(376, 48)], rtmr2: [value(424, 48)] };
  const request: unknown = {
    variant: "tdx",
    evidence,
    expect: { reportData: fromHex(value(520, 64)) },
    policy: { version: 1, tdx: pins },
    now: verifyAt,
    ...changes,
  };
  return request as Request;
}

/** All states that can be reached here. */
export async function readStates(): Promise<readonly State[]> {
  const states: State[] = [];
  for (const [name, vector, changes] of LAB) {
    const request = { ...await vectorRequest(vector), ...changes } as Request;
    states.push({ name, result: await examine(request) });
  }
  return noCorpus ? states : [...states, ...await realStates()];
}

/** The same with reference values of a release, and collateral that was fetched. */
function releaseRequest(): Request {
  const base = quoteRequest({});
  const { tdx: pins } = Object(base.policy);
  const known = { known: "computed", from: "the image casemate-1.4.0, 4 vCPUs" };
  const values = Object.entries(pins).map(([key, value]) => [key, [{ ...known, value }]]);
  const reference = {
    version: 1,
    release: "casemate-1.4.0",
    issued: "2026-02-20T10:00:00Z",
    sets: [{ name: "1.4.0", tdx: Object.fromEntries(values) }],
  };
  const item = {
    key: "intel-pcs/tdx/certification/v4/tcb?fmspc=90c06f000000",
    title: "TCB info of FMSPC 90c06f000000",
    from: "cache",
    issued: "2026-02-10T10:00:00.000Z",
    expires: "2026-03-12T10:00:00.000Z",
    confirmed: "2026-02-24T08:00:00.000Z",
    stale: null,
  };
  const late = { ...item, title: "QE identity", key: "intel-pcs/tdx/qe", stale: "timed out" };
  return { ...base, policy: { version: 1 }, reference, collateral: [item, late] };
}

async function realStates(): Promise<readonly State[]> {
  const wrong = { tdx: { mrTd: ["ab".repeat(48)] } };
  return [
    { name: "trusted", result: await examine(quoteRequest({})) },
    {
      name: "trusted-paravisor",
      result: await askReal("azure-snp/genoa-v3-trustee", ["amd", "paravisor"]),
    },
    {
      name: "platform-only",
      result: await askReal("azure-tdx/tdx-lunal-live", ["amd", "intel"]),
    },
    { name: "trusted-release", result: await examine(releaseRequest()) },
    { name: "unpinned", result: await examine(quoteRequest({ policy: { version: 1 } })) },
    {
      name: "rejected",
      result: await examine(quoteRequest({ policy: { version: 1, ...wrong } })),
    },
    {
      name: "unavailable",
      result: await examine(
        quoteRequest({}, Object.values(ROLES).filter((role) => role !== "quote")),
      ),
    },
  ];
}
