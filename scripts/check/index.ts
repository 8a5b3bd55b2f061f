/** `npm run check`: the static checks alone. */
import { runChecks } from "./steps.ts";

const results = await runChecks((line) => process.stdout.write(`${line}\n`));
process.exitCode = results.every((result) => result.passed) ? 0 : 1;
