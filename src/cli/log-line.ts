/** Lines as Helm's logger writes them: those of Go's slog.TextHandler without the time. */
import type { Warn } from "../chart/chart-error.ts";
import { isPrint, quote } from "../template/format/quote.ts";

/** What {@link Warn} receives, as a line of Helm's log. */
export function logLine(...[level, message, attributes]: Parameters<Warn>): string {
  return Object.entries({ level, msg: message, ...attributes })
    .map(([key, value]) => `${key}=${needsQuotes(value) ? quote(value) : value}`).join(" ");
}

/** Texts with spaces, `=`, quotation marks, or what cannot be printed. */
function needsQuotes(text: string): boolean {
  if (text === "") return true;
  return [...text].some((rune) => rune < "\x80" ? /[\0-\x20="]/.test(rune) : rune === "\ufffd" || !isPrint(rune));
}
