/**
 * Collateral handed on by a mirror.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Http, Servers, Service } from "../../src/core/ports.ts";
import { machine, network, nobody, vendors } from "./collateral_world.ts";
import { expectError } from "./expect.ts";
import type { Ran } from "./fake_host.ts";

const { kds, pcs } = vendors;

/** A network on which there is one server. */
function networkOf({ handle }: Service): Http {
  return {
    async get({ url, headers }) {
      const response = await handle(new Request(url, { headers }));
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: new Uint8Array(await response.arrayBuffer()),
      };
    },
  };
}

/** Servers that listen until some work with the one that was asked for is done. */
function serving(work: (service: Service) => Promise<void>): Servers {
  return {
    async serve(service) {
      service.listening(`http://${service.hostname}:${service.port}`);
      await work(service);
    },
    checkIdentity: () => Promise.resolve(),
  };
}

const SERVE = "collateral serve --lab-root amd.der --lab-root intel.der";
const MIRROR = "--collateral fetch --collateral-url http://mirror:8081";

Deno.test("casemate evidence verify asks a mirror in place of the vendors, and neither asks twice", async () => {
  const before = kds.asked.length + pcs.asked.length + pcs.certificates.asked.length;
  const verified: Ran[] = [];
  const servers = serving(async (service) => {
    for (let again = 0; again < 2; again++) {
      const verifier = machine(networkOf(service));
      for (const evidence of ["@snp", "@tdx"]) {
        verified.push(await verifier.run(`${evidence} ${MIRROR}`));
      }
    }
  });

  const ran = await machine(network).run(`${SERVE} --listen 127.0.0.1:9000`, { servers });

  for (const { exitCode, out, err } of verified) assert.equal(exitCode, 0, out + err);
  assert.match(verified[0]?.out ?? "", /from +the mirror http:\/\/mirror:8081; confirmed at that/);
  const after = kds.asked.length + pcs.asked.length + pcs.certificates.asked.length;
  assert.equal(after - before, 7);
  assert.equal(ran.exitCode, 0, ran.err);
  const [first, second, ...rest] = ran.out.trimEnd().split("\n");
  assert.equal(first, "Listening on http://127.0.0.1:9000; end it with Ctrl-C");
  assert.match(
    second ?? "",
    /^2026-11-21T12:00:00\.000Z 200 GET \/vcek\/v1\/Genoa\/\S+ from vendor$/,
  );
  assert.equal(rest.filter((line) => line.endsWith(" from cache")).length, 7);
  assert.equal(rest.at(-1), "Ended; all requests were answered");
});

Deno.test("casemate collateral serve -o json logs one object a line, safe for a terminal", async () => {
  const servers = serving(async ({ handle }) => {
    await handle(new Request("http://mirror/%1b]0;x?\u202e"));
  });

  const { out } = await machine(network).run(`${SERVE} -o json`, { servers });

  const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ listening, status, code, ended }) => [listening, status, code, ended]),
    [
      ["http://127.0.0.1:8081", undefined, undefined, undefined],
      [undefined, 404, "api.not_found", undefined],
      [undefined, undefined, undefined, true],
    ],
  );
  // deno-lint-ignore no-control-regex -- controls are what must not be there
  assert.doesNotMatch(out, /[\x00-\x09\x0b-\x1f\u202e]/);
});

Deno.test("casemate collateral serve --offline hands on what is kept, and asks nobody for more", async () => {
  const statuses: number[] = [];
  const servers = serving(async ({ handle }) => {
    for (const path of ["/vcek/v1/Genoa/crl", "/IntelSGXRootCA.der"]) {
      statuses.push((await handle(new Request(`http://mirror${path}`))).status);
    }
  });
  const one = machine(network);
  const item = "amd-kds/vcek/v1/Genoa/crl";
  await one.run(`collateral fetch --item ${item} --lab-root amd.der`);

  await one.run("collateral serve --offline --lab-root amd.der", { servers, http: nobody });

  assert.deepEqual(statuses, [200, 404]);
});

Deno.test("casemate collateral serve says where it cannot listen", async () => {
  for (const listen of ["8081", "localhost", "127.0.0.1:99999", "::1:80", "a b:1", "127.0.0.1:0"]) {
    const ran = await machine().run(
      "collateral serve --listen x".replace("x", listen.replace(" ", "\u00a0")),
    );
    expectError(ran, { name: listen, line: "", exit: 2, err: ["input.value", "--listen"] });
  }
});
