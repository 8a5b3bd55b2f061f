/** Waiver: An approved, expiring exception from a policy. Its fields are in schemas/waiver.schema.json. */
import { defineKind } from "./define.ts";

export const waiver = defineKind({
  name: "Waiver",
  prefix: "waiver",
  folder: "governance/waivers",
  shape: "named",
  schema: "waiver.schema.json",
  undeletable: false,
  summary: "An approved, expiring exception from a policy.",
});
