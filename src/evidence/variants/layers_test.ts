import assert from "node:assert/strict";
import { technologies } from "../registry.ts";
import { layerOf, LAYERS, pinnedAs } from "./layers.ts";

Deno.test("layerOf() knows the layer of every step and of every code's check", () => {
  for (const { checks, codes, facts } of technologies) {
    const ids = [...checks.map(({ id }) => id), ...Object.values(codes).map(({ check }) => check)];
    for (const id of ids) {
      if (id !== null) assert.notEqual(layerOf({ id }, facts), undefined, id);
    }
  }
});

Deno.test("layerOf() puts each register where its specification has it", () => {
  const wanted = {
    "tpm.registers.sha256.0": "firmware",
    "tpm.registers.sha384.7": "firmware",
    "tpm.registers.sha256.4": "boot",
    "tpm.registers.sha256.11": "kernel",
    "nitro.what-runs.15": "node",
    "tdx.rtmr2": "kernel",
    "snp.host-data": "cluster",
    "statement.cluster.launch": "cluster",
    "statement.tls": "node",
    "trust.root": null,
    "nobody.knows": undefined,
  };
  for (const [id, layer] of Object.entries(wanted)) {
    assert.equal(layerOf({ id }, undefined), layer, id);
  }
});

Deno.test("layerOf() takes what a CPU launched for the paravisor where there is one", () => {
  assert.equal(layerOf({ id: "tdx.mrtd" }, undefined), "firmware");
  assert.equal(layerOf({ id: "tdx.mrtd" }, { reportData: "paravisor" }), "tpm");
});

Deno.test("the layer of every measurement is a known one", () => {
  for (const { facts } of technologies) {
    for (const { layer } of facts?.measurements ?? []) assert.ok(LAYERS.includes(layer));
  }
});

const isPinned = (...args: Parameters<typeof pinnedAs>): boolean => pinnedAs(...args) === "match";

Deno.test("pinnedAs() says what differs, whatever else holds", () => {
  const facts = { runtimeRegister: "PCR 15" } as const;
  const found = [
    { id: "phase.measured", kind: "match" },
    { id: "tpm.registers.sha256.15", kind: "mismatch" },
  ] as const;
  assert.equal(pinnedAs("PCR 15", found, facts), "mismatch");
  assert.equal(pinnedAs("PCR 4", found, facts), "open");
});

Deno.test("pinnedAs() takes only a match of the register's own finding", () => {
  const facts = { runtimeRegister: "PCR 15" } as const;
  const match = (id: string) => [{ id, kind: "match" as const }];
  assert.ok(isPinned("PCR 1", match("tpm.registers.sha384.1"), facts));
  assert.ok(isPinned("RTMR 2", match("tdx.rtmr2"), facts));
  assert.ok(isPinned("PCR 15", match("phase.measured"), facts));
  assert.ok(!isPinned("PCR 11", match("phase.measured"), facts));
  assert.ok(!isPinned("PCR 11", match("tpm.registers.sha256.1"), facts));
  assert.ok(!isPinned("PCR 0 to 3, 7", match("tpm.registers.sha256.0"), facts));
  assert.ok(!isPinned("MRTD", [{ id: "tdx.mrtd", kind: "unchecked" }], facts));
});

Deno.test("pinnedAs() knows every single register that a verdict needs pinned", () => {
  for (const { facts } of technologies) {
    for (const { register } of facts?.measurements.filter(({ pinned }) => pinned) ?? []) {
      const ids = ["snp.measurement", "snp.id-key", "tdx.mrtd", "tdx.rtmr1", "tdx.rtmr2"];
      const all = [...ids, "tpm.registers.sha256.4", "tpm.registers.sha256.11"];
      assert.ok(
        all.some((id) => isPinned(register, [{ id, kind: "match" }], { runtimeRegister: null })),
        register,
      );
    }
  }
});
