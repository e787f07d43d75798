import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Remediation } from "../../src/controller/remediation.ts";

const resource = (annotations: Record<string, string> = {}, uid = "1") => ({
  apiVersion: "example.com/v1",
  kind: "Web",
  metadata: { name: "front", namespace: "shop", uid, annotations },
});

describe("a remediation's policy", () => {
  const watch = { strategy: "rollback", retries: 3 } as const;

  it("is the watch's, unless the resource says otherwise", () => {
    const remediation = new Remediation(watch);
    assert.deepEqual(remediation.policy(resource()), { ...watch, problems: [] });
    const annotations = {
      "helmwright.dev/remediation": "uninstall",
      "helmwright.dev/remediation-retries": "unlimited",
    };
    assert.deepEqual(remediation.policy(resource(annotations)), { strategy: "uninstall", retries: null, problems: [] });
  });

  it("takes no annotation that it cannot read, and says so", () => {
    const annotations = { "helmwright.dev/remediation": "pray", "helmwright.dev/remediation-retries": "-1" };
    assert.deepEqual(new Remediation(watch).policy(resource(annotations)), {
      ...watch,
      problems: [
        'Cannot read annotation helmwright.dev/remediation: current value is "pray"',
        'Cannot read annotation helmwright.dev/remediation-retries: current value is "-1"',
      ],
    });
  });
});

describe("the tries", () => {
  it("are one and the retries", () => {
    const remediation = new Remediation({ strategy: "rollback", retries: 2 });
    for (const left of [true, true, false]) {
      assert.equal(remediation.isExhausted(resource(), "inputs"), false);
      remediation.failed(resource(), "inputs");
      assert.equal(!remediation.isExhausted(resource(), "inputs"), left);
    }
  });

  it("go on after a restart where the status keeps them", () => {
    const policy = { strategy: "rollback", retries: 1 } as const;
    const failures = new Remediation(policy).failed(resource(), "inputs");
    const written = { ...resource(), status: { failures } };
    const restarted = new Remediation(policy);
    assert.equal(restarted.isExhausted(written, "inputs"), false);
    assert.equal(restarted.failed(written, "inputs").count, 2);
    assert.equal(restarted.isExhausted(written, "inputs"), true);
    assert.equal(new Remediation(policy).failed(written, "others").count, 1);
    assert.equal(
      new Remediation(policy).failed({ ...written, metadata: resource({}, "2").metadata }, "inputs").count,
      1,
    );
    for (const failures of [null, {}, { count: 5 }, { count: "5", asked: "" }]) {
      assert.equal(new Remediation(policy).failed({ ...resource(), status: { failures } }, "inputs").count, 1);
    }
  });

  it("that failed just before a restart are uncounted, once", () => {
    const policy = { strategy: "rollback", retries: 1 } as const;
    const first = new Remediation(policy);
    assert.equal(first.isUncounted(resource(), "one"), true);
    const failures = first.failed(resource(), "inputs", "one");
    assert.equal(first.isUncounted(resource(), "two"), false);
    const written = (annotations = {}) => ({ ...resource(annotations), status: { failures } });
    const restarted = new Remediation(policy);
    assert.equal(restarted.isUncounted(written(), "one"), false);
    assert.equal(restarted.isUncounted(written({ "helmwright.dev/retry": "now" }), "one"), false);
    assert.equal(restarted.isUncounted(written(), "two"), true);
    restarted.recovered(written());
    assert.equal(restarted.isUncounted(resource(), "two"), false);
  });

  it("have no end without a bound", () => {
    const remediation = new Remediation({ strategy: "rollback", retries: null });
    for (let n = 0; n < 100; n++) remediation.failed(resource(), "inputs");
    assert.equal(remediation.isExhausted(resource(), "inputs"), false);
  });

  it("begin anew with other inputs, another value of the annotation, another resource, and after a success", () => {
    const remediation = new Remediation({ strategy: "rollback", retries: 0 });
    const exhaust = () => assert.equal(remediation.failed(resource(), "inputs").count, 1);
    exhaust();
    assert.equal(remediation.isExhausted(resource(), "inputs"), true);
    assert.equal(remediation.isExhausted(resource(), "others"), false);
    assert.equal(remediation.isExhausted(resource({ "helmwright.dev/retry": "now" }), "inputs"), false);
    assert.equal(remediation.isExhausted(resource({ "helmwright.dev/remediation-retries": "5" }), "inputs"), false);
    assert.equal(remediation.isExhausted(resource({}, "2"), "inputs"), false);
    remediation.forget(resource());
    exhaust();
  });
});
