/**
 * What only a node, and a lab that plays several, needs of its machine beside
 * the ports of every command.
 *
 * @module
 */

/** Evidence of a TEE as the guest's kernel gives it. */
export interface TeeReport {
  /** Who gave it, in configfs-tsm's words. */
  readonly provider: "sev_guest" | "tdx_guest";
  /** SEV-SNP report (1184 bytes) or TDX quote; a TD report (1024 bytes) where `isQuote` is false. */
  readonly report: Uint8Array;
  /** Whether a TDX report is a quote; always true of SEV-SNP. */
  readonly isQuote: boolean;
  /** Certificates beside it (SEV-SNP: the GHCB's table); null without. */
  readonly certificates: Uint8Array | null;
  /** Lists of revoked keys beside it, DER; a lab's TEE gives them, hardware never does. */
  readonly lists: readonly Uint8Array[];
  /** Manifest of the services of an SVSM beside it; absent without. */
  readonly manifest?: Uint8Array;
}

/** A TEE that can be asked for a report. */
export interface ReportDevice {
  /**
   * Asks for a report.
   *
   * @param reportData 64 bytes.
   * @param privilege VMPL of SEV-SNP, 0 to 3; absent for the device's own.
   * @throws {UnavailableError} `device.*`
   */
  report(reportData: Uint8Array, privilege?: number): Promise<TeeReport>;
}

/** The register of a TD that its own software extends while it runs: RTMR 3. */
export interface TdRegister {
  /** Whether the kernel extends it. */
  readonly isExtendable: boolean;
  /**
   * What it holds.
   *
   * @returns 48 bytes; null where nothing on the machine says it.
   * @throws {UnavailableError} `device.*`
   */
  read(): Promise<Uint8Array | null>;
  /**
   * Extends it. Who gets an error reads it again before anything else is extended.
   *
   * @param digest 48 bytes.
   * @throws {UnavailableError} `device.*`
   */
  extend(digest: Uint8Array): Promise<void>;
}

/** A self-signed identity of a TLS server, made in memory. */
export interface TlsKeyPair {
  /** The certificate, DER. */
  readonly certificate: Uint8Array;
  /** Its private key, PKCS #8, DER. */
  readonly key: Uint8Array;
}

/** A request that came over the channel. */
export interface ChannelRequest {
  /** `GET` or `POST`. */
  readonly method: string;
  /** Path, without query. */
  readonly path: string;
  /** Body, whole. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** Address that it came from. */
  readonly source: string;
  /** Certificate of this server that the connection was made under, DER. */
  readonly leaf: Uint8Array;
}

/** An answer. */
export interface ChannelAnswer {
  /** Status of HTTP. */
  readonly status: number;
  /** Media type. */
  readonly type: string;
  /** Body. */
  readonly body: Uint8Array;
  /** When to ask again, seconds; absent where nothing says so. */
  readonly retryAfter?: number;
}

/** A server of the channel that runs. */
export interface ChannelListener {
  /** Port. */
  readonly port: number;
  /**
   * Shows new connections another certificate; those that are there end within a minute.
   *
   * @param identity The identity.
   */
  replace(identity: TlsKeyPair): void;
  /** Takes no further connections, and resolves when requests under way are answered. */
  close(): Promise<void>;
}

/** Being a server of the channel: TLS 1.3 alone (protocol §5.2). */
export interface ChannelServers {
  /**
   * Listens.
   *
   * @param options Where, as whom, and what answers.
   * @throws {InputError} `input.value` where the address cannot be listened on.
   */
  listen(options: {
    readonly hostname: string;
    readonly port: number;
    readonly identity: TlsKeyPair;
    readonly handle: (request: ChannelRequest) => Promise<ChannelAnswer>;
  }): Promise<ChannelListener>;
}

/** A request over the channel. */
export interface ChannelCall {
  /** Address of the server, `https://HOST:PORT`. */
  readonly url: string;
  /** Path. */
  readonly path: string;
  /** Method. */
  readonly method: "GET" | "POST";
  /** Body; empty of GET. */
  readonly body: Uint8Array;
  /** The one certificate that the server may show, DER; null where nothing is believed yet. */
  readonly leaf: Uint8Array | null;
  /** Longest time until the whole answer is there, ms. */
  readonly timeout: number;
}

/** Asking servers of the channel. */
export interface ChannelClients {
  /** Whether certificates are compared, as calls demand; absent where they are. Browsers cannot. */
  readonly pins?: boolean;
  /**
   * Asks, over TLS 1.3.
   *
   * @param call The request.
   * @returns The answer, at most 1 MiB.
   * @throws {RejectedError} `channel.pin` where the server shows another certificate.
   * @throws {UnavailableError} `channel.unreachable`, `channel.timeout`, `channel.too_large`
   */
  ask(call: ChannelCall): Promise<ChannelAnswer>;
}

/** Files of this node alone, that outlive the process. */
export interface StateFiles {
  /**
   * Reads a file; null where there is none.
   *
   * @param name Name without folder.
   */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /**
   * Writes a file in place of what was there, and on disk when this resolves: a reader finds the old or the new one whole.
   *
   * @param name Name without folder.
   * @param bytes Content.
   */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * Removes a file, where there is one.
   *
   * @param name Name without folder.
   */
  remove(name: string): Promise<void>;
}

/** A request to the cloud's metadata service. */
export interface MetadataRequest {
  /** Method. */
  readonly method: "GET" | "PUT" | "POST";
  /** Path with query, as `/latest/api/token`; which host answers is not the caller's to say. */
  readonly path: string;
  /** Headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body; empty without. */
  readonly body: Uint8Array;
  /** Most bytes of the answer's body. */
  readonly maxBytes: number;
  /** Longest time until the whole answer is there, ms. */
  readonly timeout: number;
}

/** The metadata service of the cloud, at its link-local address and nowhere else: no proxy, no redirects. */
export interface Metadata {
  /**
   * Asks.
   *
   * @param request The request.
   * @returns Status and body, whatever they say.
   * @throws {UnavailableError} `device.metadata_unreachable`, `device.metadata_answer`
   */
  ask(request: MetadataRequest): Promise<Omit<ChannelAnswer, "type">>;
}

/** A call to the JSON gateway of an etcd. */
export interface EtcdCall {
  /** Address, `https://HOST:PORT/v3/...`. */
  readonly url: string;
  /** JSON. */
  readonly body: Uint8Array;
  /** Token of a user; null where nobody has authenticated yet. */
  readonly token: string | null;
  /** Longest time until the whole answer is there, ms. */
  readonly timeout: number;
}

/** What etcd answered, whatever it says. */
export interface EtcdAnswer {
  /** Status of HTTP. */
  readonly status: number;
  /** Body, at most 16 MiB. */
  readonly body: Uint8Array;
}

/** A client of an etcd, which shows its certificate. */
export interface EtcdHttp {
  /**
   * Asks by POST, over TLS under the given authorities alone.
   *
   * @param call The call.
   * @throws {UnavailableError} `store.unreachable`, whose field `sent` is `no` where etcd cannot have seen the call, else `maybe`.
   */
  post(call: EtcdCall): Promise<EtcdAnswer>;
  /** Ends its connections; calls under way fail. */
  close(): void;
}

/** What the kernel shows of the machine; reading it changes nothing. */
export interface Machine {
  /**
   * Text of a small file, without blanks at its ends; null where there is none that may be read.
   *
   * @param path Where, as `/sys/class/dmi/id/sys_vendor`.
   */
  text(path: string): Promise<string | null>;
  /**
   * Whether something stands at a path.
   *
   * @param path Where.
   */
  exists(path: string): Promise<boolean>;
  /**
   * Which TEE answers configfs-tsm; null where there is no such interface, or nobody behind it.
   *
   * @throws {UnavailableError} `device.*` where it is there and may not be asked, or is none that is known here.
   */
  teeProvider(): Promise<TeeReport["provider"] | null>;
}
