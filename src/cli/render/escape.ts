/** The escapes of what the command line prints, which are those of every export (core/export/escape.ts). */
export {
  escapeCommandData,
  escapeCommandProperty,
  escapeCsv,
  escapeLine,
  escapeMarkdown,
  escapeTerminal,
  escapeXml,
  jsonLine,
  markdownCode,
} from "../../core/export/escape.ts";
