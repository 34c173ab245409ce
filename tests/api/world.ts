/**
 * A service in this process.
 *
 * @module
 */

import { memoryLedger } from "../../src/api/ledger.ts";
import type { ServiceParts } from "../../src/api/parts.ts";
import { createService } from "../../src/api/service.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import type { Clock } from "../../src/core/ports.ts";
import { NOW } from "../lab_authority.ts";
import type { ServiceLab } from "./lab.ts";
import type { ServiceUnderTest } from "./service_case.ts";

/** The moment of all tests here. */
export const CLOCK: Clock = { now: () => NOW };

/** Where the service would be. */
export const BASE = "https://verifier.example.org";

/**
 * What a service of tests is made of.
 *
 * @param lab What it is set up with.
 * @param change What differs.
 */
export function partsOf(lab: ServiceLab, change: Partial<ServiceParts> = {}): ServiceParts {
  return {
    engine: inlineEngine,
    clock: CLOCK,
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    nonceSecret: lab.nonceSecret,
    ledger: memoryLedger(change.clock ?? CLOCK),
    policies: [{ policy: lab.policy, reference: lab.reference }],
    keys: { signer: lab.signer, others: [], issuer: lab.issuer },
    collateral: null,
    labRoots: [lab.roots],
    page: { html: new TextEncoder().encode("<!doctype html>"), policy: "default-src 'none'" },
    version: "1.2.3",
    origins: "*",
    ...change,
  };
}

/**
 * The service of some parts.
 *
 * @param parts The parts.
 * @param lab What it is set up with.
 */
export function inProcess(parts: ServiceParts, lab: ServiceLab): ServiceUnderTest {
  const handle = createService(parts);
  return {
    lab,
    remembers: parts.ledger !== null,
    now: () => parts.clock.now(),
    ask: (path, init) => handle(new Request(`${BASE}${path}`, init)),
  };
}
