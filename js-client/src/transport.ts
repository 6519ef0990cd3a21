/**
 * Gets one entry to the orbiter, or says why not. This is the seam for a queue: whoever keeps entries
 * across page loads and sends them in batches replaces this file's `createTransport`, and nothing else.
 */
import { ALREADY_STORED, decodeError, encode, type Entry } from './wire';

/** Waits before the second, third and fourth attempt, in ms. */
export const BACK_OFF = [1_000, 4_000, 10_000];

/** The orbiter could not be reached, or refused an entry. */
export class OrbiterError extends Error {
  override name = 'OrbiterError';

  constructor(
    message: string,
    /** The HTTP status of the refusal; 0 when no answer came at all. */
    readonly status: number,
  ) {
    super(message);
  }
}

/** Sends one entry. Resolves when the orbiter has stored it, rejects with an {@link OrbiterError}. */
export type Transport = (entry: Entry) => Promise<void>;

/** Only what may pass by itself is worth another attempt: no answer, too many requests, a server's failure. */
const isPassing = (status: number): boolean => status === 0 || status === 429 || status > 499;

/** One attempt: nothing when the entry is stored, else what went wrong. */
const attempt = async (url: string, body: string): Promise<OrbiterError | undefined> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      // The request outlives the page: a view is often followed by a click that leaves.
      keepalive: true,
      credentials: 'omit',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    if (response.ok) return undefined;
    return new OrbiterError(decodeError(await response.text()), response.status);
  } catch (error) {
    return new OrbiterError(`No answer from ${url}: ${String(error)}`, 0);
  }
};

/**
 * A transport that posts each entry at once to `origin` and tries again while the failure may pass.
 * A repeated entry keeps its key, so it is stored once however often it arrives.
 */
export const createTransport =
  (origin: string, satelliteId: string): Transport =>
  async (entry) => {
    const body = encode(satelliteId, entry);
    for (let tries = 0; ; tries++) {
      const error = await attempt(origin + entry.path, body);
      // Stored by an earlier attempt whose answer was lost on the way.
      if (!error || (tries && error.message.includes(ALREADY_STORED))) return;
      const wait = BACK_OFF[tries];
      if (!wait || !isPassing(error.status)) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  };
