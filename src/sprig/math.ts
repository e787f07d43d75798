import { sprint } from "../template/format.ts";
import { fn } from "../template/signature.ts";
import { type GoFunction, type GoValue, Int, int, int64, TypedList } from "../template/value.ts";
import { parseInt64, parseIntOrLimit, toFloat64, toInt64 } from "./cast.ts";
import {
  addDecimals,
  type Decimal,
  divideDecimals,
  fromFloat,
  multiplyDecimals,
  subtractDecimals,
  toFloat,
} from "./decimal.ts";
import { checkCount } from "./limits.ts";

function divisor(value: GoValue): bigint {
  const by = toInt64(value);
  if (by === 0n) throw new Error("runtime error: integer divide by zero");
  return by;
}

function add(...values: GoValue[]): Int {
  let sum = 0n;
  for (const value of values) sum += toInt64(value);
  return int64(sum);
}

function multiply(...values: GoValue[]): Int {
  return values.reduce<Int>((product, value) => int64(product.value * toInt64(value)), int64(1n));
}

function most(...values: GoValue[]): Int {
  return int64(values.map(toInt64).reduce((a, b) => (b > a ? b : a)));
}

function least(...values: GoValue[]): Int {
  return int64(values.map(toInt64).reduce((a, b) => (b < a ? b : a)));
}

/** A chain of decimal operations on floats, from the left. */
function decimals(operate: (a: Decimal, b: Decimal) => Decimal): (...values: GoValue[]) => number {
  return (...values) => toFloat(values.map((value) => fromFloat(toFloat64(value))).reduce(operate));
}

const addFloats = decimals(addDecimals);

/** math.Pow(10, places), multiplied out in Go's order so that the last bit agrees. */
function powerOfTen(places: number): number {
  let mantissa = 1;
  let exponent = 0;
  let base = 0.625;
  let baseExponent = 4;
  for (let n = Math.abs(places); n > 0; n = Math.floor(n / 2)) {
    if (baseExponent > 4096) return places < 0 ? 0 : Infinity;
    if (n % 2 === 1) {
      mantissa *= base;
      exponent += baseExponent;
    }
    base *= base;
    baseExponent *= 2;
    if (base < 0.5) {
      base += base;
      baseExponent--;
    }
  }
  if (places < 0) return powerOfTwo(1 / mantissa, -exponent);
  return powerOfTwo(mantissa, exponent);
}

function powerOfTwo(mantissa: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return mantissa * 2 ** half * 2 ** (exponent - half);
}

function round(value: GoValue, places: Int, ...options: number[]): number {
  const roundOn = options.length > 0 ? options[0] : 0.5;
  const power = powerOfTen(Number(places));
  const shifted = power * toFloat64(value);
  const fraction = Number.isFinite(shifted) ? shifted - Math.trunc(shifted) : NaN;
  return (fraction >= roundOn ? Math.ceil(shifted) : Math.floor(shifted)) / power;
}

/** `start`, `start + step` ... up to but without `stop`; nothing when the step leads away from it. */
function countTo(start: number, stop: number, step: number): number[] {
  const numbers: number[] = [];
  if (step !== 0) checkCount((stop - start) / step);
  if (stop < start) {
    if (step < 0) { for (let i = start; i > stop; i += step) numbers.push(i); }
  } else if (step > 0) {
    for (let i = start; i < stop; i += step) numbers.push(i);
  }
  return numbers;
}

function ints(numbers: number[]): TypedList {
  return TypedList.ofType("int", numbers.map((n) => int(n)));
}

function until(count: Int): TypedList {
  const n = Number(count);
  return ints(countTo(0, n, n < 0 ? -1 : 1));
}

function seq(...params: Int[]): string {
  const [a, b, c] = params.map(Number);
  const sequence = (start: number, step: number, stop: number) => {
    const toward = stop < start ? -1 : 1;
    return countTo(start, stop + toward, step).join(" ");
  };
  switch (params.length) {
    case 1:
      return sequence(1, a < 1 ? -1 : 1, a);
    case 2:
      return sequence(a, b < a ? -1 : 1, b);
    case 3:
      return c < a && b > 0 ? "" : sequence(a, b, c);
  }
  return "";
}

const toInt = "func(any) int64";
const toFloatType = "func(any) float64";
const ofTwo = "func(any, any) int64";
const ofMany = "func(any, ...any) int64";
const floatsOfMany = "func(any, ...any) float64";

/** Sprig's arithmetic. Integers wrap around at 64 bits; floats of `addf` and its like go through decimals. */
export const mathFunctions: Record<string, GoFunction> = {
  add: fn("func(...any) int64", add),
  add1: fn(toInt, (value: GoValue) => int64(toInt64(value) + 1n)),
  add1f: fn(toFloatType, (value: GoValue) => addFloats(value, 1)),
  addf: fn("func(...any) float64", (...values: GoValue[]) => addFloats(0, ...values)),
  atoi: fn("func(string) int", (text: string) => int(parseIntOrLimit(text))),
  biggest: fn(ofMany, most),
  ceil: fn(toFloatType, (value: GoValue) => Math.ceil(toFloat64(value))),
  div: fn(ofTwo, (a: GoValue, b: GoValue) => int64(toInt64(a) / divisor(b))),
  divf: fn(floatsOfMany, decimals(divideDecimals)),
  float64: fn(toFloatType, toFloat64),
  floor: fn(toFloatType, (value: GoValue) => Math.floor(toFloat64(value))),
  int: fn("func(any) int", (value: GoValue) => int(toInt64(value))),
  int64: fn(toInt, (value: GoValue) => int64(toInt64(value))),
  max: fn(ofMany, most),
  maxf: fn(floatsOfMany, (...values: GoValue[]) => Math.max(...values.map(toFloat64))),
  min: fn(ofMany, least),
  minf: fn(floatsOfMany, (...values: GoValue[]) => Math.min(...values.map(toFloat64))),
  mod: fn(ofTwo, (a: GoValue, b: GoValue) => int64(toInt64(a) % divisor(b))),
  mul: fn(ofMany, multiply),
  mulf: fn(floatsOfMany, decimals(multiplyDecimals)),
  round: fn("func(any, int, ...float64) float64", round),
  seq: fn("func(...int) string", seq),
  sub: fn(ofTwo, (a: GoValue, b: GoValue) => int64(toInt64(a) - toInt64(b))),
  subf: fn(floatsOfMany, decimals(subtractDecimals)),
  toDecimal: fn(toInt, (value: GoValue) => int64(parseInt64(sprint(value), 8) ?? 0n)),
  until: fn("func(int) []int", until),
  untilStep: fn("func(int, int, int) []int", (start: Int, stop: Int, step: Int) => ints(countTo(+start, +stop, +step))),
};
