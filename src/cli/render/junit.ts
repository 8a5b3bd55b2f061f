/** Diagnostics as JUnit XML: one test case per file with findings, so that any CI shows them. Warnings do not fail. */
import type { Diagnostic } from "../../core/validate/report.ts";
import type { RenderDiagnostics } from "./diagnostics.ts";
import { escapeXml } from "./escape.ts";

export const renderJunit: RenderDiagnostics = ({ diagnostics, counts }) => {
  const byFile = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const list = byFile.get(diagnostic.file);
    if (list === undefined) byFile.set(diagnostic.file, [diagnostic]);
    else list.push(diagnostic);
  }
  const cases = [...byFile].map(([file, list]) => {
    const body = list.map((d) => {
      const text = escapeXml(`${d.file}:${d.line}:${d.column}\n${d.message}\nfix: ${d.hint}`);
      if (d.severity !== "error") return `    <system-out>${d.severity} ${d.code} ${text}</system-out>`;
      return `    <failure type="${escapeXml(d.code)}" message="${escapeXml(d.message)}">${text}</failure>`;
    });
    return `  <testcase classname="assent.lint" name="${escapeXml(file)}">\n${body.join("\n")}\n  </testcase>`;
  });
  // A suite without cases counts as "nothing ran" in several CI systems, so a clean run says so in one case.
  const all = cases.length > 0 ? cases : ['  <testcase classname="assent.lint" name="registry"/>'];
  const failing = [...byFile.values()].filter((list) => list.some((d) => d.severity === "error")).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${all.length}" failures="${failing}">`,
    `<testsuite name="assent lint" tests="${all.length}" failures="${failing}" errors="0" skipped="0">`,
    `  <properties><property name="errors" value="${counts.error}"/></properties>`,
    ...all,
    "</testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
};
