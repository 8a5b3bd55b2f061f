"""Reads a signed release of an Assent registry and resolves from it, with the bytes that the TypeScript client gives.
What a source answers is a stranger's until the TUF client workflow (1.0.31, section 5) under the pinned root took it."""
import calendar, contextlib, decimal, fcntl, hashlib, http.client, json, math, os, pathlib, re, time, urllib.request

MAXIMA = {"root": 128 << 10, "timestamp": 16 << 10, "snapshot": 64 << 10, "targets": 32 << 20}
NAME = re.compile(r"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z))[a-z0-9][a-z0-9._-]{0,99}(?<!\.)(?<!\.yaml)")
INSTANT = "%Y-%m-%dT%H:%M:%SZ"

class Refused(Exception):
    """Why nothing new is taken, or nothing answered; `code` is that of the TypeScript client."""
    code = property(lambda self: self.args[0])
def refuse(wrong, code, message):
    if wrong:
        raise Refused(code, message)

# JSON as JavaScript reads and writes it, because bytes are what is signed and compared.
def parse_json(data):
    try:
        return json.loads(data.decode(), parse_constant=int)
    except (ValueError, RecursionError) as cause:
        raise Refused("release/malformed", f"it is no JSON: {cause}") from None
def js_number(value):
    """Number::toString of ECMAScript: Python finds the same digits, and changes to exponents elsewhere."""
    if not math.isfinite(value := float(value) + 0.0):
        return "null"
    text = f"{decimal.Decimal(repr(value)):f}" if value == 0 or 1e-6 <= abs(value) < 1e21 else repr(value)
    return re.sub(r"\.0$|(?<=e[+-])0", "", text)
def js_string(text):
    return re.sub("[\ud800-\udfff]", lambda lone: f"\\u{ord(lone[0]):x}", json.dumps(text, ensure_ascii=False))
# Keys that are array indexes come first, in their order.
js_key = lambda key: int(key) if re.fullmatch("0|[1-9][0-9]{0,9}", key) and int(key) < 2**32 - 1 else 2**32

def write_json(value, order=js_key, text=js_string, number=js_number):
    again = lambda inner: write_json(inner, order, text, number)
    if isinstance(value, dict):
        return "{" + ",".join(f"{text(key)}:{again(value[key])}" for key in sorted(value, key=order)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(again, value)) + "]"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return text(value) if isinstance(value, str) else number(value)
def canonical(value):
    """What TUF signs: canonical JSON as @tufjs/canonical-json writes it. Only whole numbers have a form."""
    def whole(number):
        refuse(not float(number).is_integer(), "release/malformed", f"{number} is no whole number")
        return js_number(number)
    quote = lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    text = write_json(value, lambda key: key.encode("utf-16-be", "surrogatepass"), quote, whole)
    return re.sub("[\ud800-\udfff]", "\ufffd", text).encode()
sha256 = lambda data: hashlib.sha256(data).hexdigest()

class Metadata:
    """The file of one TUF role, read and not yet believed."""
    def __init__(self, role, data):
        def expect(fits, why):
            refuse(not fits, "release/malformed", f"the {role} metadata cannot be read: {why}")
        try:
            envelope, self.role, self.data = parse_json(data), role, data
            signed = self.signed = envelope["signed"]
            self.signatures = {each["keyid"]: each["sig"] for each in envelope["signatures"]}
            self.version, self.expires = signed["version"], calendar.timegm(time.strptime(signed["expires"], INSTANT))
            expect(signed["_type"] == role and type(self.version) is int and self.version >= 1, "it is of another type")
            expect(len(self.signatures) == len(envelope["signatures"]), "a key signed twice")  # 4.2
            if role == "root":
                self.registry = signed["x-assent"]["registry"]
                expect(signed["consistent_snapshot"] is True and type(self.registry) is str, "it is not of a release")
                # 4.3: "Clients MUST calculate each KEYID"; and two names of one key would make one person two.
                expect(all(sha256(canonical(key)) == name for name, key in signed["keys"].items()), "a key is another key")
                expect(all(len({*self.keys(each).values()}) == len(self.keys(each)) for each in MAXIMA), "a key has two names")
            elif role == "targets":
                self.manifest, custom = signed["targets"]["manifest.json"], signed["targets"]["manifest.json"]["custom"]
                self.registry, self.pair, self.digest = custom["registry"], (custom["sequence"], custom["asOf"]), self.manifest["hashes"]["sha256"]
                self.next = {"version": self.version}
                expect(type(self.pair[0]) is int and time.strptime(self.pair[1], INSTANT) and len(self.pair[1]) == 20, "it has no pair")
            else:
                self.next = signed["meta"]["snapshot.json" if role == "timestamp" else "targets.json"]
                expect(type(self.next["version"]) is int and self.next["version"] >= 1, "it names no version")
        except (KeyError, TypeError, AttributeError, ValueError) as cause:
            expect(False, repr(cause))
    def keys(self, role):
        keys = {keyid: self.signed["keys"][keyid] for keyid in self.signed["roles"][role]["keyids"]}
        refuse(any((key["keytype"], key["scheme"]) != ("ed25519",) * 2 for key in keys.values()), "release/malformed", "no Ed25519 key")
        return {keyid: bytes.fromhex(key["keyval"]["public"]) for keyid, key in keys.items()}
    def signed_by(self, root):
        """5.3.4, 5.4.2, 5.5.3, 5.6.3 arbitrary software attack: a threshold of the role's keys, each counted once."""
        try:
            from cryptography.exceptions import InvalidSignature
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        except ImportError:
            raise Refused("client/no-cryptography", "signatures cannot be checked: install python3-cryptography") from None
        good, message, threshold = 0, canonical(self.signed), root.signed["roles"][self.role]["threshold"]
        for keyid, point in root.keys(self.role).items():
            with contextlib.suppress(InvalidSignature, ValueError, TypeError):
                Ed25519PublicKey.from_public_bytes(point).verify(bytes.fromhex(self.signatures.get(keyid, "")), message)
                good += 1
        refuse(type(threshold) is not int or good < max(1, threshold), "release/threshold", f"too few trusted keys signed the {self.role} metadata")
        return self

class Source:
    """A folder or an http(s) address; nobody is followed elsewhere."""
    def __init__(self, address, timeout):
        nowhere = type("Nowhere", (urllib.request.HTTPRedirectHandler,), {"redirect_request": lambda *_: None})
        self.address, self.timeout, self.web = address, timeout, urllib.request.build_opener(nowhere)
    def read(self, path, most, named={}, needed=True):
        """At most `most` bytes, and what `named` says of them (5.5.2, 5.6.2, 5.7.2); None where there is no such file."""
        place, data, until = os.path.join(self.address, path), b"", time.monotonic() + self.timeout
        try:
            most = min(most, named.get("length", most))
            with self.web.open(place, timeout=self.timeout) if re.match("https?://", place) else open(place, "rb") as file:
                while len(data) <= most and (chunk := file.read1(min(1 << 16, most + 1 - len(data)))):
                    data += chunk
                    refuse(time.monotonic() > until, "source/unavailable", f"{place} was not read within {self.timeout} seconds")
        except (OSError, ValueError, TypeError, http.client.HTTPException) as cause:
            is_gone = isinstance(cause, FileNotFoundError) or getattr(cause, "code", None) in (404, 410)
            refuse(not is_gone, "source/unavailable", f"{place}: {cause}")
            return refuse(needed, "release/missing", f"there is no {place}")
        refuse(len(data) > most, "release/too-long", f"{place} has over {most} bytes")  # 5.3.3, 5.4.1, 5.5.1, 5.6.1
        found = (len(data), sha256(data))
        is_other = found != (named.get("length", found[0]), named.get("hashes", {}).get("sha256", found[1]))
        refuse(is_other, "release/wrong-hash", f"{place} is not the file that was signed")
        return data

onward = lambda what, before, after, code="release/rollback": refuse(after < before, code, f"{what} {after} is offered after {before}")

def update(source, kept, pinned, now, keep):
    """Section 5. `keep` persists each step that narrows what may come next before another byte is read."""
    def fresh(metadata):  # 5.3.10, 5.4.4, 5.5.6, 5.6.5 freeze attack
        refuse(metadata.expires <= now, "release/expired", f"the {metadata.role} metadata has expired")
        return metadata
    root = Metadata("root", pinned)
    if "root" in kept:
        refuse(kept["root"].registry != root.registry, "release/wrong-registry", f"what was kept is of {kept['root'].registry}")
        root = max(root, kept["root"], key=lambda each: each.version)
    root = start = root.signed_by(root)
    for version in range(start.version + 1, start.version + 257):
        if (data := source.read(f"metadata/{version}.root.json", MAXIMA["root"], needed=False)) is None:
            break
        after = Metadata("root", data).signed_by(root)
        # 5.3.5 rollback attack
        refuse(after.signed_by(after).version != version, "release/rollback", f"root {after.version} lies where {version} should")
        refuse(after.registry != root.registry, "release/wrong-registry", f"the next root is of {after.registry}")
        root = after
    def reopen(role, *roles):  # 5.3.11: what the root of now does not vouch for is as if it had never been
        is_lost = any(not {*start.keys(each)} <= {*root.keys(each)} for each in roles)
        with contextlib.suppress(Refused):
            return None if is_lost or role not in kept else kept[role].signed_by(root)
    chain = {"root": root, "timestamp": reopen("timestamp", "timestamp", "snapshot"), "targets": reopen("targets", "targets")}
    chain["snapshot"] = chain["timestamp"] and reopen("snapshot")
    if root is not start: keep(chain)
    above = fresh(root)
    for role in ("timestamp", "snapshot", "targets"):
        before, named = chain[role], {} if role == "timestamp" else above.next
        path, is_known = f"{named['version']}.{role}" if named else role, named and before and before.version == named["version"]
        above = before if is_known else Metadata(role, source.read(f"metadata/{path}.json", MAXIMA[role], named)).signed_by(root)
        refuse(above.version != named.get("version", above.version), "release/mix-and-match", f"another {role} is named than {above.version}, which lies there")  # 5.5.4, 5.6.4
        if before:  # 5.4.3, 5.5.5 rollback attack; an equal version is what is known already
            onward(role, before.version, above.version)
            onward(f"what the {role} names", before.next["version"], above.next["version"])
            above = before if before.version == above.version else above
        if role == "targets":
            refuse(above.registry != root.registry, "release/wrong-registry", f"the release is of {above.registry}")
            # DESIGN 7: releases only move on, and one pair has one content
            onward("release", before.pair if before else above.pair, above.pair, "release/older-pair")
            is_same = before and (before.pair, before.digest) != (above.pair, above.digest) and before.pair == above.pair
            refuse(is_same, "release/equivocation", f"two releases are signed for {above.pair}")
        if chain[role] is not fresh(above):
            chain[role] = above
            keep(chain)
    return chain

def faults_of(bundle, offer, profile, query):
    """Every way in which a bundle does not fit what the environment offers, narrowed by the query, masked by the profile."""
    needs, own, mask = bundle["spec"].get("compatibility", {}), query.get("featureGroups"), profile.get("featureGroups")
    groups = {name: [each for each in versions if own is None or each in ([own[name]] if isinstance(own[name], str) else own[name])]
              for name, versions in offer["featureGroups"].items() if (own is None or name in own) and (mask is None or name in mask)}
    lists = [each for each in (offer["capabilities"], query.get("capabilities"), profile.get("capabilities")) if each is not None]
    wanted, contract = sorted(needs.get("featureGroups", {}).items()), needs.get("inputContract")
    schemas = [*needs.get("schemas", {}).items(), *([(contract["schema"], contract["version"])] if contract else [])]
    schemas = {name for name, version in schemas if version not in offer["schemas"].get(name, [])}
    return [*(f"FEATURE_GROUP_MISSING:{name}" for name, _ in wanted if name not in groups),
            *(f"FEATURE_GROUP_VERSION_MISMATCH:{name}" for name, version in wanted if version not in groups.get(name, [version])),
            *(f"SCHEMA_VERSION_MISMATCH:{name}" for name in sorted(schemas)),
            *(f"CAPABILITY_MISMATCH:{name}" for name in sorted({*needs.get("requires", [])}) if not all(name in each for each in lists))]

def resolve(manifest, digest, document, query):
    """What is live for a query (DESIGN 8), spelled as the TypeScript client's; the answer's bytes are `render`'s."""
    environment, usecase, tenant, scenario = (query.get(key) for key in ("environment", "usecase", "tenant", "scenario"))
    tenant, mode = None if tenant == "default" else tenant, "NORMAL" if query.get("degradeMode") is None else query["degradeMode"]
    refuse(environment not in manifest["environments"], "resolve/unknown-environment", f"{environment} is no environment of this release")
    is_elsewhere = tenant not in (None, document["tenant"]) and any((each["environment"], each["tenant"]) == (environment, tenant) for each in manifest["slices"])
    refuse(is_elsewhere or environment != document["environment"], "resolve/slice-not-loaded", "another slice answers this")
    profile = document["degradeProfiles"].get(mode, {} if mode == "NORMAL" else None)
    refuse(profile is None, "resolve/unknown-degrade-mode", f"{mode} is no degrade mode of {environment}")
    scopes, bundles, steps = document.get("index") or {each["scope"]: each for each in document["scopes"]}, document["bundles"], []
    levels = list(dict.fromkeys([(tenant, scenario), (tenant, None), (None, scenario), (None, None)]))
    for own, case in levels if document["inherit"] else levels[:1]:
        tail = [each for each in (own if own is not None or case is None else "default", case) if each is not None]
        path, inherited = "/".join([environment, usecase, *tail]), bool(steps)
        found = scopes.get(path) if usecase.count("/") == 1 and all(map(NAME.fullmatch, [*usecase.split("/"), *tail])) else None
        live = found["bundle"] if found else "absent"
        told = {"absent": "SCOPE_NOT_FOUND", "inherit": "SCOPE_NOT_FOUND", "none": "NO_ACTIVE"}
        reason = told.get(live, "SCOPE_INHERITED" if inherited else None)
        steps.append({"try": f"scope:{path}", "result": live if live in told else "found", "reason": reason})
        if live not in ("absent", "inherit"): break
    from_wider, outcome, ref, compatible = ["SCOPE_INHERITED"] * inherited, "none", None, False
    reasons = [*from_wider, "NO_ACTIVE"] if live == "none" else ["SCOPE_NOT_FOUND"]
    if live not in ("absent", "inherit", "none"):
        outcome, faults = "incompatible", {}
        for name, good, bad in ((live, "ACTIVE_BUNDLE_RESOLVED", "ACTIVE_BUNDLE_INCOMPATIBLE"), (found.get("fallback"), "FALLBACK_EXPLICIT", "FAIL_CLOSED_NO_COMPATIBLE_BUNDLE")):
            if name is None or outcome != "incompatible": break
            wrong = faults_of(bundles[name], document["offer"], profile, query) if name in bundles else None
            steps += [{"try": name, "result": "incompatible" if wrong != [] else "compatible", "reason": each} for each in ([good] if wrong == [] else wrong or [bad])]
            is_live = good == "ACTIVE_BUNDLE_RESOLVED"
            if wrong == [] or (wrong and is_live and document["compatibility"] == "warn"):
                outcome, ref, compatible = "resolved" if is_live else "fallback", name, wrong == []
            faults.update(dict.fromkeys(wrong or []))
        listed = sorted(faults, key=lambda each: ("FSC".index(each[0]), each))  # feature groups, schemas, capabilities
        why = [] if outcome == "resolved" and compatible else ["ACTIVE_BUNDLE_INCOMPATIBLE", *listed]
        end = {"resolved": [], "fallback": ["FALLBACK_EXPLICIT"], "incompatible": ["FAIL_CLOSED_NO_COMPATIBLE_BUNDLE"]}[outcome]
        reasons = ["ACTIVE_BUNDLE_RESOLVED"] * (outcome == "resolved") + from_wider + why + end
        reasons += [f"DEPRECATED_REACHED:{each}" for each in bundles[ref]["deprecated"]] if ref else []
    return {"format": "assent.resolution/v1", "outcome": outcome,
            "scope": {"environment": environment, "usecase": usecase, "tenant": tenant, "scenario": scenario},
            "bundle": {"ref": ref, "digest": bundles[ref]["digest"], "spec": bundles[ref]["spec"]} if ref else None,
            "compatible": compatible, "posture": profile.get("posture", "NORMAL"), "reasons": reasons, "steps": steps,
            "snapshot": {"digest": digest, "commit": manifest["commit"], "sequence": manifest["sequence"]},
            "policyRevision": manifest["policyRevision"]}
render = lambda answer: (write_json(answer) + "\n").encode()

class Resolver:
    """Answers for one environment (and tenant) until the release in use expires. `cache_dir` may be shared by processes."""
    def __init__(self, source, trust, environment, cache_dir, tenant=None, timeout=30, clock=time.time):
        self.source, self.environment, self.tenant, self.clock = Source(source, timeout), environment, tenant, clock
        self.pinned, self.seen, self.kept, self.held, self.release = pathlib.Path(trust).read_bytes(), 0, {}, None, None
        key = sha256(canonical([Metadata("root", self.pinned).registry, environment, tenant]))
        self.folder = pathlib.Path(cache_dir, f"python-{key[:32]}")
        with self.alone(): pass
    @contextlib.contextmanager
    def alone(self):
        """One process at a time, which begins with what another one has kept. Damaged or gone: the pinned root remains."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with contextlib.suppress(OSError, KeyError, TypeError, ValueError, AttributeError, Refused):
                state = parse_json((self.folder / "state.json").read_bytes())
                # Another pinned root's chain is not followed, and what came by it is verified anew before anything is answered.
                is_ours = state["pinned"] == sha256(self.pinned)
                kept = {role: Metadata(role, text.encode()) for role, text in state["roles"].items() if is_ours or role != "root"}
                self.seen, self.kept = max(self.seen, state["seen"]), kept if is_ours else self.kept or kept
                self.use(state["release"] if is_ours else None)
            yield
    def use(self, held):
        """`held`: the texts of manifest and slice, and when they expire."""
        if held:
            manifest, document = (parse_json(text.encode()) for text in held[:2])
            document["index"] = {each["scope"]: each for each in document["scopes"]}
            self.held, self.release = held, (manifest, sha256(held[0].encode()), document, held[2])
    def save(self, chain):
        self.kept = {role: metadata for role, metadata in chain.items() if metadata}
        state = {"pinned": sha256(self.pinned), "seen": self.seen, "roles": {role: each.data.decode() for role, each in self.kept.items()}, "release": self.held}
        with open(self.folder / "state.new", "wb") as file:
            file.write(json.dumps(state).encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, self.folder / "state.json")  # whole, or as it was
    def refresh(self):
        """Takes what is new at the source. Refused: what is in use stays in use, until it expires."""
        with self.alone():
            self.seen = max(int(self.clock()), self.seen)
            chain = update(self.source, self.kept, self.pinned, self.seen, self.save)
            targets, expires = chain["targets"], min(each.expires for each in chain.values())
            texts = self.held[:2] if self.release and self.release[1] == targets.digest else self.fetch(targets)
            if [*texts, expires] != self.held:
                self.use([*texts, expires])
                self.save(chain)
    def fetch(self, targets):
        data = self.source.read(f"targets/{targets.digest}.manifest.json", targets.manifest["length"], targets.manifest)
        manifest = parse_json(data)
        is_it = (manifest["registry"], manifest["sequence"], manifest["asOf"]) == (targets.registry, *targets.pair)
        refuse(not is_it, "release/mix-and-match", "the manifest is of another release than was signed")
        slices = {each["tenant"]: each["path"] for each in manifest["slices"] if each["environment"] == self.environment}
        refuse(not slices, "client/wrong-environment", f"this release has no environment {self.environment}")
        tenant = self.tenant if self.tenant in slices else None
        file = next(each for each in manifest["files"] if each["path"] == slices[tenant])
        path = f"targets/slices/{file['sha256']}.{self.environment}{f'@{tenant}' if tenant else ''}.json"
        named = {"length": file["length"], "hashes": {"sha256": file["sha256"]}}
        return data.decode(), self.source.read(path, file["length"], named).decode()
    def resolve(self, usecase, *, tenant=None, scenario=None, degradeMode=None, featureGroups=None, capabilities=None):
        """A wider scope never answers for a misspelt name."""
        manifest, digest, document, expires = self.release or refuse(True, "client/no-release", "refresh first")
        refuse(max(int(self.clock()), self.seen) >= expires, "client/expired", f"the release {digest} has expired")
        asked = None if tenant == "default" else tenant
        refuse(self.tenant and asked not in (None, self.tenant), "client/other-tenant", f"this answers for {self.tenant}, not for {asked}")
        names = [*str(usecase).split("/"), *(each for each in (tenant, scenario) if each is not None)]
        is_spelt = str(usecase).count("/") == 1 and all(isinstance(each, str) and NAME.fullmatch(each) for each in names)
        refuse(not is_spelt or str in map(type, (capabilities, featureGroups)), "client/malformed-query", f"nothing can be asked by {names}, {capabilities}, {featureGroups}")
        query = {"tenant": asked or self.tenant, "scenario": scenario, "degradeMode": degradeMode, "featureGroups": featureGroups}
        return resolve(manifest, f"sha256:{digest}", document, {**query, "environment": self.environment, "usecase": usecase, "capabilities": capabilities})
