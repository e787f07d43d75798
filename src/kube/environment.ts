/** The process's environment variables, as far as kubeconfigs and connections depend on them. */

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The process's environment variables. */
export function processEnv(): Env {
  return process.env;
}
