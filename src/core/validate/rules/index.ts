/**
 * The table of rules that need nothing but the registry. Rules that evaluate expressions or user-supplied schemas
 * stand in expressions.ts, because they load heavy engines. A test asserts that tables and folder agree.
 */
import type { Rule } from "../rule.ts";
import { activationBundleMissing } from "./activation-bundle-missing.ts";
import { activationDefaultTenant } from "./activation-default-tenant.ts";
import { activationFallbackIncompatible } from "./activation-fallback-incompatible.ts";
import { activationFallbackIsLive } from "./activation-fallback-is-live.ts";
import { activationFallbackMissing } from "./activation-fallback-missing.ts";
import { activationFallbackNotApproved } from "./activation-fallback-not-approved.ts";
import { activationGatesUnmet } from "./activation-gates-unmet.ts";
import { activationIncompatible } from "./activation-incompatible.ts";
import { activationNotApproved } from "./activation-not-approved.ts";
import { activationReasonUnchanged } from "./activation-reason-unchanged.ts";
import { activationUnknownEnvironment } from "./activation-unknown-environment.ts";
import { activationUnknownUsecase } from "./activation-unknown-usecase.ts";
import { aliasReserved } from "./alias-reserved.ts";
import { aliasTarget } from "./alias-target.ts";
import { approvalPolicyDeadlock } from "./approval-policy-deadlock.ts";
import { bundleEvaluationTarget } from "./bundle-evaluation-target.ts";
import { bundleProvenance } from "./bundle-provenance.ts";
import { bundleReceiptDisagrees } from "./bundle-receipt-disagrees.ts";
import { bundleReceiptMissingGate } from "./bundle-receipt-missing-gate.ts";
import { bundleReceiptNotPass } from "./bundle-receipt-not-pass.ts";
import { bundleReceiptObserved } from "./bundle-receipt-observed.ts";
import { bundleReceiptVacuous } from "./bundle-receipt-vacuous.ts";
import { bundleUsecaseMissing } from "./bundle-usecase-missing.ts";
import { changeDeleted } from "./change-deleted.ts";
import { changeFrozen } from "./change-frozen.ts";
import { changeIllegalMove } from "./change-illegal-move.ts";
import { changeInitialState } from "./change-initial-state.ts";
import { codeownersDrift } from "./codeowners-drift.ts";
import { codeownersLocation } from "./codeowners-location.ts";
import { codeownersRoleWithoutOwner } from "./codeowners-role-without-owner.ts";
import { codeownersShadowed } from "./codeowners-shadowed.ts";
import { codeownersTooLarge } from "./codeowners-too-large.ts";
import { codeownersUnowned } from "./codeowners-unowned.ts";
import { codeownersUnsupportedPattern } from "./codeowners-unsupported-pattern.ts";
import { entryDerivedCycle } from "./entry-derived-cycle.ts";
import { environmentSameRank } from "./environment-same-rank.ts";
import { environmentWarnAtTop } from "./environment-warn-at-top.ts";
import { evaluationAttestation } from "./evaluation-attestation.ts";
import { evaluationDigest } from "./evaluation-digest.ts";
import { evaluationDuplicateCase } from "./evaluation-duplicate-case.ts";
import { evaluationRunName } from "./evaluation-run-name.ts";
import { evaluationScore } from "./evaluation-score.ts";
import { evaluationSummary } from "./evaluation-summary.ts";
import { evaluationTargetKind } from "./evaluation-target-kind.ts";
import { evaluationUnknownCase } from "./evaluation-unknown-case.ts";
import { evaluationVacuous } from "./evaluation-vacuous.ts";
import { extensionMissing } from "./extension-missing.ts";
import { extensionRequired } from "./extension-required.ts";
import { identityController } from "./identity-controller.ts";
import { identityDuplicate } from "./identity-duplicate.ts";
import { identityModel } from "./identity-model.ts";
import { identityNearDuplicate } from "./identity-near-duplicate.ts";
import { modelCompatibilityContradicts } from "./model-compatibility-contradicts.ts";
import { modelDuplicate } from "./model-duplicate.ts";
import { modelLicense } from "./model-license.ts";
import { modelOutputExceedsContext } from "./model-output-exceeds-context.ts";
import { modelReplacedByCycle } from "./model-replaced-by-cycle.ts";
import { modelSameName } from "./model-same-name.ts";
import { modelSunsetMissing } from "./model-sunset-missing.ts";
import { modelSunsetUnknown } from "./model-sunset-unknown.ts";
import { modelUnidentified } from "./model-unidentified.ts";
import { personalData } from "./personal-data.ts";
import { pipelineCycle } from "./pipeline-cycle.ts";
import { pipelineDeadNode } from "./pipeline-dead-node.ts";
import { pipelineDuplicateNode } from "./pipeline-duplicate-node.ts";
import { pipelineInputPort } from "./pipeline-input-port.ts";
import { pipelinePortSchema } from "./pipeline-port-schema.ts";
import { pipelineQuantity } from "./pipeline-quantity.ts";
import { pipelineRetry } from "./pipeline-retry.ts";
import { pipelineUnknownNode } from "./pipeline-unknown-node.ts";
import { pipelineUnknownPort } from "./pipeline-unknown-port.ts";
import { pipelineUnreachableNode } from "./pipeline-unreachable-node.ts";
import { pluginDigest } from "./plugin-digest.ts";
import { pluginDuplicate } from "./plugin-duplicate.ts";
import { pluginMissing } from "./plugin-missing.ts";
import { pluginUnpinned } from "./plugin-unpinned.ts";
import { policyBindingContradicts } from "./policy-binding-contradicts.ts";
import { policyUnbound } from "./policy-unbound.ts";
import { refDeprecated } from "./ref-deprecated.ts";
import { refMissing } from "./ref-missing.ts";
import { refOwnRange } from "./ref-own-range.ts";
import { refRange } from "./ref-range.ts";
import { refRetired } from "./ref-retired.ts";
import { registryMissing } from "./registry-missing.ts";
import { registryQuota } from "./registry-quota.ts";
import { roleIncompatible } from "./role-incompatible.ts";
import { roleTooSmall } from "./role-too-small.ts";
import { secretToken } from "./secret-token.ts";
import { suiteScoring } from "./suite-scoring.ts";
import { usecaseExpectedNotLive } from "./usecase-expected-not-live.ts";
import { usecaseExpectedUnresolved } from "./usecase-expected-unresolved.ts";
import { versionBreakingWithoutMajor } from "./version-breaking-without-major.ts";
import { waiverExcusesEverything } from "./waiver-excuses-everything.ts";
import { waiverExpired } from "./waiver-expired.ts";

export const rules: readonly Rule[] = [
  activationBundleMissing,
  activationDefaultTenant,
  activationFallbackIncompatible,
  activationFallbackIsLive,
  activationFallbackMissing,
  activationFallbackNotApproved,
  activationGatesUnmet,
  activationIncompatible,
  activationNotApproved,
  activationReasonUnchanged,
  activationUnknownEnvironment,
  activationUnknownUsecase,
  aliasReserved,
  aliasTarget,
  approvalPolicyDeadlock,
  bundleEvaluationTarget,
  bundleProvenance,
  bundleReceiptDisagrees,
  bundleReceiptMissingGate,
  bundleReceiptNotPass,
  bundleReceiptObserved,
  bundleReceiptVacuous,
  bundleUsecaseMissing,
  changeDeleted,
  changeFrozen,
  changeIllegalMove,
  changeInitialState,
  codeownersDrift,
  codeownersLocation,
  codeownersRoleWithoutOwner,
  codeownersShadowed,
  codeownersTooLarge,
  codeownersUnowned,
  codeownersUnsupportedPattern,
  entryDerivedCycle,
  environmentSameRank,
  environmentWarnAtTop,
  evaluationAttestation,
  evaluationDigest,
  evaluationDuplicateCase,
  evaluationRunName,
  evaluationScore,
  evaluationSummary,
  evaluationTargetKind,
  evaluationUnknownCase,
  evaluationVacuous,
  extensionMissing,
  extensionRequired,
  identityController,
  identityDuplicate,
  identityModel,
  identityNearDuplicate,
  modelCompatibilityContradicts,
  modelDuplicate,
  modelLicense,
  modelOutputExceedsContext,
  modelReplacedByCycle,
  modelSameName,
  modelSunsetMissing,
  modelSunsetUnknown,
  modelUnidentified,
  personalData,
  pipelineCycle,
  pipelineDeadNode,
  pipelineDuplicateNode,
  pipelineInputPort,
  pipelinePortSchema,
  pipelineQuantity,
  pipelineRetry,
  pipelineUnknownNode,
  pipelineUnknownPort,
  pipelineUnreachableNode,
  pluginDigest,
  pluginDuplicate,
  pluginMissing,
  pluginUnpinned,
  policyBindingContradicts,
  policyUnbound,
  refDeprecated,
  refMissing,
  refOwnRange,
  refRange,
  refRetired,
  registryMissing,
  registryQuota,
  roleIncompatible,
  roleTooSmall,
  secretToken,
  suiteScoring,
  usecaseExpectedNotLive,
  usecaseExpectedUnresolved,
  versionBreakingWithoutMajor,
  waiverExcusesEverything,
  waiverExpired,
];
