import assert from "node:assert/strict";
import { labSockets } from "../../src/hosts/lab/sockets.ts";

/** All ports that are looked at but two, so that two who look at the same time have no others. */
function allBut(kept: readonly number[]): ReadonlySet<number> {
  const all = Array.from({ length: 12_000 }, (_, at) => 20_000 + at);
  return new Set(all.filter((port) => !kept.includes(port)));
}

Deno.test("claimPorts() gives nobody else what is claimed, until it is let go of", () => {
  const claim = labSockets.claimPorts(2, new Set());
  const others = allBut(claim.ports);

  assert.throws(() => labSockets.claimPorts(1, others), RangeError);
  // Programs listen there meanwhile.
  for (const port of claim.ports) Deno.listen({ hostname: "127.0.0.1", port }).close();

  claim[Symbol.dispose]();
  using again = labSockets.claimPorts(2, others);
  assert.deepEqual(again.ports.toSorted(), claim.ports.toSorted());
});

Deno.test("claimPorts() keeps nothing where there are not enough, nor what somebody listens on", () => {
  const claim = labSockets.claimPorts(2, new Set());
  const [first = 0, second = 0] = claim.ports;
  const others = allBut(claim.ports);
  using held = Deno.listen({ hostname: "127.0.0.1", port: first });
  assert.equal(held.addr.port, first);
  claim[Symbol.dispose]();

  assert.throws(() => labSockets.claimPorts(2, others), RangeError);
  using left = labSockets.claimPorts(1, others);
  assert.deepEqual(left.ports, [second]);
});
