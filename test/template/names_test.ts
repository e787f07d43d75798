import { strictEqual } from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { nameAt } from "../../src/template/names.ts";

it("a name is that part of the text, whatever names were read before", () => {
  // More names than are kept, of few characters, so that many meet in one place.
  const name = fc.string({ unit: fc.constantFrom(..."abcdefgh_$é𝒳"), maxLength: 70 });
  fc.assert(fc.property(fc.array(name, { minLength: 1, maxLength: 200 }), (names) => {
    let start = 0;
    const text = names.join("");
    for (const each of names) {
      strictEqual(nameAt(text, start, start + each.length), each);
      start += each.length;
    }
  }));
});
