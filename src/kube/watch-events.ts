/** A watch's bytes to events. Pure. */
import { statusError } from "./api-error.ts";
import type { ApiError, WatchEvent } from "./kube-client.ts";
import type { KubeObject } from "./object.ts";

/** Decodes JSON lines as they come in pieces. */
export class WatchDecoder {
  readonly #text = new TextDecoder();
  #rest = "";
  /** Whether a bookmark has come: then the server sends them, and silence means something. */
  bookmarked = false;
  /** The ERROR event that ended the watch. Events before it have been given. */
  failure: ApiError | undefined;

  /** `request` names the watch in errors; objects get `type`, whose fields metadata-only objects have otherwise. */
  constructor(private readonly request: string, private readonly type: { apiVersion: string; kind: string }) {}

  /** The events that are whole with this piece. */
  decode(bytes: Uint8Array): WatchEvent[] {
    const lines = (this.#rest + this.#text.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop()!;
    const events: WatchEvent[] = [];
    for (const line of lines) {
      if (line === "" || this.failure) continue;
      const event = this.#event(JSON.parse(line));
      if (event) events.push(event);
    }
    return events;
  }

  #event({ type, object }: { type: string; object: KubeObject }): WatchEvent | undefined {
    switch (type) {
      case "BOOKMARK":
        this.bookmarked = true;
        return { type, resourceVersion: object.metadata.resourceVersion ?? "" };
      case "ADDED":
      case "MODIFIED":
      case "DELETED":
        return { type, object: Object.assign(object, this.type) };
      case "ERROR":
        this.failure = statusError(this.request, object as unknown as Parameters<typeof statusError>[1]);
        return undefined;
      default:
        return undefined;
    }
  }
}
