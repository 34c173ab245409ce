/**
 * What an agent, and who speaks with agents, need of the machine beside the ports
 * of every command.
 *
 * @module
 */

import type {
  ChannelClients,
  ChannelServers,
  EtcdHttp,
  Machine,
  Metadata,
  ReportDevice,
  StateFiles,
  TdRegister,
} from "./node_ports.ts";

/** A folder of state that is in use. */
export interface OpenState {
  /** Its files. */
  readonly files: StateFiles;
  /** Lets others use it. */
  close(): void;
}

/** Certificates and key by which an etcd knows its client, PEM. */
export interface EtcdIdentity {
  /** Certificates that etcd's own is under. */
  readonly authorities: string;
  /** The client's certificate. */
  readonly certificate: string;
  /** Its private key. */
  readonly key: string;
}

/** The machine of an agent. */
export interface NodeHost {
  /** Being a server of the channel. */
  readonly servers: ChannelServers;
  /** Asking servers of the channel. */
  readonly clients: ChannelClients;
  /** Milliseconds that only rise. */
  monotonic(): number;
  /**
   * Waits.
   *
   * @param milliseconds How long, at most.
   * @param signal Ends the waiting before.
   */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /**
   * Opens a folder of state, for this process alone.
   *
   * @param folder Where; it is made where there is none.
   * @throws {OperationError} `node.state_folder`
   */
  openState(folder: string): Promise<OpenState>;
  /**
   * Opens the TEE that is named, or the one that the machine has.
   *
   * @param address `auto`, `none`, the name of a kernel's interface, or `unix:/PATH` of a lab's.
   * @param root What stands before the kernel's paths; empty for nothing.
   * @returns Null where there is none.
   * @throws {InputError} `input.value`
   */
  openTee(address: string, root: string): Promise<ReportDevice | null>;
  /**
   * Opens RTMR 3 of a TD.
   *
   * @param root What stands before the kernel's paths; empty for nothing.
   * @throws {UnavailableError} `device.*`
   */
  openTdRegister(root: string): Promise<TdRegister>;
  /**
   * What the kernel shows of the machine.
   *
   * @param root What stands before its paths; empty for nothing.
   */
  machine(root: string): Machine;
  /** The cloud's metadata service. */
  metadata(): Metadata;
  /**
   * A client of an etcd.
   *
   * @param identity As whom.
   */
  openEtcd(identity: EtcdIdentity): EtcdHttp;
  /**
   * Withholds core dumps, as memory holds keys.
   *
   * @returns Whether it could be done.
   */
  withholdCores(): boolean;
  /** Resolves when the process is asked to end, by SIGINT or SIGTERM. */
  ended(): Promise<void>;
}
