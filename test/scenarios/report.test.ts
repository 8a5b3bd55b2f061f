/**
 * Reports as an auditor takes them: on this repository's own registry, in every format, at any time and in any place;
 * pages opened in a browser, documents read back.
 */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderPdf } from "../../src/core/export/report/render/pdf.ts";
import { column, sectionOf, type Report } from "../../src/core/export/report/define.ts";
import type { Instant } from "../../src/core/model/instant.ts";
import { run } from "../cli.ts";
import { landHere } from "../no-forge-land.ts";
import { git, newFolder, newRepository, plainEnvironment } from "../repository-on-disk.ts";
import {
  chromium,
  evil,
  makeWorld,
  root,
  runOf,
  withoutPoppler,
  wordsOf,
  type World,
} from "./report-world.ts";

/** Says, inside a page, what is wrong with it. */
const faultsOfPage = readFileSync(join(import.meta.dirname, "report-page.js"), "utf8");

const names = ["compliance", "coverage", "waivers", "lifecycle", "inventory", "degrade-matrix"];
let world: World;

beforeAll(() => {
  world = makeWorld();
  return () => world.remove();
});

const report = (...argv: readonly string[]) => run(["report", ...argv], { cwd: world.folder });

async function out(...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await report(...argv);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

async function file(name: string, ...argv: readonly string[]): Promise<string> {
  expect((await report(...argv, "--out", name)).code).toBe(0);
  return join(world.folder, name);
}

interface Wire {
  readonly sections: readonly {
    readonly key: string;
    readonly title: string;
    readonly columns: readonly { readonly key: string }[];
    readonly rows: readonly Readonly<Record<string, unknown>>[];
  }[];
  readonly facts: readonly { readonly key: string; readonly value: unknown }[];
  readonly charts: readonly { readonly type: string }[];
  readonly notes: readonly string[];
}

const json = async (...argv: readonly string[]): Promise<Wire> =>
  JSON.parse(await out(...argv, "--format", "json")) as Wire;
const rows = (wire: Wire, key: string) => wire.sections.find((each) => each.key === key)?.rows ?? [];

describe("what reports say of this repository", () => {
  it("who waived what until when, since when it does not comply", async () => {
    const violations = rows(await json("compliance"), "violations");
    expect(violations).toContainEqual(
      expect.objectContaining({
        entry: "model:openai/gpt-5.4-mini@1.0.0",
        status: "exempt",
        waivedBy: ["waiver:gpt-5.4-mini-as-general"],
        waivedUntil: "2027-03-31T00:00:00Z",
        since: "2026-04-01T09:00:00Z",
        days: 91,
      }),
    );
    // A bundle that stood on a model complied until that was deprecated, and is excused until the waiver lapses.
    const fallen = violations.find(({ entry }) => entry === "bundle:fraud/card-score@1.4.0");
    expect(fallen).toMatchObject({
      since: "2026-05-01T09:00:00Z",
      status: "exempt",
      waivedBy: ["waiver:soon"],
    });
    const later = rows(await json("compliance", "--as-of", "2026-07-10T00:00:00Z"), "violations");
    expect(later.find(({ entry }) => entry === "bundle:fraud/card-score@1.4.0")).toMatchObject({
      since: "2026-05-01T09:00:00Z",
      status: "non-compliant",
      waivedBy: [],
    });
  });

  it("which waivers lapse, and when and by whom they were granted", async () => {
    const [soon, other] = rows(await json("waivers"), "waivers");
    expect(soon).toMatchObject({
      waiver: "waiver:soon",
      status: "lapsing",
      grantedAt: "2026-06-01T09:00:00Z",
      days: 8,
    });
    expect(other).toMatchObject({ status: "live", grantedAt: "2026-04-01T09:00:00Z" });
  });

  it("what is deprecated and live, for how long, and when it goes", async () => {
    const wire = await json("lifecycle");
    expect(rows(wire, "deprecated")[0]).toMatchObject({ entry: "model:fraud/card-scorer@3.1.0", days: 18 });
    expect(
      rows(wire, "entries").find(({ entry }) => entry === "model:fraud/card-scorer@3.1.0"),
    ).toMatchObject({
      since: "2026-05-01T09:00:00Z",
      days: 61,
    });
  });

  it("the past by --at, from the registry as it was", async () => {
    const [first] = world.commits;
    const wire = await json("waivers", "--at", first!);
    expect(rows(wire, "waivers").map(({ waiver }) => waiver)).toEqual(["waiver:gpt-5.4-mini-as-general"]);
  });

  it("a trend over landings, and beside any moments", async () => {
    const since = await json("compliance", "--since", "2026-01-01T00:00:00Z");
    expect(rows(since, "trend").map(({ moment, at, exempt }) => [moment, at, exempt])).toEqual([
      ["1", "2026-04-01T09:00:00Z", 1],
      ["2", "2026-05-01T09:00:00Z", 1],
      ["3", "2026-06-01T09:00:00Z", 4],
      ["now", "2026-07-02T00:00:00Z", 4],
    ]);
    expect(since.charts.filter(({ type }) => type === "lines").length).toBe(2);
    const beside = await json("compliance", "--compare", "HEAD~1", "2026-04-15T00:00:00Z");
    expect(rows(beside, "trend").map(({ moment }) => moment)).toEqual([
      "2026-04-15T00:00:00Z",
      "HEAD~1",
      "now",
    ]);
  });

  it("who agreed to a waiver, from the signatures that stand", async () => {
    const land = landHere();
    const path = "registry/governance/waivers/late.yaml";
    const text = `policy: policy:core/any@1.0.0\nselector: { kinds: [Model] }\nreason: Because.\nexpires: "2026-12-01T00:00:00Z"\n`;
    const head = land.commit("alice", { [path]: text }, { author: "alice <alice@example.com>" });
    await land.approve("dave", head);
    await land.approve("carol", head);
    git(land.folder, ["update-ref", "refs/heads/main", head]);
    const { stdout } = await run(["report", "waivers", "--format", "json"], { cwd: land.clone() });
    expect(rows(JSON.parse(stdout) as Wire, "waivers")).toContainEqual(
      expect.objectContaining({
        waiver: "waiver:late",
        grantedBy: "identity:alice",
        approvedBy: ["identity:carol", "identity:dave"],
      }),
    );
  });

  it("without git what stands on disk, and that there is no history", async () => {
    const plain = newFolder();
    execFileSync("cp", ["-r", join(world.folder, "registry"), plain]);
    const { code, stdout } = await run(["report", "compliance", "--format", "json"], { cwd: plain });
    const wire = JSON.parse(stdout) as Wire;
    expect([code, rows(wire, "violations")[0]?.["since"]]).toEqual([0, null]);
    expect(wire.notes.join()).toContain("no history here");
  });

  it("how many files it could not read", async () => {
    const broken = newFolder();
    execFileSync("cp", ["-r", join(world.folder, "registry"), broken]);
    writeFileSync(join(broken, "registry/usecases/fraud/card-score.yaml"), "purpose: [\n");
    const { stdout } = await run(["report", "inventory"], { cwd: broken });
    expect(stdout).toContain("cannot be read as entries: 1 file. See assent lint.");
  });
});

describe("wrong questions", () => {
  it("a folder without a registry", async () => {
    const { code, stderr } = await run(["report", "waivers"], { cwd: newRepository() });
    expect([code, stderr.split("\n")[0]]).toEqual([
      2,
      "error repository/not-found: There is no registry here yet.",
    ]);
  });

  it.each([
    [["complaince"], "usage/report", "Did you mean compliance?"],
    [["waivers", "--section", "waiver"], "usage/report-section", "Did you mean waivers?"],
    [["waivers", "--format", "pdf"], "usage/pdf-out", "--out report.pdf"],
    [["waivers", "--environment", "prot"], "usage/unknown-entry", "prod"],
    [["waivers", "--usecase", "fraud/card-scor"], "usage/unknown-entry", "fraud/card-score"],
    [["waivers", "--within", "soon"], "usage/number", "--within"],
    [["waivers", "--compare", "nowhere"], "git/unknown-revision", ""],
    [["waivers", "--compare", "2020-01-01T00:00:00Z"], "repository/before-history", ""],
  ])("%j: %s", async (argv, code, hint) => {
    const { code: exit, stderr } = await report(...argv);
    expect([exit, stderr.includes(`error ${code}:`), stderr.includes(hint)]).toEqual([2, true, true]);
  });
});

describe("every format", () => {
  it.each(names)("%s: text is at most 100 columns wide and holds no harm", async (name) => {
    const text = await out(name, "--limit", "0", "--since", "HEAD~2");
    expect(text.split("\n").filter((line) => line.length > 100)).toEqual([]);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it("in a file is without colours and as wide as ever, whatever the terminal", async () => {
    const env = { FORCE_COLOR: "1" };
    const argv = ["report", "waivers", "--as-of", "2026-07-02T00:00:00Z"];
    const shown = await run(argv, { cwd: world.folder, env, columns: 60 });
    expect(shown.stdout).toContain("<bold>");
    await run([...argv, "--out", "plain.txt"], { cwd: world.folder, env, columns: 60 });
    expect(readFileSync(join(world.folder, "plain.txt"), "utf8")).toBe(
      await out("waivers", "--as-of", "2026-07-02T00:00:00Z"),
    );
  });

  it.each(names)("%s: every table as CSV says what JSON says", async (name) => {
    const wire = await json(name);
    for (const { key, rows } of wire.sections) {
      const [head = [], ...lines] = parseCsv(await out(name, "--section", key, "--format", "csv"));
      expect(lines.length).toBe(rows.length);
      lines.forEach((cells, at) => {
        expect(cells.length).toBe(head.length);
        cells.forEach((cell, index) => {
          const value = rows[at]?.[head[index] ?? ""];
          const text = Array.isArray(value) ? value.join("; ") : String(value ?? "");
          expect(cell.replace(/^'/, "")).toBe(text);
          if (typeof value !== "number") expect(cell).not.toMatch(/^[\s"]*[=+\-@]/);
        });
      });
    }
  });

  it("is the same, byte for byte, twice, and with another clock, zone, language and terminal", async () => {
    const own: Record<string, string> = {};
    const asOf = ["--as-of", "2026-07-02T00:00:00Z"];
    const asked = ["text", "json", "csv", "html", "pdf"].map((format) => [
      format,
      join(world.folder, `same.${format}`),
    ]);
    for (const [format = "", path = ""] of asked) {
      for (const _ of ["once", "twice"]) {
        await file(path, "compliance", ...asOf, "--since", "HEAD~2", "--format", format);
        const digest = digestOf(path);
        expect(own[format] ?? digest).toBe(digest);
        own[format] = digest;
      }
    }
    const elsewhere = {
      ...plainEnvironment,
      TZ: "Pacific/Kiritimati",
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
      COLUMNS: "40",
    };
    // A process takes a second, and what JSON and CSV are made of is in the others.
    const processes = asked.filter(([format]) => format !== "json" && format !== "csv");
    const codes = processes.map(([format = "", path = ""]) => {
      const argv = [
        "report",
        "compliance",
        ...asOf,
        "--since",
        "HEAD~2",
        "--format",
        format,
        "--out",
        `${path}.2`,
      ];
      const child = spawn(process.execPath, [join(root, "src/main.ts"), ...argv], {
        cwd: world.folder,
        env: elsewhere,
        stdio: "ignore",
      });
      return new Promise((resolve) => void child.on("exit", resolve));
    });
    expect(await Promise.all(codes)).toEqual([0, 0, 0]);
    for (const [format = "", path = ""] of processes)
      expect([format, digestOf(`${path}.2`)]).toEqual([format, own[format]]);
  });
});

/** The whole document of a report, made once. */
const documents = new Map<string, Promise<string>>();
function documentOf(name: string): Promise<string> {
  let made = documents.get(name);
  if (made === undefined) {
    made = file(`${name}.pdf`, name, "--format", "pdf", "--since", "HEAD~2", "--limit", "0");
    documents.set(name, made);
  }
  return made;
}

describe.skipIf(withoutPoppler)("PDF, read back (skipped where poppler-utils is missing)", () => {
  it.each(names)("%s: holds every row whole, nothing outside the margins, numbered pages", async (name) => {
    const path = await documentOf(name);
    const wire = await json(name);
    const whole = runOf(path);
    for (const { rows } of wire.sections)
      for (const row of rows)
        for (const cell of Object.values(row)) {
          if (typeof cell === "string" && /^[\x21-\x7e]+$/.test(cell) && !/^\d{4}-/.test(cell))
            expect(whole).toContain(cell);
        }
    const pages = wordsOf(path);
    pages.forEach(({ width, height, words }, at) => {
      expect(words.filter(({ left, right }) => left < 30 || right > width - 30)).toEqual([]);
      expect(words.filter(({ top, bottom }) => top < 30 || bottom > height - 15)).toEqual([]);
      const foot = words.slice(-4).map(({ text }) => text);
      expect(foot).toEqual(["Page", String(at + 1), "of", String(pages.length)]);
    });
  });

  it.each(names)("%s: a heading stands on the page of its first row", async (name) => {
    const path = await documentOf(name);
    const pages = wordsOf(path);
    for (const { title, columns, rows } of (await json(name, "--since", "HEAD~2")).sections) {
      const [row] = rows;
      if (row === undefined) continue;
      const cell = String(row[columns[0]!.key]);
      const together = pages.some(({ words }) => {
        const large = words.filter(({ top, bottom }) => bottom - top > 10.5);
        const heading = large.map(({ text }) => text).join(" ");
        const below = words.map(({ text }) => text).join("");
        return ` ${heading} `.includes(` ${title} `) && below.includes(cell.replace(/ /g, "").slice(0, 8));
      });
      expect([title, together]).toEqual([title, true]);
    }
  });

  it("words of one line never run into each other", async () => {
    const path = await documentOf("lifecycle");
    for (const { words } of wordsOf(path)) {
      const sorted = [...words].sort((a, b) => a.top - b.top || a.left - b.left);
      const collisions = sorted.filter((word, at) => {
        const before = sorted[at - 1];
        return before !== undefined && Math.abs(before.top - word.top) < 0.5 && before.right > word.left + 1;
      });
      expect(collisions).toEqual([]);
    }
  });

  it("repeats headers, splits what no page holds, and writes what the font lacks as numbers", async () => {
    const shape = {
      key: "long",
      title: "Long",
      note: "Long.",
      none: "None.",
      columns: [column("name", "Name", "text", "A name."), column("text", "Words", "text", "Words.")],
    };
    const words = Array.from({ length: 9_000 }, (_, index) => `w${index}`);
    const value: Report = {
      ...empty,
      sections: [
        sectionOf(shape, [
          { name: "first \u{1f980} \u0416", text: words.join(" ") },
          ...Array.from({ length: 120 }, (_, index) => ({ name: `row${index}`, text: "x".repeat(400) })),
        ]),
      ],
    };
    const path = join(newFolder(), "long.pdf");
    writeFileSync(path, await renderPdf(value));
    const whole = runOf(path);
    const pages = wordsOf(path);
    expect(pages.length).toBeGreaterThan(5);
    expect(words.filter((word) => !whole.includes(word))).toEqual([]);
    expect(whole).toContain("first\\u{1f980}\\u{416}");
    expect(whole).toContain("Signsthatthefontsofthisdocumentlack");
    const tables = pages.filter((page) => page.words.some(({ text }) => /^(?:w\d+|x{20,})$/.test(text)));
    for (const page of tables)
      expect(page.words.filter(({ text }) => text === "Words").length).toBeGreaterThan(0);
  });

  it("dates and names the document by the report, not by the machine", async () => {
    const path = await file("dated.pdf", "inventory", "--format", "pdf", "--as-of", "2026-07-02T00:00:00Z");
    const info = execFileSync("pdfinfo", ["-isodates", path], {
      env: { ...plainEnvironment, TZ: "UTC" },
    }).toString();
    expect(info).toMatch(/Title: +Inventory of use cases . payments/);
    expect(info).toMatch(/CreationDate: +2026-07-02T00:00:00/);
    expect(info).toMatch(/JavaScript: +no/);
  });
});

describe.skipIf(chromium === undefined)("HTML in a browser (skipped where chromium is missing)", () => {
  let browser: Browser;
  beforeAll(async () => {
    const { chromium: engine } = await import("playwright-core");
    browser = await engine.launch({ executablePath: chromium!, args: ["--no-sandbox"] });
  });
  afterAll(() => browser.close());

  it.each(names)(
    "%s: reads well in light and dark, wide and narrow, loads and runs nothing",
    async (name) => {
      const path = await file(`${name}.html`, name, "--format", "html", "--since", "HEAD~2");
      for (const [colorScheme, width] of [
        ["light", 1280],
        ["dark", 1280],
        ["light", 400],
      ] as const) {
        const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
        const asked: string[] = [];
        const said: string[] = [];
        page.on("request", (request) => void asked.push(request.url()));
        page.on("dialog", (dialog) => void said.push(dialog.message()));
        page.on("console", (message) => void said.push(message.text()));
        await page.goto(`file://${path}`);
        expect([colorScheme, width, await page.evaluate(faultsOfPage)]).toEqual([colorScheme, width, []]);
        expect([asked, said]).toEqual([[`file://${path}`], []]);
        await page.close();
      }
    },
  );

  it("keeps the header of a long table in sight, and shows all of it on paper", async () => {
    const path = await file("long.html", "lifecycle", "--format", "html");
    const page = await browser.newPage({ viewport: { width: 1280, height: 700 } });
    await page.goto(`file://${path}`);
    const scrolled = await page.evaluate(`(() => {
      const region = [...document.querySelectorAll(".scroll")].at(-1);
      region.scrollTop = 900;
      const head = region.querySelector("thead th").getBoundingClientRect();
      return [
        region.scrollHeight > region.clientHeight,
        Math.round(head.top - region.getBoundingClientRect().top) <= 1,
      ];
    })()`);
    expect(scrolled).toEqual([true, true]);
    await page.emulateMedia({ media: "print" });
    const hidden = await page.evaluate(
      `[...document.querySelectorAll(".scroll")].filter((each) => each.scrollHeight > each.clientHeight + 1).length`,
    );
    expect(hidden).toBe(0);
    await page.close();
  });

  it("shows what means harm as the text it is", async () => {
    const path = await file("evil.html", "lifecycle", "--format", "html");
    const page = await browser.newPage();
    await page.goto(`file://${path}`);
    const shown = await page.evaluate("document.body.innerText");
    expect(shown).toContain(evil.slice(0, 70));
    expect(await page.evaluate(`document.querySelectorAll("script, img").length`)).toBe(0);
    await page.close();
  });
});

const empty: Report = {
  name: "long",
  title: "Long",
  main: "long",
  registry: "r",
  commit: null,
  sequence: null,
  asOf: "2026-07-02T00:00:00Z" as Instant,
  environment: null,
  usecase: null,
  facts: [],
  charts: [],
  sections: [],
  notes: [],
};

function digestOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** RFC 4180, strictly. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/y;
  while (cell.lastIndex < text.length) {
    const [, raw = "", end] = cell.exec(text) ?? [];
    if (end === undefined) throw new Error("no CSV");
    lines.at(-1)!.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === "\r\n") lines.push([]);
  }
  return lines.slice(0, -1);
}
