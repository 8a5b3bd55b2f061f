/** UseCase: What a bundle is for: purpose, risk tier, gates, expected scopes. Its fields are in schemas/usecase.schema.json. */
import { defineKind } from "./define.ts";

export const usecase = defineKind({
  name: "UseCase",
  prefix: "usecase",
  folder: "usecases",
  shape: "namespaced",
  schema: "usecase.schema.json",
  undeletable: false,
  summary: "What a bundle is for: purpose, risk tier, gates, expected scopes.",
});
