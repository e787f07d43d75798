/** Bounds of what one call may make. Go has none but its memory; here a template must not take that of the operator. */

/** How many elements `until`, `untilStep` and `seq` may count. */
const mostNumbers = 2 ** 22;

/** How many UTF-16 units `repeat` and `indent` may write. */
const longestText = 2 ** 27;

/** Throws where a list would have too many elements. */
export function checkCount(count: number): void {
  if (count > mostNumbers) throw new Error(`${Math.ceil(count)} numbers are more than the limit of ${mostNumbers}`);
}

/** Throws where a text would be too long. */
export function checkLength(length: number): void {
  if (length > longestText) throw new Error(`${length} characters are more than the limit of ${longestText}`);
}
