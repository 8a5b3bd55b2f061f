/** `resolve` in process with keys that were never asked before: strings made anew for each question. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createResolver } from "../../../src/core/resolve/resolve.ts";
import { loadManifest, loadSlice } from "../../../src/core/resolve/load.ts";
import { answer, inTurns } from "./turns.ts";

const [, , folder = "", rounds = "5"] = process.argv;
const loaded = loadManifest(readFileSync(join(folder, "manifest.json")));
const slices = loaded.manifest.slices.map((slice) =>
  loadSlice(loaded, slice, readFileSync(join(folder, slice.path))),
);
const resolver = createResolver(loaded, slices);
const scopes = slices.flatMap(({ environment, scopes: live }) =>
  live.map(({ scope }) => ({ environment, scope })),
);
if (scopes.length === 0) throw new Error("the snapshot has no scopes");

const questions = 200_000;
let asked = 0;
const times = inTurns(
  [
    {
      name: "resolve",
      run: () => {
        let found = 0;
        for (let i = 0; i < questions; i++) {
          const { environment, scope } = scopes[i % scopes.length] ?? { environment: "", scope: "" };
          const [, ns, name] = scope.split("/");
          const query = { environment, usecase: `${ns}/${name}`, tenant: `tenant-${asked++}` };
          if ("outcome" in resolver.resolve(query)) found++;
        }
        return found;
      },
    },
  ],
  Number(rounds),
);
answer({ perSecond: questions / ((times["resolve"] ?? Number.NaN) / 1000), scopes: scopes.length });
