/**
 * Every case of the TUF client workflow (1.0.31, section 5) as a story of what a host offers, step after step, and what
 * a client must say to the last of it. The clause stands first in each name.
 */
import type { Instant } from "../src/core/model/instant.ts";
import {
  manifestBytes,
  metaJson,
  metaOf,
  one,
  PAST,
  publish,
  publishRoot,
  rootJson,
  sha256,
  signed,
  targetsJson,
  tufKey,
  type Content,
  type Files,
  type Roles,
} from "./tuf-repository.ts";

export interface Scene {
  readonly files: Files;
  readonly endless: Set<string>;
  readonly roles: Roles;
  /** Other keys for every role, which no root names unless the case publishes one. */
  readonly other: Roles;
  now: Instant;
}

export interface TufCase {
  readonly name: string;
  /** The roles of the first root; default: one key each. */
  readonly roles?: () => Roles;
  /** What happens after the first, good release; before each, and after the last, the clients refresh. */
  readonly steps: readonly ((scene: Scene) => void)[];
  /** The code with which ours refuses; null: both accept, and hand out the manifest of this sequence. */
  readonly refused: string | null;
  readonly sequence?: number;
  /** Root that clients begin with, where it is not the first good one. */
  readonly begin?: (scene: Scene) => Uint8Array;
}

export const NOW = "2026-06-01T00:00:00Z" as Instant;

export function newRoles(): Roles {
  return { root: one(), targets: one(), snapshot: one(), timestamp: one() };
}

function twoOfThree(): Roles {
  return { ...newRoles(), root: several(), targets: several() };
}

const several = (): Roles["root"] => ({ keys: [tufKey(), tufKey(), tufKey()], threshold: 2 });

const content = (sequence: number): Content => ({
  sequence,
  registry: "acme",
  asOf: "2026-01-01T00:00:00Z",
  salt: "",
});

/** A second release whose named file is another than the good one; its parents vouch for it where `vouched`. */
function forged(scene: Scene, role: "snapshot" | "targets", value: (good: object) => Uint8Array): void {
  const { files, roles } = scene;
  publish(files, { roles, versions: [2, 2, 2] });
  const good = (path: string): { readonly signed: object } =>
    JSON.parse(Buffer.from(files.get(path) ?? []).toString()) as { readonly signed: object };
  const bytes = value(good(`metadata/2.${role}.json`).signed);
  files.set(`metadata/2.${role}.json`, bytes);
  const snapshot =
    role === "snapshot"
      ? bytes
      : signed(
          metaJson("snapshot", { version: 2 }, { "targets.json": metaOf(2, bytes) }),
          roles.snapshot.keys,
        );
  files.set("metadata/2.snapshot.json", snapshot);
  const timestamp = metaJson("timestamp", { version: 2 }, { "snapshot.json": metaOf(2, snapshot) });
  files.set("metadata/timestamp.json", signed(timestamp, roles.timestamp.keys));
}

const good =
  (...versions: [number, number, number]) =>
  ({ files, roles }: Scene): void =>
    publish(files, { roles, versions });

/** A second root that gives some roles other keys, signed by both sides. */
function rotate(scene: Scene, changed: readonly (keyof Roles)[], version = 2): Roles {
  const { files, roles, other } = scene;
  const next = { ...roles, ...Object.fromEntries(changed.map((role) => [role, other[role]])) };
  publishRoot(files, next, { version }, { by: [...new Set([...roles.root.keys, ...next.root.keys])] });
  return next;
}

const spoil = (bytes: Uint8Array | undefined): Uint8Array => {
  const copy = Uint8Array.from(bytes ?? []);
  // A digit of the signature or a letter: still JSON, of the same length.
  const at = copy.lastIndexOf("1".charCodeAt(0));
  copy[at] = "2".charCodeAt(0);
  return copy;
};

export const cases: readonly TufCase[] = [
  { name: "5.2 a first release", steps: [], refused: null, sequence: 1 },
  { name: "5.4 to 5.7 the next release", steps: [good(2, 2, 2)], refused: null, sequence: 2 },
  { name: "5.4.3.1 nothing new", steps: [() => {}], refused: null, sequence: 1 },
  { name: "5.4 a timestamp that is renewed", steps: [good(2, 1, 1)], refused: null, sequence: 1 },
  {
    name: "5.2 a trusted root that its own keys did not sign",
    begin: ({ roles, other }) => signed(rootJson(roles, {}), other.root.keys),
    steps: [],
    refused: "release/threshold",
  },
  {
    name: "5.3.4 a rotation of every key, signed by old and new",
    steps: [
      (scene) => {
        const next = rotate(scene, ["root", "targets", "snapshot", "timestamp"]);
        publish(scene.files, { roles: next, versions: [2, 2, 2] });
      },
    ],
    refused: null,
    sequence: 2,
  },
  {
    name: "5.3.4 a root that only the new keys signed",
    steps: [
      ({ files, other }) => {
        publishRoot(files, other, { version: 2 });
        publish(files, { roles: other, versions: [2, 2, 2] });
      },
    ],
    refused: "release/threshold",
  },
  {
    name: "5.3.4 a root that only the old keys signed",
    steps: [
      ({ files, roles, other }) => void publishRoot(files, other, { version: 2 }, { by: roles.root.keys }),
    ],
    refused: "release/threshold",
  },
  {
    name: "5.3.4 a root that one of two old keys signed",
    roles: twoOfThree,
    steps: [
      ({ files, roles, other }) =>
        void publishRoot(
          files,
          other,
          { version: 2 },
          { by: [...roles.root.keys.slice(0, 1), ...other.root.keys] },
        ),
    ],
    refused: "release/threshold",
  },
  {
    name: "5.3.4 a root that two of three old keys signed",
    roles: twoOfThree,
    steps: [
      ({ files, roles, other }) => {
        publishRoot(files, other, { version: 2 }, { by: [...roles.root.keys.slice(1), ...other.root.keys] });
        publish(files, { roles: other, versions: [2, 2, 2] });
      },
    ],
    refused: null,
    sequence: 2,
  },
  {
    name: "5.3.4 one key that signs a root twice",
    roles: twoOfThree,
    steps: [
      ({ files, roles }) => {
        const [key] = roles.root.keys;
        if (key !== undefined) publishRoot(files, roles, { version: 2 }, { by: [key, key] });
      },
    ],
    refused: "release/malformed",
  },
  {
    name: "5.3.5 a root that skips a version",
    steps: [
      ({ files, roles }) =>
        void files.set("metadata/2.root.json", signed(rootJson(roles, { version: 3 }), roles.root.keys)),
    ],
    refused: "release/rollback",
  },
  {
    name: "5.3.5 the old root in the place of a new one",
    steps: [
      ({ files }) => void files.set("metadata/2.root.json", files.get("metadata/1.root.json") ?? Buffer.of()),
    ],
    refused: "release/rollback",
  },
  {
    name: "5.3.10 a root that has expired, and no next one",
    steps: [
      ({ files, roles }) => {
        publishRoot(files, roles, { version: 2, expires: PAST });
        publish(files, { roles, versions: [2, 2, 2] });
      },
    ],
    refused: "release/expired",
  },
  {
    name: "5.3.10 an expired root between two, which is no hindrance",
    steps: [
      ({ files, roles }) => {
        publishRoot(files, roles, { version: 2, expires: PAST });
        publishRoot(files, roles, { version: 3 });
        publish(files, { roles, versions: [2, 2, 2] });
      },
    ],
    refused: null,
    sequence: 2,
  },
  {
    name: "5.3.3 endless data in the place of a root",
    steps: [({ endless }) => void endless.add("metadata/2.root.json")],
    refused: "release/too-long",
  },
  {
    name: "5.3.3 something else in the place of a root",
    steps: [({ files }) => void files.set("metadata/2.root.json", Buffer.from("<html>"))],
    refused: "release/malformed",
  },
  {
    name: "5.3.4 metadata of another role in the place of a root",
    steps: [
      ({ files }) =>
        void files.set("metadata/2.root.json", files.get("metadata/timestamp.json") ?? Buffer.of()),
    ],
    refused: "release/malformed",
  },
  {
    name: "5.3.11 fast-forward of the timestamp, before its key is taken out",
    steps: [good(1000, 1, 1), good(3, 2, 2)],
    refused: "release/rollback",
  },
  {
    name: "5.3.11 fast-forward of the timestamp, after its key was taken out",
    steps: [
      good(1000, 1, 1),
      (scene) => publish(scene.files, { roles: rotate(scene, ["timestamp"]), versions: [3, 2, 2] }),
    ],
    refused: null,
    sequence: 2,
  },
  {
    name: "5.3.11 fast-forward of the snapshot, after both keys were taken out",
    steps: [
      good(1000, 1000, 1),
      (scene) =>
        publish(scene.files, { roles: rotate(scene, ["timestamp", "snapshot"]), versions: [3, 2, 2] }),
    ],
    refused: null,
    sequence: 2,
  },
  {
    name: "5.3.11 an attacker who still has a key that was taken out",
    steps: [
      (scene) => publish(scene.files, { roles: rotate(scene, ["timestamp"]), versions: [2, 2, 2] }),
      ({ files, roles }) => publish(files, { roles, versions: [3, 2, 2] }),
    ],
    refused: "release/threshold",
  },
  {
    name: "5.4.2 a timestamp whose signature was stripped",
    steps: [({ files, roles }) => publish(files, { roles, versions: [2, 2, 2], signers: { timestamp: [] } })],
    refused: "release/threshold",
  },
  {
    name: "5.4.2 a timestamp that a stranger signed",
    steps: [
      ({ files, roles, other }) =>
        publish(files, { roles, versions: [2, 2, 2], signers: { timestamp: other.timestamp.keys } }),
    ],
    refused: "release/threshold",
  },
  {
    name: "5.4.2 a timestamp that the key of the targets signed",
    steps: [
      ({ files, roles }) =>
        publish(files, { roles, versions: [2, 2, 2], signers: { timestamp: roles.targets.keys } }),
    ],
    refused: "release/threshold",
  },
  {
    name: "5.4.2 a timestamp of which a byte changed",
    steps: [
      good(2, 2, 2),
      ({ files, roles }) => {
        publish(files, { roles, versions: [3, 2, 2] });
        const text = Buffer.from(files.get("metadata/timestamp.json") ?? []).toString();
        files.set("metadata/timestamp.json", Buffer.from(text.replace(`"version":3`, `"version":4`)));
      },
    ],
    refused: "release/threshold",
  },
  { name: "5.4.3.1 an older timestamp", steps: [good(5, 2, 2), good(4, 2, 2)], refused: "release/rollback" },
  {
    name: "5.4.3.1 another timestamp of the same version, which is discarded",
    steps: [good(2, 2, 2), good(2, 3, 3)],
    refused: null,
    sequence: 2,
  },
  {
    name: "5.4.3.2 a new timestamp that names an older snapshot",
    steps: [good(2, 5, 2), good(3, 4, 2)],
    refused: "release/rollback",
  },
  {
    name: "5.4.4 a timestamp that has expired",
    steps: [
      ({ files, roles }) => publish(files, { roles, versions: [2, 2, 2], expires: { timestamp: PAST } }),
    ],
    refused: "release/expired",
  },
  {
    name: "5.4.4 a host that is frozen until its timestamp expires",
    steps: [
      ({ files, roles }) =>
        publish(files, { roles, versions: [2, 2, 2], expires: { timestamp: "2026-06-03T00:00:00Z" } }),
      (scene) => {
        scene.now = "2026-06-03T00:00:00Z" as Instant;
      },
    ],
    refused: "release/expired",
  },
  {
    name: "5.4.4 the last second before a timestamp expires",
    steps: [
      ({ files, roles }) =>
        publish(files, { roles, versions: [2, 2, 2], expires: { timestamp: "2026-06-03T00:00:00Z" } }),
      (scene) => {
        scene.now = "2026-06-02T23:59:59Z" as Instant;
      },
    ],
    refused: null,
    sequence: 2,
  },
  {
    name: "5.4.1 endless data in the place of the timestamp",
    steps: [({ endless }) => void endless.add("metadata/timestamp.json")],
    refused: "release/too-long",
  },
  {
    name: "5.4.1 no timestamp",
    steps: [({ files }) => void files.delete("metadata/timestamp.json")],
    refused: "release/missing",
  },
  {
    name: "5.4.1 half a timestamp",
    steps: [
      ({ files }) =>
        void files.set(
          "metadata/timestamp.json",
          (files.get("metadata/timestamp.json") ?? Buffer.of()).subarray(0, 200),
        ),
    ],
    refused: "release/malformed",
  },
  {
    name: "5.4.1 a root in the place of the timestamp",
    steps: [
      ({ files }) =>
        void files.set("metadata/timestamp.json", files.get("metadata/1.root.json") ?? Buffer.of()),
    ],
    refused: "release/malformed",
  },
  ...(["snapshot", "targets"] as const).flatMap((role): TufCase[] => {
    const clause = role === "snapshot" ? "5.5" : "5.6";
    const path = `metadata/2.${role}.json`;
    const own = ({ roles }: Scene): Roles["root"]["keys"] => roles[role].keys;
    return [
      {
        name: `${clause}.1 no ${role}`,
        steps: [(scene) => (good(2, 2, 2)(scene), void scene.files.delete(path))],
        refused: "release/missing",
      },
      {
        name: `${clause}.1 endless data in the place of the ${role}`,
        steps: [(scene) => (good(2, 2, 2)(scene), void scene.endless.add(path))],
        refused: "release/too-long",
      },
      {
        name: `${clause}.2 a ${role} of which a byte changed`,
        steps: [(scene) => (good(2, 2, 2)(scene), void scene.files.set(path, spoil(scene.files.get(path))))],
        refused: "release/wrong-hash",
      },
      {
        name: `${clause}.2 a ${role} that was cut off`,
        steps: [
          (scene) => {
            good(2, 2, 2)(scene);
            scene.files.set(path, (scene.files.get(path) ?? Buffer.of()).subarray(0, -1));
          },
        ],
        refused: "release/wrong-length",
      },
      {
        name: `${clause}.2 the ${role} of another release`,
        steps: [
          (scene) => {
            good(2, 2, 2)(scene);
            scene.files.set(path, scene.files.get(`metadata/1.${role}.json`) ?? Buffer.of());
          },
        ],
        refused: "release/wrong-hash",
      },
      {
        name: `${clause}.3 a ${role} whose signature was stripped, and its parents vouch for it`,
        steps: [(scene) => forged(scene, role, (value) => signed(value, []))],
        refused: "release/threshold",
      },
      {
        name: `${clause}.3 a ${role} that a stranger signed, and its parents vouch for it`,
        steps: [(scene) => forged(scene, role, (value) => signed(value, scene.other[role].keys))],
        refused: "release/threshold",
      },
      {
        name: `${clause}.3 a ${role} that a key signed that was taken out`,
        steps: [
          (scene) => {
            const next = rotate(scene, [role]);
            publish(scene.files, { roles: next, versions: [2, 2, 2], signers: { [role]: own(scene) } });
          },
        ],
        refused: "release/threshold",
      },
      {
        name: `${clause}.4 a ${role} of another version than is named`,
        steps: [(scene) => forged(scene, role, (value) => signed({ ...value, version: 3 }, own(scene)))],
        refused: "release/mix-and-match",
      },
      {
        name: `${clause} a ${role} that has expired`,
        steps: [
          ({ files, roles }) => publish(files, { roles, versions: [2, 2, 2], expires: { [role]: PAST } }),
        ],
        refused: "release/expired",
      },
      {
        name: `${clause} a ${role} of another type`,
        steps: [(scene) => forged(scene, role, (value) => signed({ ...value, _type: "root" }, own(scene)))],
        refused: "release/malformed",
      },
    ];
  }),
  {
    name: "5.5.5 a snapshot that names older targets",
    steps: [good(2, 2, 5), good(3, 3, 4)],
    refused: "release/rollback",
  },
  {
    name: "5.5.5 a snapshot that names no targets any more",
    steps: [
      (scene) =>
        forged(scene, "snapshot", () =>
          signed(metaJson("snapshot", { version: 2 }, {}), scene.roles.snapshot.keys),
        ),
    ],
    refused: "release/rollback",
  },
  {
    name: "5.6.3 targets that one of two keys signed",
    roles: twoOfThree,
    steps: [
      ({ files, roles }) =>
        publish(files, { roles, versions: [2, 2, 2], signers: { targets: roles.targets.keys.slice(0, 1) } }),
    ],
    refused: "release/threshold",
  },
  {
    name: "5.6.3 targets that one of two keys signed, and a stranger",
    roles: twoOfThree,
    steps: [
      ({ files, roles, other }) =>
        publish(files, {
          roles,
          versions: [2, 2, 2],
          signers: { targets: [...roles.targets.keys.slice(0, 1), ...other.targets.keys] },
        }),
    ],
    refused: "release/threshold",
  },
  {
    name: "5.6.3 targets that two of three keys signed, and a stranger",
    roles: twoOfThree,
    steps: [
      ({ files, roles, other }) =>
        publish(files, {
          roles,
          versions: [2, 2, 2],
          signers: { targets: [...roles.targets.keys.slice(1), ...other.targets.keys] },
        }),
    ],
    refused: null,
    sequence: 2,
  },
  ...(["a byte changed", "it was cut off", "it has no end", "it is not there"] as const).map(
    (what): TufCase => ({
      name: `5.7.2 a manifest: ${what}`,
      steps: [
        (scene) => {
          const { files, endless } = scene;
          good(2, 2, 2)(scene);
          const bytes = manifestBytes(content(2));
          const path = `targets/${sha256(bytes)}.manifest.json`;
          if (what === "a byte changed") files.set(path, spoil(bytes));
          else if (what === "it was cut off") files.set(path, bytes.subarray(1));
          else if (what === "it has no end") endless.add(path);
          else files.delete(path);
        },
      ],
      refused: {
        "a byte changed": "release/wrong-hash",
        "it was cut off": "release/wrong-length",
        "it has no end": "release/too-long",
        "it is not there": "release/missing",
      }[what],
    }),
  ),
  {
    name: "5.6 targets that are named with neither length nor hashes",
    steps: [
      ({ files, roles }) => {
        const targets = signed(targetsJson({ version: 2 }, content(2)), roles.targets.keys);
        const snapshot = metaJson("snapshot", { version: 2 }, { "targets.json": { version: 2 } });
        const timestamp = metaJson("timestamp", { version: 2 }, { "snapshot.json": { version: 2 } });
        const manifest = manifestBytes(content(2));
        files.set(`targets/${sha256(manifest)}.manifest.json`, manifest);
        files.set("metadata/2.targets.json", targets);
        files.set("metadata/2.snapshot.json", signed(snapshot, roles.snapshot.keys));
        files.set("metadata/timestamp.json", signed(timestamp, roles.timestamp.keys));
      },
    ],
    refused: null,
    sequence: 2,
  },
];
