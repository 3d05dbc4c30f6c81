import type { Container, PodSpec } from './container.ts';
import type { Handler } from './probe.ts';

/**
 * What a handler asks about.
 *
 * process     only its own process, or another process of its own pod
 * resource    disk or memory
 * dependency  another system: a database, a broker, another service, the quorum of a cluster
 * readiness   whether it can take traffic
 * aggregate   whatever checks are registered, dependencies among them
 * unknown     cannot be told
 */
export const ASKS = ['process', 'resource', 'dependency', 'readiness', 'aggregate', 'unknown'] as const;
export type Asks = (typeof ASKS)[number];

export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** Something that an endpoint asks, as the cluster's policy says. */
interface Dependency {
  readonly name: string;
  /** Shared by all replicas (the usual), or each replica's own. */
  readonly sharing: 'Shared' | 'Exclusive';
  readonly worstResponseSeconds?: number;
}

export interface Verdict {
  readonly asks: Asks;
  readonly confidence: Confidence;
  /** One sentence that a person can check. */
  readonly evidence: string;
  /** Where the evidence stands, as a URL. */
  readonly source?: string;
  /** What to ask instead: a path, or a command. */
  readonly safeAlternative?: string;
  /** The catalogue entry that it rests on. */
  readonly entry?: string;
  /** The ruleset that knew this first, "0.1": a policy that pins an older one is not made stricter by it. */
  readonly since?: string;
  readonly dependencies?: readonly Dependency[];
  /** Seconds after which a service mesh's agent gives up, which asks in the kubelet's stead and goes by a number of its own. */
  readonly agentTimeoutSeconds?: number;
}

/** What only the cluster's operators know of an endpoint of theirs. Globs: `*` any text, `?` one character. */
export interface EndpointFact {
  readonly image?: string;
  readonly path?: string;
  readonly command?: string;
  readonly port?: number;
  readonly asks: Asks;
  readonly dependencies: readonly Dependency[];
}

/** Tells what a handler of this container asks. Pure, never throws on legal input, and must be cheap: it runs in admission. */
export type Classify = (handler: Handler, container: Container, pod: PodSpec, facts: readonly EndpointFact[]) => Verdict;
