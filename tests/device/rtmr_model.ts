/**
 * A double: RTMR 3 of a TD as Linux 6.16 shows it in sysfs
 * (drivers/virt/coco/guest/tsm-mr.c), in memory, and the device behind which the
 * TD reports of itself. A write of 48 bytes extends, any other is refused; what is
 * read is kept until the next write that succeeds.
 *
 * @module
 */

import type { MachinePorts } from "../../src/hosts/devices/machine.ts";
import { RTMR3 } from "../../src/hosts/devices/td_register.ts";
import { systemError } from "./tsm_model.ts";

/** What the kernel and the TD module do. */
export interface RtmrModelOptions {
  /** The kernel has the file; default true. */
  readonly isShown?: boolean;
  /** Name of the error that a read ends with; null for none. */
  readonly read?: () => string | null;
  /** Name of the error that a write ends with, which extends nothing then; null for none. */
  readonly write?: () => string | null;
  /** There is `/dev/tdx_guest`; default false. */
  readonly isReported?: boolean;
}

/** The double, and what was done with it. */
export interface RtmrModel {
  /** What the adapter works with. */
  readonly ports: MachinePorts;
  /** What the register holds. */
  value(): Uint8Array<ArrayBuffer>;
  /** Extends it, as other software would. */
  extend(digest: Uint8Array): Promise<void>;
  /** How often it was extended, and how long was waited for it. */
  readonly done: { extensions: number; readonly waits: number[] };
}

/** Where the root of the double is. */
const ROOT = "/root-of-test";

/** Makes a double of a boot: the register holds zeros. */
export function rtmrModel(options: RtmrModelOptions = {}): RtmrModel {
  const { isShown = true, read = () => null, write = () => null } = options;
  const done: RtmrModel["done"] = { extensions: 0, waits: [] };
  let value = new Uint8Array(48);
  let kept = value;
  const extend = async (digest: Uint8Array): Promise<void> => {
    const both = new Uint8Array([...value, ...digest]);
    value = new Uint8Array(await crypto.subtle.digest("SHA-384", both));
    done.extensions++;
  };
  const open = (path: string): void => {
    if (!isShown || path !== `${ROOT}${RTMR3}`) throw systemError("ENOENT");
  };
  const refused = (code: string | null): void => {
    if (code !== null) throw systemError(code);
  };
  const never = () => Promise.reject(new Error("a register is no folder"));
  return {
    done,
    value: () => value,
    extend: async (digest) => {
      await extend(digest);
      kept = value;
    },
    ports: {
      root: ROOT,
      random: { bytes: (length) => new Uint8Array(length) },
      timer: { wait: (milliseconds) => Promise.resolve(void done.waits.push(milliseconds)) },
      files: {
        ...{ makeFolder: never, removeFolder: never },
        read: async (path) => {
          await Promise.resolve();
          open(path);
          refused(read());
          return kept.slice();
        },
        writeOnce: async (path, bytes) => {
          await Promise.resolve();
          open(path);
          if (bytes.length !== 48) throw systemError("EINVAL");
          refused(write());
          await extend(bytes);
          kept = value;
        },
      },
      devices: reporting(() => options.isReported === true ? value : null),
    },
  };
}

/** `/dev/tdx_guest`: report data go in, TDREPORT_STRUCT comes out behind them. */
function reporting(valueOf: () => Uint8Array | null): NonNullable<MachinePorts["devices"]> {
  return {
    addressOf: () => 0n,
    open: () => ({
      ioctl: (_request, argument) => {
        const value = valueOf();
        if (value === null) return "ENODEV";
        argument.set(value, 64 + 864);
        return null;
      },
      close: () => {},
    }),
  };
}
