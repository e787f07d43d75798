/** A float64 as strconv's FormatFloat(value, 'g', -1, 64) prints it, with Go's words for infinities and NaN. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const size = Math.abs(value);
  // JavaScript's own digits are the shortest too; only the places where the exponent begins differ.
  if (size >= 1e-4 && size < 1e6) return String(value);
  return exponential(value.toExponential());
}

/** A float32 as strconv's FormatFloat(value, 'g', -1, 32) prints it. */
export function formatFloat32(value: number): string {
  const single = Math.fround(value);
  if (!Number.isFinite(single) || single === 0) return formatFloat(single);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return formatFloat(short);
  }
  return formatFloat(Number(single.toPrecision(9)));
}

/** Go writes at least two digits of an exponent. */
function exponential(text: string): string {
  const at = text.indexOf("e") + 2;
  return text.length - at === 1 ? `${text.slice(0, at)}0${text.slice(at)}` : text;
}
