/**
 * The whole promise at once: a release on a real registry, a real store and a real static host, and services that run on
 * them while keys are exchanged, the registry is down, an attacker swaps files, an old release is replayed and nobody signs
 * any more. What each service answers is kept beside this file, to be read.
 */
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { expect, inject, it, onTestFinished } from "vitest";
import { createResolver, type Resolver, type ResolverOptions } from "../../src/client/resolver.ts";
import { Failure } from "../../src/core/model/failure.ts";
import { filesNamed, generate, releaseWorld, releaseKeys, DAY } from "../release-world.ts";
import { newFolder } from "../repository-on-disk.ts";
import { evil, forward } from "./evil.ts";
import { serveByNginx } from "./nginx.ts";
import { assentJson, newBucket, s3Env } from "./places.ts";

const servers = inject("servers");
const HOUR = 3_600_000;

/** A program that runs on releases. It is gone when it could not start. */
interface Service {
  readonly name: string;
  readonly options: ResolverOptions;
  resolver: Resolver | undefined;
  /** Why it did not start. */
  refused: string | undefined;
}

const lacks = servers.registry === null || servers.s3 === null || servers.nginx === null;
it.skipIf(lacks)("what services answer", { timeout: 120_000 }, async () => {
  const lines: string[] = [
    "What services answer, whatever happens to the places that they read from: test/hosts/services.test.ts",
  ];
  /** Services believe this clock; hosts have the machine's own. */
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead, env: s3Env, say: () => {} };
  const services = new Map<string, Service>();

  const start = async (name: string, options: Partial<ResolverOptions>): Promise<void> => {
    const [environment = ""] = name.split("/");
    const service: Service = services.get(name) ?? {
      name,
      options: {
        source: "",
        trust,
        environment,
        cacheDir: join(home, "caches", name),
        refresh: false,
        world: clock,
        ...options,
      },
      resolver: undefined,
      refused: undefined,
    };
    services.set(name, service);
    service.resolver?.close();
    service.resolver = service.refused = undefined;
    try {
      service.resolver = await createResolver(service.options);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      service.refused = error.code;
    }
  };
  /** Each of them asks once for a newer release, and then answers. */
  const act = async (what: string): Promise<void> => {
    lines.push("", what, "");
    for (const { name, resolver, refused } of services.values()) {
      if (resolver === undefined) {
        lines.push(`  ${name.padEnd(18)}does not start: ${refused}`);
        continue;
      }
      const failed = await resolver.refresh().then(
        () => "",
        (error: Failure) => `  (refresh: ${error.code})`,
      );
      const answer = resolver.resolve({ usecase: "support/reply" });
      const said =
        answer.format === "assent.error/v1"
          ? `error ${answer.code}`
          : `${answer.outcome.padEnd(10)}${answer.bundle?.ref ?? ""}`;
      const { state, release } = resolver.status();
      const from = `landing ${release?.sequence ?? "-"}, ${state}`;
      lines.push(`  ${name.padEnd(18)}${said.padEnd(38)}${from}${failed}`.trimEnd());
    }
  };

  // The three hosts. The registry stands behind a line that can be cut.
  const home = newFolder();
  let up = true;
  const line = await evil((request, response) => {
    if (up) forward(`http://${servers.registry}`, request, response);
    else request.socket.destroy();
  });
  const public_ = join(home, "public");
  mkdirSync(public_);
  const bucket = `services${process.pid}`;
  const store: S3Client = await newBucket(bucket);
  onTestFinished(() => store.destroy());
  const oci = `oci://${line.host}/services/${process.pid}`;
  const s3 = `s3://${bucket}/registry?endpoint=${servers.s3}`;

  // Their publisher.
  const world = await releaseWorld(join(home, "publisher"), Math.floor(Date.now() / 1000) - DAY);
  await generate(world);
  const landTrust = (): void =>
    world.land(
      Object.fromEntries(
        readdirSync(join(world.folder, "trust")).map((name) => [
          `trust/${name}`,
          readFileSync(join(world.folder, "trust", name), "utf8"),
        ]),
      ),
    );
  const live = (environment: string, bundle: string, reason: string): void =>
    world.land({
      [`registry/live/${environment}/support/reply.yaml`]: `bundle: ${bundle}\nreason: ${reason}\n`,
    });
  landTrust();
  const trust = join(home, "root.json");
  cpSync(join(world.folder, "trust/1.root.json"), trust);
  let keys = releaseKeys(world.keys);
  const release = async (...words: readonly string[]): Promise<void> => {
    const passphrase = `--passphrase-file=${join(home, "publisher/passphrase")}`;
    const made = await world.run("release", "--out", world.out, ...keys, passphrase, ...words);
    expect([made.code, made.stderr]).toEqual([0, ""]);
  };
  const push = (...to: readonly string[]) => assentJson(["push", ...to, "--release", world.out], s3Env);
  const everywhere = [oci, s3, `dir:${public_}`];
  /** The current timestamp of the publisher; whoever has it can put it back. */
  const timestamp = (): Uint8Array => readFileSync(join(world.out, "metadata/timestamp.json"));
  /** Whoever writes to a static host dates what they write; nginx tells versions apart by second and length. */
  const replay = (bytes: Uint8Array, later: number): void => {
    const path = join(public_, "metadata/timestamp.json");
    writeFileSync(path, bytes);
    const seconds = Math.floor(Date.now() / 1000) + later;
    utimesSync(path, seconds, seconds);
  };
  const putInStore = (path: string, bytes: Uint8Array): Promise<unknown> =>
    store.send(new PutObjectCommand({ Bucket: bucket, Key: `registry/${path}`, Body: bytes }));

  live("stage", '"1.0.0"', "It works in dev.");
  world.now = Math.floor(Date.now() / 1000);
  await release();
  await push(...everywhere);
  const { url } = await serveByNginx(public_);
  for (const environment of ["dev", "stage"]) {
    await start(`${environment}/oci`, { source: oci });
    await start(`${environment}/s3`, { source: s3 });
    await start(`${environment}/static`, { source: url });
  }
  await start("stage/any", { source: [oci, s3, url], onStale: { serveLastGood: "PT6H" } });
  await act("A release is on an OCI registry, in an S3 store and on a static host.");

  live("dev", "none", "Nobody uses it any more.");
  await release();
  await push(...everywhere);
  await act("In dev it is switched off, and that is released and pushed to all three.");

  const pem = join(home, "publisher/passphrase");
  await generate(world, "--role", "timestamp");
  await generate(world, "--role", "targets");
  const fresh = (role: string): string =>
    filesNamed(world.keys, new RegExp(`^${role}-[0-9a-f]{8}\\.pub\\.json$`));
  const old = (role: string): string =>
    (JSON.parse(readFileSync(join(world.keys, `${role}.pub.json`), "utf8")) as { keyid: string }).keyid;
  const exchange = ["timestamp", "targets"].flatMap((role) => [
    `--remove=${role}=${old(role)}`,
    `--add=${role}=${fresh(role)}`,
  ]);
  const before = { timestamp: timestamp() };
  const rotated = await world.run(
    "key",
    "rotate",
    ...exchange,
    `--key=${join(world.keys, "root.pem")}`,
    `--passphrase-file=${pem}`,
  );
  expect([rotated.code, rotated.stderr]).toEqual([0, ""]);
  landTrust();
  keys = [
    ...["timestamp", "targets"].map((role) => `--key=${role}=${fresh(role).replace(".pub.json", ".pem")}`),
    `--key=snapshot=${join(world.keys, "snapshot.pem")}`,
  ];
  await release();
  await push(...everywhere);
  await act("The keys of targets and timestamp are exchanged; services hold the first root still.");
  const fifth = timestamp();

  up = false;
  live("dev", '"1.0.0"', "Somebody does.");
  await release();
  expect(await push(...everywhere)).toMatchObject({ code: "source/unavailable" });
  await act("The registry goes down. A push to all three fails, and becomes current nowhere.");

  await push(s3, `dir:${public_}`);
  await start("dev/oci", {});
  await start("dev/oci-new", { source: oci });
  await act("It is pushed to the other two. dev/oci is started again, and a new service for the first time.");
  services.delete("dev/oci-new");

  // The attacker can write to the static host and to the store, and has keys of his own.
  const slices = join(public_, "targets/slices");
  for (const name of readdirSync(slices)) {
    const text = readFileSync(join(slices, name), "utf8");
    writeFileSync(join(slices, name), text.replaceAll("support/reply", "support/resha"));
  }
  const sixth = timestamp();
  const forged = JSON.parse(new TextDecoder().decode(sixth)) as {
    signed: { version: number; expires: string };
  };
  forged.signed.version += 1;
  await putInStore("metadata/timestamp.json", new TextEncoder().encode(JSON.stringify(forged)));
  await start("stage/static-new", { source: url });
  await start("stage/s3-new", { source: s3 });
  await act(
    "An attacker swaps what is live on the static host, and the store's timestamp, under old signatures.",
  );
  for (const name of ["stage/static-new", "stage/s3-new"]) services.delete(name);

  await putInStore("metadata/timestamp.json", sixth);
  // A push mends what is current; the release before comes from the publisher's folder.
  await push(`dir:${public_}`);
  cpSync(join(world.out, "targets/slices"), slices, { recursive: true });
  await act("Both are mended from what the publisher has.");

  replay(fifth, 60);
  await putInStore("metadata/timestamp.json", before.timestamp);
  await start("dev/static-new", { source: url });
  await start("dev/floor", { source: url, minSequence: 6 });
  await start("dev/s3-new", { source: s3 });
  await act(
    "Old releases are replayed: on the static host the one before, in the store one that the old keys signed.\n" +
      "Who has never run cannot know of a newer one, but by a floor (minSequence), or until the old one expires.",
  );
  for (const name of ["dev/static-new", "dev/floor", "dev/s3-new"]) services.get(name)?.resolver?.close();
  for (const name of ["dev/static-new", "dev/floor", "dev/s3-new"]) services.delete(name);

  replay(sixth, 120);
  await putInStore("metadata/timestamp.json", sixth);
  up = true;
  live("dev", "none", "Nobody does.");
  await release();
  await push(...everywhere);
  await act("The registry is back, and the next release is everywhere.");

  ahead = 2 * DAY * 1000 + HOUR;
  await act(
    "Nobody signs for two days and an hour. stage/any may go on for six hours; the store takes no request of a\n" +
      "clock that is so far ahead, which changes nothing.",
  );
  await start("stage/static", {});
  await act("stage/static is started again.");
  ahead += 6 * HOUR;
  await act("Six hours later.");

  world.now += ahead / 1000;
  await release("--refresh");
  await push(oci, `dir:${public_}`);
  await start("stage/static", {});
  await act("The timestamp is signed again, and pushed to the registry and the static host.");

  ahead = 0;
  await act("All clocks are set back by two days. What was seen before counts.");

  for (const { resolver } of services.values()) resolver?.close();
  rmSync(public_, { recursive: true });
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("services.txt");
});
