/**
 * pdfkit asks for the measures of its fonts by names that only its own package.json explains; in a bundle there is none.
 * This puts the files' own names in their place, so that they are bundled. It must never change anything else.
 */
import type { Plugin } from "esbuild";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The file to bundle: what `require` gets, because the other one asks where it stands, which a part cannot say. */
export const pdfkitFile = createRequire(import.meta.url).resolve("pdfkit");

const asked = /require\$1\('#standard-fonts\/(\w+)'\)/g;

/** Bundles the fonts' measures with pdfkit. */
export const pdfFonts: Plugin = {
  name: "pdfkit-fonts",
  setup(building) {
    building.onLoad({ filter: /pdfkit[/\\]js[/\\]pdfkit\.js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      if (source.match(asked)?.length !== 14) throw new Error("pdfkit asks for its fonts in another way now");
      const bundled = source.replace(asked, "require('./standard-fonts/$1.cjs')");
      // Parts have no name of their own; what pdfkit would look for beside it is bundled, or never asked for.
      return { contents: `const __filename = "/pdfkit.js";\n${bundled}`, loader: "js" };
    });
  },
};
