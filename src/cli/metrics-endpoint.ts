/** `/metrics` as the settings want it: plain, over TLS, or for those only whom RBAC allows it. */
import { Effect } from "effect";
import { KubeClient } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import { serveMetrics } from "../observability/health-server.ts";
import { metricsGuard } from "../observability/metrics-access.ts";
import { type KeyPair, metricsCertificateFolder, tlsServer } from "../observability/serving-certificate.ts";
import type { Certificate } from "../sprig/certificates.ts";
import { sprigFunctions } from "../sprig/functions.ts";
import { int, strings } from "../template/value.ts";
import { readJson, writeJson } from "../yaml/json.ts";
import { OperatorConfig } from "./operator-config.ts";

/** Serves the metrics until the scope closes. */
export const metricsEndpoint = Effect.gen(function* () {
  const { metricsAddress, metricsSecure, metricsRequireRbac, http2 } = yield* OperatorConfig;
  const kube = yield* KubeClient;
  return yield* serveMetrics(metricsAddress, {
    create: metricsSecure ? yield* tlsServer(metricsCertificateFolder, selfSigned, { http2 }) : undefined,
    guard: metricsRequireRbac
      ? yield* metricsGuard((review) => kube.create(review as unknown as KubeObject))
      : undefined,
  });
});

/** For a year, as Sprig makes certificates. */
function selfSigned(): KeyPair {
  const functions = sprigFunctions({ json: { read: readJson, write: writeJson } });
  const key = functions.get("genPrivateKey")!("ecdsa");
  const made = functions.get("genSelfSignedCertWithKey")!(
    "localhost",
    strings([]),
    strings(["localhost"]),
    int(365),
    key,
  );
  const { cert, key: pem } = made as Certificate;
  return { cert, key: pem };
}
