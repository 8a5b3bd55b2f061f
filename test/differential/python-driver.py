"""Asks the Python client what its test wants to know: one JSON list of commands in, one JSON list of answers out."""
import json, sys

sys.path.insert(0, sys.argv[1])
if "--without-cryptography" in sys.argv:
    sys.modules["cryptography"] = None
import assent_client as client

resolver = None


def run(command):
    global resolver
    what, *words = command
    if what == "resolve":
        manifest, digest, document, query = words
        return client.render(client.resolve(manifest, digest, document, query)).decode()
    if what == "canonical":
        return client.canonical(client.parse_json(words[0].encode())).hex()
    if what == "write":
        return client.write_json(client.parse_json(words[0].encode()))
    if what == "open":
        options = words[0]
        now = options.pop("now")
        resolver = client.Resolver(clock=lambda: now, **options)
        return "open"
    if what == "refresh":
        resolver.refresh()
        return "refreshed"
    usecase, query = words
    return client.render(resolver.resolve(usecase, **query)).decode()


answers = []
for command in json.load(sys.stdin):
    try:
        answers.append(run(command))
    except client.Refused as refused:
        answers.append({"code": refused.code})
    except TypeError:
        answers.append({"code": "TypeError"})
json.dump(answers, sys.stdout)
