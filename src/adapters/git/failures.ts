/** What can stop git, in words, each with the command that mends it. It must never decide whether something is wrong. */
import { Failure } from "../../core/model/failure.ts";

/** A revision that this clone does not know. */
export function unknownRevision(revision: string, shallow: boolean): Failure {
  const remote = /^(?:refs\/remotes\/)?origin\/([\w./-]+)$/.exec(revision)?.[1];
  const isId = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(revision);
  const fetch =
    remote !== undefined
      ? `git fetch origin ${remote}`
      : isId
        ? `git fetch origin ${revision}`
        : "git fetch origin";
  return new Failure("git/unknown-revision", `This clone has no commit called ${JSON.stringify(revision)}.`, {
    hint: shallow
      ? `Run ${isId || remote !== undefined ? fetch : "git fetch --unshallow origin"} and try again.`
      : `Check the spelling, or run ${fetch} and try again.`,
    category: "unknown",
  });
}

/** History that was cut off when it was cloned. */
export function shallowHistory(): Failure {
  return new Failure("git/shallow", "This clone is shallow: the beginning of its history is missing.", {
    hint: "Run git fetch --unshallow origin (in GitHub Actions: fetch-depth: 0) and try again.",
  });
}

/** An object that is named and not there. */
export function missingObject(oid: string): Failure {
  return new Failure("git/missing-object", `This clone lacks the object ${oid}.`, {
    hint: "Run git fetch --refetch origin to fetch what is missing, and try again.",
    category: "unavailable",
  });
}

/** An object that cannot be read, or has other bytes than its id promises: damage, or somebody's hand in the store. */
export function corruptObject(what: string, cause?: unknown): Failure {
  return new Failure("git/corrupt-object", what, {
    hint: "Run git fsck, and clone again from a repository that you trust.",
    category: "internal",
    cause,
  });
}

/** No author for a commit. */
export function unknownAuthor(cause?: unknown): Failure {
  return new Failure(
    "git/no-author",
    "Git does not know who you are, so it cannot say who made the commit.",
    {
      hint: 'Run git config --global user.name "Your Name" and git config --global user.email you@example.com.',
      cause,
    },
  );
}

/** A repository that signs every commit. */
export function signedCommits(): Failure {
  return new Failure("git/signed-commits", "commit.gpgSign is on, and assent starts no signing program.", {
    hint: "Run the command without --commit and commit the files yourself: git commit -S.",
  });
}

/** A commit that would be on no branch. */
export function detachedHead(): Failure {
  return new Failure("git/detached", "No branch is checked out, so the commit would be on none.", {
    hint: "Give --branch <name>, or run git switch <branch> first.",
  });
}

/** A merge, rebase or the like that waits for somebody. */
export function unfinished(operation: string): Failure {
  return new Failure("git/unfinished", `A ${operation} is under way in this work tree.`, {
    hint: `Finish or abort it first: git ${operation} --continue, or git ${operation} --abort.`,
    category: "conflict",
  });
}

/** A change that changes nothing. */
export function nothingToCommit(branch: string): Failure {
  return new Failure("git/nothing-to-commit", `Branch ${branch} already holds exactly this content.`, {
    hint: "There is nothing to do.",
  });
}

/** A branch on which somebody else changed the same file. */
export function branchDiffers(branch: string, path: string): Failure {
  return new Failure(
    "git/branch-differs",
    `Branch ${branch} holds another version of ${path} than the one checked out.`,
    {
      hint: `Run git switch ${branch} and repeat the command there, or choose a new branch name.`,
      category: "conflict",
    },
  );
}

/** A branch that moved, or a work tree that has it checked out. */
export function branchBusy(branch: string, why: string): Failure {
  return new Failure("git/branch-busy", `Branch ${branch} cannot be advanced: ${why}.`, {
    hint: "Read it again and repeat the command, or choose a new branch name.",
    category: "conflict",
  });
}

/** A name git does not allow. */
export function illegalBranch(branch: string): Failure {
  return new Failure("git/branch-name", `${JSON.stringify(branch)} cannot be the name of a branch.`, {
    hint: "Use letters, digits, dots, dashes and slashes, as in promote/score-1.4.0.",
  });
}

/** What the embedded implementation cannot do. */
export function needsBinary(what: string): Failure {
  return new Failure("git/no-binary", `${what} needs the git program, and there is none on the PATH.`, {
    hint: "Install git 2.36 or newer.",
  });
}

/** A setting of the clone that would start a program while it speaks with its remote. */
export function settingStartsProgram(setting: string, remote: string): Failure {
  return new Failure(
    "git/setting-starts-program",
    `Speaking with ${remote} would use this clone's own setting ${setting}, which starts a program.`,
    {
      hint: `If you trust that setting, move it to your own configuration (git config --global), or remove it: git config --unset-all ${setting}.`,
      category: "auth",
    },
  );
}

/** A remote that cannot be reached, or that says no to the conversation as such. */
export function remoteFailed(remote: string, said: string, cause?: unknown): Failure {
  return new Failure("git/remote", `${remote} cannot be reached: ${said}.`, {
    hint: `Try git fetch ${remote}, which asks for credentials where it must, and repeat the command.`,
    category: "unavailable",
    cause,
  });
}
