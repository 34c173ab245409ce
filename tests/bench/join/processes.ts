/**
 * What processes use, as Linux counts it (proc_pid_stat(5), proc_pid_smaps(5)).
 *
 * @module
 */

/** Ticks of a second in `/proc`, on every Linux that is not built otherwise. */
const TICKS = 100;

/** What a process has used. */
export interface Usage {
  /** Time of the processor, s, in user space and in the kernel. */
  readonly cpu: number;
  /** Memory in use, bytes, pages that others share counted whole. */
  readonly rss: number;
  /** The same, each shared page counted in parts. */
  readonly pss: number;
}

/** Some processes together. */
export interface Share {
  /** What they are. */
  readonly title: string;
  /** How many. */
  readonly count: number;
  /** Time of the processor that they used meanwhile, s. */
  readonly cpu: number;
  /** Memory of the largest of them at the end, bytes. */
  readonly largest: number;
  /** Memory of all at the end, bytes; each shared page counted once. */
  readonly pss: number;
}

/** Processes of one kind. */
export interface Kind {
  /** What they are. */
  readonly title: string;
  /** Their numbers. */
  readonly pids: readonly number[];
}

/**
 * What a process has used so far.
 *
 * @param pid Its number.
 */
export async function usageOf(pid: number): Promise<Usage> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  // Behind the name in brackets: field 3; of interest are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const memory = await Deno.readTextFile(`/proc/${pid}/smaps_rollup`);
  const kilobytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(memory)?.[1] ?? NaN);
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) / TICKS,
    rss: kilobytes("Rss") * 1024,
    pss: kilobytes("Pss") * 1024,
  };
}

/**
 * Looks at processes, and later again.
 *
 * @param kinds Which.
 * @returns Tells what they used in between, and what they hold then.
 */
export async function watch(kinds: readonly Kind[]): Promise<() => Promise<readonly Share[]>> {
  const before = await Promise.all(kinds.map(({ pids }) => Promise.all(pids.map(usageOf))));
  return async () => {
    const shares = kinds.map(async ({ title, pids }, kind): Promise<Share> => {
      const after = await Promise.all(pids.map(usageOf));
      const used = after.map(({ cpu }, i) => cpu - (before[kind]?.[i]?.cpu ?? NaN));
      return {
        title,
        count: pids.length,
        cpu: sum(used),
        largest: Math.max(...after.map(({ rss }) => rss)),
        pss: sum(after.map(({ pss }) => pss)),
      };
    });
    return await Promise.all(shares);
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Load of the computer over the last minute. */
export function load(): number {
  return Deno.loadavg()[0] ?? NaN;
}
