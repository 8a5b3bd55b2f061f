/** evaluation/run-name: a run stands beside what it measured, under a name that does not mislead (DESIGN 2). */
import { parseRef } from "../../source/reference.ts";
import { at, defineEntryRule } from "../rule.ts";

/** `<version>-<suite>-<yyyymmddthhmmssz>`: what the tool writes. */
const toolName = /^(.+)-(\d{8}t\d{6}z)$/;

export const evaluationRunName = defineEntryRule({
  code: "evaluation/run-name",
  severity: "error",
  category: "invalid",
  summary: "An Evaluation's path says something else than its content.",
  why: "Evaluations are looked for below the namespace and name of their target; elsewhere nobody finds them, and a name with another version or time is believed.",
  fix: "Name it evaluations/<ns>/<name>/<version>-<suite>-<yyyymmddthhmmssz>.yaml after its target, as `assent evaluation add` does.",
  kinds: ["Evaluation"],
  find(entry, _context, report) {
    const { target: targetRef, suite: suiteRef, executedAt } = entry.value;
    const [target, suite] = [parseRef(targetRef), parseRef(suiteRef)];
    if (target === undefined || suite === undefined) return;
    if (target.ns !== entry.ns || target.name !== entry.name) {
      const message = `The target is ${targetRef}, so the run belongs below evaluations/${target.ns}/${target.name}/.`;
      report({ message, at: at(entry, "target"), subject: entry.ref });
      return;
    }
    const run = entry.id.slice(entry.id.lastIndexOf("/") + 1);
    const [, head, stamp] = toolName.exec(run) ?? [];
    if (head === undefined || stamp === undefined) return;
    const time = executedAt.slice(0, 19).replaceAll(/[-:]/g, "").toLowerCase();
    const wanted = `${target.version}-${suite.name}`;
    if (head === wanted && stamp === `${time}z`) return;
    const isTime = head === wanted;
    report({
      message: `The name says ${isTime ? stamp : head}, the content ${isTime ? `${time}z` : wanted}.`,
      at: at(entry, isTime ? "executedAt" : head.startsWith(`${target.version}-`) ? "suite" : "target"),
      subject: entry.ref,
      // Names are free; one in the tool's form is only expected to be true.
      severity: "warning",
    });
  },
});
