/** Records in memory: gone with the process, as with Helm's `memory` driver. For tests and trials. */
import { Effect, Layer } from "effect";
import { decodeRecord, encodeRecord } from "./codec.ts";
import { recordKey } from "./labels.ts";
import type { ReleaseRecord } from "./record.ts";
import { ReleaseExists, type ReleaseKey, Storage, StorageError } from "./storage.ts";

/** A storage of its own. Records are kept encoded, so that what is read is never what somebody still writes to. */
export const memoryStorage: Layer.Layer<Storage> = Layer.sync(Storage, () => {
  const releases = new Map<string, Map<number, { text: string; labels?: Record<string, string> }>>();
  const of = (release: ReleaseKey) => {
    const key = `${release.namespace}/${release.name}`;
    const found = releases.get(key) ?? new Map();
    releases.set(key, found);
    return found;
  };
  const read = (entry: { text: string; labels?: Record<string, string> }): ReleaseRecord => {
    const record = decodeRecord(entry.text);
    return entry.labels === undefined ? record : { ...record, labels: entry.labels };
  };
  const write = (record: ReleaseRecord) =>
    of(record).set(record.version, { text: encodeRecord(record), labels: record.labels });
  const history = (release: ReleaseKey) =>
    [...of(release).entries()].sort(([a], [b]) => a - b).map(([, entry]) => read(entry));

  return Storage.of({
    history: (release) => Effect.sync(() => history(release)),
    revisions: (release) =>
      Effect.sync(() =>
        history(release).map(({ version, info }) => ({ version, status: info.status ?? ("unknown" as const) }))
      ),
    get: (release, version) =>
      Effect.sync(() => {
        const entry = of(release).get(version);
        return entry === undefined ? null : read(entry);
      }),
    create: (record) =>
      Effect.suspend(() => {
        if (of(record).has(record.version)) {
          return Effect.fail(new ReleaseExists({ key: recordKey(record.name, record.version) }));
        }
        write(record);
        return Effect.void;
      }),
    update: (record) =>
      Effect.suspend(() => {
        if (!of(record).has(record.version)) {
          const key = recordKey(record.name, record.version);
          return Effect.fail(new StorageError({ key, detail: "it is not there any more" }));
        }
        write(record);
        return Effect.void;
      }),
    delete: (release, version) => Effect.sync(() => void of(release).delete(version)),
  });
});
