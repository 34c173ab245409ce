/**
 * What the Worker does with its bindings, in real workerd. `deno task
 * worker:test` runs it.
 */
import assert from "node:assert/strict";
import { pem } from "../../src/lab/mod.ts";
import { labAuthorityAt } from "../lab_authority.ts";
import { answered, answering, envelopeOf, refused, resultOf, verify } from "../api/asking.ts";
import { serviceLab } from "../api/lab.ts";
import { serviceAt } from "../api/suite.ts";
import { type FakeKds, fakeKds } from "../fakes/kds.ts";
import { inWorkerd, policiesOf, settingsOf, worker } from "./world.ts";

const CHAIN = "/v1/collateral/vcek/v1/Genoa/cert_chain";

/** A folder for what a Worker keeps. */
async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "casemate-worker-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A vendor on this machine. */
interface Vendor extends AsyncDisposable {
  readonly double: FakeKds;
  /** Settings of a Worker that asks it and believes its root. */
  readonly settings: Readonly<Record<string, string>>;
}

async function vendor(): Promise<Vendor> {
  const now = new Date();
  const authority = await labAuthorityAt(now);
  const double = fakeKds({ authorities: { Genoa: authority }, chips: [], issued: now });
  const options = { port: 0, hostname: "127.0.0.1", onListen() {} };
  const server = Deno.serve(options, (request) => double.handle(request));
  const settings = {
    COLLATERAL_URLS: `amd-kds=http://127.0.0.1:${server.addr.port}`,
    LAB_ROOTS: pem("CERTIFICATE", authority.ARK.certificate),
    NONCE_SECRET: "5e".repeat(32),
  };
  return { double, settings, [Symbol.asyncDispose]: () => server.shutdown() };
}

Deno.test({
  ...inWorkerd("a nonce that was used is used after a restart"),
  fn: () =>
    withFolder(async (persist) => {
      const lab = await serviceLab(new Date());
      const set = { settings: settingsOf(lab), policies: policiesOf(lab), persist };
      await using before = await worker(set);
      const service = serviceAt(before.url, { lab, remembers: true });
      const { issued, minted } = await answered(service);
      const body = { envelope: envelopeOf(minted), challenge: answering(issued) };
      const request = { ...body, policy: { digest: lab.digest } };
      assert.equal((await resultOf(await verify(service, request))).verdict, "lab-trusted");
      const unspent = await answered(service);
      await before.stop();

      await using after = await worker(set);
      const again = serviceAt(after.url, { lab, remembers: true });
      await refused(await verify(again, request), 409, "api.nonce_used");
      // One that was made before and not used is as good as ever.
      const fresh = {
        envelope: envelopeOf(unspent.minted),
        challenge: answering(unspent.issued),
        policy: { digest: lab.digest },
      };
      assert.equal((await resultOf(await verify(again, fresh))).freshness, "single-use");
    }),
});

Deno.test({
  ...inWorkerd("what a vendor said is kept in KV, and given where the vendor is away"),
  fn: () =>
    withFolder(async (persist) => {
      await using kds = await vendor();
      const set = { settings: kds.settings, persist, kv: true };
      await using first = await worker(set);
      const said = await (await fetch(`${first.url}${CHAIN}`)).text();
      assert.match(said, /BEGIN CERTIFICATE/);
      await (await fetch(`${first.url}${CHAIN}`)).body?.cancel();
      assert.deepEqual(kds.double.asked, ["/vcek/v1/Genoa/cert_chain"]);
      await first.stop();

      kds.double.fault = { kind: "status", status: 404 };
      await using second = await worker(set);
      assert.equal(await (await fetch(`${second.url}${CHAIN}`)).text(), said);
      const list = await fetch(`${second.url}/v1/collateral/vcek/v1/Genoa/crl`);
      assert.deepEqual([list.status, (await list.json()).code], [404, "collateral.not_found"]);
    }),
});

Deno.test({
  ...inWorkerd("whoever wants the same from a vendor is answered, also where the first has left"),
  async fn() {
    await using kds = await vendor();
    await using running = await worker({ settings: kds.settings, kv: true });
    let release = (): void => {};
    const held = new Promise<void>((done) => release = done);
    const { handle } = kds.double;
    kds.double.handle = async (request) => {
      const answer = handle(request);
      await held;
      return await answer;
    };
    const ends = new AbortController();
    const first = fetch(`${running.url}${CHAIN}`, { signal: ends.signal });
    while (kds.double.asked.length === 0) await wait(5);
    const others = Array.from({ length: 8 }, () => fetch(`${running.url}${CHAIN}`));
    await wait(200);
    ends.abort();
    await assert.rejects(first, { name: "AbortError" });
    await wait(100);
    release();
    for (const answer of await Promise.all(others)) {
      assert.equal(answer.status, 200);
      await answer.body?.cancel();
    }
    assert.equal(kds.double.asked.length, 1);
  },
});

function wait(time: number): Promise<void> {
  return new Promise((done) => setTimeout(done, time));
}

Deno.test({
  ...inWorkerd("a source that asks too often is told to stay away, and no other one"),
  async fn() {
    const lab = await serviceLab(new Date());
    const set = { settings: settingsOf(lab), policies: policiesOf(lab), rate: 3 };
    await using running = await worker(set);
    const ask = (from: string): Promise<Response> =>
      fetch(`${running.url}/v1/challenge`, {
        method: "POST",
        headers: { "cf-connecting-ip": from },
      });
    const turned: Response[] = [];
    // Of seven more than three are of one minute, whenever the next one begins.
    for (let i = 0; i < 7; i++) {
      const response = await ask("192.0.2.1");
      if (response.ok) await response.body?.cancel();
      else turned.push(response);
    }
    assert.ok(turned.length >= 1 && turned.length <= 4, `${turned.length} were turned away`);
    for (const response of turned) {
      assert.equal(response.headers.get("retry-after"), "60");
      await refused(response, 429, "api.rate");
    }
    const other = await ask("192.0.2.2");
    assert.equal(other.status, 200);
    await other.body?.cancel();
    const health = await fetch(`${running.url}/healthz`);
    assert.equal(await health.text(), "ok\n");
  },
});

Deno.test({
  ...inWorkerd("a Worker that is not set up as it must be says so, and how in its log alone"),
  async fn() {
    const lab = await serviceLab(new Date());
    const { NONCE_SECRET: _, ...settings } = settingsOf(lab);
    await using running = await worker({ settings, policies: policiesOf(lab), log: "piped" });
    const ask = (path: string): Promise<Response> => fetch(`${running.url}${path}`);
    await refused(await ask("/healthz"), 500, "api.misconfigured");
    const ready = await refused(await ask("/readyz"), 503, "api.misconfigured");
    assert.doesNotMatch(JSON.stringify(ready), /NONCE_SECRET/);
    await running.stop();
    assert.match(await running.log, /Cannot use NONCE_SECRET: it is missing/);
  },
});

Deno.test({
  ...inWorkerd("a policy that cannot be used lets no service begin"),
  async fn() {
    const lab = await serviceLab(new Date());
    const policies = JSON.stringify([{ policy: { version: 1, allowlab: true } }]);
    await using running = await worker({ settings: settingsOf(lab), policies, log: "piped" });
    const challenge = await fetch(`${running.url}/v1/challenge`, { method: "POST" });
    await refused(challenge, 500, "api.misconfigured");
    await running.stop();
    assert.match(await running.log, /allowlab/);
  },
});
