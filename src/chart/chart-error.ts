/** A chart that cannot be loaded, or whose values it refuses. The message is Helm's. */
export class InvalidChart extends Error {
  override readonly name = "InvalidChart";
}

/** Receives what Helm would log as a warning while it reads or renders a chart. */
export type Warn = (message: string) => void;

/** For callers who do not want warnings. */
export const ignoreWarnings: Warn = () => {};
