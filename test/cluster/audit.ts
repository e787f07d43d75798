// Which requests reached the API server, by whom: read from its audit log.

import { existsSync, readFileSync, statSync } from "node:fs";

/** The audit policy: everything but what the control plane's own parts ask, one line a request (two for a watch). */
export const AUDIT_POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: None
    users:
      - system:apiserver
      - system:kube-controller-manager
      - system:kube-scheduler
      - system:kwok
  - level: None
    userGroups: [system:serviceaccounts:kube-system]
  - level: Metadata
`;

/** One request to the API server. */
export interface AuditedRequest {
  readonly auditID: string;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, or an HTTP method's name. */
  readonly verb: string;
  readonly requestURI: string;
  readonly user: string;
  readonly userAgent: string;
  /** The HTTP status; 0 when the connection broke before an answer. */
  readonly status: number;
  /** When the server received it, milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** Which requests are meant; every condition that is given must hold. */
export interface RequestFilter {
  /** The user's name, such as the common name of its certificate. */
  readonly user?: string;
  /** A part of the user agent. */
  readonly userAgent?: string;
  /** A position from {@link auditPosition}: only what was logged after it. */
  readonly since?: number;
}

/** The end of the log now, to be given to {@link readRequests} as `since` later. */
export function auditPosition(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

/** The requests in the log, oldest first, each once; a watch counts from its start. */
export function readRequests(path: string, filter: RequestFilter = {}): Array<AuditedRequest> {
  if (!existsSync(path)) return [];
  const requests = new Map<string, AuditedRequest>();
  const text = readFileSync(path).subarray(filter.since ?? 0).toString("utf8");
  for (const line of text.split("\n")) {
    const request = parse(line);
    if (request === undefined || requests.has(request.auditID)) continue;
    if (filter.user !== undefined && request.user !== filter.user) continue;
    if (filter.userAgent !== undefined && !request.userAgent.includes(filter.userAgent)) continue;
    requests.set(request.auditID, request);
  }
  return [...requests.values()];
}

function parse(line: string): AuditedRequest | undefined {
  if (!line.endsWith("}")) return undefined; // The end of the log, while it is being written.
  const event = JSON.parse(line);
  return {
    auditID: event.auditID,
    verb: event.verb,
    requestURI: event.requestURI,
    user: event.user?.username ?? "",
    userAgent: event.userAgent ?? "",
    status: event.responseStatus?.code ?? 0,
    receivedAt: Date.parse(event.requestReceivedTimestamp),
  };
}
