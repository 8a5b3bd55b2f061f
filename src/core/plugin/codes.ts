/** What can be wrong with plugins as such. What their own rules find has codes of their own, `plugin/<name>/<rule>`. */
import { defineCode } from "../model/diagnostic.ts";

export const failed = defineCode({
  code: "plugin/failed",
  severity: "error",
  category: "invalid",
  summary: "A plugin that has to judge cannot.",
  why: "A check that does not run finds nothing. Nobody may take that for a clean registry, so whatever the plugin would have judged does not pass.",
  fix: "Run assent plugin test, and mend the plugin or the pin. A change that replaces or removes the pin passes with a warning.",
});

export const notRun = defineCode({
  code: "plugin/not-run",
  severity: "error",
  category: "invalid",
  summary: "The registry pins plugins that were not run here.",
  why: "Without their rules nobody knows whether the registry is clean.",
  fix: "Lint with the command line, which has a sandbox for plugins.",
});

/** What plugins say about a transition; each brings its own severity. */
export const beforeTransition = defineCode({
  code: "plugin/before-transition",
  severity: "error",
  category: "gate",
  summary: "A plugin objects to a transition.",
  why: "The registry's owners pinned a plugin that is asked before every move.",
  fix: "Do what the message says. A plugin can only object: it allows nothing that the registry's own rules deny.",
});

export const pluginCodes = [failed, notRun, beforeTransition] as const;
