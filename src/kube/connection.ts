import type { RequestOptions } from 'node:https';

/** Where an API server is, and as whom to speak to it. */
export interface Connection {
  /** A URL without a path: `https://10.96.0.1:443`. */
  readonly server: string;
  /** For messages: `context "prod"`, `this pod's service account`. */
  readonly as: string;
  /** What the next request is made with: credentials change while the process lives. Rejects with a KubeError. */
  options(): Promise<RequestOptions>;
  /** The credentials have just been refused: read them anew next time. */
  refresh(): void;
}
