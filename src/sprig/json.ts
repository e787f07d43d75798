import { fn } from "../template/signature.ts";
import type { GoFunction, GoValue } from "../template/value.ts";

/** How JSON is read and written, as encoding/json does; errors in its words. */
export interface JsonCodec {
  readonly read: (text: string) => GoValue;
  readonly write: (value: GoValue, format?: { readonly indent?: string; readonly escapeHtml?: boolean }) => string;
}

/** Sprig's own JSON functions. Helm puts others in the place of `toJson`, `fromJson` and `mustToJson`. */
export function jsonFunctions({ read, write }: JsonCodec): Record<string, GoFunction> {
  const pretty = (value: GoValue) => write(value, { indent: "  " });
  const raw = (value: GoValue) => write(value, { escapeHtml: false });
  const lenient = <A extends GoValue, B extends GoValue>(convert: (value: A) => B, failed: B) => (value: A): B => {
    try {
      return convert(value);
    } catch {
      return failed;
    }
  };
  const encoding = "func(any) string";
  const mustEncoding = "func(any) (string, error)";
  return {
    fromJson: fn("func(string) any", lenient<string, GoValue>(read, null)),
    mustFromJson: fn("func(string) (any, error)", (text: string) => read(text)),
    mustToJson: fn(mustEncoding, (value: GoValue) => write(value)),
    mustToPrettyJson: fn(mustEncoding, pretty),
    mustToRawJson: fn(mustEncoding, raw),
    toJson: fn(encoding, lenient((value: GoValue) => write(value), "")),
    toPrettyJson: fn(encoding, lenient(pretty, "")),
    toRawJson: fn(encoding, raw),
  };
}
