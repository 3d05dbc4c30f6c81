/** What a person sees of one `kubectl apply`. */
export interface Applied {
  /** As kubectl prints it, without the newline at the end. */
  readonly terminal: string;
  /** What is stored, or undefined where it was denied. */
  readonly stored: unknown;
}

/** Something that lets manifests through the webhook. */
export interface Stage {
  /** `file` is relative to the repository. */
  apply(file: string): Promise<Applied>;
  /** The same webhook under another policy. */
  underPolicy(policy: string): Promise<void>;
}
