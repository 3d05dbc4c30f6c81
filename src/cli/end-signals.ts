const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

export interface EndSignals {
  /** The first one asks to end in good order, the second to end now. */
  readonly first: Promise<string>;
  readonly second: Promise<string>;
  /** Stops listening. */
  dispose(): void;
}

/** Listens to the end: as process 1 of a container, a signal that nobody listens to is lost. */
export function listenToEndSignals(): EndSignals {
  const first = Promise.withResolvers<string>();
  const second = Promise.withResolvers<string>();
  let count = 0;
  const heard = (signal: NodeJS.Signals): void => {
    count += 1;
    (count === 1 ? first : second).resolve(signal);
  };
  for (const signal of SIGNALS) process.on(signal, heard);
  return {
    first: first.promise,
    second: second.promise,
    dispose() {
      for (const signal of SIGNALS) process.off(signal, heard);
    },
  };
}
