// Charts of the tests, as files.

export const chartYaml = { "Chart.yaml": "apiVersion: v2\nname: front\nversion: 1.0.0\n" };

/** A template of a ConfigMap `<release>-<name>` with one line of data. */
export function configMapTemplate(name: string, data: string, annotations = "{}"): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-${name}
  annotations: ${annotations}
data:
  ${data}
`;
}

/** A template of a Job `<release>-<name>` that is a hook; kwok lets its pod end as `outcome` says. */
export function hookTemplate(
  name: string,
  events: string,
  { weight = 0, policy = "", outcome = "" }: { weight?: number; policy?: string; outcome?: string } = {},
): string {
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-${name}
  annotations:
    helm.sh/hook: ${events}
    helm.sh/hook-weight: "${weight}"
    ${policy === "" ? "" : `helm.sh/hook-delete-policy: ${policy}`}
spec:
  backoffLimit: 0
  template:
    metadata:
      annotations: {helmwright.test/outcome: "${outcome}"}
    spec:
      restartPolicy: Never
      containers: [{name: main, image: example.com/hook}]
`;
}
