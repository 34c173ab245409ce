/**
 * Evidence with bytes exchanged anywhere, as whoever sends it can: through the
 * whole way of completing it, on a network that writes down each request.
 *
 * @module
 */

import assert from "node:assert/strict";
import { CasemateError } from "../../mod.ts";
import { SERVICES } from "../../src/collateral/services.ts";
import { isBytes } from "../../src/core/bytes.ts";
import type { HttpRequest } from "../../src/core/ports.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { technologies } from "../../src/evidence/registry.ts";
import { completeFiles } from "../../src/verifier/complete.ts";
import { readVectors } from "../vectors.ts";
import { engine } from "./gather.ts";
import { sourceOver } from "./sources.ts";

/** Mutants of each vector, for each file of it. */
const MUTANTS = 8;

/** What evidence is made of, where whom to ask is read from. */
const CARRIERS = ["report", "quote", "hclReport", "tdQuote", "leaf"];

/** Paths that are asked for, whatever is in the evidence: hex, decimal numbers and words out of tables. */
const PATH =
  /^\/(?:v[cl]ek\/v1\/(?:Milan|Genoa|Turin)\/(?:cert_chain|crl|(?:[0-9a-f]{16}|[0-9a-f]{128})\?(?:[a-z]+SPL=\d{2,3}&?)+)|metadata\/THIM\/amd\/certification|tdx\/certification\/v4\/(?:tcb\?fmspc=[0-9a-f]{12}&|qe\/identity\?)update=standard|sgx\/certification\/v4\/(?:pckcrl\?ca=(?:platform|processor)&encoding=der|rootcacrl)|IntelSGXRootCA\.der)$/;

/** Numbers that look like chance and are the same each time (Numerical Recipes). */
function numbers(): (below: number) => number {
  let state = 20_261_122;
  return (below) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below;
}

/** Some bytes are others, as odd as they come: addresses, signs of paths, zeros. */
function mutantOf(file: Uint8Array, next: (below: number) => number): Uint8Array {
  const odd = ["http://evil.example/", "../../..", "?a=b&c#d", "\0\0\0\0\0\0\0\0", "\xff%2e%2f@:"];
  const text = odd[next(odd.length)] ?? "";
  const mutant = file.slice();
  const at = next(mutant.length);
  for (let i = 0; i < text.length; i++) {
    if (at + i < mutant.length) mutant[at + i] = text.charCodeAt(i);
  }
  return mutant;
}

function assertOrdinary({ url }: HttpRequest): void {
  const { origin, pathname, search, href } = new URL(url);
  assert.ok(Object.values(SERVICES).some(({ base }) => base === origin), url);
  assert.match(pathname + search, PATH);
  assert.equal(href, url, "it is written as it is read");
}

for (const technology of technologies) {
  if (technology.collateral === undefined) continue;
  Deno.test(`NET-01 ${technology.id}: nobody else is asked for evidence with bytes exchanged anywhere`, async () => {
    const next = numbers();
    const asked: HttpRequest[] = [];
    const http = {
      get(request: HttpRequest) {
        asked.push(request);
        return Promise.resolve({ status: 404, headers: {}, body: new Uint8Array() });
      },
    };
    const vectors = (await readVectors(technology.id)).filter(({ code }) => code === null);
    for (const { files, labRoots, now } of vectors) {
      for (const role of CARRIERS) {
        const file = files[role];
        for (let i = 0; isBytes(file) && i < MUTANTS; i++) {
          const evidence: FilesByRole = { ...files, [role]: mutantOf(file, next) };
          const terms = { engine, now, labRoots };
          const options = { onThisMachine: i % 2 === 0 };
          await completeFiles(technology, evidence, sourceOver(http).collateral, terms, options)
            .catch((error: unknown) => assert.ok(error instanceof CasemateError, String(error)));
        }
      }
    }
    assert.ok(asked.length > 0, "something was asked for");
    asked.forEach(assertOrdinary);
  });
}
