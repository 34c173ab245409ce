/**
 * Attacks with evidence that does not show what the manifest demands.
 *
 * @module
 */

import type { Given } from "../../../src/channel/peer.ts";
import { toHex } from "../../../src/core/bytes.ts";
import type { Attack } from "./attack.ts";
import * as evidence from "./evidence_defences.ts";
import * as place from "./place_defences.ts";
import { otherTpm, ownAmd, softwareKey, withoutReport } from "./forged.ts";
import { questionOf, type Request, type Said, TPM_ALONE } from "./stating.ts";
import { RANDOM, TENANT_PROJECT } from "./lab.ts";
import type { Scene } from "./attack.ts";
import type { Answered } from "./wire.ts";

/** Asks to be admitted, with what is said and asked otherwise. */
async function asking({ joiner, url }: Scene, said: Said = {}): Promise<() => Promise<Answered>> {
  const session = await joiner.session(url);
  return () => joiner.ask(session, { purpose: "join", exact: joiner.joinBody(), said });
}

/** Asks to be admitted with evidence that is made otherwise. */
async function showing(
  { joiner, url }: Scene,
  make: (question: ReturnType<typeof questionOf>) => Promise<Given>,
): Promise<() => Promise<Answered>> {
  const session = await joiner.session(url);
  const request: Request = { purpose: "join", exact: joiner.joinBody() };
  const given = await make(questionOf(session, "join", request.exact));
  return () => joiner.sendWith(session, request, given);
}

/** The attacks. */
export const ATTACKS_ON_EVIDENCE: readonly Attack[] = [
  {
    says: "one register differs",
    code: "tpm.register_mismatch",
    machine: () => ({ bent: 11 }),
    prepare: (scene) => asking(scene),
    off: [evidence.registers],
  },
  {
    says: "no TEE: a certified TPM alone",
    code: "trust.variant_not_admitted",
    prepare: (scene) => asking(scene, { variant: TPM_ALONE }),
    // The manifest admits no such evidence, and none of its groups takes it.
    off: [evidence.variant, evidence.variantOfGroup],
  },
  {
    says: "no TEE: the report left out",
    code: "input.missing",
    status: 400,
    prepare: (scene) => showing(scene, (asked) => withoutReport(scene.joiner, asked)),
    // There is nothing to judge; without a report there is only the variant above.
    off: [],
  },
  {
    says: "no TEE: a report that the attacker made himself",
    code: "snp.root_unknown",
    machine: async () => ({ amd: await ownAmd() }),
    prepare: (scene) => asking(scene),
    off: [evidence.roots],
  },
  {
    says: "a key in software, certified by the attacker's own authority",
    code: "tpm.root_unknown",
    prepare: (scene) => showing(scene, (asked) => softwareKey(scene.joiner, asked, "own")),
    off: [evidence.roots],
  },
  {
    says: "a key in software that nobody certified",
    code: "gce.instance_missing",
    prepare: (scene) => showing(scene, (asked) => softwareKey(scene.joiner, asked, "none")),
    // Without a certificate it is of no project, and rests on nobody's word.
    off: [evidence.instance, evidence.keyRoot],
  },
  {
    says: "the TPM of another machine beside a genuine report",
    code: "snp.report_data_mismatch",
    prepare: async (scene) => {
      const other = await scene.another();
      return await showing(scene, (asked) => otherTpm(scene.joiner, other, asked));
    },
    off: [evidence.reportData],
  },
  {
    says: "a guest that was launched for another cluster",
    code: "snp.host_data_mismatch",
    machine: () => ({ hostData: toHex(RANDOM.bytes(32)) }),
    prepare: (scene) => asking(scene),
    off: [evidence.hostData],
  },
  {
    says: "a boot that went into another cluster",
    code: "statement.cluster_mismatch",
    machine: () => ({ states: toHex(RANDOM.bytes(32)) }),
    prepare: (scene) => asking(scene),
    // The join service would not take it either.
    off: [evidence.cluster, place.clusterInService],
  },
  {
    says: "a machine of a foreign project",
    code: "gce.project_mismatch",
    machine: () => ({ project: `${TENANT_PROJECT}-of-others` }),
    prepare: async ({ joiner, url }) => {
      const session = await joiner.session(url);
      const exact = joiner.joinBody({ group: "tenant" });
      return () => joiner.ask(session, { purpose: "join", exact });
    },
    off: [evidence.project],
  },
  {
    says: "a boot that is a member states that it is not admitted yet",
    code: "statement.phase_mismatch",
    prepare: async (scene) => {
      const { joiner } = scene;
      await joiner.become({ role: "worker", nodeName: "guest-0", manifestSequence: 2 });
      return await asking(scene);
    },
    honest: honestElsewhere,
    off: [evidence.phaseRegister],
  },
  {
    says: "a boot that is a member asks to be admitted once more",
    code: "statement.phase_refused",
    prepare: async (scene) => {
      const { joiner } = scene;
      const said = { role: "worker", nodeName: "guest-0", manifestSequence: 2 } as const;
      return await asking(scene, await joiner.become(said));
    },
    honest: honestElsewhere,
    // The join service would not take who states a role, a name and a manifest either.
    off: [evidence.phaseOfPurpose, place.stranger],
  },
  {
    says: "a newcomer states that it is a control plane",
    code: "statement.inconsistent",
    prepare: (scene) => asking(scene, { role: "control-plane" }),
    // The join service would not take who states a role before it was admitted.
    off: [evidence.contradiction, place.stranger],
  },
];

async function honestElsewhere({ another, url }: Scene): Promise<void> {
  await (await another()).join(url);
}
