/**
 * What the program needs from the machine it runs on. Hosts implement it; nothing else names a runtime.
 *
 * @module
 */

import type { DeviceKeys } from "./device_keys.ts";
import type { LabHost } from "./lab_ports.ts";
import type { NodeHost } from "./node_host.ts";

/** Time. */
export interface Clock {
  /** The current time. The host of a CVM owns its clock: verifiers take time as an argument. */
  now(): Date;
}

/** Randomness for keys and nonces. */
export interface Random {
  /**
   * Fresh random bytes.
   *
   * @param length How many.
   */
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

/** Files by path. */
export interface Files {
  /**
   * Reads a whole file; `-` is standard input.
   *
   * @param path Where.
   * @param limit Most bytes; more is an {@linkcode InputError} `input.too_large`.
   * @throws {InputError} `input.unreadable`, `input.too_large`
   */
  read(path: string, limit: number): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Writes a new file, making its folder; refuses to overwrite.
   *
   * @param path Where.
   * @param bytes What.
   * @param secret Whether only the owner may read it (0600).
   * @throws {InputError} `input.unwritable`
   */
  write(path: string, bytes: Uint8Array, secret: boolean): Promise<void>;
  /** Makes an empty folder that belongs to nobody else, and says where. */
  temporaryFolder(): Promise<string>;
  /**
   * Removes a folder made by `temporaryFolder`.
   *
   * @param path Where.
   */
  removeFolder(path: string): Promise<void>;
}

/** Where a person reads. */
export interface Terminal {
  /**
   * Writes to standard output.
   *
   * @param text Text with its line ends.
   */
  out(text: string): void;
  /**
   * Writes to standard error.
   *
   * @param text Text with its line ends.
   */
  err(text: string): void;
  /** Whether standard output is a terminal that shows colour; false with `NO_COLOR`. */
  readonly colour: boolean;
  /** Width of the terminal in columns; 80 where it is none. */
  readonly width: number;
}

/** A request to a server. */
export interface HttpRequest {
  /** Address, `https:` or `http:`. */
  readonly url: string;
  /** Headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Most bytes of the answer's body; more ends the reading. */
  readonly maxBytes: number;
  /** Longest time until the whole answer is there, ms. */
  readonly timeout: number;
}

/** An answer of a server, whatever it says. */
export interface HttpResponse {
  /** Status, 200 to 599. */
  readonly status: number;
  /** Headers by lowercase name; of repeated ones as `fetch` joins them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body, whole. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Servers. */
export interface Http {
  /**
   * Asks by GET. Redirects are not followed, nothing is kept between requests.
   *
   * @param request Address, headers and limits.
   * @throws {UnavailableError} `collateral.unreachable`, `collateral.timeout`, `collateral.too_large`, `collateral.cut_short`
   */
  get(request: HttpRequest): Promise<HttpResponse>;
}

/** Whom a server shows itself as. */
export interface TlsIdentity {
  /** Certificate and those between it and the root, PEM. */
  readonly certificate: Uint8Array;
  /** Its private key without password, PEM. */
  readonly key: Uint8Array;
}

/** What a server answers with, and where. */
export interface Service {
  /** Name or address to listen on, as `127.0.0.1`. */
  readonly hostname: string;
  /** Port; 0 takes a free one. */
  readonly port: number;
  /** Certificate and key; HTTP without TLS where there are none. TLS 1.2 and 1.3. */
  readonly tls?: TlsIdentity;
  /** Whether other processes of the same user may listen there as well (Linux), as while one takes the place of another. */
  readonly sharePort?: boolean;
  /** Most connections at once; who sent nothing whole makes room for the next. */
  readonly maxConnections?: number;
  /** Longest time until a whole request is there, ms. */
  readonly requestTimeout?: number;
  /**
   * Reads again what can change, asked for by SIGHUP; it must not throw. Where it is absent that signal ends the process.
   *
   * @returns What new clients are shown from now on; null where that stays.
   */
  reload?(): Promise<TlsIdentity | null>;
  /**
   * Answers a request; what it throws is a mistake of the program, told on standard error and answered with status 500.
   *
   * @param request The request.
   */
  handle(request: Request): Promise<Response>;
  /**
   * Is told once that requests are taken.
   *
   * @param url Where, as `http://127.0.0.1:8081`; of TLS as `https://127.0.0.1:8443`.
   */
  listening(url: string): void;
}

/** Being a server. */
export interface Servers {
  /**
   * Answers requests until the process is asked to end (SIGINT, SIGTERM); then
   * takes no further ones and resolves when those under way are answered.
   *
   * @param service What to answer with, and where.
   * @throws {InputError} `input.value` where the address cannot be listened on.
   */
  serve(service: Service): Promise<void>;
  /**
   * Looks at a certificate and its key.
   *
   * @param identity Certificate and key.
   * @throws {InputError} `input.wrong_kind`, `key.malformed`, `key.wrong_kind` where no client could be shown them.
   */
  checkIdentity(identity: TlsIdentity): Promise<void>;
}

/** A file of a cache, without its content. */
export interface CacheFile {
  /** Name, as it was written. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** When it was written. */
  readonly modified: Date;
}

/**
 * Small files that can all be had again, shared by whatever processes use the
 * same place. Names are folders and a name, of `a-z`, `0-9` and `-`, as
 * `entries/0f3c`.
 */
export interface CacheFiles {
  /**
   * Reads a file whole; null where there is none.
   *
   * @param name Name.
   * @throws {UnavailableError} `collateral.cache_failed`
   */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /**
   * Writes a file, in place of one that was there: whoever reads finds the old one whole or the new one whole,
   * whenever this process ends.
   *
   * @param name Name.
   * @param bytes Content.
   * @throws {UnavailableError} `collateral.cache_failed`
   */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * Removes a file; one that is not there is removed already.
   *
   * @param name Name.
   * @throws {UnavailableError} `collateral.cache_failed`
   */
  remove(name: string): Promise<void>;
  /**
   * Lists the files of a folder, in no order.
   *
   * @param folder Folder, as `entries`.
   * @throws {UnavailableError} `collateral.cache_failed`
   */
  list(folder: string): Promise<readonly CacheFile[]>;
  /**
   * Does some work while nobody else does work under the same name, in this process or another. The lock ends with
   * the work, or with the process, however that ends.
   *
   * @param name Name of the lock.
   * @param patience How long to wait for it, ms.
   * @param work The work.
   * @throws {UnavailableError} `collateral.busy`, `collateral.cache_failed`
   */
  lock<T>(name: string, patience: number, work: () => Promise<T>): Promise<T>;
}

/** Places for caches. */
export interface Caches {
  /**
   * Opens a cache; it is made with the first use. Each use throws {@linkcode InputError}
   * `collateral.cache_folder` where it cannot be made, others can write to it or it belongs to another user.
   *
   * @param folder Where; the user's own place for such things where nothing is said.
   * @throws {InputError} `collateral.cache_folder` where there is no such place.
   */
  open(folder?: string): CacheFiles;
}

/** Waiting. */
export interface Timer {
  /**
   * Waits.
   *
   * @param milliseconds How long, at least.
   */
  wait(milliseconds: number): Promise<void>;
}

/** A TPM 2.0 that answers commands (TPM 2.0 Library, Part 3). */
export interface TpmTransport {
  /**
   * Sends a command and takes the answer, both as bytes, whatever the answer says.
   *
   * @param command One command, whole.
   * @throws {UnavailableError} `tpm.device_unreachable`
   */
  exchange(command: Uint8Array): Promise<Uint8Array>;
}

/** A TPM that was opened. */
export interface TpmConnection extends TpmTransport {
  /** Ends it; what the caller made inside the TPM and did not flush may remain. */
  close(): void;
}

/** TPMs by address. */
export interface Tpms {
  /**
   * Opens a TPM.
   *
   * @param address `/dev/tpmrm0`, `HOST:PORT`, `swtpm:host=HOST,port=PORT` or `unix:/PATH`.
   * @throws {InputError} `input.value` where it is no address.
   * @throws {UnavailableError} `tpm.device_unreachable`
   */
  open(address: string): Promise<TpmConnection>;
}

/** The web page, one file that needs nothing else. */
export interface Page {
  /** HTML, UTF-8. */
  readonly html: Uint8Array;
  /** The Content-Security-Policy that it runs under. */
  readonly policy: string;
}

/** How this program was built. */
export interface Build {
  /** Version of Casemate. */
  readonly version: string;
  /** `release`, or `dev build` where it was not compiled with a real runtime. */
  readonly kind: "release" | "dev build";
  /** Whether it is one binary, `casemate`; else it was started from its sources. */
  readonly isCompiled: boolean;
  /** Runtime below, as `deno 2.9.3`. */
  readonly runtime: string;
}

/** All of them: what a command receives. */
export interface Host {
  /** Time. */
  readonly clock: Clock;
  /** Randomness. */
  readonly random: Random;
  /** Files. */
  readonly files: Files;
  /** Output. */
  readonly terminal: Terminal;
  /** Waiting. */
  readonly timer: Timer;
  /** Servers. */
  readonly http: Http;
  /** Caches. */
  readonly caches: Caches;
  /** Being a server. */
  readonly servers: Servers;
  /** TPMs. */
  readonly tpms: Tpms;
  /** Devices that keep keys. */
  readonly deviceKeys: DeviceKeys;
  /** How this program was built. */
  readonly build: Build;
  /** Gives what agents need, and who speaks with them; loaded where it is asked for. */
  node(): Promise<NodeHost>;
  /** Gives what labs need; loaded where it is asked for. */
  lab(): Promise<LabHost>;
  /** Gives the web page; null where the program was built without. */
  page(): Promise<Page | null>;
}
