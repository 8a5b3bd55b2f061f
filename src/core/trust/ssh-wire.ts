/**
 * The encoding of SSH's binary formats (RFC 4251, 5): lengths, strings, integers. Reading is strict: what another
 * spelling of the same value would be is refused, and so is every byte too many.
 */

/** Thrown while reading and caught by the reader's caller in this folder; nobody else sees it. */
export class Malformed extends Error {}

export interface WireReader {
  uint32(): number;
  byte(): number;
  /** A length and so many bytes. */
  bytes(): Uint8Array;
  /** The same as ASCII text. */
  text(): string;
  /** A positive integer in its shortest form, big-endian, without the leading zero. */
  positive(): Uint8Array;
  /** So many bytes without a length. */
  raw(length: number): Uint8Array;
  /** Everything has been read. */
  end(): void;
}

/** Reads from the beginning of these bytes. */
export function wireReader(from: Uint8Array): WireReader {
  let at = 0;
  const raw = (length: number): Uint8Array => {
    if (length > from.length - at) throw new Malformed("it ends in the middle of a value");
    at += length;
    return from.subarray(at - length, at);
  };
  const uint32 = (): number => {
    const [a = 0, b = 0, c = 0, d = 0] = raw(4);
    return a * 0x1000000 + (b << 16) + (c << 8) + d;
  };
  const bytes = (): Uint8Array => raw(uint32());
  return {
    uint32,
    bytes,
    raw,
    byte: () => raw(1)[0] ?? 0,
    text() {
      const found = bytes();
      if (found.some((byte) => byte < 0x20 || byte > 0x7e))
        throw new Malformed("a name holds other than printable ASCII");
      return String.fromCharCode(...found);
    },
    positive() {
      const found = bytes();
      const [first = 0, second = 0] = found;
      if (found.length === 0 || first > 0x7f) throw new Malformed("an integer is not positive");
      if (first !== 0) return found;
      if (found.length === 1 || second < 0x80) throw new Malformed("an integer is not in its shortest form");
      return found.subarray(1);
    },
    end() {
      if (at !== from.length) throw new Malformed(`${from.length - at} bytes too many follow`);
    },
  };
}

/** One string of the wire format: its length and its bytes. */
export function wireString(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  return joinBytes([
    Uint8Array.of(length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff),
    bytes,
  ]);
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** What each ASCII character is worth as a digit of base64; -1 = it is none. */
const DIGITS = Int8Array.from({ length: 128 }, (_, code) =>
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".indexOf(String.fromCharCode(code)),
);

/** Base64 as RFC 4648 spells it, padding and all; undefined for any other spelling of the same bytes. */
export function strictBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const digits = text.length - padding;
  let [held, bits, to] = [0, 0, 0];
  for (let at = 0; at < digits; at++) {
    const digit = DIGITS[text.charCodeAt(at)] ?? -1;
    if (digit < 0) return undefined;
    held = ((held << 6) | digit) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[to++] = held >>> bits;
  }
  // The bits of the last digit that no byte holds are zero (RFC 4648, 3.5).
  return (held & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}

export function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
