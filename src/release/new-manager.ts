/** The actions on one release behind the face that the reconciler drives. */
import { Effect } from "effect";
import type { ReleaseRecord } from "../storage/record.ts";
import { readInputs } from "./candidate.ts";
import { makeFence } from "./fence.ts";
import { install } from "./install.ts";
import { ActionError, type ManagerFailure } from "./failure.ts";
import type { FailedTry, Manager } from "./manager.ts";
import { reasonOfFailure } from "./outcome.ts";
import { plan } from "./plan.ts";
import { reconcile } from "./reconcile.ts";
import { rollBack } from "./rollback.ts";
import type { Session } from "./session.ts";
import { type InstalledState, readState, type ReleaseState } from "./state.ts";
import { sync, type Synced } from "./sync.ts";
import { isTestDue, runsTests, testRelease } from "./test-release.ts";
import { cleanup, uninstall } from "./uninstall.ts";
import { upgrade } from "./upgrade.ts";

function failedTry(session: Session): Effect.Effect<FailedTry | null, ManagerFailure> {
  return Effect.gen(function* () {
    const { last } = yield* readState(session);
    if (last?.info.status !== "failed" || last.info.rollback_revision !== undefined) return null;
    const { inputs, resource } = last.helmwright ?? {};
    if (inputs !== (yield* readInputs(session)).digest) return null;
    const { uid, generation } = session.cr.metadata;
    const isOfGeneration = resource?.uid === uid && resource?.generation === generation;
    const { last_deployed: began = "", description = "" } = last.info;
    return { began, isOfGeneration, message: reasonOfFailure(description) };
  });
}

const unknown: Synced = { state: { revisions: [], last: null, deployed: null }, updateRequired: false };

/** A manager for one reconcile, behind a fence. Without {@link Manager.sync} it knows of no release. */
export function newManager(outside: Session): Omit<Manager, "references"> {
  const fence = makeFence(outside);
  const session: Session = { ...outside, kube: fence.kube, storage: fence.storage };
  let synced = unknown;
  const installed = (
    action: ActionError["action"],
    state: ReleaseState,
  ): Effect.Effect<InstalledState, ActionError> => {
    const { last, deployed } = state;
    if (last !== null && deployed !== null) return Effect.succeed({ ...state, last, deployed });
    const { name } = session.release;
    return Effect.fail(
      new ActionError({ action, releaseName: name, detail: `"${name}" has no deployed releases` }),
    );
  };
  const remember = (deployed: ReleaseRecord) => {
    synced = { state: { ...synced.state, last: deployed, deployed }, updateRequired: false };
  };

  return {
    releaseName: session.release.name,
    namespace: session.release.namespace,
    sync: Effect.map(fence.within(sync(session)), (found) => {
      synced = found;
    }),
    isInstalled: () => synced.state.deployed !== null,
    isUpdateRequired: () => synced.updateRequired,
    deployedRelease: () => synced.state.deployed,
    plan: plan(session),
    inputs: Effect.map(readInputs(session), ({ digest }) => digest),
    failedTry: failedTry(session),
    installRelease: (options) =>
      Effect.tap(
        fence.within(install(session, synced.state, options)),
        (record) => Effect.sync(() => remember(record)),
      ),
    updateRelease: (options) =>
      Effect.flatMap(installed("upgrade", synced.state), (state) => upgrade(session, state, options)).pipe(
        fence.within,
        Effect.tap(({ updated }) => Effect.sync(() => remember(updated))),
      ),
    reconcileRelease: Effect.suspend(() =>
      Effect.flatMap(installed("reconcile", synced.state), ({ deployed }) => reconcile(session, deployed)).pipe(
        fence.within,
      )
    ),
    rollBack: (options): Effect.Effect<ReleaseRecord | null, ManagerFailure> =>
      Effect.flatMap(readState(session), (state) => installed("rollback", state)).pipe(
        Effect.flatMap((state) => rollBack(session, state, { force: options?.force ?? false })),
        fence.within,
        Effect.tap((record) => Effect.sync(() => record !== null && remember(record))),
      ),
    runsTests: runsTests(session),
    isTestDue: () => isTestDue(session, synced.state.deployed),
    testRelease: Effect.suspend(() =>
      Effect.flatMap(installed("test", synced.state), ({ deployed }) => testRelease(session, deployed))
    ).pipe(fence.within, Effect.tap(({ release }) => Effect.sync(() => remember(release)))),
    uninstallRelease: fence.within(uninstall(session)),
    cleanupRelease: (release) => fence.within(cleanup(session, release)),
  };
}
