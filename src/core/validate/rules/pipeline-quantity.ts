/** pipeline/quantity: resources are Kubernetes quantities. */
import { at, defineEntryRule } from "../rule.ts";

// Kubernetes, apimachinery resource.Quantity: a decimal number and one suffix; a pipeline cannot ask for less than nothing.
const quantity = /^(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

export const pipelineQuantity = defineEntryRule({
  code: "pipeline/quantity",
  severity: "error",
  category: "invalid",
  summary: "A resource is not a Kubernetes quantity, or is zero.",
  why: "The scheduler would refuse the pipeline when it is deployed.",
  fix: "Write a number with a unit: cpu `500m` or `2`, memory `512Mi`, storage `10Gi`.",
  kinds: ["Pipeline"],
  find(entry, _context, report) {
    const { resources } = entry.value.spec;
    if (resources === undefined) return;
    const check = (value: string | number | undefined, ...pointer: string[]): void => {
      if (value === undefined) return;
      const text = String(value);
      if (quantity.test(text) && /[1-9]/.test(text.replace(/[eE].*$/, ""))) return;
      const message = quantity.test(text) ? `${text} asks for nothing.` : `"${text}" is no quantity.`;
      report({ message, at: at(entry, "spec", "resources", ...pointer), subject: entry.ref });
    };
    check(resources.cpu, "cpu");
    check(resources.memory, "memory");
    check(resources.storage, "storage");
    check(resources.gpu?.memory, "gpu", "memory");
  },
});
