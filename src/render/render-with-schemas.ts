/** Rendering charts whose schemas refer to others on the network. */
import type { Warn } from "../chart/chart-error.ts";
import { fetchSchema, type RemoteSchema, SchemaNeeded } from "../chart/remote-schema.ts";
import { render } from "./render.ts";
import type { Rendered, RenderInput } from "./release-facts.ts";

/**
 * Renders, and fetches the remote schemas that the rendering asks for. Fails as `render` does but for `SchemaNeeded`.
 * What an attempt logs that ends there is not told: the next one logs it again.
 *
 * What was fetched goes into `schemas`, for the next rendering of the same chart; what could not be fetched does not,
 * so that the next rendering tries again.
 */
export async function renderWithSchemas(
  input: RenderInput,
  schemas: Map<string, RemoteSchema> = new Map(),
): Promise<Rendered> {
  const known = new Map(schemas);
  while (true) {
    const logged: Parameters<Warn>[] = [];
    const tell = () => logged.forEach((line) => input.warn?.(...line));
    try {
      const rendered = render({ ...input, schemas: known, warn: (...line) => logged.push(line) });
      tell();
      return rendered;
    } catch (error) {
      if (!(error instanceof SchemaNeeded)) {
        tell();
        throw error;
      }
      const schema = await fetchSchema(error.url);
      known.set(error.url, schema);
      if ("text" in schema) schemas.set(error.url, schema);
    }
  }
}
