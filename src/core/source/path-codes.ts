/** The codes of findings about paths: what may stand where below `registry/` (DESIGN 2). Definitions only, no logic. */
import { defineCode } from "../model/diagnostic.ts";

export const pathUnknown = defineCode({
  code: "path/unknown",
  severity: "error",
  category: "invalid",
  summary: "No kind of entry has files at this path.",
  why: "The path is the identity: the folder says the kind, the rest says the id. A file elsewhere would be read by nobody and governed by accident.",
  fix: "Move the file to the folder of its kind (`registry/models/<ns>/<name>/<version>.yaml`, ...), or delete it.",
});

export const pathName = defineCode({
  code: "path/name",
  severity: "error",
  category: "invalid",
  summary: "A name in the path is not a legal name.",
  why: "Names become references, URLs and files on every operating system, so they are lower case, short, and free of what Windows reserves.",
  fix: "Rename the file or folder: start with a letter or digit, then letters, digits, `.`, `_` or `-`, at most 100 characters, not ending in `.` or `.yaml`.",
});

export const pathVersion = defineCode({
  code: "path/version",
  severity: "error",
  category: "invalid",
  summary: "The file name is not a strict semantic version.",
  why: "Versions are compared and ranges are resolved by SemVer 2.0; two spellings of one version would be two entries.",
  fix: "Name the file `MAJOR.MINOR.PATCH.yaml` with an optional lower-case pre-release, without build metadata: `1.4.0.yaml`, `2.0.0-rc.1.yaml`.",
});

export const pathExtension = defineCode({
  code: "path/extension",
  severity: "error",
  category: "invalid",
  summary: "The file is neither `<name>.yaml` nor `README.md`.",
  why: "Every file below `registry/` is an entry or a README. A `.yml` or `.YAML` file would look like an entry and be none.",
  fix: "Rename it to end in `.yaml`, or move it out of `registry/`.",
});

export const pathHidden = defineCode({
  code: "path/hidden",
  severity: "error",
  category: "invalid",
  summary: "Hidden files are not allowed below `registry/`.",
  why: "Nobody sees a hidden file in a review, and tools disagree about whether it is there.",
  fix: "Delete it, or move it out of `registry/`.",
});

export const pathSymlink = defineCode({
  code: "path/symlink",
  severity: "error",
  category: "invalid",
  summary: "Symbolic links are not allowed below `registry/`.",
  why: "A link can change what an entry says without a change of the entry, and can point outside the repository.",
  fix: "Replace the link with the file it points at.",
});

export const pathSubmodule = defineCode({
  code: "path/submodule",
  severity: "error",
  category: "invalid",
  summary: "Submodules are not allowed below `registry/`.",
  why: "A submodule's content is governed by another repository.",
  fix: "Remove the submodule and import its entries instead.",
});

export const pathExecutable = defineCode({
  code: "path/executable",
  severity: "error",
  category: "invalid",
  summary: "The file has its executable bit set.",
  why: "Entries are data. The mode is part of what an approval covers, so it must not change by accident.",
  fix: "Clear the bit: `git update-index --chmod=-x <file>` and `chmod -x <file>`.",
});

export const pathCollision = defineCode({
  code: "path/collision",
  severity: "error",
  category: "invalid",
  summary: "Two paths are equal after lower-casing.",
  why: "On Windows and macOS the two would be one file, and a clone there would silently lose one.",
  fix: "Rename one of them.",
});

export const pathCrowded = defineCode({
  code: "path/crowded",
  severity: "error",
  category: "invalid",
  summary: "A folder holds more than 4,000 entries.",
  why: "Git's cost of a change grows with the largest folder it touches.",
  fix: "Split the folder: another namespace, or fewer versions kept side by side.",
});

export const pathCodes = [
  pathUnknown,
  pathName,
  pathVersion,
  pathExtension,
  pathHidden,
  pathSymlink,
  pathSubmodule,
  pathExecutable,
  pathCollision,
  pathCrowded,
];
