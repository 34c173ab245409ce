/**
 * Two networks of this computer with a bridge between them that can be cut:
 * packets are then lost, and nobody is told.
 *
 * @module
 */

import { outcome, run } from "../../scripts/process.ts";
import type { Program } from "./program.ts";

/** A network with one address. */
export interface Network {
  /** Its address. */
  readonly address: string;
  /**
   * A program that runs in it.
   *
   * @param program The program.
   */
  within(program: Program): Program;
  /** Cuts it off from everybody else. */
  cut(): Promise<void>;
  /** Ends that. */
  heal(): Promise<void>;
}

const ip = (line: string): Promise<void> => run("ip", line.split(" "));

/** Whether networks can be made here: by root, with the rights and the parts of the kernel that takes. */
export async function canMakeNetworks(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  const name = `cmtry${Deno.pid % 1_000_000}`;
  const lines = [
    `netns add ${name}`,
    `link add ${name} type bridge`,
    `-n ${name} link add name cma type veth peer name cmb`,
    `-n ${name} link set lo up`,
  ];
  try {
    for (const line of lines) {
      if ((await outcome("ip", line.split(" "))).code !== 0) return false;
    }
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  } finally {
    for (const line of [`link del ${name}`, `netns del ${name}`]) {
      await outcome("ip", line.split(" ")).catch(() => {});
    }
  }
}

/**
 * Makes two networks, uses them and takes them away.
 *
 * @param use What is done with them; this process reaches both.
 */
export async function withNetworks(
  use: (here: Network, there: Network) => Promise<void>,
): Promise<void> {
  // Interfaces have names of 15 characters at most; labs beside each other take other addresses.
  const mark = `cm${Deno.pid % 1_000_000}`;
  const prefix = `10.${200 + Deno.pid % 50}.${Math.floor(Deno.pid / 50) % 250}`;
  await ip(`link add ${mark} type bridge`);
  try {
    await ip(`addr add ${prefix}.1/24 dev ${mark}`);
    await ip(`link set ${mark} up`);
    await withNetwork({ mark, letter: "a", address: `${prefix}.2` }, async (here) => {
      await withNetwork({ mark, letter: "b", address: `${prefix}.3` }, (there) => use(here, there));
    });
  } finally {
    await ip(`link del ${mark}`);
  }
}

async function withNetwork(
  { mark, letter, address }: { mark: string; letter: string; address: string },
  use: (network: Network) => Promise<void>,
): Promise<void> {
  const [name, outer, inner] = [`${mark}${letter}`, `${mark}${letter}0`, `${mark}${letter}1`];
  await ip(`netns add ${name}`);
  try {
    await ip(`link add ${outer} type veth peer name ${inner}`);
    await ip(`link set ${inner} netns ${name}`);
    await ip(`link set ${outer} master ${mark}`);
    await ip(`link set ${outer} up`);
    await ip(`-n ${name} addr add ${address}/24 dev ${inner}`);
    await ip(`-n ${name} link set lo up`);
    await ip(`-n ${name} link set ${inner} up`);
    await use({
      address,
      within: (program) => ["ip", "netns", "exec", name, ...program],
      cut: () => ip(`link set ${outer} nomaster`),
      heal: () => ip(`link set ${outer} master ${mark}`),
    });
  } finally {
    // Its end of the cable goes with it, and so does the other.
    await ip(`netns del ${name}`);
  }
}
