/**
 * What a lab cluster needs of the machine it runs on, beside the ports of every
 * command: programs of its own that outlive the command, a folder that only its
 * owner sees, sockets.
 *
 * @module
 */

/** A process as nobody can mistake it: numbers of processes come back, together with the time of their start they do not. */
export interface ProcessMark {
  /** Number. */
  readonly pid: number;
  /** When it was started, in the kernel's ticks since the machine's. */
  readonly started: string;
}

/** A program to start. */
export interface Launch {
  /** Program and arguments; nothing secret, since everybody on the machine can read them. */
  readonly command: readonly string[];
  /** File to which all that it writes is added. */
  readonly log: string;
  /** By this it is found again, and whatever it starts: the text stands in its environment. */
  readonly tag: string;
}

/** A process that carries a tag. */
export interface Tagged extends ProcessMark {
  /** The tag. */
  readonly tag: string;
}

/** What came of a program that was waited for. */
export interface Finished {
  /** Exit code. */
  readonly code: number;
  /** The end of what it wrote, both streams. */
  readonly said: string;
}

/** Processes of this user. */
export interface Processes {
  /** The command line that starts this very program, up to its first argument. */
  own(): readonly string[];
  /**
   * Where a program is, as a shell would find it, or in the folders for the administrator's; null where it is not there.
   *
   * @param program Its name.
   */
  find(program: string): Promise<string | null>;
  /** Whether this user may install packages. */
  mayInstall(): boolean;
  /**
   * Runs a program and waits for its end.
   *
   * @param command Program and arguments.
   */
  finish(command: readonly string[]): Promise<Finished>;
  /**
   * Starts a program in a session of its own, so that it outlives this one and its terminal.
   *
   * @param launch The program.
   * @returns Null where it ended at once.
   * @throws {OperationError} `lab.start_failed`
   */
  launch(launch: Launch): Promise<ProcessMark | null>;
  /** Names this run of the machine: after another start all processes are others. */
  machineBoot(): Promise<string>;
  /**
   * Whether a process still is.
   *
   * @param mark The process.
   */
  isAlive(mark: ProcessMark): Promise<boolean>;
  /**
   * Processes whose tag begins so.
   *
   * @param prefix Beginning of the tag.
   */
  tagged(prefix: string): Promise<readonly Tagged[]>;
  /**
   * Sends a signal; nothing happens where the process is gone, even where another has its number now.
   *
   * @param mark The process.
   * @param signal The signal.
   */
  signal(mark: ProcessMark, signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

/** Folders and files that belong to a lab. */
export interface LabFolders {
  /** Where labs are unless something else is said. */
  home(): string;
  /**
   * A path from the root on, without links where it is there.
   *
   * @param path Any path.
   */
  absolute(path: string): Promise<string>;
  /**
   * Makes a folder that only this user can enter, and those above it; one that is there must be this user's to write alone.
   *
   * @param path Where.
   */
  make(path: string): Promise<void>;
  /**
   * Names of what is in a folder; none where there is no such folder.
   *
   * @param path Where.
   */
  list(path: string): Promise<readonly string[]>;
  /**
   * Reads a file; null where there is none.
   *
   * @param path Where.
   */
  read(path: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /**
   * Writes a file that only this user can read, in place of one that was there; on disk when this resolves.
   *
   * @param path Where.
   * @param bytes Content.
   */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /**
   * Size of a file, socket or folder; null where there is none.
   *
   * @param path Where.
   */
  size(path: string): Promise<number | null>;
  /**
   * Reads a piece of a file.
   *
   * @param path Where.
   * @param from First byte.
   */
  readFrom(path: string, from: number): Promise<Uint8Array>;
  /**
   * Removes a file or a folder with all that is in it; one that is not there is removed already.
   *
   * @param path Where.
   */
  remove(path: string): Promise<void>;
  /**
   * Gives a folder another name, at once.
   *
   * @param from Its name.
   * @param to Its new one.
   * @returns Whether that was done: not where there is something of the new name.
   */
  rename(from: string, to: string): Promise<boolean>;
  /**
   * Removes a folder, if there is nothing in it.
   *
   * @param path Where.
   */
  removeEmpty(path: string): Promise<void>;
  /**
   * Calls whenever something in a folder was made, changed or removed.
   *
   * @param path Where.
   * @param changed What is done.
   * @returns Ends that.
   */
  watch(path: string, changed: () => void): () => void;
  /**
   * Does some work while nobody else does work on the same lab.
   *
   * @param path File that stands for the work; it is gone afterwards.
   * @param work The work.
   * @returns Null, without having begun, where somebody does already.
   */
  alone<T>(path: string, work: () => Promise<T>): Promise<T | null>;
}

/** Ports that no other lab is given. */
export interface PortClaim extends Disposable {
  /** The ports. */
  readonly ports: readonly number[];
}

/** Sockets. */
export interface LabSockets {
  /**
   * Ports of the loopback that nobody listens on.
   *
   * @param count How many.
   * @param avoid Ports that are others'.
   */
  freePorts(count: number, avoid: ReadonlySet<number>): readonly number[];
  /**
   * The same, and nobody else claims them until they are let go of, or this process ended: time for programs to
   * listen there.
   *
   * @param count How many.
   * @param avoid Ports that are others'.
   */
  claimPorts(count: number, avoid: ReadonlySet<number>): PortClaim;
  /**
   * Whether somebody listens.
   *
   * @param address A port of the loopback, or path of a unix socket.
   */
  isHeld(address: number | string): Promise<boolean>;
  /**
   * Answers HTTP on a unix socket that only this user can reach.
   *
   * @param path Where; a socket that an earlier process left is replaced.
   * @param handle Answers.
   * @returns Ends that.
   */
  serveUnix(
    path: string,
    handle: (request: Request) => Promise<Response>,
  ): Promise<() => Promise<void>>;
}

/** All of them. */
export interface LabHost {
  /** Processes. */
  readonly processes: Processes;
  /** Folders. */
  readonly folders: LabFolders;
  /** Sockets. */
  readonly sockets: LabSockets;
  /**
   * Writes to standard output, for who goes on and on.
   *
   * @param text Text with its line ends.
   * @returns Whether somebody reads; once nobody does, there is nothing left to do.
   */
  tell(text: string): boolean;
  /**
   * Says something before this process ends by a signal that asks it to, as Ctrl-C does.
   *
   * @param say Says it.
   * @returns Ends that.
   */
  beforeEnding(say: () => void): Disposable;
  /** Whether standard output is a terminal whose lines can be written anew. */
  readonly live: boolean;
}
