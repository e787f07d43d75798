/** IP addresses as Go's net.ParseIP and netip.ParseAddr read them. */
import { addressProblem } from "./netip.ts";

/** The 4 bytes of an IPv4 address; leading zeros are refused. Undefined for anything else. */
export function parseIPv4(text: string): number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  const valid = parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255);
  return valid ? parts.map(Number) : undefined;
}

/** The 16 bytes of an IPv6 address without a zone; undefined for anything else. */
export function parseIPv6(text: string): number[] | undefined {
  if (!/^[0-9A-Fa-f:.]+$/.test(text)) return undefined;
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, i) => groups(half, i === halves.length - 1));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  const missing = 16 - head.length - tail!.length;
  return missing < 2 ? undefined : [...head, ...new Array<number>(missing).fill(0), ...tail!];
}

/** The bytes of groups of 4 hexadecimal digits; the last may be an IPv4 address. */
function groups(text: string, last: boolean): number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (last && i === parts.length - 1 && part.includes(".")) {
      const v4 = parseIPv4(part);
      if (v4 === undefined) return undefined;
      bytes.push(...v4);
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) {
      bytes.push(parseInt(part, 16) >> 8, parseInt(part, 16) & 255);
    } else return undefined;
  }
  return bytes;
}

/** net.ParseIP: 4 bytes for IPv4 (also when written as `::ffff:1.2.3.4`), 16 for IPv6; undefined for anything else. */
export function parseIP(text: string): number[] | undefined {
  const v6 = text.includes(":") ? parseIPv6(text) : undefined;
  if (v6 === undefined) return parseIPv4(text);
  const mapped = v6.slice(0, 10).every((byte) => byte === 0) && v6[10] === 255 && v6[11] === 255;
  return mapped ? v6.slice(12) : v6;
}

/** Checks the address between the brackets of a URL; throws in the words of netip.ParseAddr and net/url. */
export function checkIPv6(text: string): void {
  const problem = addressProblem(text);
  if (problem !== undefined) throw new Error(`invalid host: ${problem}`);
  if (!text.includes(":")) throw new Error("invalid IP-literal");
}
