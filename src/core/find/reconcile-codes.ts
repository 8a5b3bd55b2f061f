/** What `assent reconcile` may say: one code for each way in which code and registry disagree. Holds no check. */
import { defineCode } from "../model/diagnostic.ts";

export const unknown = defineCode({
  code: "reconcile/unknown",
  severity: "warning",
  category: "unknown",
  summary: "Code names a model that the registry does not know.",
  why: "Nobody has agreed to it, no policy looks at it, and nobody will say when it ends.",
  fix: "Register the model (`assent new model`, `assent import`), or correct the name; the message names the nearest.",
});

export const deprecated = defineCode({
  code: "reconcile/deprecated",
  severity: "warning",
  category: "invalid",
  summary: "Code names a model that is deprecated.",
  why: "Its vendor or its owner will switch it off; code that names it will fail that day.",
  fix: "Use the model that replaces it.",
});

export const retired = defineCode({
  code: "reconcile/retired",
  severity: "error",
  category: "invalid",
  summary: "Code names a model that is retired.",
  why: "A retired model must no longer be used.",
  fix: "Use the model that replaces it.",
});

export const aliasable = defineCode({
  code: "reconcile/aliasable",
  severity: "info",
  category: "invalid",
  summary: "Code names an exact model where an alias stands for it.",
  why: "Whoever moves the alias expects code to follow; what names the version stays behind.",
  fix: "Resolve the alias when the program is built or begins (`assent show <model>@<alias>`, `assent codegen`).",
});

export const differs = defineCode({
  code: "reconcile/differs",
  severity: "warning",
  category: "conflict",
  summary: "A configuration states a price or a limit that is not the registry's.",
  why: "Costs are counted, or requests are cut, by a number nobody agreed to.",
  fix: "Correct the configuration (`assent export litellm` writes one), or the registry where it is the one that is wrong.",
});

export const unread = defineCode({
  code: "reconcile/unread",
  severity: "warning",
  category: "unknown",
  summary: "A file of the source, or a part of one, could not be read.",
  why: "What is not seen may disagree; nothing is said about it.",
  fix: "Nothing for files of data; split a source file that is too large to be read.",
});

export const reconcileCodes = [unknown, deprecated, retired, aliasable, differs, unread] as const;
