/** The usual fields, `.a`, `.a.b` and `.a.b.c`: most of what a chart is compiled to. */
import { FieldReader, keyOf } from "./field.ts";
import type { Place } from "./place.ts";
import type { Expression, Frame, Value } from "./run.ts";

/**
 * The usual fields: no more than three, of a dot that no loop has set. They are most of what a chart is compiled to, and
 * take the least memory so. Undefined for others.
 */
export function fieldsOfDot(place: Place, [a, b, c, more]: readonly string[]): Expression | undefined {
  if (more !== undefined) return undefined;
  return b === undefined ? new DotA(place, a) : c === undefined ? new DotAB(place, a, b) : new DotABC(place, a, b, c);
}

class DotA implements Expression {
  constructor(private readonly place: Place, private readonly a: string) {}

  eval(frame: Frame, dot: Value): Value {
    return fieldAt(this.place, frame, dot, dot, this.a, undefined);
  }
}

class DotAB implements Expression {
  constructor(private readonly place: Place, private readonly a: string, private readonly b: string) {}

  eval(frame: Frame, dot: Value): Value {
    const { place } = this;
    return fieldAt(place, frame, dot, fieldAt(place, frame, dot, dot, this.a, undefined), this.b, dot);
  }
}

class DotABC implements Expression {
  constructor(
    private readonly place: Place,
    private readonly a: string,
    private readonly b: string,
    private readonly c: string,
  ) {}

  eval(frame: Frame, dot: Value): Value {
    const { place } = this;
    const first = fieldAt(place, frame, dot, dot, this.a, undefined);
    return fieldAt(place, frame, dot, fieldAt(place, frame, dot, first, this.b, dot), this.c, first);
  }
}

function fieldAt(place: Place, frame: Frame, dot: Value, receiver: Value, name: string, holder: Value): Value {
  const value = keyOf(receiver, name);
  if (value !== undefined) return value;
  return new FieldReader(place, place, undefined).read(frame, dot, receiver, name, holder);
}
