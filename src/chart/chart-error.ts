/** A chart that cannot be loaded, or whose values it refuses. The message is Helm's. */
export class InvalidChart extends Error {
  override readonly name = "InvalidChart";
}

/** Receives what Helm logs while it reads or renders a chart; what goes through Go's own `log` has the level INFO. */
export type Warn = (
  level: "INFO" | "WARN" | "ERROR",
  message: string,
  attributes?: Readonly<Record<string, string>>,
) => void;

/** For callers who do not want warnings. */
export const ignoreWarnings: Warn = () => {};
