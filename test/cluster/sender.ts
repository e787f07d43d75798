// How requests of the tests' client reach the API server.

import { Agent, request as httpsRequest } from "node:https";
import type { KeyPair } from "./certificates.ts";

/** The answer to a request. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly isJson: boolean;
}

/** Sends requests as one user to one server. */
export interface Sender {
  /** `path` has the query; `body` is JSON of this content type. Fails when there is no answer. */
  readonly send: (method: string, path: string, body: string | undefined, contentType: string) => Promise<Answer>;
  /** Closes the connections. */
  readonly close: () => void;
}

/** Over TLS with a client certificate, on connections that are kept. */
export function certificateSender(server: string, authority: string, client: KeyPair): Sender {
  const agent = new Agent({ keepAlive: true, ca: authority, cert: client.certificate, key: client.key });
  return {
    close: () => agent.destroy(),
    send: (method, path, body, contentType) =>
      new Promise((resolve, reject) => {
        const headers = {
          "accept": "application/json",
          "user-agent": "helmwright-test",
          ...(body === undefined ? {} : {
            "content-type": contentType,
            "content-length": new TextEncoder().encode(body).length,
          }),
        };
        const request = httpsRequest(server + path, { method, agent, headers }, (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (chunk) => text += chunk);
          response.on("error", reject);
          response.on("end", () => {
            const isJson = (response.headers["content-type"] ?? "").startsWith("application/json");
            resolve({ status: response.statusCode!, text, isJson });
          });
        });
        request.on("error", reject);
        request.end(body);
      }),
  };
}
