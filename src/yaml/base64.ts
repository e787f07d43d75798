const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const strict = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The bytes in standard base64, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out += alphabet[word >> 18] + alphabet[(word >> 12) & 63];
    out += left > 1 ? alphabet[(word >> 6) & 63] : "=";
    out += left > 2 ? alphabet[word & 63] : "=";
  }
  return out;
}

/**
 * The text in standard base64, line breaks left out; undefined when it is none. Bytes that are not UTF-8 become U+FFFD,
 * one each, as Go's JSON writes them.
 */
export function decodeBase64(text: string): string | undefined {
  const compact = text.replaceAll(/[\r\n]/g, "");
  if (!strict.test(compact)) return undefined;
  return decodeUtf8(Uint8Array.from(atob(compact), (c) => c.charCodeAt(0)));
}

function decodeUtf8(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length;) {
    const lead = bytes[i];
    const width = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : 4;
    const char = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(i, i + width));
    const whole = width === 1 || !char.includes("\ufffd") ||
      (width === 3 && lead === 0xef && bytes[i + 1] === 0xbf && bytes[i + 2] === 0xbd);
    out += whole ? char : "\ufffd";
    i += whole ? width : 1;
  }
  return out;
}
