/** A cluster and who we are to it: what a kubeconfig's context or a pod's service account says. */

/** A PEM text, or the file that holds it; files are read again when they may have changed. */
export type Pem = { readonly data: string } | { readonly file: string };

/** A kubeconfig user's `exec`: a program that prints credentials (client.authentication.k8s.io). */
export interface ExecConfig {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: ReadonlyArray<string>;
  readonly env: Readonly<Record<string, string>>;
  readonly installHint?: string;
  readonly provideClusterInfo: boolean;
}

/** How requests say who sends them. The first of exec, authProvider, tokenFile, token, username that is there counts. */
export interface UserConfig {
  readonly token?: string;
  /** A file with a bearer token that may change at any time. */
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly certificate?: Pem;
  readonly key?: Pem;
  readonly exec?: ExecConfig;
  /** The old `auth-provider` (oidc, azure, gcp), as the kubeconfig has it. */
  readonly authProvider?: { readonly name: string; readonly config: Record<string, string> };
  readonly impersonate?: {
    readonly user: string;
    readonly uid?: string;
    readonly group?: string;
  };
}

export interface ClusterConfig {
  /** The context's name; `in-cluster` for a pod's service account. */
  readonly context: string;
  /** The context's namespace, or `default`. */
  readonly namespace: string;
  /** `https://10.0.0.1:6443`, perhaps with a path, without a slash at the end. */
  readonly server: string;
  readonly ca?: Pem;
  readonly insecureSkipVerify?: boolean;
  readonly serverName?: string;
  readonly proxyUrl?: string;
  readonly user: UserConfig;
}
