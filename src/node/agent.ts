/**
 * The agent of a node: from what the machine is and was launched with to a
 * member that serves, until it is asked to end.
 *
 * @module
 */

import type { ChannelListener } from "../core/node_ports.ts";
import type { AgentParts } from "./agent_parts.ts";
import type { Life } from "./life.ts";
import { withoutFloods, withoutRepeats } from "./log.ts";
import { Making } from "./making.ts";
import { unmeasured } from "./unmeasured.ts";

export type { AgentParts } from "./agent_parts.ts";

/** An agent that runs. */
export class Agent {
  readonly #listener: ChannelListener;
  readonly #life: Life;
  /** Where it answers. */
  readonly url: string;

  private constructor(url: string, listener: ChannelListener, life: Life) {
    this.url = url;
    this.#listener = listener;
    this.#life = life;
  }

  /**
   * Starts an agent: how far this boot has come is found out and made good before it answers anybody.
   *
   * @param parts What it is made of.
   * @throws {OperationError} `node.register`, `node.state`, `node.other_cluster`
   * @throws {UnavailableError} where the devices give no evidence
   * @throws {InputError} `input.value` where the address cannot be listened on
   */
  static async start(parts: AgentParts): Promise<Agent> {
    if (parts.register === null) parts.log(unmeasured(parts.variant));
    const log = withoutFloods(withoutRepeats(parts.log), () => parts.host.monotonic());
    const making = await Making.begin({ ...parts, log });
    await making.passage.resume();
    await making.tryDevices();
    const { listener, url } = await making.listen();
    const life = making.live(url);
    try {
      await life.resume();
    } catch (error) {
      await listener.close();
      throw error;
    }
    parts.log({
      level: "info",
      event: "listening",
      message: `Listening on ${url}`,
      fields: { listening: url, phase: making.self.mark.phase },
    });
    return new Agent(url, listener, life);
  }

  /** Lives, until it is asked to end. */
  async run(): Promise<void> {
    await this.#life.run();
  }

  /** Ends it: requests under way are answered. */
  async end(): Promise<void> {
    this.#life.end();
    await this.#listener.close();
  }
}
