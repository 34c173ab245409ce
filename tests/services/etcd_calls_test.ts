/** What the store makes of etcd's answers, of each that no real one gives on demand. */

import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { toBase64 } from "../../src/core/bytes.ts";
import { UnavailableError } from "../../src/core/errors.ts";
import type { EtcdCall, EtcdHttp } from "../../src/core/node_ports.ts";
import { EtcdStore } from "../../src/services/store/etcd.ts";
import { fails } from "./world.ts";

const CLUSTER = "a1".repeat(32);
const ENDPOINTS = ["https://a:1", "https://b:1"];
const HEADER = { header: { revision: "7" } };
const CHANGE = { expect: [], put: [{ key: "s/a", value: Uint8Array.of(1) }], remove: [] };

interface Said {
  readonly status?: number;
  readonly body: unknown;
}

type Answer = (
  call: EtcdCall,
  asked: Readonly<Record<string, unknown>>,
) => Said | "silence" | "gone";

/** An etcd that answers as it is told; authentication works unless it is told otherwise. */
function etcd(answer: Answer): EtcdHttp & { readonly calls: string[] } {
  const calls: string[] = [];
  let tokens = 0;
  return {
    calls,
    close: () => {},
    post: (call) => {
      const { host, pathname } = new URL(call.url);
      calls.push(`${host} ${pathname.slice("/v3/".length)} ${call.token ?? "-"}`);
      const asked = JSON.parse(new TextDecoder().decode(call.body));
      const own = answer(call, asked);
      const said = pathname.endsWith("authenticate") && own !== "silence" && own !== "gone" &&
          own.status === undefined
        ? { body: { token: `t${++tokens}` } }
        : own;
      if (said === "silence" || said === "gone") {
        const fields = { sent: said === "gone" ? "no" : "maybe" };
        const details = { code: "store.unreachable", fields, retryable: true };
        return Promise.reject(new UnavailableError("Cannot reach it", details));
      }
      const body = new TextEncoder().encode(
        typeof said.body === "string" ? said.body : JSON.stringify(said.body),
      );
      return Promise.resolve({ status: said.status ?? 200, body });
    },
  };
}

function storeOn(http: EtcdHttp, endpoints = ENDPOINTS, monotonic = () => 0): EtcdStore {
  const access = { endpoints, user: "casemate", password: "5".repeat(64) };
  return new EtcdStore({ http, access, clusterId: CLUSTER, monotonic }, 2);
}

const refusal = (code: number, message: string, status = 400): Said => ({
  status,
  body: { error: message, message, code },
});

const record = (name: string) => ({
  key: toBase64(new TextEncoder().encode(`/casemate/${CLUSTER}/s/${name}`)),
  mod_revision: "5",
  value: "AQ==",
});

Deno.test("EtcdStore authenticates once for all calls, and again where its token ended", async () => {
  let valid = "t1";
  const http = etcd(({ token }) =>
    token === null || token === valid ? { body: HEADER } : refusal(16, "invalid auth token", 401)
  );
  const store = storeOn(http);
  await Promise.all([store.read("s/a"), store.read("s/b"), store.list("s/")]);
  equal(http.calls.filter((call) => call.includes("authenticate")).length, 1);
  valid = "t2";
  equal(await store.read("s/a"), null);
  deepEqual(http.calls.slice(-3), [
    "a:1 kv/range t1",
    "a:1 auth/authenticate -",
    "a:1 kv/range t2",
  ]);
  valid = "t3";
  equal(await store.commit(CHANGE), false, "a refused token is a change that was not made");
  valid = "none";
  await fails("store.unreachable", store.read("s/a"));
});

Deno.test("EtcdStore authenticates again where users were changed meanwhile", async () => {
  let old = true;
  const http = etcd(({ token }) => {
    if (token === null || !old) return { body: { ...HEADER, succeeded: true } };
    old = false;
    return refusal(3, "etcdserver: revision of auth store is old");
  });
  ok(await storeOn(http).commit(CHANGE));
});

Deno.test("EtcdStore never makes a change twice, and reads from whoever answers", async () => {
  for (
    const silence of ["silence", refusal(14, "etcdserver: request timed out", 503), {
      status: 502,
      body: "bad gateway",
    }] as const
  ) {
    const http = etcd(({ url, token }) => {
      const own = token === null || url.startsWith("https://b");
      return own ? { body: { ...HEADER, succeeded: true } } : silence;
    });
    const store = storeOn(http);
    await fails("store.unreachable", store.commit(CHANGE));
    equal(http.calls.filter((call) => call.includes("kv/txn")).length, 1);
    ok(await store.commit(CHANGE), "the next is asked of the member that was not silent");
    const fresh = storeOn(http);
    equal(await fresh.read("s/a"), null);
  }
  const gone = etcd(({ url }) =>
    url.startsWith("https://a") ? "gone" : { body: { ...HEADER, succeeded: true } }
  );
  ok(await storeOn(gone).commit(CHANGE), "what nobody saw may be asked again");
  await fails("store.unreachable", storeOn(etcd(() => "gone")).commit(CHANGE));
});

Deno.test("EtcdStore gives up in time, however many members are silent", async () => {
  let now = 0;
  const http = etcd(() => {
    now += 5_000;
    return "silence";
  });
  const many = Array.from({ length: 16 }, (_, i) => `https://m${i}:1`);
  await fails("store.unreachable", storeOn(http, many, () => now).read("s/a"));
  ok(http.calls.length <= 4, `${http.calls.length} calls`);
});

Deno.test("EtcdStore begins a listing anew where etcd threw its revision away, a few times", async () => {
  let compactions = 2;
  const http = etcd((_, asked) => {
    if (asked["revision"] === undefined) {
      return { body: { ...HEADER, kvs: [record("a"), record("b")], more: true } };
    }
    return compactions-- > 0
      ? refusal(11, "etcdserver: mvcc: required revision has been compacted")
      : { body: { ...HEADER, kvs: [record("c")] } };
  });
  deepEqual((await storeOn(http).list("s/")).map(({ key }) => key), ["s/a", "s/b", "s/c"]);
  compactions = 9;
  await fails("store.refused", storeOn(http).list("s/"));
});

Deno.test("EtcdStore tells what etcd refuses for good", async () => {
  const cases: readonly (readonly [string, Said])[] = [
    ["store.denied", refusal(7, "etcdserver: permission denied", 403)],
    ["store.denied", { status: 400, body: "CommonName of client sending a request ...\n" }],
    ["store.full", refusal(8, "etcdserver: mvcc: database space exceeded", 429)],
    ["store.refused", refusal(3, "etcdserver: request is too large")],
    ["store.unreachable", refusal(2, "unknown", 500)],
  ];
  for (const [code, said] of cases) {
    const http = etcd(({ token }) => token === null ? { body: HEADER } : said);
    await fails(code, storeOn(http).commit(CHANGE));
  }
  const stranger = etcd(() =>
    refusal(3, "etcdserver: authentication failed, invalid user ID or password")
  );
  await fails("store.denied", storeOn(stranger).read("s/a"));
  const without = etcd(() => refusal(9, "etcdserver: authentication is not enabled", 412));
  await fails("store.denied", storeOn(without).read("s/a"));
});

Deno.test("EtcdStore takes no answer that is not etcd's", async () => {
  const [a] = [record("a")];
  const answers: readonly unknown[] = [
    "{",
    "",
    "null",
    "[]",
    {},
    { header: { revision: 7 } },
    { header: { revision: "x" } },
    { ...HEADER, kvs: {} },
    { ...HEADER, kvs: [null] },
    { ...HEADER, kvs: [{ ...a, key: "!" }] },
    { ...HEADER, kvs: [{ ...a, key: toBase64(new TextEncoder().encode("/casemate/other/s/a")) }] },
    { ...HEADER, kvs: [{ ...a, value: "*" }] },
    { ...HEADER, kvs: [{ ...a, mod_revision: 5 }] },
    { ...HEADER, kvs: [], more: true },
    { ...HEADER, more: "yes" },
  ];
  for (const body of answers) {
    const http = etcd(({ token }) => ({ body: token === null ? HEADER : body }));
    await fails("store.unreachable", storeOn(http).list("s/"));
  }
  for (const body of ["{", { ...HEADER, succeeded: "yes" }, {}]) {
    const http = etcd(({ token }) => ({ body: token === null ? HEADER : body }));
    await fails("store.unreachable", storeOn(http).commit(CHANGE));
  }
});

Deno.test("EtcdStore says no password, whatever etcd answers", async () => {
  const echo = etcd((call) => ({ status: 500, body: new TextDecoder().decode(call.body) }));
  await rejects(storeOn(echo).read("s/a"), (error: Error) => {
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      ok(!at.message.includes("5".repeat(64)), at.message);
    }
    return true;
  });
});
