/** Keys that go-yaml cannot sort: its order runs in circles, so that Go's random order of maps decides. */
import { deepEqual } from "../../src/template/compare.ts";
import { type GoValue, isList, isMap } from "../../src/template/value.ts";
import { compareKeys } from "../../src/yaml/natural-order.ts";
import { readYamlTyped } from "../../src/yaml/read.ts";

/** Whether two YAML texts hold the same, but for the order of such keys. */
export function equalButForCircles(a: string, b: string): boolean {
  try {
    return equal(readYamlTyped(a), readYamlTyped(b));
  } catch {
    return false;
  }
}

function equal(a: GoValue, b: GoValue): boolean {
  if (isMap(a) && isMap(b)) {
    const [keys, others] = [[...a.keys()], [...b.keys()]];
    if (keys.length !== others.length || !keys.every((key) => b.has(key) && equal(a.get(key)!, b.get(key)!))) {
      return false;
    }
    return keys.every((key, i) => key === others[i]) || hasCircle(keys);
  }
  if (isList(a) && isList(b)) return a.length === b.length && a.every((value, i) => equal(value, b[i]));
  return deepEqual(a, b);
}

/** Any circle holds one of three keys. */
function hasCircle(keys: readonly string[]): boolean {
  const before = (a: string, b: string) => compareKeys(a, b, 2) < 0;
  return keys.some((a) => keys.some((b) => before(a, b) && keys.some((c) => before(b, c) && before(c, a))));
}
