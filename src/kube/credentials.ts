/** Who we are to the API server, at this moment: tokens and certificates that may change while we run. */
import { Buffer } from "node:buffer";
import type { ClusterConfig, UserConfig } from "./cluster-config.ts";
import type { Credential, Credentials } from "./credential.ts";
import { ExecCredentials } from "./exec-credentials.ts";
import type { FileCache } from "./file-cache.ts";

/** The credentials of the config's user. */
export function makeCredentials(config: ClusterConfig, files: FileCache): Credentials {
  const { user } = config;
  if (user.exec) return new ExecCredentials(config, user.exec);
  if (user.authProvider) return authProviderCredentials(config, user.authProvider);
  return { current: () => plainCredential(user, files), refused: () => files.forget() };
}

async function plainCredential(user: UserConfig, files: FileCache): Promise<Credential> {
  const [cert, key] = await Promise.all([files.pem(user.certificate), files.pem(user.key)]);
  const authorization = await plainAuthorization(user, files);
  return { ...(cert !== undefined && { cert, key }), ...(authorization !== undefined && { authorization }) };
}

async function plainAuthorization(user: UserConfig, files: FileCache): Promise<string | undefined> {
  if (user.tokenFile !== undefined) return `Bearer ${(await files.read(user.tokenFile)).trim()}`;
  if (user.token !== undefined) return `Bearer ${user.token}`;
  if (user.username === undefined) return undefined;
  return `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`;
}

/** `auth-provider`s are old and their library is large: it is loaded only for who still has one. */
function authProviderCredentials(
  config: ClusterConfig,
  provider: { readonly name: string; readonly config: Record<string, string> },
): Credentials {
  const load = async () => {
    const { KubeConfig } = await import("@kubernetes/client-node");
    const loaded = new KubeConfig();
    loaded.loadFromClusterAndUser(
      // The library wants to make an agent for the cluster too, and refuses to for http.
      { name: config.context, server: "https://unused", skipTLSVerify: false },
      { name: config.context, authProvider: { name: provider.name, config: { ...provider.config } } },
    );
    return loaded;
  };
  let loading: ReturnType<typeof load> | undefined;
  return {
    current: async () => {
      const options: { headers: Record<string, string> } = { headers: {} };
      await (await (loading ??= load())).applyToHTTPSOptions(options);
      const { Authorization: authorization } = options.headers;
      return authorization === undefined ? {} : { authorization };
    },
    refused: () => {
      loading = undefined;
    },
  };
}
