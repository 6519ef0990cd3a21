/**
 * The tracker's interface. `initOrbiter` starts it: it reports the page at hand, then each page navigated to.
 * `trackEvent` and `trackPageView` report by hand. The `Async` twins return a promise: `true` once the orbiter
 * has stored the entry, `false` when nothing was sent because the visitor asked not to be tracked; it is
 * rejected with an {@link OrbiterError} when the orbiter cannot be reached after several attempts, or refuses.
 */
import { watchNavigation } from './navigation';
import { describePage } from './page';
import { randomId, sessionId } from './session';
import { createTransport, OrbiterError, type Transport } from './transport';
import { nanoseconds, type AnalyticKey } from './wire';

export { OrbiterError };

/** How the tracker behaves. */
export interface Options {
  /**
   * Send nothing when the visitor's browser says so: Global Privacy Control or Do Not Track. On by default;
   * turn it off only where the visitor has agreed in another way.
   */
  honorPrivacySignals?: boolean;
}

/** Where entries go and on whose behalf. */
export interface Environment {
  /** The principal of the satellite (the site) that is measured, as text. */
  satelliteId: string;
  /** The principal of the orbiter that stores the entries, as text. */
  orbiterId: string;
  /**
   * The address of the network's HTTP gateway, e.g. `http://localhost:8000`; entries then go to
   * `http://<orbiterId>.localhost:8000`. `true` means that local address; left out or `false` means the
   * public network, `https://icp0.io`.
   */
  container?: boolean | string;
  options?: Options;
}

/** A custom event: what happened, and up to ten facts about it. */
export interface CustomEvent {
  name: string;
  metadata?: Record<string, string>;
}

const PUBLIC_GATEWAY = 'https://icp0.io';
const LOCAL_GATEWAY = 'http://localhost:8000';

interface Tracker {
  send: Transport;
  honorPrivacySignals: boolean;
}

let tracker: Tracker | undefined;

/** The origin of the orbiter as the gateway `container` shows it. */
const orbiterOrigin = ({ orbiterId, container }: Environment): string => {
  const gateway = new URL(
    typeof container === 'string' ? container : container ? LOCAL_GATEWAY : PUBLIC_GATEWAY,
  );
  return `${gateway.protocol}//${orbiterId}.${gateway.host}`;
};

/** Whether the visitor's browser asks sites not to track, https://w3c.github.io/gpc/ and its older sister. */
const asksForPrivacy = (): boolean =>
  ((navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl ?? false) ||
  navigator.doNotTrack === '1';

/** The running tracker, or nothing when it must stay silent. */
const speaker = (): Transport | undefined => {
  if (!tracker) throw new Error('Call initOrbiter before tracking.');
  return tracker.honorPrivacySignals && asksForPrivacy() ? undefined : tracker.send;
};

const newKey = (): AnalyticKey => ({ key: randomId(), collected_at: nanoseconds(Date.now()) });

/** For those who do not wait: a lost entry must not break the page, but its owner should see it. */
const report = (outcome: Promise<boolean>): void => {
  outcome.catch((error: unknown) => {
    console.warn(String(error));
  });
};

/** Reports a view of the current page and tells how it went. */
export const trackPageViewAsync = async (): Promise<boolean> => {
  const send = speaker();
  if (!send) return false;
  const key = newKey();
  const { href } = location;
  // A router sets the title right after it changes the address: let that code finish first.
  await Promise.resolve();
  await send({ path: '/view', key, page_view: describePage(href) });
  return true;
};

/** Reports a custom event and tells how it went. */
export const trackEventAsync = async ({ name, metadata }: CustomEvent): Promise<boolean> => {
  const send = speaker();
  if (!send) return false;
  const track_event = { name, ...(metadata && { metadata }), session_id: sessionId() };
  await send({ path: '/event', key: newKey(), track_event });
  return true;
};

/** Reports a view of the current page; a failure is a warning on the console. */
export const trackPageView = (): void => {
  report(trackPageViewAsync());
};

/** Reports a custom event; a failure is a warning on the console. */
export const trackEvent = (event: CustomEvent): void => {
  report(trackEventAsync(event));
};

/**
 * Starts the tracker and reports the current page. Returns a function that stops it. Throws when `container`
 * is not an address.
 */
export const initOrbiter = (environment: Environment): (() => void) => {
  const started: Tracker = {
    send: createTransport(orbiterOrigin(environment), environment.satelliteId),
    honorPrivacySignals: environment.options?.honorPrivacySignals ?? true,
  };
  tracker = started;
  trackPageView();
  const stopWatching = watchNavigation(trackPageView);
  return () => {
    stopWatching();
    if (tracker === started) tracker = undefined;
  };
};
