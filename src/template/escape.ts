/** The escapes of `html`, `js` and `urlquery`. */
import { isPrint } from "./format/quote.ts";

const html: Record<string, string> = {
  "\0": "\ufffd",
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

/** Go's `template.HTMLEscapeString`. */
export function escapeHtml(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00"'&<>]/g, (c) => html[c]);
}

/** Go's `template.JSEscapeString`. */
export function escapeJs(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\\'"<>&=]|[\x00-\x1f]|[^\x00-\x7f]/gu, (rune) => {
    if (rune === "\\" || rune === "'" || rune === '"') return "\\" + rune;
    const code = rune.codePointAt(0)!;
    if (code > 0x7f && isPrint(rune)) return rune;
    return "\\u" + code.toString(16).toUpperCase().padStart(4, "0");
  });
}

/** Go's `url.QueryEscape`: everything but letters, digits and `-_.~`; spaces become `+`. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase())
    .replaceAll("%20", "+");
}
