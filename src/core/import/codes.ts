/**
 * What an import may report: one code for each reason that a record, or a part of it, is not carried over as it stands.
 * Nothing here stops an import; only `import/vanished-many` refuses one as a whole.
 */
import { defineCode } from "../model/diagnostic.ts";

export const unreadable = defineCode({
  code: "import/unreadable",
  severity: "warning",
  category: "invalid",
  summary: "A record of the source cannot be read.",
  why: "What cannot be read cannot become an entry; the other records are imported all the same.",
  fix: "Mend the record in the source and import again.",
});

export const danglingLink = defineCode({
  code: "import/dangling-link",
  severity: "warning",
  category: "invalid",
  summary: "A symbolic link of the source points at a file that is not there.",
  why: "The record says that it is another's copy, and that other does not exist.",
  fix: "Mend or delete the link in the source and import again.",
});

export const foreignLink = defineCode({
  code: "import/foreign-link",
  severity: "warning",
  category: "invalid",
  summary: "A symbolic link points out of the source, in a circle, or at something that is no model file.",
  why: "An import reads the source folder and nothing else on the machine, whatever the source asks for.",
  fix: "Replace the link by the file itself and import again.",
});

export const noEnding = defineCode({
  code: "import/no-ending",
  severity: "warning",
  category: "invalid",
  summary: "A file among the models lacks the ending of a record.",
  why: "The source's own tools pass such files over, so nobody has ever checked what they say.",
  fix: "Rename the file in the source (`<id>.toml`) or delete it.",
});

export const missingBase = defineCode({
  code: "import/missing-base",
  severity: "warning",
  category: "invalid",
  summary: "A record inherits from another that does not exist or cannot be read.",
  why: "Half a record would be imported as if it were whole.",
  fix: "Mend `base_model` in the source and import again.",
});

export const illegalId = defineCode({
  code: "import/illegal-id",
  severity: "warning",
  category: "invalid",
  summary: "A record's id cannot be carried over.",
  why: "Ids become names and stay as `upstreamId`; control characters and empty ids can be neither.",
  fix: "Mend the id in the source and import again.",
});

export const illegalValue = defineCode({
  code: "import/illegal-value",
  severity: "warning",
  category: "invalid",
  summary: "A value of the source has another form than its field; the field was left out.",
  why: "A wrong price or limit is worse than none; the rest of the record is imported.",
  fix: "Mend the value in the source and import again.",
});

export const misspelt = defineCode({
  code: "import/misspelt",
  severity: "info",
  category: "invalid",
  summary: "A key of the source is misspelt; it was read as what it plainly means.",
  why: "The source's own readers pass the key over, so their numbers differ from what is imported here.",
  fix: "Spell the key as the source's documentation does.",
});

export const rounded = defineCode({
  code: "import/rounded",
  severity: "info",
  category: "invalid",
  summary: "A price with more than twelve digits after the point was rounded.",
  why: "Such digits come from binary fractions in the program that wrote the source; nobody charges them.",
  fix: "Write the price in the source as the vendor states it.",
});

export const contradiction = defineCode({
  code: "import/contradiction",
  severity: "info",
  category: "invalid",
  summary: "Two values of a record contradict each other; both were kept as the source has them.",
  why: "An import repeats what the source says; which of the two is right only a person can find out.",
  fix: "Check with the vendor, and correct the entry or the source.",
});

export const shortened = defineCode({
  code: "import/shortened",
  severity: "info",
  category: "invalid",
  summary: "A text of the source was too long for its field and was cut.",
  why: "Lines of a registry file have a bound, so that people can review them.",
  fix: "Read the whole text in the source; `sources` names the file.",
});

export const conflict = defineCode({
  code: "import/conflict",
  severity: "warning",
  category: "conflict",
  summary: "A record describes an entry that this import did not make; the entry was left alone.",
  why: "What people wrote by hand is not overwritten by a machine unasked.",
  fix: "Import with --adopt to let the source keep such entries up to date from now on, or leave them to people.",
});

export const stateKept = defineCode({
  code: "import/state-kept",
  severity: "info",
  category: "invalid",
  summary: "The source and the entry disagree about deprecation; the entry's state was kept.",
  why: "Coming back from deprecation is a governed move; a person makes it, with its approvals.",
  fix: "`assent transition <entry> production --reason ...` if the model is to be used again.",
});

export const vanished = defineCode({
  code: "import/vanished",
  severity: "info",
  category: "invalid",
  summary: "A model is no longer in the source and becomes deprecated.",
  why: "The vendor or the catalogue dropped it; whoever uses it should know.",
  fix: "Name a successor in `replacedBy`, and a date in `sunset` once it is known.",
});

export const vanishedMany = defineCode({
  code: "import/vanished-many",
  severity: "error",
  category: "invalid",
  summary: "More than one in twenty of the imported models are missing from the source; nothing was written.",
  why: "A half-downloaded or half-parsed source looks exactly like this, and would deprecate what is in use.",
  fix: "Check the source. If the models are really gone, import with --allow-vanished.",
});

export const noName = defineCode({
  code: "import/no-name",
  severity: "warning",
  category: "invalid",
  summary: "No free name is left for a record.",
  why: "Its plain name and the one with its digest are both in use by other ids.",
  fix: "Rename one of the entries that share the name, or the record in the source.",
});

export const invalidEntry = defineCode({
  code: "import/invalid-entry",
  severity: "warning",
  category: "invalid",
  summary: "A record would become an entry that its schema refuses; it was left out.",
  why: "An import never writes what `assent lint` refuses.",
  fix: "Mend the record in the source as the message says and import again.",
});

export const duplicate = defineCode({
  code: "import/duplicate",
  severity: "warning",
  category: "invalid",
  summary: "Two records of the source describe the same entry; the first was taken.",
  why: "One entry has one content; which of the two is meant only the source's owner knows.",
  fix: "Remove one of the records from the source.",
});

export const stageMapped = defineCode({
  code: "import/stage-mapped",
  severity: "info",
  category: "invalid",
  summary: "A stage of the source became a state of the registry.",
  why: "Sources count their stages differently; what was made of them should be seen, not guessed.",
  fix: "Correct the state with `assent transition` where it means something else to you.",
});

export const noEnvironment = defineCode({
  code: "import/no-environment",
  severity: "warning",
  category: "invalid",
  summary: "Something is live in a stage that no environment of the registry stands for.",
  why: "An Activation needs an environment; without one nobody learns from the registry that it is live.",
  fix: "Add the environment (`assent new environment <name>`) and import again with --adopt.",
});

export const noOwner = defineCode({
  code: "import/no-owner",
  severity: "warning",
  category: "invalid",
  summary: "Something is live, and nobody is named who owns its use case.",
  why: "A use case without an owner is one nobody answers for.",
  fix: "Import again with --adopt --owner role:<name>.",
});

export const unmeasured = defineCode({
  code: "import/unmeasured",
  severity: "info",
  category: "invalid",
  summary: "A claimed result has no place among scores, and was left out.",
  why: "Scores are shares of the best possible, from 0 to 1; losses, times and unknown scales are none.",
  fix: "Evaluate the model with a suite of your own; `assent evaluation add` records what it measured.",
});

export const noDigest = defineCode({
  code: "import/no-digest",
  severity: "info",
  category: "invalid",
  summary: "The source names a dataset by name only, so it became a link and no entry.",
  why: "A dataset entry pins its content by digest; a name can mean other data tomorrow.",
  fix: "Add the dataset with its digest (`assent new dataset <ns>/<name>@1.0.0`), and name it in the model's next version.",
});

export const notGto = defineCode({
  code: "import/foreign-tag",
  severity: "info",
  category: "invalid",
  summary: "A git tag does not follow GTO's conventions and was passed over.",
  why: "Repositories carry tags of their own; only name@v1.2.3, name#stage#1 and their kin speak of artifacts.",
  fix: "Nothing, unless the tag was meant for GTO: then tag again with gto register or gto assign.",
});

export const importCodes = [
  unreadable,
  danglingLink,
  foreignLink,
  noEnding,
  missingBase,
  illegalId,
  illegalValue,
  misspelt,
  rounded,
  contradiction,
  shortened,
  conflict,
  stateKept,
  vanished,
  vanishedMany,
  noName,
  invalidEntry,
  duplicate,
  stageMapped,
  noEnvironment,
  noOwner,
  unmeasured,
  noDigest,
  notGto,
] as const;
