import { GoObject } from "./value.ts";

/** Go's complex128. Only a literal such as `2i` makes one, and little more than printing can be done with it. */
export class Complex extends GoObject {
  override readonly type = "complex128";
  override readonly kind = "complex128";

  constructor(readonly real: number, readonly imaginary: number) {
    super();
  }
}
