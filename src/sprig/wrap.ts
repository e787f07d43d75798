import { fromBinary, toBinary } from "./bytes.ts";

/**
 * goutils.WrapCustom: lines of at most `width` bytes (at least 1), cut at spaces.
 *
 * @param lineEnd what stands between lines; empty means "\n"
 * @param cutWords whether words longer than a line are cut; else they stick out
 */
export function wrap(text: string, width: number, lineEnd: string, cutWords: boolean): string {
  const bytes = toBinary(text);
  const size = Math.max(1, width);
  const lines: string[] = [];
  let at = 0;
  while (bytes.length - at > size) {
    if (bytes[at] === " ") {
      at++;
      continue;
    }
    let cut = bytes.lastIndexOf(" ", at + size);
    if (cut < at && cutWords) {
      lines.push(bytes.slice(at, at + size));
      at += size;
      continue;
    }
    if (cut < at) cut = bytes.indexOf(" ", at + size);
    if (cut < 0) break;
    lines.push(bytes.slice(at, cut));
    at = cut + 1;
  }
  lines.push(bytes.slice(at));
  return fromBinary(lines.join(toBinary(lineEnd || "\n")));
}
