import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  hasFinalizer,
  legacyUninstallFinalizer,
  requestsOf,
  uninstallFinalizer,
  withFinalizer,
  withoutFinalizer,
} from "../../src/controller/annotations.ts";

const cr = (metadata: object) => ({ apiVersion: "v1", kind: "Web", metadata: { name: "a", ...metadata } });
const annotated = (annotations: Record<string, string>) =>
  requestsOf(cr({
    annotations: Object.fromEntries(
      Object.entries(annotations).map(([name, value]) => [`helm.sdk.operatorframework.io/${name}`, value]),
    ),
  }));

describe("requestsOf", () => {
  const defaults = {
    upgradeForce: false,
    rollbackForce: true,
    uninstallWait: false,
    paused: false,
    planOnly: false,
    reconcilePeriod: null,
    problems: [],
  };

  it("has operator-sdk's defaults", () => {
    assert.deepEqual(requestsOf(cr({})), defaults);
    assert.deepEqual(annotated({ "upgrade-force": "" }), defaults);
  });

  it("reads Go's booleans and durations", () => {
    const asked = {
      "upgrade-force": "T",
      "rollback-force": "0",
      "uninstall-wait": "true",
      "reconcile-period": "1m30s",
    };
    assert.deepEqual(annotated(asked), {
      upgradeForce: true,
      rollbackForce: false,
      uninstallWait: true,
      paused: false,
      planOnly: false,
      reconcilePeriod: 90_000,
      problems: [],
    });
  });

  it("tells what it cannot read, and falls back on the defaults", () => {
    const { problems, ...rest } = annotated({ "upgrade-force": "yes", "reconcile-period": "soon" });
    assert.deepEqual({ ...rest, problems: [] }, defaults);
    assert.deepEqual(problems, [
      'Cannot read annotation helm.sdk.operatorframework.io/upgrade-force as a boolean: "yes"',
      "Cannot read annotation helm.sdk.operatorframework.io/reconcile-period as a duration: " +
      'time: invalid duration "soon"',
    ]);
  });
});

describe("finalizers", () => {
  it("adds its own after those of others, and takes off both of its names", () => {
    assert.deepEqual(withFinalizer(cr({ finalizers: ["x"] })), ["x", uninstallFinalizer]);
    const finalizers = [legacyUninstallFinalizer, "x", uninstallFinalizer];
    assert.deepEqual(withoutFinalizer(cr({ finalizers })), ["x"]);
  });

  it("honours the legacy name", () => {
    assert.ok(hasFinalizer(cr({ finalizers: [legacyUninstallFinalizer] })));
    assert.ok(!hasFinalizer(cr({ finalizers: ["x"] })));
    assert.ok(!hasFinalizer(cr({})));
  });
});
