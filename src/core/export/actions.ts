/** What every workflow that is written here starts from: actions of others, pinned to commits. Holds no workflow. */

export const CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0";
export const SETUP_NODE = "actions/setup-node@a0853c24544627f65ddf259abe73b1d18a591444 # v5.0.0";

/** A file below .github/, as text. */
export interface WorkflowFile {
  readonly path: string;
  readonly text: string;
}
