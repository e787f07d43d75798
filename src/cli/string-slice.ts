/** What pflag's `StringSlice` flags take: a line of comma-separated values, as encoding/csv reads it. */

/**
 * The texts in a flag's value: `a,b`, and `"a,b",c` where one holds a comma; none in "".
 *
 * @throws Error in Go's words where quotation marks do not pair
 */
export function readStringSlice(value: string): string[] {
  const texts: string[] = [];
  for (let at = 0; at < value.length || (at > 0 && value[at - 1] === ","); at++) {
    if (value[at] !== '"') {
      const end = endOfField(value, at);
      const bare = value.indexOf('"', at);
      if (bare >= 0 && bare < end) throw problem(bare, 'bare " in non-quoted-field');
      texts.push(value.slice(at, end));
      at = end;
      continue;
    }
    const quoted = /^"((?:[^"]|"")*)"/s.exec(value.slice(at));
    if (quoted === null) throw problem(value.length, 'extraneous or missing " in quoted-field');
    const end = at + quoted[0].length;
    if (end < value.length && value[end] !== ",") throw problem(end - 1, 'extraneous or missing " in quoted-field');
    texts.push(quoted[1].replaceAll('""', '"'));
    at = end;
  }
  return texts;
}

function endOfField(value: string, from: number): number {
  const comma = value.indexOf(",", from);
  return comma < 0 ? value.length : comma;
}

const problem = (at: number, words: string) => new Error(`parse error on line 1, column ${at + 1}: ${words}`);
