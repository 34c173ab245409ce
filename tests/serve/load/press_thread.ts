/**
 * The thread of `pressApart`.
 *
 * @module
 */

/// <reference lib="deno.worker" />
import { serveOrders } from "./press_worker.ts";

serveOrders(self);
