/**
 * RTMR 3 as the runtime register of a TD (protocol §3).
 *
 * @module
 */

import { toHex } from "../core/bytes.ts";
import type { TdRegister } from "../core/node_ports.ts";
import { nodeError } from "./refusal.ts";
import type { RuntimeRegister } from "./register.ts";

/**
 * The register of a TD: one bank, of SHA-384.
 *
 * @param register RTMR 3.
 * @returns Null where the kernel cannot extend it: the phase is then only the statement's word.
 * @throws {OperationError} `node.register` where it cannot be extended and holds something already:
 * no verifier would take that for a phase.
 */
export async function tdRuntimeRegister(register: TdRegister): Promise<RuntimeRegister | null> {
  if (register.isExtendable) return extendable(register);
  const value = await register.read();
  if (value === null || value.every((byte) => byte === 0)) return null;
  const actual = `RTMR 3 ${toHex(value)}`;
  throw nodeError("node.register", `${actual}, which this kernel cannot extend`, {
    fields: { actual },
  });
}

function extendable(register: TdRegister): RuntimeRegister {
  return {
    async read() {
      const value = await register.read();
      if (value !== null) return [{ bank: "sha384", value }];
      throw nodeError("node.no_register", "RTMR 3 can be extended and not read");
    },
    async extend(bank, digest) {
      if (bank !== "sha384") throw new RangeError("RTMR 3 has no bank but SHA-384");
      await register.extend(digest);
    },
  };
}
