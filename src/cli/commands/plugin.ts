/** `assent plugin`: JavaScript of a registry's own that runs in a sandbox: listed, pinned, compared, tried. */
import { addPlugin, pluginStates, renderByPlugin, testPlugins } from "../../app/plugin.ts";
import type { Command } from "../command.ts";
import { listFlag, selectionOf } from "../flags.ts";
import {
  listText,
  listWire,
  testText,
  testWire,
  testsPass,
  verifyText,
  verifyWire,
} from "../render/plugin.ts";
import { showWritten } from "../render/written.ts";
import { readWriteFlags, writeOptions } from "../write-flags.ts";

const list: Command = {
  name: "list",
  summary: "the plugins of the registry, and what each of them has",
  description:
    "Plugins stand in .github/assent/plugins/<name>.js, and registry.yaml pins those that run. Their README " +
    "describes the interface. What is not pinned is read here, in the sandbox, and runs nowhere else.",
  examples: [{ line: "assent plugin list", does: "every plugin with its rules, functions and the rest" }],
  async run(context) {
    const states = await pluginStates(selectionOf(context), context.ports);
    context.out(
      context.global.format === "json" ? `${JSON.stringify(listWire(states))}\n` : listText(states, context),
    );
    return 0;
  },
};

const add: Command = {
  name: "add",
  summary: "pin a plugin by the digest of its file, with the hooks that it has",
  description:
    "A pin is a change of registry.yaml: whoever owns the rules agrees to it. A plugin that cannot be read or fails its " +
    "own tests is not pinned. The gate runs what the base pins, so a pin counts from the next change on.",
  arguments: [
    { name: "<name>", description: "the plugin's name, which is its file's" },
    { name: "[file]", description: "bring it from here first (default: what stands there)" },
  ],
  options: writeOptions,
  examples: [
    { line: "assent plugin add reviewer-label --dry-run", does: "shows the pin" },
    { line: "assent plugin add reviewer-label ../reviewer-label.js", does: "copies the file and pins it" },
  ],
  async run(context, args, flags) {
    const from = typeof args[1] === "string" ? args[1] : undefined;
    const request = { ...selectionOf(context), name: String(args[0]), from };
    const result = await addPlugin(request, readWriteFlags(flags, context), context.ports);
    const { name, digest, hooks } = result;
    const next = [
      { command: `assent plugin test ${name}`, does: "run its own tests" },
      { command: "assent lint", does: "see what it finds" },
    ];
    const title = `${name} may ${hooks.join(", ")}`;
    return showWritten(result, { title, wire: { name, digest, hooks }, next }, context);
  },
};

const verify: Command = {
  name: "verify",
  summary: "compare every plugin with its pin; exit 1 where one differs",
  examples: [{ line: "assent plugin verify", does: "says whether what would run is what was agreed to" }],
  async run(context) {
    const states = await pluginStates(selectionOf(context), context.ports);
    const wire = verifyWire(states);
    context.out(context.global.format === "json" ? `${JSON.stringify(wire)}\n` : verifyText(states, context));
    return wire.ok ? 0 : 1;
  },
};

const test: Command = {
  name: "test",
  summary: "run the plugins' own tests, pinned or not; exit 1 where one fails",
  description:
    "Tests stand beside a plugin in <name>.tests.yaml: a list of cases, each with the part to call, what it is given and " +
    "what it has to answer.",
  arguments: [{ name: "[names...]", description: "plugins (default: all of them)" }],
  examples: [{ line: "assent plugin test reviewer-label", does: "runs the tests of one plugin" }],
  async run(context, args) {
    const names = listFlag({ names: args[0] }, "names");
    const tested = await testPlugins({ ...selectionOf(context), names }, context.ports);
    context.out(
      context.global.format === "json" ? `${JSON.stringify(testWire(tested))}\n` : testText(tested, context),
    );
    return testsPass(tested) ? 0 : 1;
  },
};

const render: Command = {
  name: "render",
  summary: "a report in the way that a plugin writes it",
  arguments: [
    { name: "<renderer>", description: "<plugin>, or <plugin>/<report>" },
    { name: "<file>", description: "a report as JSON" },
  ],
  examples: [
    { line: "assent plugin render wiki report.json", does: "prints a report in the plugin wiki's own form" },
  ],
  async run(context, args) {
    const request = { ...selectionOf(context), renderer: String(args[0]), file: String(args[1]) };
    const text = await renderByPlugin(request, context.ports);
    const { renderer } = request;
    context.out(
      context.global.format === "json"
        ? `${JSON.stringify({ format: "assent.plugin-render/v1", renderer, text })}\n`
        : text,
    );
    return 0;
  },
};

export const plugin: Command = {
  name: "plugin",
  summary: "checks and formats of your own, in a sandbox: list, pin, compare, try",
  examples: [...list.examples, ...add.examples, ...test.examples],
  subcommands: [list, add, verify, test, render],
};
