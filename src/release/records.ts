/** Making release records, and their changes of state. */
import type { Chart } from "../chart/chart.ts";
import { chartToJson } from "../chart/chart-json.ts";
import type { HookRecord, RecordFacts, ReleaseInfo, ReleaseRecord, ReleaseStatus } from "../storage/record.ts";
import type { Json } from "../template/value.ts";
import type { Candidate } from "./candidate.ts";
import type { RenderedHook } from "../render/release-facts.ts";
import type { ReleaseSettings } from "./options.ts";
import type { Session, Source } from "./session.ts";
import { storedManifest } from "./stored-manifest.ts";

/** A pending record of what was rendered. `firstDeployed` is that of the release's first revision. */
export function pendingRecord(
  { release, settings }: Session,
  { values }: Source,
  { rendered, facts }: Candidate,
  state: { version: number; status: ReleaseStatus; description: string; now: string; firstDeployed?: string },
): ReleaseRecord {
  const { version, status, description, now, firstDeployed } = state;
  return {
    name: release.name,
    namespace: release.namespace,
    version,
    info: {
      first_deployed: firstDeployed ?? now,
      last_deployed: now,
      description,
      status,
      ...(rendered.notes === "" ? {} : { notes: rendered.notes }),
    },
    chart: chartJson(rendered.chart),
    config: values as { [key: string]: Json },
    manifest: storedManifest(rendered.manifest),
    hooks: rendered.hooks.map(hookRecord),
    apply_method: applyMethod(settings),
    helmwright: facts,
    ...(Object.keys(settings.labels).length === 0 ? {} : { labels: settings.labels }),
  };
}

/** A pending rollback to `target`: its content under a new number. */
export function rollbackRecord(
  { settings }: Session,
  last: ReleaseRecord,
  target: ReleaseRecord,
  now: string,
): ReleaseRecord {
  const { helmwright, ...content } = target;
  return {
    ...content,
    version: last.version + 1,
    info: {
      first_deployed: last.info.first_deployed,
      last_deployed: now,
      description: `Rollback to ${target.version}`,
      status: "pending-rollback",
      rollback_revision: target.version,
      ...(target.info.notes === undefined ? {} : { notes: target.info.notes }),
    },
    hooks: target.hooks?.map((hook) => ({ ...hook, last_run: { phase: "" } })),
    apply_method: applyMethod(settings),
    ...(helmwright === undefined ? {} : { helmwright: settled(helmwright) }),
  };
}

/** How the objects of a revision are applied, in Helm's words. */
export function applyMethod({ serverSideApply }: ReleaseSettings): "ssa" | "csa" {
  return serverSideApply ? "ssa" : "csa";
}

/** The record in another state. */
export function withStatus(record: ReleaseRecord, status: ReleaseStatus, description?: string): ReleaseRecord {
  const info: ReleaseInfo = { ...record.info, status, ...(description === undefined ? {} : { description }) };
  return { ...record, info };
}

/** The record with facts added. */
export function withFacts(record: ReleaseRecord, facts: Partial<RecordFacts>): ReleaseRecord {
  return { ...record, helmwright: { inputs: "", ...record.helmwright, ...facts } };
}

/** A finished record: without the notes of an action under way. */
export function finished(record: ReleaseRecord): ReleaseRecord {
  return record.helmwright === undefined ? record : { ...record, helmwright: settled(record.helmwright) };
}

function settled({ ran: _, running: __, restored: ___, holder: ____, ...facts }: RecordFacts): RecordFacts {
  return facts as RecordFacts;
}

function hookRecord(hook: RenderedHook): HookRecord {
  return {
    name: hook.name,
    kind: hook.kind,
    path: hook.path,
    manifest: hook.manifest,
    events: [...hook.events],
    last_run: { phase: "" },
    weight: hook.weight,
    delete_policies: [...hook.deletePolicies],
    output_log_policies: [...hook.outputLogPolicies],
  };
}

/** A chart is stored with each revision; its JSON is made once. */
const charts = new WeakMap<Chart, Json>();

function chartJson(chart: Chart): Json {
  const known = charts.get(chart);
  if (known !== undefined) return known;
  const json = chartToJson(chart);
  charts.set(chart, json);
  return json;
}
