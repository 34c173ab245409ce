/**
 * PKCS #11 URIs (RFC 7512), strictly: what is not known is refused and not
 * passed over, since it might tell one key from another.
 *
 * @module
 */

import { equal } from "../../core/bytes.ts";
import { refuseKey } from "./refusal.ts";

/** Where a key is. */
export interface KeyPlace {
  /** Path of the module, absolute. */
  readonly module: string;
  /** What the token must say of itself; those that are absent may be anything. */
  readonly token: {
    readonly label?: string;
    readonly serial?: string;
    readonly manufacturer?: string;
    readonly model?: string;
  };
  /** Label of the key; absent where `id` alone names it. */
  readonly label?: string;
  /** Id of the key. */
  readonly id?: Uint8Array<ArrayBuffer>;
  /** File with the PIN, absolute; absent where the terminal is asked. */
  readonly pinFile?: string;
}

/** Characters that stand for themselves in a path's values, beside `%` and two digits (RFC 7512 §2.3: pk11-pchar). */
const PATH_VALUE = /^(?:[A-Za-z0-9\-._~:[\]@!$'()*+,=&]|%[0-9A-Fa-f]{2})*$/;

/** The same in a query (pk11-qchar). */
const QUERY_VALUE = /^(?:[A-Za-z0-9\-._~:[\]@!$'()*+,=/?|]|%[0-9A-Fa-f]{2})*$/;

const PATH_NAMES = ["token", "serial", "manufacturer", "model", "object", "id", "type"] as const;
const QUERY_NAMES = ["module-path", "pin-source"] as const;

/**
 * Reads a URI.
 *
 * @param uri As `pkcs11:token=owner;object=casemate?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/run/pin`.
 * @throws {InputError} `keys.uri`; a PIN that stands in it is not repeated.
 */
export function readKeyUri(uri: string): KeyPlace {
  const scheme = /^pkcs11:/i.exec(uri)?.[0];
  if (scheme === undefined) throw refuse("it does not begin with pkcs11:");
  if (uri.includes("#")) throw refuse("it has a fragment");
  const rest = uri.slice(scheme.length);
  const mark = rest.indexOf("?");
  const path = attributes(mark < 0 ? rest : rest.slice(0, mark), ";", PATH_VALUE, PATH_NAMES);
  const query = attributes(mark < 0 ? "" : rest.slice(mark + 1), "&", QUERY_VALUE, QUERY_NAMES);
  return placeOf(path, query);
}

type Values<N extends string> = ReadonlyMap<N, Uint8Array<ArrayBuffer>>;

function attributes<const N extends string>(
  part: string,
  separator: string,
  form: RegExp,
  names: readonly N[],
): Values<N> {
  const values = new Map<N, Uint8Array<ArrayBuffer>>();
  if (part === "") return values;
  for (const attribute of part.split(separator)) {
    const end = attribute.indexOf("=");
    const given = attribute.slice(0, Math.max(end, 0));
    if (given === "pin-value") {
      throw refuse("pin-value shows the PIN to every process; name a file by pin-source");
    }
    const name = names.find((known) => known === given);
    if (name === undefined) throw refuse(`it has an attribute other than ${names.join(", ")}`);
    if (values.has(name)) throw refuse(`${name} stands in it twice`);
    const value = attribute.slice(end + 1);
    if (value === "" || !form.test(value)) throw refuse(`${name} has another form`);
    values.set(name, decoded(value));
  }
  return values;
}

function placeOf(
  path: Values<(typeof PATH_NAMES)[number]>,
  query: Values<(typeof QUERY_NAMES)[number]>,
): KeyPlace {
  const type = path.get("type");
  if (type !== undefined && !equal(type, new TextEncoder().encode("private"))) {
    throw refuse("type is not private");
  }
  if (!path.has("token") && !path.has("serial")) throw refuse("it lacks token and serial");
  if (!path.has("object") && !path.has("id")) throw refuse("it lacks object and id");
  const module = text(query, "module-path");
  if (module === undefined) throw refuse("it lacks module-path");
  if (!module.startsWith("/")) throw refuse("module-path is not absolute");
  const label = text(path, "object");
  const id = path.get("id");
  const source = text(query, "pin-source");
  return {
    module,
    token: tokenOf(path),
    ...(label === undefined ? {} : { label }),
    ...(id === undefined ? {} : { id }),
    ...(source === undefined ? {} : { pinFile: fileOf(source) }),
  };
}

function tokenOf(path: Values<(typeof PATH_NAMES)[number]>): KeyPlace["token"] {
  const [label, serial] = [text(path, "token"), text(path, "serial")];
  const [manufacturer, model] = [text(path, "manufacturer"), text(path, "model")];
  return {
    ...(label === undefined ? {} : { label }),
    ...(serial === undefined ? {} : { serial }),
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(model === undefined ? {} : { model }),
  };
}

/** The file of a `file:` URI (RFC 8089 §2), whose own escapes are below those of the attribute. */
function fileOf(source: string): string {
  const path = /^file:(?:\/\/(?:localhost)?)?(\/(?!\/).*)$/i.exec(source)?.[1];
  if (path === undefined) {
    throw refuse("pin-source is not of the form file:/PATH; programs are never started");
  }
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw refuse("pin-source has an escape that is no UTF-8", cause);
  }
}

/** A value's bytes, its escapes resolved. */
function decoded(value: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (const [piece] of value.matchAll(/%..|./gs)) {
    bytes.push(piece.length === 3 ? Number.parseInt(piece.slice(1), 16) : piece.charCodeAt(0));
  }
  return Uint8Array.from(bytes);
}

/** What is a text must be UTF-8 without zero bytes, at which a system's call would end. */
function text<N extends string>(values: Values<N>, name: N): string | undefined {
  const bytes = values.get(name);
  if (bytes === undefined) return undefined;
  if (bytes.includes(0)) throw refuse(`${name} holds a zero byte`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw refuse(`${name} is no UTF-8`, cause);
  }
}

function refuse(reason: string, cause?: unknown) {
  return refuseKey("keys.uri", `Cannot read the address of the key: ${reason}`, cause);
}
