/** What a status says of a release's objects: the Ready condition and the list of resources. Pure. */
import type { Member } from "./readiness-book.ts";
import type { Condition, ResourceStatus } from "./status.ts";

/** More objects than this are counted instead of listed. */
export const resourceLimit = 100;
/** How many objects that are not ready the condition names. */
const named = 3;

/** The parts of a status that tell how ready a release is. */
export interface ReadinessReport {
  readonly condition: Condition;
  readonly resources?: ReadonlyArray<ResourceStatus>;
  readonly resourcesOmitted?: number | null;
}

/** The members as `status.resources` has them; `why` adds the reason of an object's pods. */
export function resourcesOf(
  members: ReadonlyArray<Member>,
  why: (member: Member) => string | undefined,
): ResourceStatus[] {
  return members.map((member) => {
    const { apiVersion, kind, namespace, name, verdict: { status, message } } = member;
    const told = [message, status === "Current" ? undefined : why(member)].filter(Boolean).join("; ");
    return {
      apiVersion,
      kind,
      ...(namespace ? { namespace } : {}),
      name,
      status,
      ...(told && status !== "Current" ? { message: told } : {}),
    };
  });
}

/**
 * The report of a deployed release. `isWatched` is false when nobody looks at the objects after this: what was not ready
 * then may be so by now, and the condition says that it is not known.
 */
export function reportOf(all: ReadonlyArray<ResourceStatus>, isWatched: boolean): ReadinessReport {
  return { condition: conditionOf(all.length, all.filter(isWaiting), isWatched), ...bounded(all) };
}

/** The list within its limit; what is not ready comes first when it is too long. */
export function bounded(
  all: ReadonlyArray<ResourceStatus>,
): Pick<ReadinessReport, "resources" | "resourcesOmitted"> {
  if (all.length <= resourceLimit) return { resources: all, resourcesOmitted: null };
  const sorted = [...all.filter(isWaiting), ...all.filter((each) => !isWaiting(each))];
  return { resources: sorted.slice(0, resourceLimit), resourcesOmitted: all.length - resourceLimit };
}

function isWaiting({ status }: ResourceStatus): boolean {
  return status !== "Current";
}

const notWatched = "as of the operator's last action: the objects are not watched (watchDependentResources: false)";

function conditionOf(total: number, waiting: ReadonlyArray<ResourceStatus>, isWatched: boolean): Condition {
  if (waiting.length === 0) {
    const message = total === 1 ? "1 of 1 object is ready" : `${total} of ${total} objects are ready`;
    return {
      type: "Ready",
      status: "True",
      reason: "ResourcesReady",
      message: isWatched ? message : `${message} ${notWatched}`,
    };
  }
  const more = waiting.length > named ? `; and ${waiting.length - named} more` : "";
  const message = waiting.slice(0, named).map(describe).join("; ") + more;
  if (!isWatched) {
    return { type: "Ready", status: "Unknown", reason: "NotWatched", message: `${message}; ${notWatched}` };
  }
  return { type: "Ready", status: "False", reason: reasonOf(waiting), message };
}

function reasonOf(waiting: ReadonlyArray<ResourceStatus>): Condition["reason"] {
  if (waiting.some(({ status }) => status === "Failed")) return "ResourceFailed";
  return waiting.some(({ status }) => status === "NotFound") ? "ResourceMissing" : "ResourceProgressing";
}

function describe({ kind, name, message, status }: ResourceStatus): string {
  return `${kind} ${name}: ${message ?? status}`;
}
