import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { noOpenssl, openssl } from "../lab/openssl_test.ts";
import { generateKeyPair } from "../core/x509_writer/key_pair.ts";
import { pem } from "../lab/pem.ts";
import { namesOf } from "./host_names.ts";
import { keyOfLeaf, makeLeaf } from "./leaf.ts";
import { certifyNode, makeNodeAuthority, type NodeAuthority } from "./node_certificates.ts";

const NOW = new Date("2026-11-22T08:00:00Z");
const SECONDS = String(NOW.getTime() / 1000);
const CLUSTER = "c1".repeat(32);
const random = {
  bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
};

async function certified(authority: NodeAuthority): Promise<Uint8Array> {
  const { spki } = await generateKeyPair("P-256");
  return await certifyNode(authority, {
    spki,
    name: "worker-1",
    role: "worker",
    url: "https://[fd00::12]:9000",
    notBefore: NOW,
    notAfter: new Date(NOW.getTime() + 7_200_000),
    random,
  });
}

function authorityOf(lab: boolean): Promise<NodeAuthority> {
  return makeNodeAuthority({ clusterId: CLUSTER, lab, now: NOW, random });
}

Deno.test({
  name: "certifyNode() makes certificates that openssl verifies for both directions, for two hours",
  ignore: noOpenssl,
  async fn() {
    const authority = await authorityOf(false);
    const files = {
      "ca.pem": pem("CERTIFICATE", authority.certificate),
      "node.pem": pem("CERTIFICATE", await certified(authority)),
    };
    const verify = (purpose: string, at: string, ...more: string[]): ReturnType<typeof openssl> =>
      openssl(
        ["verify", "-x509_strict", "-purpose", purpose, "-attime", at, ...more]
          .concat(["-CAfile", "ca.pem", "node.pem"]),
        files,
      );
    for (const purpose of ["sslserver", "sslclient"]) {
      const { ok, text } = await verify(purpose, SECONDS, "-verify_ip", "fd00::12");
      assert.ok(ok, text);
    }
    assert.ok((await verify("sslserver", SECONDS, "-verify_hostname", "worker-1")).ok);
    assert.ok(!(await verify("sslserver", SECONDS, "-verify_hostname", "worker-2")).ok);
    assert.ok(!(await verify("sslserver", String(Number(SECONDS) + 7300))).ok);
    assert.ok(!(await verify("crlsign", SECONDS)).ok);
  },
});

Deno.test({
  name:
    "certifyNode() is refused by openssl under the authority of a lab with the same cluster's id",
  ignore: noOpenssl,
  async fn() {
    const [real, lab] = [await authorityOf(false), await authorityOf(true)];
    const files = {
      "ca.pem": pem("CERTIFICATE", real.certificate),
      "node.pem": pem("CERTIFICATE", await certified(lab)),
    };
    const args = ["verify", "-attime", SECONDS, "-CAfile", "ca.pem", "node.pem"];
    assert.match((await openssl(args, files)).text, /unable to get local issuer certificate/);
  },
});

Deno.test({
  name: "makeNodeAuthority() lets no node certify another: openssl stops at the length of the path",
  ignore: noOpenssl,
  async fn() {
    const authority = await authorityOf(false);
    const text = (await openssl(
      ["x509", "-noout", "-text", "-in", "ca.pem"],
      { "ca.pem": pem("CERTIFICATE", authority.certificate) },
    )).text;
    assert.match(text, /CA:TRUE, pathlen:0/);
    assert.match(text, new RegExp(`O ?= ?Casemate cluster, CN ?= ?${CLUSTER}`));
    const node = new X509Certificate(await certified(authority));
    assert.equal(node.ca, false);
    assert.equal(node.subject, "O=worker\nCN=worker-1");
  },
});

Deno.test("makeLeaf() signs a certificate of its own key, which keyOfLeaf() reads", async () => {
  const leaf = await makeLeaf({ random, hosts: ["node.example", "10.0.0.7", "::1"] });
  const read = new X509Certificate(leaf.certificate);
  assert.ok(read.verify(read.publicKey));
  assert.equal(
    read.subjectAltName,
    "DNS:*.agent.casemate.invalid, DNS:node.example, IP Address:10.0.0.7, IP Address:::1",
  );
  assert.deepEqual(keyOfLeaf(leaf.certificate), leaf.spki);
  const other = await makeLeaf({ random, hosts: [] });
  assert.notDeepEqual(keyOfLeaf(other.certificate), leaf.spki);
});

Deno.test("keyOfLeaf() refuses what is no certificate", () => {
  assert.throws(() => keyOfLeaf(Uint8Array.of(0x30, 0)), { code: "channel.leaf" });
});

Deno.test("namesOf() writes addresses as bytes, each host once", () => {
  const { dns, addresses } = namesOf(["a.b", "127.0.0.1", "[2001:db8::1:0]", "a.b", "::"]);
  assert.deepEqual(dns, ["a.b"]);
  assert.deepEqual(addresses.map((address) => [...address]), [
    [127, 0, 0, 1],
    [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ]);
});
