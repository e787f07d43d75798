// What a kubelet tells of a pod whose probe fails; kwok has no probes.

import { type Api, waitFor } from "../cluster/api.ts";

/** Waits for a pod with the labels, and says of it that its readiness probe failed with these words. */
export async function failProbe(api: Api, namespace: string, labels: string, words: string): Promise<void> {
  const pods = () => api.list("v1", "Pod", namespace, labels);
  const pod = await waitFor("the pod", async () => (await pods())[0], { intervalMs: 50 });
  await api.create({
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: pod.metadata.name, namespace },
    type: "Warning",
    reason: "Unhealthy",
    involvedObject: { apiVersion: "v1", kind: "Pod", namespace, name: pod.metadata.name },
    lastTimestamp: new Date().toISOString(),
    message: `Readiness probe failed: ${words}`,
  });
}
