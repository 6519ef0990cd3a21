/**
 * The script-tag build: reads the ids from its own tag, starts, and leaves the functions for events in
 * `window.orbiter`.
 *
 *     <script src="/tracker.js" data-satellite-id="…" data-orbiter-id="…" data-container="…" defer></script>
 */
import { initOrbiter, trackEvent, trackEventAsync, trackPageView, trackPageViewAsync } from './index';

const { satelliteId, orbiterId, container } = (document.currentScript as HTMLScriptElement).dataset;

if (satelliteId && orbiterId) {
  const stop = initOrbiter({ satelliteId, orbiterId, ...(container && { container }) });
  Object.assign(window, {
    orbiter: { trackEvent, trackEventAsync, trackPageView, trackPageViewAsync, stop },
  });
} else {
  console.warn('The tracker needs data-satellite-id and data-orbiter-id.');
}
