/** A credential for the API server, and what gives it. */

/** What one request carries. */
export interface Credential {
  /** The Authorization header. */
  readonly authorization?: string;
  /** Client certificate and key, PEM. */
  readonly cert?: string;
  readonly key?: string;
}

/** No credential could be had; asking again at once would not help. */
export class CredentialError extends Error {
  override readonly name = "CredentialError";
}

export interface Credentials {
  /** The credential to use now; gets a new one when the last has expired. Rejects with the reason when there is none. */
  readonly current: () => Promise<Credential>;
  /** The server refused the last credential (401): the next is got anew. */
  readonly refused: () => void;
}
