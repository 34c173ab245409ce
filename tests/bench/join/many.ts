/**
 * Many agents in one process: each is `casemate node run` as it is, with the
 * machine, state and listener of its own that its flags name; they share the
 * process, its engine and its one thread. Until `release` comes on standard
 * input, who waits for the next attempt to join goes on waiting.
 *
 * @module
 */

import { run } from "../../../src/cli/mod.ts";
import type { Host, Terminal } from "../../../src/core/ports.ts";
import type { NodeHost } from "../../../src/core/node_host.ts";
import { denoHost } from "../../../src/hosts/deno.ts";

/** An agent to run. */
export interface ManyAgent {
  /** Arguments of the program. */
  readonly args: readonly string[];
  /** File to which it writes. */
  readonly log: string;
}

/** Longest wait between attempts to join, ms; whoever waits longer does not join. */
const LONGEST_ATTEMPT = 1_000;

/** Something that happens once. */
class Signal {
  readonly #happened = Promise.withResolvers<void>();
  isSo = false;

  get happened(): Promise<void> {
    return this.#happened.promise;
  }

  tell(): void {
    this.isSo = true;
    this.#happened.resolve();
  }
}

async function main(): Promise<void> {
  const agents: readonly ManyAgent[] = JSON.parse(await Deno.readTextFile(Deno.args[0] ?? ""));
  const [released, ended] = [new Signal(), new Signal()];
  const commands = listen(released, ended);
  const host = denoHost("bench");
  const node = await host.node();
  const waiting = agents.map(() => new Signal());
  const running = agents.map(({ args, log }, i) => {
    const held = heldBack(node, released, ended, waiting[i] ?? new Signal());
    return run(args, logging({ ...host, node: () => Promise.resolve(held) }, log), { debug: true });
  });
  await Promise.all(waiting.map(({ happened }) => happened));
  console.log("waiting");
  const codes = await Promise.all(running);
  await commands;
  if (codes.some((code) => code !== 0)) Deno.exit(1);
}

/** A host whose waits do not end before the release. */
function heldBack(node: NodeHost, released: Signal, ended: Signal, waiting: Signal): NodeHost {
  return {
    ...node,
    ended: () => ended.happened,
    async sleep(milliseconds, signal) {
      if (!released.isSo && milliseconds <= LONGEST_ATTEMPT) {
        waiting.tell();
        return await Promise.race([released.happened, ended.happened]);
      }
      await node.sleep(milliseconds, signal);
    },
  };
}

function logging(host: Host, path: string): Host {
  const write = (text: string) => Deno.writeTextFileSync(path, text, { append: true });
  const terminal: Terminal = { ...host.terminal, out: write, err: write };
  return { ...host, terminal };
}

async function listen(released: Signal, ended: Signal): Promise<void> {
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
  for await (const text of lines) if (text.startsWith("release")) released.tell();
  // Whoever started this process ended, or wants it to.
  ended.tell();
}

if (import.meta.main) await main();
