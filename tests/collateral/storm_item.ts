/**
 * Documents of a storm: numbered by the service, signed by a digest.
 *
 * @module
 */

import { sha256 } from "../../src/collateral/sealed.ts";
import { RejectedError } from "../../src/core/errors.ts";
import type { CollateralItem } from "../../src/evidence/collateral.ts";

/** Things that are asked for. */
export const THINGS = 6;

/** The document of a thing; it has thousands of bytes, so that a torn one would be seen. */
export function documentOf(
  path: string,
  sequence: number,
  issued: number,
): Uint8Array<ArrayBuffer> {
  const text = `${path} ${sequence} ${issued} ${"x".repeat(5000 + sequence % 1000)}`;
  return new TextEncoder().encode(`${sha256(new TextEncoder().encode(text))} ${text}`);
}

/** The item of a thing. */
export function thing(index: number): CollateralItem {
  const path = `/thing/${index}`;
  return {
    key: `intel-pcs${path}`,
    title: `Thing ${index}`,
    kind: "crl",
    service: "intel-pcs",
    path,
    keepHeaders: [],
    maxBytes: 10_000,
    immutable: false,
    roles: [],
    read({ body }) {
      const whole = new TextDecoder().decode(body);
      const text = whole.slice(65);
      const [at, sequence = "", issued] = text.split(" ");
      if (whole.slice(0, 64) !== sha256(new TextEncoder().encode(text)) || at !== path) {
        throw new RejectedError("The document is none", { code: "snp.signature_mismatch" });
      }
      return Promise.resolve({
        files: {},
        issued: new Date(Number(issued)),
        expires: new Date(Number(issued) + 3600_000),
        sequence,
        root: "a".repeat(64),
      });
    },
  };
}
