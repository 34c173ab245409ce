import assert from "node:assert/strict";
import { toHex } from "../../core/bytes.ts";
import { caSerials, LAB_LINES, type LeafForm } from "./amd_hierarchy.ts";
import { AMD_OIDS } from "./amd_leaf.ts";
import { type AmdAuthority, createAmdAuthority } from "./authority.ts";
import type { CertificateDescription } from "../../core/x509_writer/certificate.ts";
import { dropExtension, LAB_MARK_OID } from "../extension.ts";
import { labAuthority, NOW } from "../../../tests/lab_authority.ts";
import { noOpenssl, openssl } from "../openssl_test.ts";
import { type MintedSnp, mintSnp, type SnpBends } from "./snp.ts";
import { signSnpReport } from "./snp_report.ts";

const FORMS: readonly LeafForm[] = ["VCEK", "VLEK"];

const genoa: AmdAuthority = await labAuthority();
const keys = { ARK: genoa.ARK.key, VCEK: genoa.VCEK.key, VLEK: genoa.VLEK.key };

/** OpenSSL's opinion of a minted chain. */
async function verify(
  minted: MintedSnp,
  target: "leaf" | "chain",
  ...more: readonly string[]
): Promise<string> {
  const files = { leaf: minted.leaf, chain: minted.chain, root: minted.root, crl: minted.crl };
  // Not -x509_strict: AMD's leaves have no authority key identifier, and so have the lab's.
  const args = ["verify", "-check_ss_sig", "-attime", `${NOW.getTime() / 1000}`];
  // The root of -CAfile is trusted, the intermediate comes from -untrusted, as a verifier gets them.
  const { text } = await openssl(
    [...args, ...more, "-CAfile", "root", "-untrusted", "chain", "-CRLfile", "crl", target],
    files,
  );
  return text;
}

for (const line of LAB_LINES) {
  for (const form of FORMS) {
    Deno.test({
      name:
        `mintSnp() makes a ${line} chain for a ${form} that openssl verifies but for the lab mark`,
      ignore: noOpenssl,
      fn: async () => {
        const authority = await createAmdAuthority({ line, now: NOW, keys });
        const minted = await mintSnp(authority, { now: NOW, form });
        assert.match(await verify(minted, "leaf", "-ignore_critical"), /leaf: OK/);
        assert.match(
          await verify(minted, "chain", "-ignore_critical", "-crl_check"),
          /chain: OK/,
        );
        const refused = await verify(minted, "leaf");
        for (const depth of [0, 1, 2]) {
          assert.match(
            refused,
            new RegExp(`error 34 at ${depth} depth lookup: unhandled critical extension`),
          );
        }
      },
    });
  }
}

Deno.test({
  name: "mintSnp() makes a leaf key that the report is signed with",
  ignore: noOpenssl,
  fn: async () => {
    const minted = await mintSnp(genoa, { now: NOW });
    const { text } = await openssl(["x509", "-in", "leaf", "-noout", "-pubkey"], {
      leaf: minted.leaf,
    });
    const { stdout } = await openssl(["pkey", "-pubin", "-in", "key", "-outform", "DER"], {
      key: text,
    });
    assert.equal(toHex(stdout), toHex(minted.leafKey.spki));
    const again = await signSnpReport(minted.report, minted.leafKey);
    assert.equal(toHex(again.subarray(0, 0x2a0)), toHex(minted.report.subarray(0, 0x2a0)));
  },
});

Deno.test("mintSnp() binds report and leaf: TCB, chip id, signing key, product", async () => {
  const tcb = { fmc: 2, bootloader: 3, tee: 4, snp: 5, microcode: 200 };
  const hwid = Uint8Array.of(2, 4, 6, 8, 10, 12, 14, 16);
  const turin = await createAmdAuthority({ line: "Turin", now: NOW, keys });
  const options = { now: NOW, tcb, hwid };
  const vcek = await mintSnp(turin, options);
  const at = (minted: MintedSnp, offset: number, length: number): string =>
    toHex(minted.report.subarray(offset, offset + length));
  for (const offset of [0x38, 0x180, 0x1e0, 0x1f0]) {
    assert.equal(at(vcek, offset, 8), "02030405000000c8");
  }
  assert.equal(at(vcek, 0x1a0, 64), "020406080a0c0e10" + "00".repeat(56));
  assert.equal(at(vcek, 0x188, 3), "1a0201");
  assert.equal(at(vcek, 0x48, 4), "00000000");
  const vlek = await mintSnp(turin, { ...options, form: "VLEK" });
  assert.equal(at(vlek, 0x1a0, 64), "00".repeat(64));
  assert.equal(at(vlek, 0x48, 4), "04000000");
});

Deno.test("mintSnp() writes report data, measurement and version as given", async () => {
  const measurement = new Uint8Array(48).fill(7);
  const minted = await mintSnp(genoa, {
    now: NOW,
    version: 2,
    reportData: Uint8Array.of(1, 2),
    measurement,
  });
  assert.equal(toHex(minted.report.subarray(0x50, 0x90)), "0102" + "00".repeat(62));
  assert.equal(toHex(minted.report.subarray(0x90, 0xc0)), toHex(measurement));
  assert.equal(toHex(minted.report.subarray(0, 4)), "02000000");
  assert.equal(toHex(minted.report.subarray(0x188, 0x18b)), "000000");
  assert.equal(toHex(minted.report.subarray(0x1f8, 0x208)), "00".repeat(16));
  await assert.rejects(mintSnp(genoa, { now: NOW, reportData: new Uint8Array(65) }), RangeError);
});

Deno.test("mintSnp() applies a bend to the report before it is signed", async () => {
  const minted = await mintSnp(genoa, { now: NOW, bends: { report: { vmpl: 3 } } });
  assert.equal(minted.report[0x30], 3);
  const masked = await mintSnp(genoa, {
    now: NOW,
    bends: {
      report: (fields) => ({ ...fields, flags: fields.flags | 2, chipId: new Uint8Array(64) }),
    },
  });
  assert.equal(masked.report[0x48], 2);
});

Deno.test({
  name: "mintSnp() drops lab mark and AMD extensions on demand, from each certificate alone",
  ignore: noOpenssl,
  fn: async () => {
    const clean = await mintSnp(genoa, {
      now: NOW,
      bends: { ARK: withoutLabMark, VCEK: withoutLabMark, leaf: withoutLabMark },
    });
    assert.match(await verify(clean, "leaf"), /leaf: OK/);
    const withoutHwid = await mintSnp(genoa, {
      now: NOW,
      bends: {
        leaf: (leaf) => ({ ...leaf, extensions: dropExtension(leaf.extensions, AMD_OIDS.hwid) }),
      },
    });
    const { text } = await openssl(["x509", "-in", "leaf", "-noout", "-text"], {
      leaf: withoutHwid.leaf,
    });
    assert.doesNotMatch(text, /3704\.1\.4:/);
    assert.match(text, /3704\.1\.3\.8:/);
  },
});

/** The description without the lab mark. */
function withoutLabMark(description: CertificateDescription): CertificateDescription {
  return { ...description, extensions: dropExtension(description.extensions, LAB_MARK_OID) };
}

Deno.test({
  name: "mintSnp() makes revocation lists whose bends openssl names",
  ignore: noOpenssl,
  fn: async () => {
    const judged = async (bends: SnpBends): Promise<string> => {
      const minted = await mintSnp(genoa, { now: NOW, bends });
      return await verify(minted, "chain", "-ignore_critical", "-crl_check");
    };
    const day = 86_400_000;
    const revoked = [{ serial: caSerials("Genoa").VCEK, at: NOW }];
    assert.match(await judged({ crl: { revoked } }), /certificate revoked/);
    assert.match(
      await judged({ crl: { nextUpdate: new Date(NOW.getTime() - day) } }),
      /CRL has expired/,
    );
    assert.match(
      await judged({ crl: { thisUpdate: new Date(NOW.getTime() + day) } }),
      /CRL is not yet valid/,
    );
    assert.match(await judged({ crl: { signWith: genoa.VCEK.key } }), /CRL signature failure/);
    assert.match(
      await judged({ crl: { signature: new Uint8Array(512) } }),
      /CRL signature failure/,
    );
    assert.match(
      await judged({ VCEK: { notAfter: new Date(NOW.getTime() - 1000) } }),
      /certificate has expired/,
    );
  },
});

Deno.test({
  name: "mintSnp() bends signers so that openssl refuses the chain",
  ignore: noOpenssl,
  fn: async () => {
    const judged = async (bends: SnpBends): Promise<string> => {
      const minted = await mintSnp(genoa, { now: NOW, bends });
      return await verify(minted, "leaf", "-ignore_critical");
    };
    assert.match(
      await judged({ leaf: { signWith: genoa.VLEK.key } }),
      /certificate signature failure/,
    );
    assert.match(
      await judged({ VCEK: { signWith: genoa.VLEK.key } }),
      /certificate signature failure/,
    );
    assert.match(
      await judged({ ARK: { signWith: genoa.VLEK.key } }),
      /certificate signature failure/,
    );
  },
});
