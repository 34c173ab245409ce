/**
 * A service that has what vendors hand out: for evidence that comes without, and as their mirror.
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import {
  type CollateralOptions,
  createCollateral,
  createStore,
  memoryCache,
} from "../../src/collateral/mod.ts";
import { toBase64, toHex } from "../../src/core/bytes.ts";
import type { Http } from "../../src/core/ports.ts";
import { bare, hwidOf } from "../vendors/snp.ts";
import { NOW } from "../lab_authority.ts";
import { answered, answering, refused, resultOf, verify } from "./asking.ts";
import { serviceLab } from "./lab.ts";
import { BASE, CLOCK, inProcess, partsOf } from "./world.ts";

const lab = await serviceLab(NOW);
const { minted, http, kds } = await bare();
const TIMER = { wait: () => Promise.resolve() };
const RANDOM = { bytes: (length: number) => new Uint8Array(length).fill(0x80) };

function serviceWith(network: Http, options: CollateralOptions = {}) {
  const store = createStore(memoryCache(CLOCK));
  const collateral = createCollateral({
    http: network,
    store,
    clock: CLOCK,
    timer: TIMER,
    random: RANDOM,
    options,
  });
  return inProcess(partsOf(lab, { collateral, labRoots: [minted.der.ark] }), lab);
}

const REQUEST = {
  variant: "sev-snp",
  evidence: { report: toBase64(minted.report) },
  expect: { reportData: toHex(minted.report.subarray(0x50, 0x90)) },
  policy: {
    inline: {
      version: 1,
      allowLab: true,
      "sev-snp": { measurements: [toHex(minted.measurement)] },
    },
  },
};

Deno.test("a report alone is verified with what the vendor has, and the result says so", async () => {
  const result = await resultOf(await verify(serviceWith(http), REQUEST));

  deepEqual([result.verdict, result.freshness], ["lab-trusted", "caller"], result.says);
  ok(result.collateral.length >= 3);
  ok(result.collateral.some(({ from }) => from === "vendor"));
});

Deno.test("the mirror below /v1/collateral gives what the vendor gives, and HEAD its head", async () => {
  const service = serviceWith(http);
  const path = "/vcek/v1/Genoa/crl";
  const theirs = await (await kds.handle(new Request(`https://kdsintf.amd.com${path}`))).bytes();
  const ours = await service.ask(`/v1/collateral${path}`);
  equal(ours.headers.get("x-content-type-options"), "nosniff");
  equal(ours.headers.get("access-control-allow-origin"), "*");
  equal(toHex(await ours.bytes()).length, toHex(theirs).length);
  const head = await service.ask(`/v1/collateral${path}`, { method: "HEAD" });
  deepEqual([head.status, (await head.bytes()).length], [200, 0]);
  const chip = `${toHex(hwidOf("Genoa"))}?blSPL=10&teeSPL=0&snpSPL=23&ucodeSPL=84`;
  equal((await service.ask(`/v1/collateral/vcek/v1/Genoa/${chip}`)).status, 200);
  const other = `${"00".repeat(64)}?blSPL=10&teeSPL=0&snpSPL=23&ucodeSPL=84`;
  await refused(
    await service.ask(`/v1/collateral/vcek/v1/Genoa/${other}`),
    404,
    "collateral.not_found",
  );
  for (const below of ["/vcek/v1/Genoa/crl/..%2f", "/etc/passwd", "/vcek/v1/Genoa/crl?x=1"]) {
    await refused(await service.ask(`/v1/collateral${below}`), 404, "api.not_found");
  }
});

Deno.test("another verifier completes its evidence from the mirror, by its address alone", async () => {
  const { ask } = serviceWith(http);
  const through: Http = {
    async get({ url }) {
      const { origin, pathname, search } = new URL(url);
      equal(origin, BASE);
      const response = await ask(`${pathname}${search}`);
      const headers = Object.fromEntries(response.headers);
      return { status: response.status, headers, body: await response.bytes() };
    },
  };
  const bases = { "amd-kds": `${BASE}/v1/collateral` };
  const result = await resultOf(await verify(serviceWith(through, { bases }), REQUEST));
  deepEqual([result.verdict, result.collateral.some(({ from }) => from.startsWith(BASE))], [
    "lab-trusted",
    true,
  ]);
});

Deno.test("what is not to be had is told as that, and spends no nonce", async () => {
  const gone: Http = {
    get: () => http.get({ url: "https://gone.example.org/", headers: {}, maxBytes: 1, timeout: 1 }),
  };
  const service = serviceWith(gone);
  const { issued, minted: whole } = await answered(service);
  const challenge = answering(issued);
  const alone = { ...REQUEST, expect: undefined, challenge };
  const response = await verify(service, alone);
  ok(Number(response.headers.get("retry-after")) > 0);
  await refused(response, 503, "collateral.unreachable");
  await refused(await verify(service, alone), 503, "collateral.unreachable");
  // The same nonce is still good for evidence that brings everything.
  const envelope = JSON.parse(new TextDecoder().decode(whole.envelope));
  equal((await verify(service, { envelope, challenge })).status, 200);
});

Deno.test("where trust could not be examined the result says so, and there is no token", async () => {
  const service = inProcess(partsOf(lab), lab);
  const nonce = new Uint8Array(32).fill(0x3c);
  const { files, statement } = await lab.mint(nonce);
  const { report, leaf, chainAskArk } = files;
  const text = (file: unknown): string => file instanceof Uint8Array ? toBase64(file) : "";
  const body = {
    variant: "sev-snp",
    evidence: { report: text(report), leaf: text(leaf), chainAskArk: text(chainAskArk) },
    statement: toBase64(statement),
    nonce: toHex(nonce),
    policy: { digest: lab.digest },
  };
  const { verdict, code } = await resultOf(await verify(service, body));
  deepEqual([verdict, code], ["unavailable", "snp.crl_missing"]);
  const token = { ...body, token: { audience: "a" } };
  const response = await verify(service, token, "application/eat+jwt");
  await refused(response, 503, "snp.crl_missing");
});
