/**
 * `artifacts verify` with addresses that strangers wrote: files outside, links, pipes, private hosts, redirects, endless
 * and slow answers, secrets that must stay at home; and the gate, which believes a report of the very commit only.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { expect, it, onTestFinished, describe } from "vitest";
import { isPublicAddress } from "../../src/adapters/artifacts/guard.ts";
import { sha256Hex } from "../../src/core/model/digest.ts";
import { run } from "../cli.ts";
import { git, newFolder, newRepository } from "../repository-on-disk.ts";
import { newKey } from "../ssh.ts";
import { commitAll } from "../scenarios/registry-folder.ts";

const bytes = "weights ".repeat(1000);
const digest = `sha256:${sha256Hex(Buffer.from(bytes))}`;

/** A repository with one model a row: its address, and what the entry says of it. */
function registryOf(rows: Readonly<Record<string, { uri: string; digest?: string; size?: number }>>): string {
  const folder = newRepository();
  const put = (path: string, text: string): void => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  put("registry/registry.yaml", "title: Test\nid: test\n");
  for (const [name, { uri, digest: pinned = digest, size }] of Object.entries(rows)) {
    const more = size === undefined ? "" : `, size: ${size}`;
    put(
      `registry/models/own/${name}/1.0.0.yaml`,
      `title: M\nstate: beta\nspec:\n  provider: provider:own\n  type: classification\n` +
        `  artifact: { uri: "${uri}", digest: "${pinned}"${more} }\n`,
    );
  }
  return folder;
}

interface Told {
  readonly status: string;
  readonly reason: string | null;
  readonly found: { readonly digest: string | null; readonly size: number } | null;
}

async function verify(
  folder: string,
  words: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly told: Readonly<Record<string, Told>> }> {
  const argv = ["artifacts", "verify", ...words, "--format", "json"];
  const { code, stdout, stderr } = await run(argv, { cwd: folder, env });
  const report = JSON.parse(stdout) as { artifacts?: readonly (Told & { subject: string })[] };
  if (report.artifacts === undefined) throw new Error(stdout + stderr);
  const named = report.artifacts.map(
    (each) => [/own\/([^@]+)@/.exec(each.subject)?.[1] ?? "", each] as const,
  );
  return { code, told: Object.fromEntries(named) };
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

describe("files", () => {
  it("are read inside of the repository and of folders that were named, through no link, and whole", async () => {
    const outside = newFolder();
    writeFileSync(join(outside, "weights"), bytes);
    const folder = registryOf({});
    const at = (name: string): string => `file://${join(folder, "files", name)}`;
    mkdirSync(join(folder, "files"));
    writeFileSync(join(folder, "files/good"), bytes);
    writeFileSync(join(folder, "files/other"), bytes.replace("w", "W"));
    symlinkSync(join(outside, "weights"), join(folder, "files/link"));
    execFileSync("mkfifo", [join(folder, "files/pipe")]);
    const rows = {
      good: { uri: at("good"), size: 8000 },
      other: { uri: at("other") },
      shorter: { uri: at("good"), size: 8001 },
      longer: { uri: at("good"), size: 7999 },
      link: { uri: at("link") },
      pipe: { uri: at("pipe") },
      gone: { uri: at("gone") },
      outside: { uri: `file://${join(outside, "weights")}` },
      passwd: { uri: "file:///etc/passwd" },
      dotted: { uri: `file://${folder}/files/../../../etc/passwd` },
      elsewhere: { uri: "file://host.example.com/weights" },
      unknown: { uri: "ftp://host.example.com/weights" },
    };
    const made = registryOf(rows);
    for (const name of ["registry"]) execFileSync("cp", ["-r", join(made, name), folder]);
    const { code, told } = await verify(folder);
    expect(code).toBe(1);
    expect(Object.fromEntries(Object.entries(told).map(([name, { status }]) => [name, status]))).toEqual({
      good: "VERIFIED",
      other: "MISMATCH",
      shorter: "MISMATCH",
      longer: "MISMATCH",
      link: "UNREACHABLE",
      pipe: "UNREACHABLE",
      gone: "UNREACHABLE",
      outside: "UNREACHABLE",
      passwd: "UNREACHABLE",
      dotted: "UNREACHABLE",
      elsewhere: "UNREACHABLE",
      unknown: "UNREACHABLE",
    });
    expect(told["longer"]?.found?.digest).toBeNull();
    expect(told["passwd"]?.reason).toContain("outside of the folders");
    const allowed = await verify(folder, ["model:own/outside@1.0.0", "--allow-folder", outside]);
    expect([allowed.code, allowed.told["outside"]?.status]).toEqual([0, "VERIFIED"]);
  });
});

describe("hosts", () => {
  it("are public ones, unless whoever runs this has named them", async () => {
    const asked: string[] = [];
    const host = await serve((request, response) => {
      asked.push(request.url ?? "");
      response.end(bytes);
    });
    const folder = registryOf({
      plain: { uri: `http://${host}/weights` },
      meta: { uri: "https://169.254.169.254/latest/meta-data" },
      mapped: { uri: "https://[::ffff:127.0.0.1]/x" },
      decimal: { uri: "https://2130706433/x" },
      name: { uri: "https://localhost/x" },
      user: { uri: `http://user:secret@${host}/weights` },
      bucket: { uri: `s3://bucket/key?endpoint=http://${host}` },
      registry: { uri: `oci://${host}/repository:latest` },
    });
    const refused = await verify(folder, [], { AWS_ACCESS_KEY_ID: "k", AWS_SECRET_ACCESS_KEY: "s" });
    expect(Object.values(refused.told).map(({ status }) => status)).toEqual(Array(8).fill("UNREACHABLE"));
    expect(asked).toEqual([]);
    const { told } = await verify(folder, ["model:own/plain@1.0.0", "--allow-host", host]);
    expect([told["plain"]?.status, asked]).toEqual(["VERIFIED", ["/weights"]]);
  });

  it.each([
    ["93.184.216.34", true],
    ["2606:2800:220:1::1", true],
    ["10.1.2.3", false],
    ["100.64.0.1", false],
    ["127.0.0.1", false],
    ["169.254.169.254", false],
    ["172.31.255.255", false],
    ["192.168.0.1", false],
    ["0.0.0.0", false],
    ["255.255.255.255", false],
    ["::1", false],
    ["::", false],
    ["::ffff:10.0.0.1", false],
    ["64:ff9b::a00:1", false],
    ["fd00::1", false],
    ["fe80::1", false],
    ["no address", false],
  ])("%s is public: %s", (address, expected) => {
    expect(isPublicAddress(address)).toBe(expected);
  });

  it("are not followed elsewhere, and not waited for without end", async () => {
    const seen: string[] = [];
    const other = await serve((request, response) => {
      seen.push(request.url ?? "");
      response.end(bytes);
    });
    const host = await serve((request, response) => {
      const path = request.url ?? "";
      if (path === "/away") response.writeHead(302, { location: `http://${other}/weights` }).end();
      else if (path === "/moved") response.writeHead(301, { location: "/weights" }).end();
      else if (path === "/round") response.writeHead(302, { location: "/round" }).end();
      else if (path === "/secret") response.writeHead(403).end("no");
      else if (path === "/gone") response.writeHead(404).end();
      else if (path === "/cut") {
        response.writeHead(200, { "content-length": "9000" });
        response.write(bytes.slice(0, 100), () => response.destroy());
      } else if (path === "/endless") {
        const more = (): void => {
          while (!response.destroyed && response.write("x".repeat(65_536)));
          if (!response.destroyed) response.once("drain", more);
        };
        more();
      } else if (path === "/slow") {
        const drop = setInterval(() => response.write("x"), 20);
        response.on("close", () => clearInterval(drop));
      } else response.end(bytes);
    });
    const names = ["away", "moved", "round", "secret", "gone", "cut", "slow"];
    const rows = Object.fromEntries(names.map((name) => [name, { uri: `http://${host}/${name}` }]));
    const folder = registryOf({ ...rows, endless: { uri: `http://${host}/endless`, size: 8000 } });
    const { told } = await verify(folder, ["--allow-host", host, "--allow-host", other, "--timeout", "PT1S"]);
    expect(Object.fromEntries(Object.entries(told).map(([name, { status }]) => [name, status]))).toEqual({
      away: "UNREACHABLE",
      cut: "UNREACHABLE",
      endless: "MISMATCH",
      gone: "UNREACHABLE",
      moved: "VERIFIED",
      round: "UNREACHABLE",
      secret: "UNREACHABLE",
      slow: "UNREACHABLE",
    });
    expect(seen).toEqual([]);
    expect(told["slow"]?.reason).toContain("longer than it may");
    expect(told["endless"]?.found?.size).toBeLessThan(1 << 20);
  });

  it("of registries are told no password that does not say whose it is", async () => {
    const sent: (string | undefined)[] = [];
    const host = await serve((request, response) => {
      sent.push(request.headers.authorization);
      response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
    });
    const folder = registryOf({ mine: { uri: `oci://${host}/repository:latest` } });
    const who = { ASSENT_OCI_USERNAME: "ci", ASSENT_OCI_PASSWORD: "let-me-in" };
    const words = ["--allow-host", host];
    expect((await verify(folder, words, who)).told["mine"]?.status).toBe("UNREACHABLE");
    expect(sent).toEqual([undefined]);
    await verify(folder, words, { ...who, ASSENT_OCI_HOST: host });
    expect(sent.slice(1)).toEqual([undefined, `Basic ${Buffer.from("ci:let-me-in").toString("base64")}`]);
  });
});

it("lets the gate believe a report of the commit that it judges, and of no other", async () => {
  const folder = registryOf({ weights: { uri: "file:///replaced" } });
  const uri = `file://${join(folder, "weights")}`;
  const model = join(folder, "registry/models/own/weights/1.0.0.yaml");
  const text = (state: string): string =>
    `title: M\nstate: ${state}\nspec:\n  provider: provider:own\n  type: classification\n` +
    `  artifact: { uri: "${uri}", digest: "${digest}" }\n`;
  writeFileSync(model, text("beta"));
  mkdirSync(join(folder, "registry/governance/approval-policies"), { recursive: true });
  writeFileSync(
    join(folder, "registry/governance/approval-policies/opened.yaml"),
    "title: Opened\nmatch: { kinds: [Model], actions: [release] }\nrequire: { verifiedArtifacts: true }\n",
  );
  const base = commitAll(folder, "Begin");
  git(folder, ["switch", "-q", "-c", "change"]);
  writeFileSync(model, text("production"));
  const head = commitAll(folder, "Release");
  writeFileSync(join(folder, "weights"), bytes);
  writeFileSync(
    join(folder, "reviews.json"),
    JSON.stringify({
      author: { id: 1, login: "a" },
      base: { ref: "refs/heads/main" },
      mergedAt: null,
      reviews: [],
    }),
  );
  const report = async (rev: string): Promise<string> =>
    (await run(["artifacts", "verify", "--at", rev, "--format", "json"], { cwd: folder })).stdout;
  const gate = async (text?: string): Promise<string> => {
    const words = ["gate", "--base", base, "--head", head, "--reviews", "reviews.json", "--format", "json"];
    if (text !== undefined) {
      writeFileSync(join(folder, "report.json"), text);
      words.push("--verified-artifacts", "report.json");
    }
    return (await run(words, { cwd: folder })).stdout;
  };
  const demand = (told: string): unknown => {
    const found = /"requirement":"every artifact of [^"]*","outcome":"(\w+)","because":"([^"]*)"/.exec(told);
    return found === null ? (JSON.parse(told) as { code: string }).code : [found[1], found[2]];
  };
  const policy = "approval-policy:opened";
  expect(demand(await gate())).toEqual([
    "denied",
    `${policy} asks for verified artifacts; not opened by anyone: model:own/weights@1.0.0 at /spec/artifact.`,
  ]);
  const good = await report(head);
  expect(demand(await gate(good))).toEqual(["allowed", "All of them were."]);
  expect(demand(await gate(await report(base)))).toBe("gate/artifact-report");
  expect(demand(await gate("{}"))).toBe("gate/artifact-report");
  expect(demand(await gate(good.replace('"commit":', '"commit":null,"commit":')))).toBe(
    "gate/artifact-report",
  );
  writeFileSync(join(folder, "weights"), `${bytes}!`);
  expect(demand(await gate(await report(head)))).toEqual([
    "denied",
    "Not verified: model:own/weights@1.0.0 at /spec/artifact.",
  ]);
  const plan = await run(["plan", "--base", base, "--head", head], { cwd: folder });
  expect(plan.stdout).toContain("Artifacts  1 file kept elsewhere, not opened by anyone");
});

it("is recorded by a witness for the landing that a report is about", async () => {
  const key = newKey(newFolder(), "witness");
  const folder = registryOf({ weights: { uri: "file:///replaced" } });
  const uri = `file://${join(folder, "weights")}`;
  writeFileSync(
    join(folder, "registry/registry.yaml"),
    `title: Test\nid: test\nmode: enforce\nwitness:\n  - sshPublicKey: ${key.publicKey}\n`,
  );
  commitAll(folder, "Begin");
  const text = `title: M\nstate: beta\nspec:\n  provider: provider:own\n  type: classification\n  artifact: { uri: "${uri}", digest: "${digest}" }\n`;
  writeFileSync(join(folder, "registry/models/own/weights/1.0.0.yaml"), text);
  commitAll(folder, "One");
  writeFileSync(join(folder, "registry/models/own/weights/1.0.0.yaml"), text.replace("M\n", "N\n"));
  const landing = commitAll(folder, "Two");
  writeFileSync(join(folder, "weights"), bytes);
  const report = await run(["artifacts", "verify", "--at", landing, "--format", "json"], { cwd: folder });
  writeFileSync(join(folder, "report.json"), report.stdout);
  const words = ["audit", "record", "--key", key.file, "--verified-artifacts", "report.json"];
  // After the landings, which git has dated by the machine's clock.
  const host = { now: Math.floor(Date.now() / 1000) + 60, git: {} };
  const { stdout, stderr } = await run(words, { cwd: folder, host });
  const verified = (file: string): unknown => {
    const envelope = JSON.parse(git(folder, ["show", `registry-evidence:${file}`])) as { payload: string };
    return /"verifiedArtifacts":(null|\[[^\]]*\])/.exec(
      Buffer.from(envelope.payload, "base64").toString(),
    )?.[1];
  };
  const files = git(folder, ["ls-tree", "-r", "--name-only", "registry-evidence"]).trim().split("\n");
  expect([files.filter((file) => file.startsWith("log/")).map(verified), stderr]).toEqual([
    ["null", JSON.stringify([digest])],
    "",
  ]);
  expect(stdout).toContain("VIOLATION");
});
