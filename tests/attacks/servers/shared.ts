/**
 * Tests that share what is costly to bring up: it stands from before the first
 * of a file until after the last.
 *
 * @module
 */

import assert from "node:assert/strict";
import { notInstalled } from "../../tpm/swtpm.ts";
import { runs, SHIPPED } from "./program.ts";

const missing = await notInstalled(["swtpm"]);

/** What stands while it is used. */
export type Within<T> = (use: (world: T) => Promise<void>) => Promise<void>;

/**
 * Makes tests of a file over one world.
 *
 * @param within Brings it up, and takes it down when its use is over.
 * @returns Adds a test; where no TPM is there in software it is ignored, and says so.
 */
export function sharing<T>(
  within: Within<T>,
): (name: string, use: (world: T) => Promise<void>) => void {
  const held = new Held(within);
  if (missing.length === 0) {
    Deno.test.beforeAll(() => held.begin());
    Deno.test.afterAll(() => held.end());
  }
  Deno.test(`attacked is ${SHIPPED.says}`, async () => {
    assert.match((await runs(SHIPPED, ["--version"])).stdout, /^\d+\.\d+\.\d+/);
  });
  const note = missing.length === 0 ? "" : ` (ignored: no ${missing.join(", ")} here)`;
  return (name, use) => {
    Deno.test({
      name: `${name}${note}`,
      ignore: missing.length > 0,
      // What stands meanwhile talks on.
      ...{ sanitizeOps: false, sanitizeResources: false },
      fn: () => use(held.world),
    });
  };
}

/** A use that lasts. */
class Held<T> {
  readonly #within: Within<T>;
  #world: { readonly is: T } | null = null;
  #release: () => void = () => {};
  #over: Promise<void> = Promise.resolve();

  constructor(within: Within<T>) {
    this.#within = within;
  }

  get world(): T {
    if (this.#world === null) throw new Error("Nothing stands");
    return this.#world.is;
  }

  async begin(): Promise<void> {
    await new Promise<void>((stands, fails) => {
      this.#over = this.#within((world) => {
        this.#world = { is: world };
        stands();
        return new Promise<void>((done) => {
          this.#release = done;
        });
      });
      this.#over.catch(fails);
    });
  }

  async end(): Promise<void> {
    this.#release();
    await this.#over;
  }
}
