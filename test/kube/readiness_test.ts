import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { KubeObject } from "../../src/kube/object.ts";
import { readiness } from "../../src/kube/readiness.ts";

const now = Date.parse("2026-01-01T00:01:00Z");
const condition = (type: string, status: string, reason?: string, message?: string) => ({
  type,
  status,
  reason,
  message,
});

/** What is checked: the object without its name, the status, the message. */
type Case = [object: Partial<KubeObject>, status: string, message: string];

const deployment = (spec: unknown, status: unknown, generation = 1): Partial<KubeObject> => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { generation },
  spec: { progressDeadlineSeconds: 600, ...spec as object },
  status: { observedGeneration: 1, ...status as object },
});
const complete = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
const rolledOut = [
  condition("Progressing", "True", "NewReplicaSetAvailable"),
  condition("Available", "True", "MinimumReplicasAvailable"),
];
const quota = condition("ReplicaFailure", "True", "FailedCreate", 'pods "a" is forbidden: exceeded quota');

const statefulSet = (spec: unknown, status: unknown): Partial<KubeObject> => ({
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  spec: { replicas: 2, ...spec as object },
  status,
});
const steady = { replicas: 2, readyReplicas: 2, currentReplicas: 2, updatedReplicas: 2 };

const daemonSet = (status: unknown): Partial<KubeObject> => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { generation: 1 },
  status,
});
const everywhere = {
  observedGeneration: 1,
  desiredNumberScheduled: 3,
  currentNumberScheduled: 3,
  updatedNumberScheduled: 3,
  numberAvailable: 3,
  numberReady: 3,
};

const pod = (status: unknown, creationTimestamp = "2026-01-01T00:00:00Z"): Partial<KubeObject> => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { creationTimestamp },
  status,
});
const waits = (reason: string, message?: string) => [{ name: "app", state: { waiting: { reason, message } } }];
const unschedulable = condition("PodScheduled", "False", "Unschedulable", "0/1 nodes are available");

const job = (status: unknown): Partial<KubeObject> => ({
  apiVersion: "batch/v1",
  kind: "Job",
  spec: { completions: 2 },
  status,
});
const definition = (...conditions: unknown[]): Partial<KubeObject> => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  status: { conditions },
});
const custom = (status: unknown, metadata = {}): Partial<KubeObject> => ({
  apiVersion: "example.com/v1",
  kind: "Web",
  metadata: { generation: 3, ...metadata },
  status,
});

const cases: Record<string, Case[]> = {
  "Deployment": [
    [
      deployment({ replicas: 2 }, { ...complete, conditions: rolledOut }),
      "Current",
      "Deployment is available. Replicas: 2",
    ],
    [
      deployment({ replicas: 2 }, complete, 2),
      "InProgress",
      "Deployment generation is 2, but latest observed generation is 1",
    ],
    [deployment({}, {}), "InProgress", "Replicas: 0/1"],
    [
      deployment({ replicas: 2 }, { conditions: [quota] }),
      "InProgress",
      'Replicas: 0/2 (pods "a" is forbidden: exceeded quota)',
    ],
    [deployment({ replicas: 2 }, { ...complete, updatedReplicas: 1 }), "InProgress", "Updated: 1/2"],
    [deployment({ replicas: 1 }, { ...complete, conditions: rolledOut }), "InProgress", "Pending termination: 1"],
    [deployment({ replicas: 2 }, { ...complete, availableReplicas: 1 }), "InProgress", "Available: 1/2"],
    [deployment({ replicas: 2 }, { ...complete, readyReplicas: 1 }), "InProgress", "Ready: 1/2"],
    [deployment({ replicas: 2 }, complete), "InProgress", "ReplicaSet not Available"],
    [
      deployment({ replicas: 2 }, { ...complete, conditions: [rolledOut[0]] }),
      "InProgress",
      "Deployment not Available",
    ],
    [
      deployment({ replicas: 2, progressDeadlineSeconds: 2147483647 }, { ...complete, conditions: [rolledOut[1]] }),
      "Current",
      "Deployment is available. Replicas: 2",
    ],
    [
      deployment({}, { conditions: [condition("Progressing", "False", "ProgressDeadlineExceeded")] }),
      "Failed",
      "Progress deadline exceeded",
    ],
    [
      deployment({}, { conditions: [condition("Progressing", "False", "ProgressDeadlineExceeded"), quota] }),
      "Failed",
      'Progress deadline exceeded (pods "a" is forbidden: exceeded quota)',
    ],
    [deployment({ replicas: 0 }, { conditions: rolledOut }), "Current", "Deployment is available. Replicas: 0"],
  ],
  "StatefulSet": [
    [statefulSet({}, steady), "Current", "All replicas scheduled as expected. Replicas: 2"],
    [
      statefulSet({ updateStrategy: { type: "OnDelete" } }, {}),
      "Current",
      "StatefulSet is using the ondelete update strategy",
    ],
    [statefulSet({}, { replicas: 1 }), "InProgress", "Replicas: 1/2"],
    [statefulSet({}, { ...steady, readyReplicas: 1 }), "InProgress", "Ready: 1/2"],
    [statefulSet({}, { ...steady, replicas: 3 }), "InProgress", "Pending termination: 1"],
    [statefulSet({}, { ...steady, currentReplicas: 1 }), "InProgress", "current: 1/2"],
    [
      statefulSet({}, { ...steady, currentRevision: "a", updateRevision: "b" }),
      "InProgress",
      "Waiting for updated revision to match current",
    ],
    [
      statefulSet({ updateStrategy: { rollingUpdate: { partition: 0 } } }, { ...steady, updatedReplicas: 1 }),
      "InProgress",
      "updated: 1/2",
    ],
    [
      statefulSet({ updateStrategy: { rollingUpdate: { partition: 1 } } }, { ...steady, updatedReplicas: 1 }),
      "Current",
      "Partition rollout complete. updated: 1",
    ],
  ],
  "DaemonSet": [
    [daemonSet(everywhere), "Current", "All replicas scheduled as expected. Replicas: 3"],
    [daemonSet({}), "InProgress", "DaemonSet status.observedGeneration not found"],
    [{ ...daemonSet({}), metadata: {} }, "InProgress", "DaemonSet metadata.generation not found"],
    [daemonSet({ observedGeneration: 1 }), "InProgress", "Missing .status.desiredNumberScheduled"],
    [daemonSet({ ...everywhere, currentNumberScheduled: 2 }), "InProgress", "Current: 2/3"],
    [daemonSet({ ...everywhere, updatedNumberScheduled: 2 }), "InProgress", "Updated: 2/3"],
    [daemonSet({ ...everywhere, numberAvailable: 2 }), "InProgress", "Available: 2/3"],
    [daemonSet({ ...everywhere, numberReady: 2 }), "InProgress", "Ready: 2/3"],
  ],
  "ReplicaSet": [
    [
      {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        status: { replicas: 1, fullyLabeledReplicas: 1, availableReplicas: 1, readyReplicas: 1 },
      },
      "Current",
      "ReplicaSet is available. Replicas: 1",
    ],
    [{ apiVersion: "apps/v1", kind: "ReplicaSet", status: {} }, "InProgress", "Labelled: 0/1"],
    [
      { apiVersion: "apps/v1", kind: "ReplicaSet", status: { conditions: [quota] } },
      "InProgress",
      'Replica Failure condition. Check Pods (pods "a" is forbidden: exceeded quota)',
    ],
  ],
  "Pod": [
    [pod({ phase: "Succeeded" }), "Current", "Pod has completed successfully"],
    [pod({ phase: "Failed" }), "Current", "Pod has completed, but not successfully"],
    [pod({ phase: "Running", conditions: [condition("Ready", "True")] }), "Current", "Pod is Ready"],
    [pod({ phase: "Running" }), "InProgress", "Pod is running but is not Ready"],
    [
      pod({ phase: "Running", containerStatuses: waits("CrashLoopBackOff") }),
      "Failed",
      "Containers in CrashLoop state: app",
    ],
    [pod({ phase: "Pending" }), "InProgress", "Pod is in the Pending phase"],
    [
      pod({ phase: "Pending", containerStatuses: waits("ImagePullBackOff", "no such image") }),
      "InProgress",
      "Pod is in the Pending phase (app: ImagePullBackOff: no such image)",
    ],
    [
      pod({ phase: "Pending", conditions: [unschedulable] }, "2026-01-01T00:00:50Z"),
      "InProgress",
      "Pod has not been scheduled",
    ],
    [
      pod({ phase: "Pending", conditions: [unschedulable] }),
      "Failed",
      "Pod could not be scheduled (0/1 nodes are available)",
    ],
    [pod({}), "InProgress", "Pod phase not available"],
    [pod({ phase: "Odd" }), "InProgress", "unknown phase Odd"],
  ],
  "Job": [
    [job({}), "InProgress", "Job not started"],
    [job({ startTime: "t", active: 1 }), "Current", "Job in progress. success:0, active: 1, failed: 0"],
    [job({ succeeded: 2, conditions: [condition("Complete", "True")] }), "Current", "Job Completed. succeeded: 2/2"],
    [
      job({ failed: 3, conditions: [condition("Failed", "True", "BackoffLimitExceeded", "too often")] }),
      "Failed",
      "Job Failed. failed: 3/2 (BackoffLimitExceeded: too often)",
    ],
  ],
  "CustomResourceDefinition": [
    [definition(), "InProgress", "Install in progress"],
    [definition(condition("Established", "False", "Installing")), "InProgress", "Install in progress"],
    [definition(condition("Established", "True")), "Current", "CRD is established"],
    [
      definition(condition("NamesAccepted", "False", "Conflict", "taken"), condition("Established", "True")),
      "Failed",
      "taken",
    ],
    [definition(condition("Established", "False", "NotAccepted", "not all names")), "Failed", "not all names"],
  ],
  "other built-in kinds": [
    [{ apiVersion: "v1", kind: "ConfigMap" }, "Current", "Resource is always ready"],
    [{ apiVersion: "v1", kind: "Secret" }, "Current", "Resource is always ready"],
    [{ apiVersion: "batch/v1", kind: "CronJob" }, "Current", "Resource is always ready"],
    [{ apiVersion: "v1", kind: "PersistentVolumeClaim", status: { phase: "Bound" } }, "Current", "PVC is Bound"],
    [{ apiVersion: "v1", kind: "PersistentVolumeClaim" }, "InProgress", "PVC is not Bound. phase: unknown"],
    [{ apiVersion: "v1", kind: "Service", spec: {} }, "Current", "Service is ready"],
    [
      { apiVersion: "v1", kind: "Service", spec: { type: "LoadBalancer" } },
      "InProgress",
      "ClusterIP not set. Service type: LoadBalancer",
    ],
    [
      { apiVersion: "v1", kind: "Service", spec: { type: "LoadBalancer", clusterIP: "10.0.0.1" } },
      "Current",
      "Service is ready",
    ],
    [{ apiVersion: "policy/v1", kind: "PodDisruptionBudget" }, "Current", "AllowedDisruptions has been computed."],
    [{ apiVersion: "networking.k8s.io/v1", kind: "Ingress" }, "Current", "Resource is current"],
    [
      {
        apiVersion: "apiregistration.k8s.io/v1",
        kind: "APIService",
        status: { conditions: [condition("Available", "True")] },
      },
      "Current",
      "APIService is available",
    ],
    [
      {
        apiVersion: "apiregistration.k8s.io/v1",
        kind: "APIService",
        status: { conditions: [condition("Available", "False", "Missing", "no endpoints")] },
      },
      "InProgress",
      "APIService is not available (no endpoints)",
    ],
  ],
  "custom resources": [
    [custom(undefined), "Current", "Resource is current"],
    [custom({ conditions: "odd" }), "Current", "Resource is current"],
    [custom({ observedGeneration: 2 }), "InProgress", "Web generation is 3, but latest observed generation is 2"],
    [custom({ observedGeneration: 3, conditions: [condition("Ready", "True")] }), "Current", "Resource is Ready"],
    [custom({ conditions: [condition("Ready", "False", "Slow", "not yet")] }), "InProgress", "not yet"],
    [custom({ conditions: [condition("Ready", "Unknown")] }), "InProgress", ""],
    [custom({ conditions: [condition("Reconciling", "True", "R", "busy")] }), "InProgress", "busy"],
    [custom({ conditions: [condition("Stalled", "True", "S", "stuck")] }), "Failed", "stuck"],
    [
      custom({ conditions: [condition("Stalled", "False"), condition("Ready", "True")] }),
      "Current",
      "Resource is Ready",
    ],
    [custom({}, { deletionTimestamp: "2026-01-01T00:00:00Z" }), "Terminating", "Resource scheduled for deletion"],
  ],
};

for (const [kind, ofKind] of Object.entries(cases)) {
  describe(`the readiness of ${kind}`, () => {
    for (const [object, status, message] of ofKind) {
      it(`${status}: ${message}`, () => {
        assert.deepEqual(readiness({ metadata: {}, ...object } as KubeObject, now), { status, message });
      });
    }
  });
}
