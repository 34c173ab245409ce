/**
 * Character devices of the kernel that are asked by ioctl, through libc: Deno
 * gives no descriptor of what it opens.
 *
 * @module
 */

import { nameOf, systemFailure } from "./failure.ts";

/** A character device that was opened. */
export interface GuestDevice {
  /**
   * Asks.
   *
   * @param request Number of the request.
   * @param argument Structure that the kernel reads and writes.
   * @returns Name of the error, as `EIO`; null without.
   */
  ioctl(request: number, argument: Uint8Array<ArrayBuffer>): string | null;
  /** Ends it. */
  close(): void;
}

/** Opens devices. */
export interface GuestDevices {
  /**
   * Opens a device.
   *
   * @param path Where.
   * @throws {UnavailableError} `device.*`
   */
  open(path: string): GuestDevice;
  /**
   * Address of bytes, for structures that point to others.
   *
   * @param bytes The bytes; they must live until the request ends.
   */
  addressOf(bytes: Uint8Array<ArrayBuffer>): bigint;
}

/** O_RDWR and O_CLOEXEC of Linux on x86-64. */
const OPEN_FLAGS = 0x2 | 0x80000;

/** The functions of libc. */
const SYMBOLS = {
  open: { parameters: ["buffer", "i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
} as const;

/**
 * Devices of the machine.
 *
 * @param library Name of the C library.
 */
export function denoGuestDevices(library = "libc.so.6"): GuestDevices {
  return {
    addressOf: (bytes) => BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes))),
    open(path) {
      const libc = load(library, path);
      const { symbols } = libc;
      const errno = (): string => {
        const place = symbols.__errno_location();
        return place === null ? "EIO" : nameOf(new Deno.UnsafePointerView(place).getInt32());
      };
      const descriptor = symbols.open(new TextEncoder().encode(`${path}\0`), OPEN_FLAGS, 0);
      if (descriptor < 0) {
        const failed = systemFailure(path, "open", errno());
        libc.close();
        throw failed;
      }
      return {
        ioctl: (request, argument) =>
          symbols.ioctl(descriptor, BigInt(request), argument) < 0 ? errno() : null,
        close: () => {
          symbols.close(descriptor);
          libc.close();
        },
      };
    },
  };
}

function load(library: string, path: string): Deno.DynamicLibrary<typeof SYMBOLS> {
  try {
    return Deno.dlopen(library, SYMBOLS);
  } catch (cause) {
    const denied = cause instanceof Deno.errors.NotCapable;
    throw systemFailure(path, "open", denied ? "EACCES" : "ENOENT", cause);
  }
}
