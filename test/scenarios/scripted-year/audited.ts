/** The scripted year with its evidence: recorded as a witness would have, landing by landing, and verified in place. */
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordEvidence, type RecordRequest, type RecordResult } from "../../../src/app/audit/record.ts";
import { verifyAudit } from "../../../src/app/audit/verify.ts";
import type { Ports } from "../../../src/app/ports.ts";
import { renderAnchor, type Anchor } from "../../../src/core/audit/anchor.ts";
import type { AuditReport } from "../../../src/core/audit/verify.ts";
import { joinPorts } from "../../../src/join.ts";
import { witness } from "./texts.ts";
import { makeYear, type Year } from "./year.ts";

/** The version that everything is recorded and verified by. */
export const version = "1.0.0";

export interface AuditedYear extends Year {
  /** A folder of everything that belongs to it; goes with `remove`. */
  readonly place: string;
  readonly keyFile: string;
  readonly ports: Ports;
  /** A copy of the repository to do something to. */
  copy(): string;
  record(folder: string, more?: Partial<RecordRequest>): Promise<RecordResult>;
  verify(folder: string, options?: { readonly anchor?: Anchor; readonly afresh?: boolean; readonly version?: string; readonly checkpoint?: string }): Promise<AuditReport>;
  remove(): void;
}

/** Makes and records a year with this many landings. */
export async function auditedYear(landings: number): Promise<AuditedYear> {
  const place = realpathSync(mkdtempSync(join(tmpdir(), "assent-year-")));
  const year = makeYear(join(place, "registry.git"), landings);
  const keyFile = join(place, "witness.pem");
  writeFileSync(keyFile, witness.pem, { mode: 0o600 });
  const names = { NAME: "The witness", EMAIL: "witness@example.com", DATE: "2026-01-01T00:00:00Z" };
  const people = ["AUTHOR", "COMMITTER"].flatMap((role) => Object.entries(names).map(([key, value]) => [`GIT_${role}_${key}`, value]));
  const end = (year.log.at(-1)?.act.time ?? 0) + 3600;
  const ports = joinPorts({ env: { PATH: process.env["PATH"] ?? "", HOME: place, ...Object.fromEntries(people) }, seconds: () => end });
  let copies = 0;
  const self: AuditedYear = {
    ...year,
    place,
    keyFile,
    ports,
    copy() {
      const folder = join(place, `copy-${copies++}.git`);
      cpSync(year.folder, folder, { recursive: true });
      // A clone does not come with what another has verified.
      rmSync(join(folder, "assent"), { recursive: true, force: true });
      return folder;
    },
    record: (folder, more = {}) => recordEvidence({ folder, keyFile, reviews: [], isOutside: true, version, ...more }, ports),
    async verify(folder, { anchor, afresh = true, version: by = version, checkpoint } = {}) {
      const file = join(place, `anchor-${copies++}.json`);
      if (anchor !== undefined) writeFileSync(file, renderAnchor(anchor));
      return verifyAudit({ folder, trust: anchor === undefined ? undefined : file, afresh, version: by, checkpoint }, ports);
    },
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
  await self.record(year.folder, { clock: ({ time }) => time });
  return self;
}
