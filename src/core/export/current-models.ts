/**
 * The models that other programs are told about: of each the highest version that is not retired, with its provider.
 * What programs outside cannot call, because it has no id at its provider, is left out.
 */
import { compareBytes } from "../model/json.ts";
import type { Entry, Registry } from "../model/registry.ts";

export interface CurrentModel {
  readonly model: Entry<"Model">;
  /** Undefined where the registry has no such entry. */
  readonly provider: Entry<"Provider"> | undefined;
  readonly providerName: string;
  readonly upstreamId: string;
}

/** In byte order of provider and upstream id. */
export function currentModels(registry: Registry): readonly CurrentModel[] {
  const families = new Set(registry.ofKind("Model").map(({ ns, name }) => `${ns ?? ""}/${name}`));
  const found = [...families].flatMap((family): CurrentModel[] => {
    const model = registry.versions("Model", family).findLast(({ value }) => value.state !== "retired");
    const upstreamId = model?.value.spec.upstreamId;
    if (model === undefined || upstreamId === undefined) return [];
    const provider = registry.get(model.value.spec.provider);
    return [
      {
        model,
        provider: provider?.kind === "Provider" ? (provider as Entry<"Provider">) : undefined,
        providerName: model.value.spec.provider.slice("provider:".length),
        upstreamId,
      },
    ];
  });
  return found.sort(
    (a, b) => compareBytes(a.providerName, b.providerName) || compareBytes(a.upstreamId, b.upstreamId),
  );
}
