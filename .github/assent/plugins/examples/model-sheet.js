// Models as people keep them in a sheet, one a line: `provider/model  context  [licence]`; # begins a comment.
const known = ["gpt", "claude", "llama", "mistral", "gemini", "qwen"];

plugin({
  api: "assent.plugin/v1",
  summary: "Reads a plain sheet of models, and tells a model's family by its name.",
  importers: {
    sheet: {
      summary: "lines of provider/model, context length and licence",
      read(text) {
        const records = [];
        text.split(/\r?\n/).forEach((whole, index) => {
          const line = whole.replace(/#.*$/, "").trim();
          if (line === "") return;
          const parts = /^([a-z0-9._-]+)\/([a-z0-9._-]+)\s+(\d{1,9})(?:\s+(\S+))?$/.exec(line);
          if (parts === null) throw new Error("line " + (index + 1) + " is no model: " + line);
          const [, provider, name, context, license] = parts;
          const facts = { capabilities: { contextLength: Number(context) } };
          if (license !== undefined) facts.license = license;
          records.push({
            ref: "model:" + provider + "/" + name + "@1.0.0",
            title: name,
            state: "experimental",
            spec: { provider: "provider:" + provider, type: "completion", upstreamId: name },
            facts,
          });
        });
        return records;
      },
    },
  },
  functions: {
    // plugin("model-sheet/family", name) in an expression: "gpt" of "gpt-4o-mini", or "other".
    family: {
      apply(name) {
        return known.find((family) => String(name).startsWith(family)) || "other";
      },
    },
  },
});
