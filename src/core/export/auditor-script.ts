/**
 * The script that re-verifies an auditor's archive with nothing of ours: Python's standard library and openssl. It is
 * text in here; nothing in the project runs it but a test.
 */

/** `verify.py`, as it stands in every archive. */
export const auditorScript = `#!/usr/bin/env python3
"""Verifies this archive with Python's standard library and openssl alone.

Usage: python3 verify.py [--witness <file with 'ssh-ed25519 <base64>' lines>]

Without --witness the keys in keys/witness.txt are believed; to trust neither
the registry nor this archive, get the witness's key from somewhere else.
What is checked is written down in README.txt.
"""
import base64, hashlib, json, os, struct, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
problems = []


def read(path):
    with open(os.path.join(HERE, path), "rb") as file:
        return file.read()


def wrong(what):
    problems.append(what)
    print("WRONG  " + what)


def wire(data):
    """The strings of an SSH wire value."""
    at, found = 0, []
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        found.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    return found


def ed25519(key, signature, message):
    """Whether openssl says that the raw public key made the signature."""
    spki = bytes.fromhex("302a300506032b6570032100") + key
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, name) for name in ("key", "sig", "message")]
        for name, data in zip(names, (spki, signature, message)):
            with open(name, "wb") as file:
                file.write(data)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", names[0], "-rawin", "-in", names[2], "-sigfile", names[1]]
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def raw_key(line):
    kind, blob = line.split()[:2]
    parts = wire(base64.b64decode(blob))
    return parts[1] if kind == "ssh-ed25519" and parts[0] == b"ssh-ed25519" else None


def check_sums():
    listed = set()
    for line in read("SHA256SUMS").decode().splitlines():
        digest, path = line.split("  ", 1)
        listed.add(path)
        if hashlib.sha256(read(path)).hexdigest() != digest:
            wrong(path + " is not the file that SHA256SUMS lists")
    for folder, _, names in os.walk(HERE):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), HERE).replace(os.sep, "/")
            if path not in listed and path != "SHA256SUMS" and "__pycache__" not in path:
                wrong(path + " is not listed in SHA256SUMS")


def path_bytes(path):
    return bytes.fromhex(path[7:]) if path.startswith("%bytes:") else path.encode()


def transition_digest(statement):
    parts = [b"assent-transition/v1\\0", statement["registry"].encode(), b"\\0", statement["ref"].encode(), b"\\0"]
    for path in sorted(statement["paths"], key=lambda each: path_bytes(each["path"])):
        fields = [path["modeFrom"] or "000000", path["modeTo"] or "000000", path["from"] or "-", path["to"] or "-"]
        parts.append((" ".join(fields) + " ").encode() + path_bytes(path["path"]) + b"\\0")
    return "sha256:" + hashlib.sha256(b"".join(parts)).hexdigest()


def check_approval(name, statement, given):
    """An SSHSIG over D and a line feed in the namespace assent-approval@v1 (OpenSSH's PROTOCOL.sshsig)."""
    armor = "".join(given["signature"].strip().splitlines()[1:-1])
    data = base64.b64decode(armor)
    if data[:6] != b"SSHSIG" or data[6:10] != struct.pack(">I", 1):
        return wrong(name + ": an approval is no SSH signature")
    blob, namespace, reserved, algorithm, signature = wire(data[10:])
    kind, key = wire(blob)[:2]
    if kind != b"ssh-ed25519":
        print("note   " + name + ": the approval of " + given["identity"] + " is by a " + kind.decode() + " key; check it with ssh-keygen -Y verify")
        return
    message = (statement["digest"][7:] + "\\n").encode()
    hashed = hashlib.new(algorithm.decode(), message).digest()
    signed = b"SSHSIG" + b"".join(struct.pack(">I", len(part)) + part for part in (namespace, reserved, algorithm, hashed))
    fingerprint = "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    if namespace != b"assent-approval@v1" or fingerprint != given["key"] or not ed25519(key, wire(signature)[1], signed):
        wrong(name + ": the approval of " + given["identity"] + " does not verify")


def check_commit(name, statement):
    data = read("landings/%d.commit" % statement["sequence"])
    algorithm = "sha256" if len(statement["landing"]) == 64 else "sha1"
    if hashlib.new(algorithm, b"commit %d\\0" % len(data) + data).hexdigest() != statement["landing"]:
        wrong(name + ": the landing's commit is another one")
    parents = [line[7:].decode() for line in data.split(b"\\n\\n", 1)[0].split(b"\\n") if line.startswith(b"parent ")]
    if (parents[0] if parents else None) != statement["previousLanding"]:
        wrong(name + ": the landing before is not the commit's first parent")


def check_certificate(name, envelope, message):
    """The signature by the certificate beside it; whose certificate it is takes sigstore's trusted root to say."""
    leaf = base64.b64decode(envelope["verificationMaterial"]["certificate"]["rawBytes"])
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, each) for each in ("leaf", "key", "sig", "message")]
        key = subprocess.run(["openssl", "x509", "-inform", "DER", "-pubkey", "-noout"], input=leaf, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        for each, data in zip(names, (leaf, key, base64.b64decode(envelope["signatures"][0]["sig"]), message)):
            with open(each, "wb") as file:
                file.write(data)
        command = ["openssl", "dgst", "-sha256", "-verify", names[1], "-signature", names[2], names[3]]
        if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
            wrong(name + ": the certificate's signature does not verify")
    print("note   " + name + ": signed by a certificate; whose it is, assent audit verify or cosign says with sigstore's trusted root")


def check_record(number, keys, before):
    name = "evidence/%d.dsse.json" % number
    data = read(name)
    envelope = json.loads(data)
    payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"].encode()
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    statement = json.loads(payload)["predicate"]
    if "verificationMaterial" in envelope:
        check_certificate(name, envelope, message)
    elif not any(ed25519(key, base64.b64decode(each["sig"]), message) for each in envelope["signatures"] for key in keys):
        wrong(name + ": no witness's signature verifies")
    if statement["sequence"] != number:
        wrong(name + ": the record speaks about landing %d" % statement["sequence"])
    if before is not None:
        if statement["previousRecord"] != "sha256:" + hashlib.sha256(read("evidence/%d.dsse.json" % before["sequence"])).hexdigest():
            wrong(name + ": the record before is another one")
        if statement["sequence"] == before["sequence"] + 1 and statement["previousLanding"] != before["landing"]:
            wrong(name + ": the landing before is another one")
    if transition_digest(statement) != statement["digest"]:
        wrong(name + ": D does not follow from the paths")
    check_commit(name, statement)
    counted = {each["review"] for each in statement["approvals"] if each["level"] == "signed"}
    for given in statement["facts"]["signatures"]:
        if given["valid"] and "signature:" + given["identity"] in counted:
            check_approval(name, statement, given)
    return statement


def check_checkpoint(keys, statements):
    name = "checkpoint.dsse.json"
    envelope = json.loads(read(name))
    payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"].encode()
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    if "verificationMaterial" in envelope:
        check_certificate(name, envelope, message)
    elif not any(ed25519(key, base64.b64decode(each["sig"]), message) for each in envelope["signatures"] for key in keys):
        wrong(name + ": no witness's signature verifies")
    said = json.loads(payload)["predicate"]
    statement = statements.get(said["sequence"])
    if statement is None or any(said[key] != statement[key] for key in ("registry", "ref", "landing")):
        wrong(name + ": it is about another history")
    elif said["record"] != "sha256:" + hashlib.sha256(read("evidence/%d.dsse.json" % said["sequence"])).hexdigest():
        wrong(name + ": the record is another one")


def main():
    arguments = sys.argv[1:]
    source = arguments[1] if arguments[:1] == ["--witness"] else os.path.join(HERE, "keys/witness.txt")
    with open(source, encoding="utf-8") as file:
        keys = [key for key in (raw_key(line) for line in file if line.strip() and not line.startswith("#")) if key]
    check_sums()
    numbers = sorted(int(name.split(".")[0]) for name in os.listdir(os.path.join(HERE, "evidence")))
    before, counts, statements = None, {}, {}
    for number in numbers:
        before = statements[number] = check_record(number, keys, before)
        counts[str(before["decision"])] = counts.get(str(before["decision"]), 0) + 1
    if os.path.exists(os.path.join(HERE, "checkpoint.dsse.json")):
        check_checkpoint(keys, statements)
    said = ", ".join("%d %s" % (count, name) for name, count in sorted(counts.items()))
    print("%d records (%s), %d problems" % (len(numbers), said, len(problems)))
    sys.exit(1 if problems else 0)


main()
`;
