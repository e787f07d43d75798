/** All groups of questions. */
import { calls } from "./groups/calls.ts";
import { charts } from "./groups/charts.ts";
import { dates, regexes, semver } from "./groups/domains.ts";
import { ignored } from "./groups/ignored.ts";
import { manifests } from "./groups/manifests.ts";
import { objects } from "./groups/objects.ts";
import { prints } from "./groups/prints.ts";
import { json, toml, yaml } from "./groups/reading.ts";
import { schemas } from "./groups/schemas.ts";
import { setLines } from "./groups/set-lines.ts";
import { templates } from "./groups/templates.ts";
import { writing } from "./groups/writing.ts";
import type { Group } from "./question.ts";

/** In the order in which they take turns. */
export const groups: readonly Group[] = [
  templates,
  calls,
  objects,
  prints,
  writing,
  yaml,
  json,
  toml,
  setLines,
  charts,
  manifests,
  ignored,
  schemas,
  semver,
  dates,
  regexes,
];
