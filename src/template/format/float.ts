/** The decimal digits of a number: 0.`digits` times ten to the power of `point`. Zero has no digits. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/**
 * `strconv.FormatFloat(n, format, precision, 64)`. Precision -1 takes as many digits as are needed to read the same
 * number back. Rounding is to even on the exact value.
 */
export function formatFloat(n: number, format: string, precision: number): string {
  if (Number.isNaN(n)) return "NaN";
  if (!Number.isFinite(n)) return n > 0 ? "+Inf" : "-Inf";
  const sign = n < 0 || Object.is(n, -0) ? "-" : "";
  const x = Math.abs(n);
  switch (format) {
    case "e":
    case "E": {
      const decimal = precision < 0 ? shortest(x) : round(exact(x), precision + 1);
      return sign + exponential(decimal, precision < 0 ? decimal.digits.length - 1 : precision, format);
    }
    case "f":
    case "F": {
      if (precision < 0) {
        const decimal = shortest(x);
        return sign + fixed(decimal, Math.max(decimal.digits.length - decimal.point, 0));
      }
      const decimal = exact(x);
      return sign + fixed(round(decimal, decimal.point + precision), precision);
    }
    case "g":
    case "G":
      return sign + general(x, precision, format);
    case "b":
      return sign + binary(x);
    case "x":
    case "X":
      return sign + hexadecimal(x, precision, format);
  }
  return `%${format}`;
}

/** `%v` of a float64: the shortest digits, with an exponent below 0.0001 and from 1e+06 on. */
export function floatText(n: number): string {
  const x = Math.abs(n);
  // Within these bounds JavaScript writes the same digits in the same form.
  if (x < 1e6 && (x >= 1e-4 || x === 0)) return Object.is(n, -0) ? "-0" : String(n);
  return formatFloat(n, "g", -1);
}

function general(x: number, precision: number, format: string): string {
  const decimal = precision < 0 ? shortest(x) : round(exact(x), precision || 1);
  const { digits, point } = decimal;
  let limit = precision < 0 ? 6 : precision || 1;
  if (precision >= 0 && limit > digits.length && digits.length >= point) limit = digits.length;
  if (point - 1 < -4 || point - 1 >= limit) {
    return exponential(decimal, Math.max(digits.length - 1, 0), format === "g" ? "e" : "E");
  }
  return fixed(decimal, Math.max(digits.length - point, 0));
}

function exponential({ digits, point }: Decimal, precision: number, letter: string): string {
  const exponent = digits === "" ? 0 : point - 1;
  const fraction = precision > 0 ? "." + digits.slice(1, precision + 1).padEnd(precision, "0") : "";
  const power = Math.abs(exponent).toString().padStart(2, "0");
  return `${digits[0] ?? "0"}${fraction}${letter}${exponent < 0 ? "-" : "+"}${power}`;
}

function fixed({ digits, point }: Decimal, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  if (precision <= 0) return whole;
  const fraction = "0".repeat(Math.max(-point, 0)) + digits.slice(Math.max(point, 0));
  return `${whole}.${fraction.slice(0, precision).padEnd(precision, "0")}`;
}

function shortest(x: number): Decimal {
  if (x === 0) return { digits: "", point: 0 };
  const [mantissa, exponent] = x.toExponential().split("e");
  return { digits: mantissa.replace(".", ""), point: Number(exponent) + 1 };
}

/** Every digit of the number: a double is a whole number times a power of two. */
function exact(x: number): Decimal {
  if (x === 0) return { digits: "", point: 0 };
  const { mantissa, exponent } = parts(x);
  if (exponent >= 0) {
    const digits = (mantissa << BigInt(exponent)).toString();
    return { digits, point: digits.length };
  }
  const digits = (mantissa * 5n ** BigInt(-exponent)).toString();
  return { digits, point: digits.length + exponent };
}

function parts(x: number): { mantissa: bigint; exponent: number } {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, x);
  const all = bits.getBigUint64(0);
  const biased = Number((all >> 52n) & 0x7ffn);
  const fraction = all & 0xfffffffffffffn;
  if (biased === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

/** Keeps `count` digits, rounding half to even, and drops trailing zeros. */
function round({ digits, point }: Decimal, count: number): Decimal {
  if (count < 0 || digits === "") return { digits: "", point: 0 };
  let kept = digits.slice(0, count);
  if (count < digits.length) {
    const next = digits.charCodeAt(count) - 48;
    const tie = next === 5 && /^0*$/.test(digits.slice(count + 1));
    const odd = count > 0 && (digits.charCodeAt(count - 1) & 1) === 1;
    if (next > 5 || (next === 5 && !tie) || (tie && odd)) {
      const raised = (BigInt(kept || "0") + 1n).toString();
      if (raised.length > kept.length) point++;
      kept = raised;
    }
  }
  kept = kept.replace(/0+$/, "");
  return kept === "" ? { digits: "", point: 0 } : { digits: kept, point };
}

function binary(x: number): string {
  const { mantissa, exponent } = parts(x);
  return `${mantissa}p${exponent < 0 ? "" : "+"}${exponent}`;
}

function hexadecimal(x: number, precision: number, format: string): string {
  let { mantissa, exponent } = parts(x);
  if (mantissa === 0n) exponent = 0;
  else {
    while (mantissa >> 52n === 0n) {
      mantissa <<= 1n;
      exponent--;
    }
    exponent += 52;
  }
  if (precision >= 0 && precision < 13) {
    const drop = BigInt(52 - precision * 4);
    const half = 1n << (drop - 1n);
    const rest = mantissa & ((1n << drop) - 1n);
    mantissa >>= drop;
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa++;
    mantissa <<= drop;
    if (mantissa >> 53n !== 0n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  let fraction = (mantissa & 0xfffffffffffffn).toString(16).padStart(13, "0");
  fraction = precision < 0 ? fraction.replace(/0+$/, "") : fraction.slice(0, precision).padEnd(precision, "0");
  const lead = mantissa >> 52n;
  const power = Math.abs(exponent).toString().padStart(2, "0");
  const text = `0x${lead}${fraction === "" ? "" : "." + fraction}p${exponent < 0 ? "-" : "+"}${power}`;
  return format === "X" ? text.toUpperCase() : text;
}
