import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { inlineEngine } from "../core/crypto_inline.ts";
import { RejectedError, UnavailableError } from "../core/errors.ts";
import type { Obtained } from "../collateral/collateral.ts";
import type { CollateralItem } from "../evidence/collateral.ts";
import { itemOfKey } from "../evidence/collateral_items.ts";
import { createMirror, type Served } from "./mirror.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const QE = "http://mirror/tdx/certification/v4/qe/identity";
const CRL = "http://mirror/vcek/v1/Genoa/crl";

/** What a source of collateral gave for an item. */
function obtained({ key, title }: CollateralItem): Obtained {
  return {
    key,
    title,
    answer: {
      body: new Uint8Array([0x30, 0x03, 0x02, 0x01, 0x05]),
      headers: key.includes("qe/identity") ? { "sgx-enclave-identity-issuer-chain": "PEM%0A" } : {},
    },
    content: {
      files: {},
      issued: new Date("2026-11-20T12:00:00Z"),
      expires: new Date("2026-11-22T12:30:00Z"),
      sequence: "7",
      root: "00".repeat(32),
    },
    confirmed: new Date("2026-11-22T11:59:00Z"),
    from: "cache",
    source: "vendor",
    stale: null,
  };
}

interface Mirror {
  readonly ask: (url: string, method?: string) => Promise<Response>;
  readonly told: readonly Served[];
  readonly asked: readonly string[];
}

function mirrorOver(get: (item: CollateralItem) => Promise<Obtained>): Mirror {
  const told: Served[] = [];
  const asked: string[] = [];
  const handle = createMirror({
    collateral: {
      get: (item) => {
        asked.push(item.key);
        return get(item);
      },
    },
    itemOfKey,
    context: { engine: inlineEngine, labRoots: [] },
    clock: { now: () => NOW },
    told: (served) => void told.push(served),
  });
  return { ask: (url, method = "GET") => handle(new Request(url, { method })), told, asked };
}

const working = (): Mirror => mirrorOver((item) => Promise.resolve(obtained(item)));

Deno.test("createMirror() hands on body and headers, with the age that they have", async () => {
  const mirror = working();

  const response = await mirror.ask(QE);

  equal(response.status, 200);
  deepEqual(Object.fromEntries(response.headers), {
    "age": "60",
    "cache-control": "public, max-age=1860",
    "content-length": "5",
    "content-type": "application/json",
    "sgx-enclave-identity-issuer-chain": "PEM%0A",
    "x-content-type-options": "nosniff",
  });
  equal((await response.bytes()).length, 5);
  deepEqual(mirror.asked, ["intel-pcs/tdx/certification/v4/qe/identity?update=standard"]);
  deepEqual(mirror.told.map(({ target, status, from }) => [target, status, from]), [
    ["GET /tdx/certification/v4/qe/identity", 200, "cache"],
  ]);
});

Deno.test("createMirror() answers HEAD like GET, without the body", async () => {
  const response = await working().ask(CRL, "HEAD");

  equal(response.headers.get("content-type"), "application/pkix-crl");
  equal(response.headers.get("content-length"), "5");
  equal((await response.bytes()).length, 0);
});

Deno.test("createMirror() gives lists in hexadecimal where a PCCS does", async () => {
  const response = await working().ask("http://mirror/sgx/certification/v4/rootcacrl");

  equal(await response.text(), "3003020105");
});

Deno.test("createMirror() asks nobody for what no vendor has, and says so in RFC 9457", async () => {
  const mirror = working();
  const refused: readonly (readonly [string, string, number, string])[] = [
    ["http://mirror/etc/passwd", "GET", 404, "api.not_found"],
    ["http://mirror/vcek/v1/Genoa/../../../x", "GET", 404, "api.not_found"],
    [`http://mirror/vcek/v1/Genoa/crl?${"a".repeat(2000)}`, "GET", 414, "api.too_long"],
    [CRL, "POST", 405, "api.method"],
    [CRL, "DELETE", 405, "api.method"],
  ];
  for (const [url, method, status, code] of refused) {
    const response = await mirror.ask(url, method);
    const body = await response.json();

    deepEqual([response.status, body.status, body.code], [status, status, code]);
    equal(response.headers.get("content-type"), "application/problem+json");
    equal(response.headers.get("cache-control"), "no-store");
    equal(response.headers.get("allow"), status === 405 ? "GET, HEAD" : null);
    deepEqual(Object.keys(body), ["type", "title", "status", "detail", "code"]);
    equal(body.type, `tag:casemate.dev,2026:code:${code}`);
  }
  deepEqual(mirror.asked, []);
});

const down = (code: string, retryable: boolean, fields = {}): UnavailableError =>
  new UnavailableError("Cannot get it: it is away", { code, retryable, fields });

Deno.test("createMirror() tells what was not to be had from what it does not know", async () => {
  const failures: readonly (readonly [Error, number, boolean])[] = [
    [down("collateral.not_found", false), 404, false],
    [down("collateral.offline", false), 404, false],
    [down("collateral.unreachable", true), 504, true],
    [down("collateral.timeout", true), 504, true],
    [down("collateral.throttled", true), 503, true],
    [down("collateral.wrong_content", true), 502, true],
    [down("collateral.redirected", false), 502, false],
    [down("collateral.too_large", false), 502, false],
    [new RejectedError("Cannot accept it", { code: "collateral.rollback" }), 502, false],
  ];
  for (const [error, status, again] of failures) {
    const response = await mirrorOver(() => Promise.reject(error)).ask(CRL);

    equal(response.status, status, String(error));
    equal(response.headers.has("retry-after"), again, String(error));
    match((await response.json()).detail, /^Cannot/);
  }
});

Deno.test("createMirror() passes on until when a vendor asks for rest", async () => {
  const rests: readonly (readonly [string, string])[] = [
    ["2026-11-22T12:00:42Z", "42"],
    ["2026-11-22T11:00:00Z", "1"],
    ["2027-11-22T11:00:00Z", "3600"],
    ["soon", "10"],
  ];
  for (const [until, seconds] of rests) {
    const error = down("collateral.throttled", true, { until });
    const response = await mirrorOver(() => Promise.reject(error)).ask(CRL);

    equal(response.headers.get("retry-after"), seconds);
  }
});

Deno.test("createMirror() does not take a mistake of the program for an answer", async () => {
  await rejects(mirrorOver(() => Promise.reject(new TypeError("x"))).ask(CRL), TypeError);
});

Deno.test("createMirror() keeps out what is too much at once, and takes more afterwards", async () => {
  const gate: { open: () => void } = { open: () => {} };
  const held = new Promise<void>((done) => gate.open = done);
  const mirror = mirrorOver(async (item) => {
    await held;
    return obtained(item);
  });

  const waiting = Array.from({ length: 256 }, () => mirror.ask(CRL));
  const busy = await mirror.ask(CRL);
  gate.open();

  deepEqual([busy.status, busy.headers.get("retry-after")], [503, "1"]);
  equal((await busy.json()).code, "api.busy");
  deepEqual(new Set((await Promise.all(waiting)).map(({ status }) => status)), new Set([200]));
  equal((await mirror.ask(CRL)).status, 200);
});

Deno.test("createMirror() says that it lives without asking anybody", async () => {
  const mirror = working();

  equal(await (await mirror.ask("http://mirror/healthz")).text(), "ok\n");
  deepEqual(mirror.asked, []);
});

Deno.test("createMirror() takes an address that is none for an unknown path", async () => {
  const handle = createMirror({
    collateral: { get: () => Promise.reject(new TypeError("asked")) },
    itemOfKey,
    context: { engine: inlineEngine, labRoots: [] },
    clock: { now: () => NOW },
  });
  // As a server makes it of a Host header with a blank in it.
  const request = Object.create(new Request("http://mirror/"), {
    url: { value: "http://a b/../vcek/v1/Genoa/crl" },
    method: { value: "GET" },
  });

  equal((await handle(request)).status, 404);
});
