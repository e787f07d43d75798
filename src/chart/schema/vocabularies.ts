/** The vocabularies of 2019 and later: which keywords count in schemas of a metaschema of one's own. */
import { quote } from "../../template/format.ts";
import { type GoMap, type GoValue, isMap } from "../../template/value.ts";
import { SchemaError } from "./addresses.ts";
import type { Draft } from "./drafts.ts";

/** A draft, and the vocabularies that count of it; absent where they are the draft's usual ones. */
export interface Dialect {
  readonly draft: Draft;
  readonly vocabularies?: readonly string[];
}

interface Vocabularies {
  readonly prefix: string;
  readonly usual: readonly string[];
  readonly others: readonly string[];
}

const vocabularies: Readonly<Partial<Record<Draft, Vocabularies>>> = {
  2019: {
    prefix: "https://json-schema.org/draft/2019-09/vocab/",
    usual: ["core", "applicator", "validation"],
    others: ["meta-data", "format", "content"],
  },
  2020: {
    prefix: "https://json-schema.org/draft/2020-12/vocab/",
    usual: ["core", "applicator", "unevaluated", "validation"],
    others: ["meta-data", "format-annotation", "format-assertion", "content"],
  },
};

/** Whether the keywords of a vocabulary count in a dialect. */
export function hasVocabulary(dialect: Dialect, name: string): boolean {
  const known = vocabularies[dialect.draft];
  // Before there were vocabularies all counted; references always do.
  return name === "core" || known === undefined || (dialect.vocabularies ?? known.usual).includes(name);
}

/** Whether formats are more than annotations. */
export function assertsFormats(dialect: Dialect): boolean {
  return hasVocabulary(dialect, dialect.draft === 2019 ? "format" : "format-assertion");
}

/** The vocabularies that a metaschema asks for. Throws {@link SchemaError} for one that Helm's library does not know. */
export function vocabulariesOf(metaschema: GoValue, url: string, draft: Draft): Dialect["vocabularies"] {
  const known = vocabularies[draft];
  const listed = isMap(metaschema) ? metaschema.get("$vocabulary") : undefined;
  if (known === undefined || !isMap(listed)) return undefined;
  const names = requiredOf(listed).map((vocabulary) => {
    const name = vocabulary.startsWith(known.prefix) ? vocabulary.slice(known.prefix.length) : "";
    if (known.usual.includes(name) || known.others.includes(name)) return name;
    throw new SchemaError(`unsupported vocabulary ${quote(vocabulary)} in ${quote(url)}`);
  });
  return names.includes("core") ? names : [...names, "core"];
}

const requiredOf = (listed: GoMap) => [...listed].filter(([, required]) => required === true).map(([name]) => name);
