/**
 * Bun's fetch runs 256 requests at once and lets the rest wait; watches never end, so 256 of them would stop everything.
 * Bun reads the limit from the environment of the process's start only.
 */

const variable = "BUN_CONFIG_MAX_HTTP_REQUESTS";

/** Bun's greatest. */
const limit = "65535";

/**
 * Starts the program again, in this process, with the limit raised; does nothing on other runtimes, when a limit is set
 * already, and where a process cannot be replaced. Call it before anything is opened. Takes about 20 ms.
 */
export function raiseRequestLimit(): void {
  const { execve, env, execPath, argv0, argv } = process as typeof process & {
    execve?: (file: string, args: string[], env: Record<string, string | undefined>) => never;
  };
  if (!("Bun" in globalThis) || execve === undefined || process.platform === "win32" || env[variable]) return;
  // In a compiled executable argv[1] is a name inside of it.
  const args = argv[1]?.startsWith("/$bunfs/") ? argv.slice(2) : argv.slice(1);
  try {
    execve.call(process, execPath, [argv0, ...args], { ...env, [variable]: limit });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    console.error(`Cannot raise ${variable}, so no more than 256 watches work: ${detail}`);
  }
}
