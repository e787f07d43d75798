import { fn } from "../template/signature.ts";
import type { GoFunction } from "../template/value.ts";
import { fromBinary, toBinary, toBytes } from "./bytes.ts";
import { decodeBase32, encodeBase32 } from "./base32.ts";

const whole = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * base64.StdEncoding.DecodeString; line ends are passed over.
 *
 * @throws Error in Go's words: `illegal base64 data at input byte 4`
 */
export function decodeBase64(text: string): string {
  const data = whole.test(text) ? text : text.replace(/[\r\n]/g, "");
  if (!whole.test(data)) throw new Error(`illegal base64 data at input byte ${firstBadByte(toBinary(text))}`);
  return fromBinary(atob(data));
}

/** base64.StdEncoding.EncodeToString. */
export function encodeBase64(bytes: string): string {
  return btoa(toBinary(bytes));
}

const isLineEnd = (char: string | undefined) => char === "\n" || char === "\r";

/** The position that Go's decoder reports, for text that it refuses. */
function firstBadByte(text: string): number {
  let at = 0;
  const skipLineEnds = () => {
    while (isLineEnd(text[at])) at++;
  };
  for (let digits = 0;; digits = (digits + 1) % 4) {
    skipLineEnds();
    if (at === text.length) return at - digits;
    const char = text[at++];
    if (/[A-Za-z0-9+/]/.test(char)) continue;
    if (char !== "=" || digits < 2) return at - 1;
    if (digits === 2) {
      skipLineEnds();
      if (at === text.length) return at;
      if (text[at] !== "=") return at - 1;
      at++;
    }
    skipLineEnds();
    return at;
  }
}

/** Sprig gives the error's words as the result. */
function orMessage(decode: (text: string) => string): (text: string) => string {
  return (text) => {
    try {
      return decode(text);
    } catch (error) {
      return (error as Error).message;
    }
  };
}

const text = "func(string) string";

/** Sprig's base 32 and base 64. */
export const encodingFunctions: Record<string, GoFunction> = {
  b32dec: fn(text, orMessage(decodeBase32)),
  b32enc: fn(text, (data: string) => encodeBase32(toBytes(data))),
  b64dec: fn(text, orMessage(decodeBase64)),
  b64enc: fn(text, encodeBase64),
};
