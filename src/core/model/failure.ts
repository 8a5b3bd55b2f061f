/**
 * What stops an operation as a whole: wrong flags, no repository, a full disk. Exit code 2.
 * Wrong data is never a Failure; it is a value full of findings.
 */
import { isRetryable, type Category } from "./diagnostic.ts";

/** Thrown for operational failures; everything else that is thrown is a bug (exit code 3). */
export class Failure extends Error {
  readonly code: string;
  readonly category: Category;
  readonly hint: string;

  constructor(
    code: string,
    message: string,
    options: { hint: string; category?: Category; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Failure";
    this.code = code;
    this.category = options.category ?? "invalid";
    this.hint = options.hint;
  }

  /** Whether the same call may succeed later. */
  get retryable(): boolean {
    return isRetryable(this.category);
  }
}
