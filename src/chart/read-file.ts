/** Reading files whole and within bounds, with the words of Go's os where that fails. */
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { systemWords } from "./system-words.ts";

/** A file is longer than it may be. */
export class FileTooLarge extends Error {
  override readonly name = "FileTooLarge";
}

/** The bytes of a regular file. Throws an Error with Go's words, and {@link FileTooLarge} past `maximum` bytes. */
export function readRegularFile(path: string, maximum: number): Uint8Array {
  const stats = inGo(`open ${path}`, () => statSync(path));
  if (!stats.isFile() && !stats.isDirectory()) throw new Error(`open ${path}: it is no regular file`);
  return readFile(path, maximum);
}

/** The bytes of a file of any kind; a pipe is read to its end. Throws as {@link readRegularFile} does. */
export function readFile(path: string, maximum: number): Uint8Array {
  const file = inGo(`open ${path}`, () => openSync(path, "r"));
  try {
    return inGo(`read ${path}`, () => readOpenFile(file, path, maximum));
  } finally {
    closeSync(file);
  }
}

/** The size that pipes and devices are thought to have. */
const unknownSize = 4096;

/**
 * The bytes of an open file, of which nothing was read yet. Throws {@link FileTooLarge}, and what the system says.
 * A file that has a size ends there, so that no call is needed to see that it does.
 */
export function readOpenFile(
  file: number,
  path: string,
  maximum: number,
  { size } = fstatSync(file),
): Uint8Array {
  const tooLarge = () => new FileTooLarge(`${path} is larger than the maximum size ${maximum}`);
  if (size > maximum) throw tooLarge();
  let data = new Uint8Array(size || unknownSize);
  for (let length = 0;;) {
    const read = readSync(file, data, length, data.length - length, null);
    length += read;
    if (length === size || read === 0) return length === data.length ? data : data.slice(0, length);
    if (length > maximum) throw tooLarge();
    if (length < data.length) continue;
    const larger = new Uint8Array(2 * length);
    larger.set(data);
    data = larger;
  }
}

function inGo<A>(what: string, run: () => A): A {
  try {
    return run();
  } catch (error) {
    if (error instanceof FileTooLarge) throw error;
    throw new Error(`${what}: ${systemWords(error)}`, { cause: error });
  }
}
