/**
 * How often etcd was asked, as it counts itself (`/metrics`).
 *
 * @module
 */

import { request } from "node:https";
import { readAccess } from "../../../src/cli/lab_cluster/etcd.ts";
import type { LabWork } from "../../../src/cli/lab_cluster/work.ts";

/** Calls that etcd has answered. */
export interface EtcdCount {
  /** Reads of a record, or of a page of them. */
  readonly reads: number;
  /** Transactions. */
  readonly writes: number;
}

/**
 * Calls that the etcd of a lab has answered so far.
 *
 * @param work The lab.
 */
export async function countCalls(work: LabWork): Promise<EtcdCount> {
  const metrics = await read(work);
  const count = (method: string): number => {
    const line =
      `^grpc_server_handled_total\\{grpc_code="OK",grpc_method="${method}",.*\\} (\\S+)$`;
    return Number(new RegExp(line, "m").exec(metrics)?.[1] ?? 0);
  };
  return { reads: count("Range"), writes: count("Txn") };
}

async function read(work: LabWork): Promise<string> {
  const { endpoints, authorities, certificate, key } = await readAccess(work);
  const how = { ca: authorities, cert: certificate, key, agent: false } as const;
  return await new Promise((resolve, reject) => {
    const asked = request(`${endpoints[0]}/metrics`, how, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => text += part);
      answer.once("end", () => resolve(text));
      answer.once("error", reject);
    });
    asked.once("error", reject);
    asked.end();
  });
}
