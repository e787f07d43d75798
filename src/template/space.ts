/** Go's `strings.TrimSpace`: what Unicode calls white space, which U+FEFF, unlike for JavaScript's `trim`, is not. */
export function trimSpace(text: string): string {
  return trimSpaceLeft(text).replace(/\p{White_Space}+$/u, "");
}

/** Go's `strings.TrimLeftFunc` with `unicode.IsSpace`. */
export function trimSpaceLeft(text: string): string {
  return text.replace(/^\p{White_Space}+/u, "");
}
