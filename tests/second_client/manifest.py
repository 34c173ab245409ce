"""Manifests (docs/manifest.md): the chain from a cluster's id, and what follows from the newest."""

from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.serialization import Encoding

from dsse import Signed
from encoding import Failure, canonical, demand, h, sha256, strict_json

MANIFEST = "application/vnd.casemate.manifest+json"
REFERENCES = "application/vnd.casemate.reference-values+json"
MEMBERS = (
    "v clusterId sequence issued notAfter previous owner random labRoots images policy kubernetes "
    "groups network storageClasses workloadPolicy witnesses cosigningKey custodians"
).split()
# What custodians may change.
REPLACED = {"owner", "sequence", "previous", "issued", "notAfter"}
DRIFT = timedelta(minutes=5)
MOST = 400


def moment(text):
    """A moment to the second, in UTC."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


class Manifest:
    """One manifest: its members, digest, and who signed it."""

    def __init__(self, file):
        self.signed = Signed(file, MANIFEST)
        payload = self.signed.payload
        try:
            self.members = strict_json(payload)
            demand(
                set(self.members) == set(MEMBERS) and self.members["v"] == 1, "manifest.malformed"
            )
        except (ValueError, TypeError) as error:
            raise Failure("manifest.malformed", str(error)) from error
        demand(canonical(self.members) == payload, "manifest.not_canonical")
        self.digest = sha256(payload).hex()
        self.owner = bytes.fromhex(self.members["owner"])
        times = moment(self.members["issued"]) < moment(self.members["notAfter"])
        demand(times, "manifest.times", "it ends before it begins")
        check_groups(self.members)

    def __getitem__(self, name):
        return self.members[name]

    def cluster_id(self):
        """The id that owner and random bytes make."""
        label = "casemate/lab-cluster/v1" if self.is_lab() else "casemate/cluster/v1"
        return h("sha256", label, self.owner, bytes.fromhex(self["random"])).hex()

    def is_lab(self):
        """Whether it is of a lab's cluster."""
        return self["labRoots"] is not None

    def verify_signer(self, before):
        """That the owner before, or enough custodians, wanted it."""
        if self.signed.is_by(before.owner):
            return
        guarded = before["custodians"]
        keys = map(bytes.fromhex, guarded["keys"]) if guarded else ()
        signed = sum(self.signed.is_by(key) for key in keys)
        demand(signed, "manifest.signature")
        demand(signed >= guarded["threshold"], "manifest.custodians", str(signed))
        changed = {name for name in MEMBERS if self[name] != before[name]}
        demand(changed <= REPLACED, "manifest.owner", str(changed))


def check_groups(manifest):
    """What groups, images and policy say of each other."""
    admitted = manifest["policy"]["admitVariants"]
    images = [image["variant"] for image in manifest["images"]]
    groups = manifest["groups"]
    fits = (
        all(variant in admitted for variant in images)
        and all(group["variant"] in images for group in groups)
        and all(group["min"] <= group["max"] for group in groups)
        and any(group["role"] == "control-plane" for group in groups)
        and len({group["name"] for group in groups}) == len(groups)
    )
    demand(fits, "manifest.malformed", "groups, images and policy do not fit")


class Chain:
    """Manifests of a cluster, verified from its id alone, and their reference values."""

    def __init__(self, files, cluster_id, minimum_sequence=0, now=None):
        demand(0 < len(files) <= MOST, "manifest.sequence", str(len(files)))
        self.cluster_id = cluster_id
        self.manifests = []
        for file in files:
            self._append(Manifest(file))
        self.files = list(files)
        self.newest = self.manifests[-1]
        self.sequence = self.newest["sequence"]
        demand(self.sequence >= minimum_sequence, "manifest.rollback", str(self.sequence))
        now = now or datetime.now(UTC)
        demand(moment(self.newest["issued"]) <= now + DRIFT, "manifest.not_yet")
        demand(now <= moment(self.newest["notAfter"]), "manifest.expired")
        self.references = {}

    def _append(self, manifest):
        demand(manifest["clusterId"] == self.cluster_id, "manifest.cluster", "clusterId")
        place = manifest["sequence"] - 1
        demand(0 <= place <= len(self.manifests), "manifest.sequence", str(place + 1))
        self._verify_after(manifest, self.manifests[place - 1] if place else None)
        if place == len(self.manifests):
            self.manifests.append(manifest)
        demand(self.manifests[place].digest == manifest.digest, "manifest.fork", str(place + 1))

    def _verify_after(self, manifest, before):
        """That a manifest may stand behind another, or be the first."""
        if before is None:
            demand(manifest.cluster_id() == self.cluster_id, "manifest.cluster", "owner, random")
            demand(manifest["previous"] == "", "manifest.previous")
            demand(manifest.signed.is_by(manifest.owner), "manifest.signature")
            return
        same = manifest["random"] == before["random"] and manifest.is_lab() == before.is_lab()
        demand(same, "manifest.cluster", "random or kind")
        demand(manifest["previous"] == before.digest, "manifest.previous")
        manifest.verify_signer(before)
        demand(moment(manifest["issued"]) >= moment(before["issued"]), "manifest.times")

    def take_references(self, files):
        """Takes the documents of reference values that the newest manifest names."""
        documents = {}
        for file in files:
            signed = Signed(file, REFERENCES)
            by_owner = any(signed.is_by(manifest.owner) for manifest in self.manifests)
            demand(by_owner, "manifest.reference_signature")
            documents[sha256(signed.payload).hex()] = strict_json(signed.payload)
        wanted = {image["reference"] for image in self.newest["images"]}
        demand(wanted <= set(documents), "manifest.reference_missing")
        demand(set(documents) <= wanted, "manifest.reference_unknown")
        self.references = documents

    def extended(self, files):
        """The chain with further manifests, perhaps known ones, verified whole again."""
        return Chain([*self.files, *files], self.cluster_id, self.sequence)

    def digest_of(self, sequence):
        """Digest of a manifest, hex; None where there is none of that number."""
        known = 1 <= sequence <= len(self.manifests)
        return self.manifests[sequence - 1].digest if known else None

    def group_of_role(self, role):
        """The group of nodes of a role, of which this client knows one."""
        (group,) = [one for one in self.newest["groups"] if one["role"] == role]
        return group

    def believed(self, roots):
        """Those of a lab's roots that the newest manifest names."""
        named = self.newest["labRoots"] or []
        return [one for one in roots if sha256(one.public_bytes(Encoding.DER)).hex() in named]

    def host_data(self, variant):
        """What reports of a variant may have as host data, by the policy; None for anything."""
        return self.newest["policy"].get(variant, {}).get("tee", {}).get("hostData")

    def accepted_registers(self, variant):
        """Accepted states of a variant: one for each set of each image's reference values."""
        states = []
        for image in self.newest["images"]:
            document = self.references[image["reference"]]
            for one in document.get("sets", [document]):
                if image["variant"] == variant and variant in one:
                    states.append(registers_of(one[variant]))
        return states


def registers_of(section):
    """Registers of a set: what `known` says is left out, and several values are united."""
    entries = section.get("vtpm", {}).get("registers", {})
    state = {}
    for entry in entries if isinstance(entries, list) else [entries]:
        for bank, registers in entry.get("value", entry).items():
            for number, values in registers.items():
                state.setdefault(bank, {}).setdefault(number, []).extend(values)
    return state
