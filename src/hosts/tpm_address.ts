/**
 * Where a TPM is.
 *
 * @module
 */

import { InputError } from "../core/errors.ts";

/** A way to a TPM. */
export type TpmAddress =
  /** A character device of the kernel. */
  | { readonly kind: "device"; readonly path: string }
  /** A stream of commands over TCP, as swtpm takes it. */
  | { readonly kind: "tcp"; readonly hostname: string; readonly port: number }
  /** The same over a unix socket. */
  | { readonly kind: "unix"; readonly path: string };

/** What an address looks like, for messages. */
const FORMS = "/dev/tpmrm0, HOST:PORT, swtpm:host=HOST,port=PORT or unix:/PATH";

/** Where swtpm is, unless something else is said. */
const LOCAL = "127.0.0.1";

/**
 * Reads an address.
 *
 * @param text As a person writes it, or as tpm2-tools' `--tcti` takes it for swtpm or a device.
 * @throws {InputError} `input.value`
 */
export function readTpmAddress(text: string): TpmAddress {
  const device = /^(?:device:)?(\/.*)$/s.exec(text)?.[1];
  if (device !== undefined) return { kind: "device", path: device };
  if (/^unix:\/./.test(text)) return { kind: "unix", path: text.slice("unix:".length) };
  const swtpm = /^swtpm:(?:host=([^,\s]+),)?port=(\d+)$/.exec(text);
  const plain = /^(\[[0-9a-fA-F:.]+\]|[^:\s,/]+):(\d+)$/.exec(text);
  const found = swtpm ?? plain;
  const [, hostname = LOCAL, digits] = found ?? [];
  const port = Number(digits);
  if (found !== null && port >= 1 && port <= 65535) {
    return { kind: "tcp", hostname: hostname.replace(/^\[(.*)\]$/, "$1"), port };
  }
  const fields = { address: text, expected: FORMS };
  const message = `Cannot use ${JSON.stringify(text)} as address of a TPM: expected ${FORMS}`;
  throw new InputError(message, { code: "input.value", fields });
}
