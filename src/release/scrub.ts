/** Taking a Secret's values out of what the API server says of it. */
import { Buffer } from "node:buffer";
import { ApiError, type KubeError } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import { mask } from "./mask.ts";

/** The error without the values of the object, when that is a Secret. Other errors are given back as they are. */
export function scrubError(object: KubeObject, error: KubeError): KubeError {
  if (object.kind !== "Secret" || !(error instanceof ApiError)) return error;
  const { code, reason, request, retryAfter } = error;
  return new ApiError({ code, reason, request, retryAfter, detail: scrub(object, error.detail) });
}

/**
 * Replaces the values of the Secret's `data` and `stringData`, encoded and decoded. Very short ones could be part of any
 * word: they are replaced where the API server quotes values only.
 */
function scrub(secret: KubeObject, text: string): string {
  const values = [secret.data, secret.stringData].flatMap((table) => Object.values(table ?? {})).map(String);
  const decoded = values.map((value) => Buffer.from(value, "base64").toString());
  const quoted = text
    .replace(/Value:[^}]*\}/g, `Value:${mask}}`)
    .replace(/(Invalid|Unsupported|Duplicate) value: ("(?:[^"\\]|\\.)*"|[^\s:,\]]+)/g, `$1 value: ${mask}`);
  return [...values, ...decoded]
    .filter((value) => value.length >= 4)
    .sort((a, b) => b.length - a.length)
    .reduce((scrubbed, value) => scrubbed.replaceAll(value, mask), quoted);
}
