/** Dataset: An exact version of a data set. Its fields are in schemas/dataset.schema.json. */
import { defineKind } from "./define.ts";
import { draftToRetired } from "./lifecycles.ts";

export const dataset = defineKind({
  name: "Dataset",
  prefix: "dataset",
  folder: "datasets",
  shape: "versioned",
  schema: "dataset.schema.json",
  undeletable: true,
  summary: "An exact version of a data set.",
  lifecycle: draftToRetired,
});
