/** Asks again and again, one question at a time, and rests while nobody looks. */

export interface Refresh {
  /** Asks at once, e.g. because the question has changed. An answer still under way is dropped. */
  now(): void;
  /** Asks no more. */
  stop(): void;
}

/**
 * Calls `ask` and hands its answer to `onAnswer` or its failure to `onFailure`, then again `interval` ms
 * later. While the page is hidden nothing is asked and `onPause` has been called.
 */
export const startRefresh = <T>(options: {
  ask: () => Promise<T>;
  onAnswer: (answer: T) => void;
  onFailure: (error: unknown) => void;
  onPause: () => void;
  interval: number;
}): Refresh => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Each round has a number; only the youngest may speak.
  let round = 0;

  const run = async (): Promise<void> => {
    clearTimeout(timer);
    const mine = ++round;
    try {
      const answer = await options.ask();
      if (mine === round) options.onAnswer(answer);
    } catch (error) {
      if (mine === round) options.onFailure(error);
    }
    if (mine === round && !document.hidden) timer = setTimeout(() => void run(), options.interval);
  };

  const onVisibility = (): void => {
    if (document.hidden) {
      clearTimeout(timer);
      options.onPause();
    } else {
      void run();
    }
  };
  document.addEventListener('visibilitychange', onVisibility);
  void run();
  return {
    now: () => void run(),
    stop: () => {
      round += 1;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibility);
    },
  };
};
