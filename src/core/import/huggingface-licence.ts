/**
 * Licences as Hugging Face spells them -> SPDX expressions. Names that SPDX does not know become LicenseRef-<name>, so
 * that policies can still tell them apart; none is ever taken for a freer one.
 */

/** Ids whose SPDX spelling is not the id in capitals. */
const special: Readonly<Record<string, string>> = {
  "apache-2.0": "Apache-2.0",
  "artistic-2.0": "Artistic-2.0",
  "bsd-2-clause": "BSD-2-Clause",
  "bsd-3-clause": "BSD-3-Clause",
  "bsd-3-clause-clear": "BSD-3-Clause-Clear",
  "lppl-1.3c": "LPPL-1.3c",
  "odc-by": "ODC-By-1.0",
  odbl: "ODbL-1.0",
  pddl: "PDDL-1.0",
  postgresql: "PostgreSQL",
  unlicense: "Unlicense",
  zlib: "Zlib",
  "etalab-2.0": "etalab-2.0",
};

/** Ids whose SPDX spelling is the id in capitals. */
const capitals =
  /^(?:mit|isc|ncsa|wtfpl|ms-pl|cc0-1\.0|cc-by(?:-nc)?(?:-sa|-nd)?-[234]\.[05]|a?gpl-3\.0|gpl-2\.0|lgpl-(?:2\.1|3\.0)|mpl-2\.0|e[cp]l-[12]\.0|eupl-1\.[12]|afl-3\.0|bsl-1\.0|ofl-1\.1|osl-3\.0)$/;

/** `name` is the card's `license_name`, which says what `other` means. Undefined for what says nothing. */
export function spdxOf(id: string, name: string | undefined): string | undefined {
  const lower = id.trim().toLowerCase();
  if (lower === "" || lower === "unknown") return undefined;
  if (Object.hasOwn(special, lower)) return special[lower];
  if (capitals.test(lower)) return lower.toUpperCase();
  const own = (lower === "other" ? (name ?? "") : lower)
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, "-")
    .slice(0, 100);
  return own.replace(/^-+|-+$/g, "") === "" ? undefined : `LicenseRef-${own.replace(/^-+|-+$/g, "")}`;
}
