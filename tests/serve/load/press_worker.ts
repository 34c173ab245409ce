/**
 * Presses in a thread of its own, so that what others do in theirs holds up nobody.
 *
 * @module
 */

import { faultOf } from "./exchange.ts";
import { press, type Pressed } from "./press.ts";
import type { Question } from "../client.ts";

/** What is to be done. */
export interface PressOrder {
  /** The service. */
  readonly url: string;
  /** Clients at once. */
  readonly clients: number;
  /** For how long, ms. */
  readonly time: number;
  /** What they ask. */
  readonly question: Question;
}

/** What came of it, or why nothing did. */
export type PressReport = { readonly pressed: Pressed } | { readonly failed: string };

interface Port {
  onmessage: ((event: MessageEvent<PressOrder>) => void) | null;
  postMessage(report: PressReport): void;
}

/**
 * Answers one order on a port.
 *
 * @param port The thread's.
 */
export function serveOrders(port: Port): void {
  port.onmessage = async ({ data: { url, clients, time, question } }) => {
    try {
      const exchange = { question: () => question, fault: faultOf };
      port.postMessage({ pressed: await press(url, clients, time, exchange) });
    } catch (error) {
      port.postMessage({ failed: error instanceof Error ? error.message : String(error) });
    }
  };
}

/**
 * Has a thread press.
 *
 * @param order What.
 * @throws {Error} as `press` does.
 */
export async function pressApart(order: PressOrder): Promise<Pressed> {
  const worker = new Worker(import.meta.resolve("./press_thread.ts"), { type: "module" });
  try {
    const report = await new Promise<PressReport>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<PressReport>) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(order);
    });
    if ("failed" in report) throw new Error(report.failed);
    return report.pressed;
  } finally {
    worker.terminate();
  }
}
