/** `assent app`: the gate that listens, as a GitHub App's webhook server or for one event in a workflow. */
import { join, resolve } from "node:path";
import { decideEvent, listen, type AppNeeds } from "../../app/app.ts";
import { gateByForge } from "../../app/gate-forge.ts";
import { rootOf } from "../../app/root.ts";
import { Failure } from "../../core/model/failure.ts";
import type { RepositoryName } from "../../core/model/repository-name.ts";
import type { Command, CommandContext, ExitCode, Flags } from "../command.ts";
import { repositoryFlag, selectionOf, textFlag, wholeNumber } from "../flags.ts";
import { escapeLine } from "../render/escape.ts";
import { renderPosting } from "../render/posting.ts";

export const app: Command = {
  name: "app",
  summary: "the gate as a GitHub App: a webhook server",
  description:
    "Listens for webhooks on /webhook, checks their signature (GITHUB_WEBHOOK_SECRET), and decides and posts anew for every " +
    "event about a pull request, its reviews, its base or a merge queue. Put a proxy with TLS before it. Credentials: " +
    "GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY. The App needs: checks and pull requests write, contents read; events check run, " +
    "merge group, pull request, pull request review, push. With --event it decides about one event and ends, as a workflow needs it.",
  options: [
    { flags: "--port <n>", description: "where to listen (default: 3000)" },
    { flags: "--data <dir>", description: "where git objects are kept (default: .assent)" },
    { flags: "--event <name>", description: "decide about this one event instead of listening" },
    { flags: "--payload <file>", description: "what the event says, as JSON" },
    {
      flags: "--github <owner/repo>",
      description: "with --event: the repository (default: $GITHUB_REPOSITORY)",
    },
  ],
  examples: [
    { line: "assent app --port 3000 --data /var/lib/assent", does: "listens, as a service does" },
    {
      line: 'assent app --event "$GITHUB_EVENT_NAME" --payload "$GITHUB_EVENT_PATH"',
      does: "decides about the event of a workflow",
    },
  ],
  run: (context, _args, flags) =>
    textFlag(flags, "event") === undefined ? serve(context, flags) : decideOnce(context, flags),
};

/** How often what waits for time is looked at again. */
const tickMilliseconds = 10 * 60 * 1000;

/** One event; the objects go into the clone that the command runs in. Exit 2 when something could not be decided. */
async function decideOnce(context: CommandContext, flags: Flags): Promise<ExitCode> {
  const folder = rootOf(selectionOf(context).folder, context.ports);
  const repo = repositoryFlag(flags, context, true);
  const path = textFlag(flags, "payload");
  const payload = path === undefined ? {} : payloadIn(context.ports.readInput(folder, path));
  const needs = await needsOf(context, () => folder);
  const failed = await decideEvent(textFlag(flags, "event") ?? "", payload, repo, needs);
  return failed === 0 ? 0 : 2;
}

async function serve(context: CommandContext, flags: Flags): Promise<ExitCode> {
  const secret = context.env["GITHUB_WEBHOOK_SECRET"] ?? "";
  if (secret.length < 16) {
    throw new Failure("webhooks/secret", "GITHUB_WEBHOOK_SECRET is missing or shorter than 16 characters.", {
      hint: "Make one (openssl rand -hex 32), set it here and on the App's page.",
      category: "auth",
    });
  }
  const data = resolve(context.cwd, textFlag(flags, "data") ?? ".assent");
  const needs = await needsOf(context, ({ owner, name }) =>
    join(data, owner.toLowerCase(), `${name.toLowerCase()}.git`),
  );
  const listener = listen(needs);
  const port = wholeNumber(textFlag(flags, "port") ?? "3000", "--port");
  const server = await context.ports.serveWebhooks({
    port,
    secret,
    handle: (delivery) => listener.take(delivery),
    refused: (reason) => needs.log(`refused: ${reason}`),
  });
  setInterval(() => listener.tick(), tickMilliseconds);
  context.note(`listening on port ${server.port}\n`);
  // Until the process is told to end.
  return new Promise(() => {});
}

async function needsOf(
  context: CommandContext,
  folderOf: (repo: RepositoryName) => string,
): Promise<AppNeeds> {
  const { ports, env, version } = context;
  const forge = await ports.openForge({ env, version });
  return {
    forge,
    now: () => ports.now(),
    // The prefix keeps a line from being a command to the runner, whatever it quotes.
    log: (line) => context.out(`assent: ${escapeLine(line)}\n`),
    async gate(request) {
      const asOf = context.global.asOf ?? ports.now();
      const result = await gateByForge({ ...request, folder: folderOf(request.repo), asOf }, forge, ports);
      return result === undefined ? undefined : { facts: result.facts, posting: renderPosting(result) };
    },
  };
}

function payloadIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch (cause) {
    throw new Failure("usage/payload", "The payload is no JSON.", {
      hint: "Hand over the file that GITHUB_EVENT_PATH names.",
      cause,
    });
  }
}
