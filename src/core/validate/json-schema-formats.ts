/**
 * The formats that users' JSON Schemas may name. The library's are taken where they are strict; times are ours,
 * because the library lets a blank stand for the T and reads durations whose length depends on when they begin.
 * Nothing here may depend on the machine's time zone.
 */
import { fullFormats } from "ajv-formats/dist/formats.js";
import { millisecondsOfDuration } from "../model/duration.ts";
import { isDate, parseInstant } from "../model/instant.ts";

const time = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Longer texts have none of the library's formats: its patterns are linear, but nobody needs a longer address. */
const LONGEST = 2048;

/** Each format by its name; every function takes a string. */
export const formatsOfUsers: Readonly<Record<string, (text: string) => boolean>> = {
  "date-time": (text) => text.charAt(10) === "T" && isDate(text.slice(0, 10)) && time.test(text.slice(11)),
  date: isDate,
  time: (text) => time.test(text),
  duration: (text) => millisecondsOfDuration(text) !== undefined,
  instant: (text) => parseInstant(text) !== undefined,
  email: library("email"),
  hostname: library("hostname"),
  ipv4: library("ipv4"),
  ipv6: library("ipv6"),
  uri: library("uri"),
  "uri-reference": library("uri-reference"),
  uuid: library("uuid"),
  "json-pointer": library("json-pointer"),
};

/** A format of the library, which is asked for it only when a value has it: loading it costs a small lint a tenth. */
function library(name: keyof typeof fullFormats): (text: string) => boolean {
  return (text) => {
    const format: unknown = fullFormats[name];
    if (format instanceof RegExp) return text.length <= LONGEST && format.test(text);
    if (typeof format === "function") return text.length <= LONGEST && format(text) === true;
    throw new Error(`the library has no format ${name} of the kind we know`);
  };
}
