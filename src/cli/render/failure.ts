/** What stopped a command, as the wire value assent.error/v1 (CLI.md). It must never show a stack for a known failure. */
import { Failure } from "../../core/model/failure.ts";
import type { Category } from "../../core/model/diagnostic.ts";

export interface FailureReport {
  readonly format: "assent.error/v1";
  readonly code: string;
  readonly category: Category;
  readonly retryable: boolean;
  readonly message: string;
  readonly hint: string;
}

/** The wire value of anything thrown; whatever is no Failure is a bug. */
export function renderFailure(error: unknown): FailureReport {
  if (error instanceof Failure) {
    const { code, category, retryable, message, hint } = error;
    return { format: "assent.error/v1", code, category, retryable, message, hint };
  }
  return {
    format: "assent.error/v1",
    code: "internal/bug",
    category: "internal",
    retryable: false,
    message: error instanceof Error ? error.message : String(error),
    hint: "Report it with the command you ran.",
  };
}
