/**
 * Ends of agents: points around whatever they leave behind, at which they can be
 * ended as a signal would that cannot be caught.
 *
 * @module
 */

import type { StateFiles } from "../../src/core/node_ports.ts";
import type { PhaseBank } from "../../src/evidence/statement/binding.ts";
import type { RuntimeRegister } from "../../src/node/register.ts";
import type { Store } from "../../src/services/store/store.ts";

/** What ends an agent as a signal would: nothing of it goes on afterwards. */
export class Killed extends Error {}

/** Points at which an agent can be ended, by name: `write node.state`, `extend sha384`, `commit`. */
export type Fate = (point: string) => boolean;

/** Tells that a point was come by; throws where the agent ends there. */
export type Point = (name: string) => void;

/** Files whose user is ended before a write, or right after it. */
export function mortalFiles(files: StateFiles, point: Point): StateFiles {
  const around = async (name: string, work: () => Promise<void>): Promise<void> => {
    point(`before ${name}`);
    await work();
    point(`after ${name}`);
  };
  return {
    read: (name) => files.read(name),
    write: (name, bytes) => around(`write ${name}`, () => files.write(name, bytes)),
    remove: (name) => around(`remove ${name}`, () => files.remove(name)),
  };
}

/** A register whose user is ended around an extension. */
export function mortalRegister(register: RuntimeRegister, point: Point): RuntimeRegister {
  return {
    read: () => register.read(),
    async extend(bank: PhaseBank, digest) {
      point(`before extend ${bank}`);
      await register.extend(bank, digest);
      point(`after extend ${bank}`);
    },
  };
}

/** A store whose user is ended around a change. */
export function mortalStore(store: Store, point: Point): Store {
  return {
    read: (key) => store.read(key),
    list: (prefix) => store.list(prefix),
    async commit(change) {
      const keys = change.put.map(({ key }) => key.split("/")[0]).join("+");
      point(`before commit ${keys}`);
      const made = await store.commit(change);
      point(`after commit ${keys}`);
      return made;
    },
  };
}
