/** The demo page: three pages in one document, a tracker, and a list of what it sends. */
import { element } from '../../../../console/src/element';
import { startLog } from './log';
import { startNavigation } from './navigation';
import { fetchIds, loadTracker } from './tracker';

declare global {
  interface Window {
    /** Left there by the tracker's script. */
    orbiter?: { trackEvent(event: { name: string; metadata?: Record<string, string> }): void };
  }
}

/** The signals that the tracker obeys; here they only choose the words. */
const asksForPrivacy = (): boolean => {
  const { doNotTrack, globalPrivacyControl } = navigator as Navigator & { globalPrivacyControl?: boolean };
  return globalPrivacyControl === true || doNotTrack === '1';
};

const startTracker = async (): Promise<string> => {
  const ids = await fetchIds();
  const { orbiter_id } = ids;
  if (orbiter_id === null) {
    return 'This satellite has no orbiter yet, so nothing is reported. “orbiter deploy” gives it one.';
  }
  await loadTracker({ ...ids, orbiter_id });
  if (asksForPrivacy()) return 'Your browser asks not to be tracked, so nothing is reported.';
  return `Reports go to the orbiter ${orbiter_id} and nowhere else.`;
};

startNavigation();
startLog(element('log'));
startTracker().then(
  (notice) => {
    element('notice').textContent = notice;
  },
  (error: unknown) => {
    element('notice').textContent = String(error);
  },
);
element('event').addEventListener('click', () => {
  window.orbiter?.trackEvent({ name: 'demo_button', metadata: { page: location.pathname } });
});
