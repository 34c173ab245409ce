/**
 * The shared suite of services in workerd. `deno task worker:test` runs it.
 */
import assert from "node:assert/strict";
import { answered, answering, envelopeOf, verify } from "../api/asking.ts";
import { serviceLab } from "../api/lab.ts";
import { SERVICE_CASES, serviceAt } from "../api/suite.ts";
import { inWorkerd, policiesOf, settingsOf, worker } from "./world.ts";

for (const [how, nonces] of [["with a ledger", true], ["without a ledger", false]] as const) {
  Deno.test({
    ...inWorkerd(`the Worker ${how} does what every service must do`),
    async fn(t) {
      const lab = await serviceLab(new Date());
      await using running = await worker({
        settings: settingsOf(lab),
        policies: policiesOf(lab),
        nonces,
      });
      const service = serviceAt(running.url, { lab, remembers: nonces });
      for (const { name, run } of SERVICE_CASES) await t.step(name, () => run(service));
    },
  });
}

/** How many ask at once; a hundred and more had requests ended as hung, when they waited for each other. */
const MANY = 400;

Deno.test({
  ...inWorkerd("of many who verify at once each has its answer, and nothing stays taken"),
  async fn() {
    const lab = await serviceLab(new Date());
    await using running = await worker({ settings: settingsOf(lab), policies: policiesOf(lab) });
    const service = serviceAt(running.url, { lab, remembers: true });
    const { issued, minted } = await answered(service);
    const policy = { digest: lab.digest };
    const own = { envelope: envelopeOf(minted), nonce: issued.nonce, policy };
    const racing = { envelope: envelopeOf(minted), challenge: answering(issued), policy };
    const answers = await Promise.all(
      Array.from({ length: MANY }, async (_, i) => {
        const { status, body } = await verify(service, i % 2 === 0 ? own : racing);
        await body?.cancel();
        return status;
      }),
    );
    const count = (status: number): number => answers.filter((one) => one === status).length;
    assert.deepEqual([count(200), count(409)], [MANY / 2 + 1, MANY / 2 - 1]);
    const metrics = await (await service.ask("/metrics")).text();
    assert.match(metrics, /^casemate_verifications_under_way 0$/m);
  },
});
