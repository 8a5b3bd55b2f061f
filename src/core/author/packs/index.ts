/** The table of policy packs, in the order they are listed. A pack is its file and its line here. */
import { dataResidency } from "./data-residency.ts";
import { euAiAct } from "./eu-ai-act.ts";
import { evaluationRequired } from "./evaluation-required.ts";
import { generalsOnlyForLargeModels } from "./generals-only-for-large-models.ts";
import { hivellmModelTest } from "./hivellm-model-test.ts";
import { licenceAllowList } from "./licence-allow-list.ts";
import { nistAiRmf } from "./nist-ai-rmf.ts";
import { noDeprecatedInProd } from "./no-deprecated-in-prod.ts";
import type { Pack } from "./pack.ts";

export const packs: readonly Pack[] = [
  generalsOnlyForLargeModels,
  licenceAllowList,
  noDeprecatedInProd,
  evaluationRequired,
  hivellmModelTest,
  dataResidency,
  euAiAct,
  nistAiRmf,
];
