/** Decimal arithmetic as shopspring/decimal 1.4 does it: exact, but for division, which keeps 16 digits. */

/** `digits * 10^exponent`. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const divisionDigits = 16;

/** decimal.NewFromFloat: the shortest decimal that reads back as the number; throws its panic for NaN and infinities. */
export function fromFloat(value: number): Decimal {
  if (!Number.isFinite(value)) {
    throw new Error(`Cannot create a Decimal from ${Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf"}`);
  }
  const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(`${value}`)!;
  return { digits: BigInt(sign + whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** Decimal.Float64: the nearest number. */
export function toFloat({ digits, exponent }: Decimal): number {
  return Number(`${digits}e${exponent}`);
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent);
  return [
    a.digits * 10n ** BigInt(a.exponent - exponent),
    b.digits * 10n ** BigInt(b.exponent - exponent),
    exponent,
  ];
}

/** The exact sum. */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const [x, y, exponent] = aligned(a, b);
  return { digits: x + y, exponent };
}

/** The exact difference. */
export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  const [x, y, exponent] = aligned(a, b);
  return { digits: x - y, exponent };
}

/** The exact product. */
export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, exponent: a.exponent + b.exponent };
}

/** Rounds halves away from zero; throws decimal's panic when `b` is zero. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal {
  if (b.digits === 0n) throw new Error("decimal division by 0");
  const power = a.exponent - b.exponent + divisionDigits;
  const above = power > 0 ? a.digits * 10n ** BigInt(power) : a.digits;
  const below = power < 0 ? b.digits * 10n ** BigInt(-power) : b.digits;
  const quotient = above / below;
  const remainder = above % below;
  const size = (n: bigint) => (n < 0n ? -n : n);
  if (size(remainder) * 2n < size(below)) return { digits: quotient, exponent: -divisionDigits };
  const step = (above < 0n) === (below < 0n) ? 1n : -1n;
  return { digits: quotient + step, exponent: -divisionDigits };
}
