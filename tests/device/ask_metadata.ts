/**
 * Asks a metadata service in a process of its own, whose environment names proxies.
 *
 * @module
 */

import { denoMetadata } from "../../src/hosts/devices/metadata.ts";

const { body } = await denoMetadata({
  place: { hostname: "127.0.0.1", port: Number(Deno.args[0]) },
}).ask({
  ...{ method: "POST", path: "/latest/data?x=1", headers: { "Metadata": "true" } },
  ...{ body: new TextEncoder().encode("asked"), maxBytes: 64, timeout: 60_000 },
});
console.log(new TextDecoder().decode(body));
