/**
 * The formats that users' JSON Schemas may name, judged strictly and in linear time.
 * Instants are RFC 3339 with their zone; nothing here may depend on the machine's.
 */
import { millisecondsOfDuration } from "../model/duration.ts";
import { isDate, parseInstant } from "../model/instant.ts";

const time = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const label = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const uri = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/;
const uuid = /^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/;

/** Each format by its name; every function takes a string. */
export const formatsOfUsers: Readonly<Record<string, (text: string) => boolean>> = {
  "date-time": (text) => text.charAt(10) === "T" && isDate(text.slice(0, 10)) && time.test(text.slice(11)),
  date: isDate,
  time: (text) => time.test(text),
  duration: (text) => millisecondsOfDuration(text) !== undefined,
  instant: (text) => parseInstant(text) !== undefined,
  email: isEmail,
  hostname: isHostname,
  ipv4: isIpv4,
  ipv6: isIpv6,
  uri: (text) => uri.test(text),
  "uri-reference": (text) => /^[^\s<>"{}|\\^`]*$/.test(text),
  uuid: (text) => uuid.test(text),
  "json-pointer": (text) => text === "" || (text.startsWith("/") && !/~(?![01])/.test(text)),
};

function isEmail(text: string): boolean {
  const sign = text.lastIndexOf("@");
  const local = text.slice(0, sign);
  return (
    sign > 0 &&
    local.length <= 64 &&
    /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+$/.test(local) &&
    isHostname(text.slice(sign + 1))
  );
}

function isHostname(text: string): boolean {
  return text.length <= 253 && text.split(".").every((part) => label.test(part));
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return (
    parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  );
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (text.length > 45 || halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1) ?? "";
  const hasV4 = last.includes(".");
  if (hasV4 && !isIpv4(last)) return false;
  const hex = hasV4 ? groups.slice(0, -1) : groups;
  const count = hex.length + (hasV4 ? 2 : 0);
  return (
    hex.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8)
  );
}
