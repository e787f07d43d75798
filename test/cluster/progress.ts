// Shows the course of long work: one live line on a terminal, a plain line now and then elsewhere.

import process from "node:process";

/** Where long work tells how it goes. */
export interface Progress {
  /** A step starts; `title` says what is done, such as `Building etcd (1 of 3)`. */
  readonly begin: (title: string) => void;
  /** How far the step is, such as `120 of 800 packages`. */
  readonly update: (detail: string) => void;
  /** The step is over; `outcome` stands in its line, with the time taken. */
  readonly end: (outcome: string) => void;
}

/** Seconds between two plain lines about one step. */
const PLAIN_LINE_SECONDS = 20;

/** A {@link Progress} on a stream, standard error by default. The timer never keeps the process alive. */
export function terminalProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? liveProgress(stream) : plainProgress(stream);
}

function liveProgress(stream: NodeJS.WriteStream): Progress {
  let title = "", detail = "", startedAt = 0;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    const line = [title, detail, elapsed(startedAt)].filter((part) => part !== "").join("  ");
    stream.write(`\r\x1b[2K${line.slice(0, (stream.columns || 80) - 1)}`);
  };
  return {
    begin(text) {
      [title, detail, startedAt] = [text, "", Date.now()];
      timer = setInterval(draw, 200);
      timer.unref();
      draw();
    },
    update(text) {
      detail = text;
    },
    end(outcome) {
      clearInterval(timer);
      stream.write(`\r\x1b[2K${title}  ${outcome}  ${elapsed(startedAt)}\n`);
    },
  };
}

function plainProgress(stream: NodeJS.WriteStream): Progress {
  let title = "", startedAt = 0, writtenAt = 0;
  const write = (detail: string) => {
    writtenAt = Date.now();
    stream.write(`${title}  ${detail}  ${elapsed(startedAt)}\n`);
  };
  return {
    begin(text) {
      [title, startedAt, writtenAt] = [text, Date.now(), Date.now()];
      stream.write(`${title}\n`);
    },
    update(detail) {
      if (Date.now() - writtenAt >= PLAIN_LINE_SECONDS * 1000) write(detail);
    },
    end: write,
  };
}

/** Time since `startedAt` (milliseconds since the epoch) as `42s` or `3m07s`. */
export function elapsed(startedAt: number): string {
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  if (seconds < 60) return `${seconds}s`;
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
}
