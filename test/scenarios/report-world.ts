/** What reports are tried on: this repository's own registry with a short history, and what reads their pages and documents. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git, plainEnvironment } from "../repository-on-disk.ts";

export const root = join(import.meta.dirname, "../..");

/** Text that means harm, and signs that few fonts have. */
export const evil = `=cmd|' /C calc'!A1 <script>alert(1)</script><img src=x onerror=alert(2)> "q" \u{1f980} \u0416 \u4f60`;

/** Why pages are not opened here; undefined where they are. */
export const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
export const withoutPoppler = spawnSync("pdftotext", ["-v"]).error !== undefined;

export interface World {
  readonly folder: string;
  /** Landings, oldest first. */
  readonly commits: readonly string[];
  remove(): void;
}

/** Three landings, a month apart: the registry, a deprecation by somebody with a sharp pen, and a waiver that lapses soon. */
export function makeWorld(): World {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "assent-report-")));
  git(folder, ["init", "-q", "-b", "main", "."]);
  for (const name of ["registry", "CODEOWNERS"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  const land = (month: string, message: string): string => {
    git(folder, ["add", "-A"]);
    const date = `2026-${month}-01T09:00:00Z`;
    execFileSync("git", ["commit", "-q", "-m", message], {
      cwd: folder,
      env: { ...plainEnvironment, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    });
    return git(folder, ["rev-parse", "HEAD"]).trim();
  };
  const commits = [land("04", "Begin")];
  const scorer = join(folder, "registry/models/fraud/card-scorer/3.1.0.yaml");
  const text = readFileSync(scorer, "utf8");
  writeFileSync(
    scorer,
    text
      .replace(/^title: .*$/m, `title: ${JSON.stringify(evil)}`)
      .replace(/^state: .*$/m, 'state: deprecated\nsunset: "2026-07-20"')
      .replace(/^reason: .*$/m, `reason: ${JSON.stringify(`${evil} ${"and why ".repeat(100)}END`)}`),
  );
  commits.push(land("05", "Deprecate"));
  writeFileSync(
    join(folder, "registry/governance/waivers/soon.yaml"),
    `policy: policy:core/no-deprecated-in-use@1.0.0
selector: { kinds: [Bundle] }
reason: ${JSON.stringify(evil)}
expires: "2026-07-10T00:00:00Z"
`,
  );
  commits.push(land("06", "Excuse"));
  return { folder, commits, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Words with their places, page by page, as poppler finds them. */
export function wordsOf(file: string) {
  const xml = execFileSync("pdftotext", ["-bbox", file, "-"], { maxBuffer: 1 << 28 }).toString();
  return xml
    .split("<page ")
    .slice(1)
    .map((page) => {
      const size = /width="([\d.]+)" height="([\d.]+)"/.exec(page);
      const words = [
        ...page.matchAll(
          /<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)<\/word>/g,
        ),
      ];
      return {
        width: Number(size?.[1]),
        height: Number(size?.[2]),
        words: words.map(([, ...rest]) => {
          const [left, top, right, bottom] = rest.slice(0, 4).map(Number) as [number, number, number, number];
          return { left, top, right, bottom, text: rest[4] ?? "" };
        }),
      };
    });
}

/** All text of a document in the order in which it was set, without spaces and line ends. */
export function runOf(file: string): string {
  const text = execFileSync("pdftotext", ["-raw", "-nopgbrk", file, "-"], { maxBuffer: 1 << 28 });
  return text.toString().replace(/\s+/g, "");
}
