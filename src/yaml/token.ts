import type { Directive, TagParts } from "./scan-properties.ts";

/** The kinds of {@link Token}. */
export type TokenType =
  | "stream-end"
  | "directive"
  | "document-start"
  | "document-end"
  | "block-sequence-start"
  | "block-mapping-start"
  | "block-end"
  | "flow-sequence-start"
  | "flow-sequence-end"
  | "flow-mapping-start"
  | "flow-mapping-end"
  | "block-entry"
  | "flow-entry"
  | "key"
  | "value"
  | "alias"
  | "anchor"
  | "tag"
  | "plain"
  | "quoted";

/** A token and the line, from 0, on which it starts. */
export class Token {
  /** The place of a key that may begin with this token. */
  key: SimpleKey | undefined = undefined;

  constructor(
    readonly type: TokenType,
    readonly line: number,
    /** A scalar's text or an anchor's name. */
    readonly value: string = "",
    /** What a tag or a directive consists of. */
    readonly detail: TagParts | Directive | undefined = undefined,
  ) {}
}

/** A place where a key without `?` may begin: the `:` after it will tell. */
export class SimpleKey {
  possible = true;
  /** Whether go-yaml has lost sight of it, so that its tokens are not held back until its `:` is found. */
  forgotten = false;

  constructor(
    readonly required: boolean,
    /** The number of its first token, counted from the beginning of the stream. */
    readonly number: number,
    readonly line: number,
    readonly column: number,
    readonly index: number,
  ) {}
}
