/** Records in memory: gone with the process, as with Helm's `memory` driver. For tests and trials. */
import { Effect, Layer } from "effect";
import { decodeRecord, encodeRecord } from "./codec.ts";
import { recordKey } from "./labels.ts";
import type { ReleaseRecord } from "./record.ts";
import { ReleaseExists, type ReleaseKey, ReleaseTaken, Storage } from "./storage.ts";

interface Entry {
  readonly text: string;
  readonly labels?: Record<string, string>;
  readonly resourceVersion: string;
}

/** A storage of its own. Records are kept encoded, so that what is read is never what somebody still writes to. */
export const memoryStorage: Layer.Layer<Storage> = Layer.sync(Storage, () => {
  const releases = new Map<string, Map<number, Entry>>();
  let writes = 0;
  const of = (release: ReleaseKey) => {
    const key = `${release.namespace}/${release.name}`;
    const found = releases.get(key) ?? new Map();
    releases.set(key, found);
    return found;
  };
  const read = ({ text, labels, resourceVersion }: Entry): ReleaseRecord => ({
    ...decodeRecord(text),
    resourceVersion,
    ...(labels === undefined ? {} : { labels }),
  });
  const write = (record: ReleaseRecord) => {
    const resourceVersion = String(++writes);
    of(record).set(record.version, { text: encodeRecord(record), labels: record.labels, resourceVersion });
    return Effect.succeed({ ...record, resourceVersion });
  };
  const history = (release: ReleaseKey) =>
    [...of(release).entries()].sort(([a], [b]) => a - b).map(([, entry]) => read(entry));

  return Storage.of({
    history: (release) => Effect.sync(() => history(release)),
    revisions: (release) =>
      Effect.sync(() =>
        history(release).map(({ version, info, resourceVersion }) => ({
          version,
          status: info.status ?? ("unknown" as const),
          resourceVersion,
        }))
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
        return write(record);
      }),
    update: (record) =>
      Effect.suspend(() => {
        const key = recordKey(record.name, record.version);
        const present = of(record).get(record.version);
        const { resourceVersion = present?.resourceVersion } = record;
        if (present === undefined || present.resourceVersion !== resourceVersion) {
          return Effect.fail(new ReleaseTaken({ key }));
        }
        return write(record);
      }),
    delete: (release, version) => Effect.sync(() => void of(release).delete(version)),
  });
});
