/** The order in which objects of a release are applied (helm.sh/helm/v4/pkg/release/v1/util/kind_sorter.go). */
import { compareStrings } from "../template/value.ts";

/** Kinds in order of installation; kinds that are not listed come last, by name. */
export const installOrder: readonly string[] = [
  "PriorityClass",
  "Namespace",
  "NetworkPolicy",
  "ResourceQuota",
  "LimitRange",
  "PodSecurityPolicy",
  "PodDisruptionBudget",
  "ServiceAccount",
  "Secret",
  "SecretList",
  "ConfigMap",
  "StorageClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "CustomResourceDefinition",
  "ClusterRole",
  "ClusterRoleList",
  "ClusterRoleBinding",
  "ClusterRoleBindingList",
  "Role",
  "RoleList",
  "RoleBinding",
  "RoleBindingList",
  "Service",
  "DaemonSet",
  "Pod",
  "ReplicationController",
  "ReplicaSet",
  "Deployment",
  "HorizontalPodAutoscaler",
  "StatefulSet",
  "Job",
  "CronJob",
  "IngressClass",
  "Ingress",
  "APIService",
  "MutatingWebhookConfiguration",
  "ValidatingWebhookConfiguration",
];

/**
 * Kinds in order of removal: the reverse, but for validating webhooks, which go first lest they block the rest, and
 * Services, which go before what they lead to.
 */
export const uninstallOrder: readonly string[] = [
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
  "APIService",
  "Ingress",
  "IngressClass",
  "Service",
  "CronJob",
  "Job",
  "StatefulSet",
  "HorizontalPodAutoscaler",
  "Deployment",
  "ReplicaSet",
  "ReplicationController",
  "Pod",
  "DaemonSet",
  "RoleBindingList",
  "RoleBinding",
  "RoleList",
  "Role",
  "ClusterRoleBindingList",
  "ClusterRoleBinding",
  "ClusterRoleList",
  "ClusterRole",
  "CustomResourceDefinition",
  "PersistentVolumeClaim",
  "PersistentVolume",
  "StorageClass",
  "ConfigMap",
  "SecretList",
  "Secret",
  "ServiceAccount",
  "PodDisruptionBudget",
  "PodSecurityPolicy",
  "LimitRange",
  "ResourceQuota",
  "NetworkPolicy",
  "Namespace",
  "PriorityClass",
];

/** Sorts by kind; what is of one kind keeps its order. */
export function sortByKind<T extends { readonly kind: string }>(
  items: readonly T[],
  order: readonly string[] = installOrder,
): T[] {
  const ranks = new Map(order.map((kind, rank) => [kind, rank]));
  const rank = (item: T) => ranks.get(item.kind) ?? order.length;
  return items.toSorted((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    return x === order.length && y === order.length ? compareStrings(a.kind, b.kind) : x - y;
  });
}
