import assert from "node:assert/strict";
import { technologies } from "../registry.ts";
import { layerOf, LAYERS } from "./layers.ts";

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
