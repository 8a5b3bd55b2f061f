/** The table of all cases that need no history; those about moves stand in changes.ts. */
import type { Case } from "./case.ts";
import { evaluations } from "./evaluations.ts";
import { schema, yaml } from "./files.ts";
import { liveCases } from "./live.ts";
import { models } from "./models.ts";
import { paths } from "./paths.ts";
import { people } from "./people.ts";
import { pipelines } from "./pipelines.ts";
import { plugins } from "./plugins.ts";
import { policies } from "./policies.ts";
import { references } from "./references.ts";
import { registry } from "./registry.ts";
import { secrets } from "./secrets.ts";
import { templates } from "./templates.ts";

export const areas: Readonly<Record<string, readonly Case[]>> = {
  paths,
  yaml,
  schema,
  registry,
  references,
  models,
  pipelines,
  people,
  live: liveCases,
  evaluations,
  plugins,
  policies,
  secrets,
  templates,
};
