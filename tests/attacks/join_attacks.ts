/**
 * Attacks on the join service of a running cluster by whoever wants into it, from
 * outside and by the public protocol: `deno task attacks:join`.
 *
 * Each is refused with its own code and changes nothing; an honest node beside it
 * is admitted; and where the defence is switched off the same attack succeeds.
 *
 * @module
 */

import assert from "node:assert/strict";
import { JOIN_ANSWER } from "../../src/protocol/join.ts";
import { readMessage } from "../../src/protocol/message.ts";
import type { Session } from "../../src/channel/session.ts";
import type { Attack, Scene } from "./joiner/attack.ts";
import { ATTACKS_ON_EVIDENCE } from "./joiner/attacks_on_evidence.ts";
import { ATTACKS_ON_PLACES } from "./joiner/attacks_on_places.ts";
import { ATTACKS_ON_REQUESTS } from "./joiner/attacks_on_requests.ts";
import { shortLife } from "./joiner/channel_defences.ts";
import { Joiner } from "./joiner/joiner.ts";
import { bringUp, type JoinLab } from "./joiner/lab.ts";
import { type MachineOptions, RogueMachine } from "./joiner/machine.ts";
import { ATTACKED } from "./joiner/program.ts";
import { stateOf } from "./joiner/state.ts";
import { WeakenedControlPlane } from "./joiner/weakened.ts";
import type { Answered } from "./joiner/wire.ts";

/** That which takes long to wait for comes last. */
const ATTACKS: readonly Attack[] = [
  ...ATTACKS_ON_EVIDENCE,
  ...ATTACKS_ON_PLACES,
  ...ATTACKS_ON_REQUESTS,
].toSorted((a, b) => Number(isSlow(a)) - Number(isSlow(b)));

function isSlow({ off }: Attack): boolean {
  return off.includes(shortLife);
}

/** What all attacks share. */
interface World {
  readonly stack: AsyncDisposableStack;
  readonly lab: JoinLab;
  readonly weakened: WeakenedControlPlane;
  readonly old: { readonly session: Session; readonly since: number };
}

let world: World | null = null;

Deno.test.beforeAll(async () => {
  const stack = new AsyncDisposableStack();
  try {
    const lab = stack.use(await bringUp());
    const weakened = stack.use(await WeakenedControlPlane.takeOver(lab));
    const machine = stack.use(await RogueMachine.start(lab));
    const [url] = lab.urls;
    const session = await (await Joiner.start(lab, machine)).session(url);
    world = { stack, lab, weakened, old: { session, since: performance.now() } };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
});

Deno.test.afterAll(async () => {
  await world?.stack.disposeAsync();
});

/** Plays an attack at a control plane. */
async function scene(
  { says, machine }: Attack,
  weakened: boolean,
  use: (scene: Scene) => Promise<void>,
): Promise<void> {
  if (world === null) throw new Error(`There is no cluster for ${says}`);
  const { lab, old, stack: forAll } = world;
  await using stack = new AsyncDisposableStack();
  const on = async (where: AsyncDisposableStack, options?: MachineOptions): Promise<Joiner> =>
    await Joiner.start(lab, where.use(await RogueMachine.start(lab, options)), options?.states);
  const joiner = await on(stack, await machine?.(lab));
  const url = lab.urls[weakened ? 1 : 0];
  const another = (options?: MachineOptions): Promise<Joiner> => on(stack, options);
  await use({ lab, url, joiner, weakened, old, another, lasting: () => on(forAll) });
}

function isRefused({ code, status }: Answered, attack: Attack): void {
  assert.deepEqual({ code, status }, { code: attack.code, status: attack.status ?? 403 });
}

/** Against the program as it is: refused, nothing changed, and honest nodes are admitted. */
async function inVain(attack: Attack): Promise<void> {
  await scene(attack, false, async (scene) => {
    const { store } = scene.lab;
    const attempt = await attack.prepare(scene);
    const before = await stateOf(store);
    isRefused(await attempt(), attack);
    assert.deepEqual(await stateOf(store), before, "something changed");
    if (attack.honest !== undefined) return await attack.honest(scene);
    const honest = attack.machine === undefined ? scene.joiner : await scene.another();
    assert.match((await honest.join(scene.url)).nodeName, /^guest-\d+$/);
  });
}

/** Where the defence is switched off. */
async function succeeds(attack: Attack): Promise<void> {
  await world?.weakened.without(attack.off, () =>
    scene(attack, true, async (scene) => {
      const { code, answer } = await (await attack.prepare(scene))();
      assert.equal(code, "", "the attack did not succeed");
      if (attack.gains === undefined) return;
      assert.ok(answer !== null && attack.gains(readMessage(JOIN_ANSWER, answer)));
    }));
}

Deno.test(`attacked is ${ATTACKED}`, () => {
  assert.equal(world?.lab.urls.length, 2);
});

for (const attack of ATTACKS) {
  Deno.test(`${attack.says}: ${attack.code}, and nothing changes`, () => inVain(attack));
  if (attack.off.length === 0) continue;
  Deno.test(`${attack.says}: succeeds where the defence is switched off`, () => succeeds(attack));
}

Deno.test("where nothing is switched off, the copy refuses as the program does", async () => {
  const [attack] = ATTACKS;
  assert.ok(attack !== undefined && world !== null);
  await world.weakened.without(
    [],
    () =>
      scene(
        attack,
        true,
        async (scene) => isRefused(await (await attack.prepare(scene))(), attack),
      ),
  );
});

for (const attack of ATTACKS.filter(isSlow)) {
  Deno.test(`${attack.says}: refused where its life alone is shorter`, async () => {
    await world?.weakened.without(
      [shortLife],
      () =>
        scene(
          attack,
          true,
          async (scene) => isRefused(await (await attack.prepare(scene))(), attack),
        ),
    );
  });
}
