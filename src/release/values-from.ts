/**
 * Values that lie in ConfigMaps and Secrets: `valuesFrom` of the watch, then the custom resource's annotation, a later
 * one over an earlier. They go under `spec`.
 */
import { Buffer } from "node:buffer";
import { Effect } from "effect";
import { mergeMaps, readValues } from "../chart/values-file.ts";
import {
  readValuesReferences,
  setValueAt,
  type ValuesReference,
  ValuesReferenceError,
} from "../chart/values-reference.ts";
import type { KubeClient, KubeError } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import { fromJson, type GoMap, type Json } from "../template/value.ts";
import { YamlError } from "../yaml/error.ts";
import { readYaml } from "../yaml/read.ts";
import { ChartError } from "./failure.ts";
import { toJson } from "./manifest.ts";

/** A custom resource's own `valuesFrom`, as YAML or JSON. */
export const valuesFromAnnotation = "helmwright.dev/values-from";

/** An object that values were read from. */
export interface ReadReference {
  readonly kind: ValuesReference["kind"];
  readonly namespace: string;
  readonly name: string;
  /** What the reading found; null when there was no such object. */
  readonly resourceVersion: string | null;
}

/** What was found elsewhere. */
export interface ValuesElsewhere {
  readonly values: { readonly [key: string]: Json };
  /** The values that came from Secrets, to be kept out of what is shown. */
  readonly secrets: ReadonlyArray<Json>;
}

/** The references of a custom resource, the watch's first. Throws ValuesReferenceError or YamlError. */
export function referencesOf(cr: KubeObject, ofWatch: ReadonlyArray<ValuesReference>): ValuesReference[] {
  const text = cr.metadata.annotations?.[valuesFromAnnotation] ?? "";
  return [...ofWatch, ...readValuesReferences(readYaml(text))];
}

/**
 * Reads what the custom resource and its watch refer to. `saw` is told of each object, before anything fails: all are
 * read first, so that what is missing is known as a whole.
 */
export function valuesElsewhere(
  kube: KubeClient["Service"],
  cr: KubeObject,
  namespace: string,
  ofWatch: ReadonlyArray<ValuesReference>,
  saw: (reference: ReadReference) => void,
): Effect.Effect<ValuesElsewhere, ChartError | KubeError> {
  return Effect.gen(function* () {
    const references = yield* Effect.try({
      try: () => referencesOf(cr, ofWatch),
      catch: (error) => unreadable(error as Error),
    });
    const objects = new Map<string, KubeObject | null>();
    for (const reference of references) {
      const { kind, name } = reference;
      if (objects.has(`${kind}/${name}`)) continue;
      const object = yield* kube.get({ apiVersion: "v1", kind, namespace, name }).pipe(
        Effect.mapError((error) =>
          error._tag === "ApiError" && error.code === 403
            ? problem(reference, namespace, `it may not be read: ${error.message}`)
            : error
        ),
      );
      saw({ kind, namespace, name, resourceVersion: object?.metadata.resourceVersion ?? null });
      objects.set(`${kind}/${name}`, object);
    }
    let values: GoMap = new Map();
    const secrets: Json[] = [];
    for (const reference of references) {
      const object = objects.get(`${reference.kind}/${reference.name}`)!;
      if (object === null && reference.optional) continue;
      const part = yield* Effect.try({
        try: () => valuesOf(reference, object, namespace),
        catch: (error) => problem(reference, namespace, (error as Error).message),
      });
      if (reference.kind === "Secret") secrets.push(part.shown);
      values = yield* Effect.try({
        try: () => part.into(values),
        // The words would quote the values that are there.
        catch: () => problem(reference, namespace, `cannot be set at ${reference.targetPath}: a value is in the way`),
      });
    }
    return { values: toJson(values) as { [key: string]: Json }, secrets };
  });
}

interface Part {
  /** The values over others. */
  readonly into: (values: GoMap) => GoMap;
  readonly shown: Json;
}

/** Throws errors whose message has no value in it. */
function valuesOf(reference: ValuesReference, object: KubeObject | null, namespace: string): Part {
  const { kind, valuesKey, targetPath } = reference;
  if (object === null) throw new Error(`there is no such ${kind} in namespace "${namespace}"`);
  const text = dataOf(object, valuesKey);
  if (text === undefined) throw new Error(`its data has no key "${valuesKey}"`);
  if (targetPath !== "") {
    return {
      shown: text,
      into: (values) => {
        const copy = fromJson(toJson(values)) as GoMap;
        setValueAt(copy, targetPath, text);
        return copy;
      },
    };
  }
  const document = readDocument(text, valuesKey);
  return { shown: toJson(document), into: (values) => mergeMaps(values, document) };
}

function dataOf({ kind, data, binaryData }: KubeObject, key: string): string | undefined {
  const plain = kind === "ConfigMap" ? data?.[key] : undefined;
  const encoded = kind === "ConfigMap" ? binaryData?.[key] : data?.[key];
  return plain ?? (encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString());
}

function readDocument(text: string, key: string): GoMap {
  try {
    return readValues(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const place = error.line === undefined ? "" : ` at line ${error.line}`;
    throw new Error(`its key "${key}" is no values file: it cannot be read as a YAML map${place}`);
  }
}

function problem({ kind, name }: ValuesReference, namespace: string, detail: string): ChartError {
  return new ChartError({ chart: "", detail: `valuesFrom: ${kind} "${namespace}/${name}": ${detail}` });
}

function unreadable(error: Error): ChartError {
  const place = error instanceof ValuesReferenceError && error.path.length > 0
    ? `, entry ${Number(error.path[0]) + 1}`
    : "";
  return new ChartError({ chart: "", detail: `annotation ${valuesFromAnnotation}${place}: ${error.message}` });
}
