/** How much room Go has in a list, for what grew has more than it needs and `slice` may reach past its end. */
import { type GoList, type GoValue, int, TypedList } from "../template/value.ts";

/** The sizes in which Go's memory comes, in bytes; above the last of them in pages. */
const sizes = [
  ...[8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416, 448],
  ...[480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200, 3456, 4096],
  ...[4864, 5120, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432],
  ...[19072, 20480, 21760, 24576, 27264, 28672, 32768],
];
const page = 8192;
/** Above that size, what holds pointers begins with a header. */
const headless = 512;
const header = 8;

/** Of a slice of ints, and of strings or anything, which hold pointers. */
const intSize = 8;
const pointersSize = 16;

/** How much room append makes for `needed` elements where there was room for `capacity` (Go's growslice). */
export function grown(capacity: number, needed: number, size = pointersSize): number {
  let target = capacity;
  if (needed > 2 * capacity) target = needed;
  else if (capacity < 256) target = 2 * capacity;
  else while (target < needed) target += (target + 768) >> 2;
  const extra = size === pointersSize && target * size > headless ? header : 0;
  const bytes = target * size + extra;
  const taken = sizes.find((taken) => taken >= bytes) ?? Math.ceil((bytes - extra) / page) * page + extra;
  return Math.floor((taken - extra) / size);
}

/** The room of a list that began with some, and grew by one after the other. */
export function grownTo(length: number, capacity = 0, size = pointersSize): number {
  let room = capacity;
  while (room < length) room = grown(room, room + 1, size);
  return room;
}

interface Room {
  readonly capacity: number;
  /** Whose memory it is, and from which element on. */
  readonly of?: GoList;
  readonly from?: number;
}

const rooms = new WeakMap<GoList, Room>();

/** Notes how much room a list has, where it is not that of a list that grew by one after the other. */
export function withCapacity<L extends GoList>(list: L, capacity = list.length): L {
  rooms.set(list, { capacity });
  return list;
}

/** How far `slice` may reach. */
export function capacityOf(list: GoList): number {
  const room = rooms.get(list);
  if (room !== undefined) return room.capacity;
  return grownTo(list.length, 0, list instanceof TypedList && list.element === "int" ? intSize : pointersSize);
}

/** The elements of the list's memory from one to before another, which lies within the capacity. */
export function part(list: GoList, from: number, to: number): GoList {
  const values = Array.from({ length: to - from }, (_, i) => elementAt(list, from + i));
  const made = list instanceof TypedList ? TypedList.ofType(list.element, values) : values;
  rooms.set(made, { capacity: capacityOf(list) - from, of: list, from });
  return made;
}

function elementAt(list: GoList, i: number): GoValue {
  if (i < list.length) return list[i];
  const { of, from = 0 } = rooms.get(list) ?? {};
  if (of !== undefined) return elementAt(of, from + i);
  const element = list instanceof TypedList ? list.element : "";
  return element === "string" ? "" : element === "int" ? int(0) : null;
}
