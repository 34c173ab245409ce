/**
 * Nonces of a service: whose they are, how long they hold, how often.
 *
 * @module
 */

import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import {
  answered,
  answering,
  challengeOf,
  envelopeOf,
  refused,
  resultOf,
  verify,
} from "./asking.ts";
import { GARBAGE } from "./lab.ts";
import type { ServiceCase } from "./service_case.ts";
import { toBase64 } from "../../src/core/bytes.ts";

/** How many ask at once. */
const RACERS = 50;

export const NONCE_CASES: readonly ServiceCase[] = [
  {
    name: "nonces differ, and say how long and how often they hold",
    async run(service) {
      const [first, second] = [await challengeOf(service), await challengeOf(service)];
      notEqual(first.nonce, second.nonce);
      deepEqual(Object.keys(first), ["nonce", "cookie", "expires", "freshness"]);
      deepEqual([first.nonce.length, first.cookie.length], [64, 32]);
      equal(first.freshness, service.remembers ? "single-use" : "time-limited");
      const left = Date.parse(first.expires) - service.now().getTime();
      const most = service.remembers ? 300_000 : 60_000;
      ok(left > most - 30_000 && left <= most + 30_000, `${left} ms`);
    },
  },
  {
    name: "of 50 who use one nonce at once, one is the first",
    async run(service) {
      const { issued, minted } = await answered(service);
      const body = {
        envelope: envelopeOf(minted),
        challenge: answering(issued),
        policy: { digest: service.lab.digest },
      };
      const answers = await Promise.all(
        Array.from({ length: RACERS }, async () => {
          const response = await verify(service, body);
          const { verdict, code } = await response.json();
          return `${response.status} ${verdict ?? code}`;
        }),
      );
      const good = answers.filter((answer) => answer === "200 lab-trusted");
      const used = answers.filter((answer) => answer === "409 api.nonce_used");
      deepEqual([good.length, used.length], service.remembers ? [1, RACERS - 1] : [RACERS, 0]);
    },
  },
  {
    name: "a nonce that evidence was refused with cannot be tried with other evidence",
    async run(service) {
      const { issued, minted } = await answered(service);
      const [other] = [await service.lab.mint(new Uint8Array(32).fill(9))];
      const question = { challenge: answering(issued), policy: { digest: service.lab.digest } };
      const first = await verify(service, { ...question, envelope: envelopeOf(other) });
      equal((await resultOf(first)).verdict, "rejected");
      const second = await verify(service, { ...question, envelope: envelopeOf(minted) });
      if (service.remembers) await refused(second, 409, "api.nonce_used");
      else equal((await resultOf(second)).verdict, "lab-trusted");
    },
  },
  {
    name: "what cannot be read spends no nonce, and does not learn whether it was spent",
    async run(service) {
      const { issued, minted } = await answered(service);
      const good = {
        envelope: envelopeOf(minted),
        challenge: answering(issued),
        policy: { digest: service.lab.digest },
      };
      const unreadable: readonly (readonly [object, string])[] = [
        [{ ...good, envelope: {} }, "envelope.member"],
        [{ ...good, surplus: 1 }, "api.request"],
        [{ ...good, expect: { role: "WORKER" } }, "api.request"],
        [{ ...good, variant: "tdx" }, "input.conflict"],
        [{
          ...good,
          envelope: undefined,
          variant: "sev-snp",
          evidence: { report: toBase64(GARBAGE) },
        }, "input.missing"],
        [{ ...good, reference: service.lab.reference }, "input.conflict"],
      ];
      for (const [body, code] of unreadable) await refused(await verify(service, body), 400, code);
      equal((await resultOf(await verify(service, good))).verdict, "lab-trusted");
      for (const [body, code] of unreadable) await refused(await verify(service, body), 400, code);
    },
  },
  {
    name: "a nonce that the service did not make is refused, whatever else is right",
    async run(service) {
      const { issued, minted } = await answered(service);
      const { nonce, cookie } = issued;
      const other = await challengeOf(service);
      const bent = cookie.startsWith("A") ? `B${cookie.slice(1)}` : `A${cookie.slice(1)}`;
      for (
        const challenge of [
          { nonce, cookie: other.cookie },
          { nonce: other.nonce, cookie },
          { nonce: "00".repeat(32), cookie },
          { nonce, cookie: "A".repeat(32) },
          { nonce, cookie: bent },
        ]
      ) {
        const body = {
          envelope: envelopeOf(minted),
          challenge,
          policy: { digest: service.lab.digest },
        };
        await refused(await verify(service, body), 403, "api.nonce_unknown");
      }
    },
  },
];
