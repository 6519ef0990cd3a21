/** The tracker on a page: what it reports, and when. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { initOrbiter, OrbiterError, trackEvent, trackEventAsync, trackPageViewAsync } from '../src/index';
import { BACK_OFF } from '../src/transport';
import type { PageView, TrackEvent } from '../src/wire';

const environment = { satelliteId: 'sat-id', orbiterId: 'orb-id', container: 'http://localhost:8000' };

interface Sent {
  url: string;
  body: {
    satellite_id: string;
    key: { key: string; collected_at: { __bigint__: string } };
    page_view?: PageView;
    track_event?: TrackEvent;
  };
}

const ok = () => new Response('{"ok":{"data":null}}');
const refusal = (code: number, message: string) =>
  new Response(JSON.stringify({ err: { code, message } }), { status: code });

let answer: () => Response;
let sent: Sent[];
let stop: (() => void) | undefined;

/** Lets what the tracker started come to rest: views are described in a later microtask. */
const settled = () => vi.advanceTimersByTimeAsync(0);
const paths = () =>
  sent.flatMap(({ body }) => (body.page_view ? [new URL(body.page_view.href).pathname] : []));
const start = (options = {}) => {
  stop = initOrbiter({ ...environment, options });
};

const stubNavigator = (signal: object) => {
  const { userAgent, maxTouchPoints } = navigator;
  vi.stubGlobal('navigator', { userAgent, maxTouchPoints, ...signal });
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(1_750_000_000_123);
  answer = ok;
  sent = [];
  vi.stubGlobal('fetch', async (url: string, { body }: { body: string }) => {
    sent.push({ url, body: JSON.parse(body) as Sent['body'] });
    await Promise.resolve();
    return answer();
  });
  history.replaceState(null, '', 'http://localhost:3000/');
  document.title = 'Home';
});

afterEach(() => {
  stop?.();
  stop = undefined;
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('page views', () => {
  it('the page at hand is reported at once, with what the wire asks for and no user agent', async () => {
    history.replaceState(null, '', '/shop?utm_source=news&utm_campaign=spring');
    start();
    await settled();
    expect(sent).toHaveLength(1);
    const [{ url, body }] = sent as [Sent];
    expect(url).toBe('http://orb-id.localhost:8000/view');
    expect(body.satellite_id).toBe('sat-id');
    expect(body.key.collected_at).toEqual({ __bigint__: '1750000000123000000' });
    expect(body.key.key).toMatch(/^[0-9a-z]{21}$/);
    expect(body.page_view).toMatchObject({
      href: 'http://localhost:3000/shop',
      title: 'Home',
      campaign: { utm_source: 'news', utm_campaign: 'spring' },
      device: { inner_width: innerWidth, inner_height: innerHeight },
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    });
    expect(body.page_view).not.toHaveProperty('referrer');
    expect(JSON.stringify(body)).not.toContain(navigator.userAgent);
  });

  it('navigation inside the page is reported with the title set right after it', async () => {
    start();
    history.pushState(null, '', '/about');
    document.title = 'About';
    await settled();
    history.replaceState(null, '', '/contact');
    await settled();
    expect(paths()).toEqual(['/', '/about', '/contact']);
    expect(sent[1]?.body.page_view?.title).toBe('About');
  });

  it('the back button is a view', async () => {
    history.replaceState(null, '', '/about');
    start();
    await settled();
    // This environment keeps no session history: what a browser does on "back" is done by hand.
    const { happyDOM } = window as unknown as { happyDOM: { setURL(url: string): void } };
    happyDOM.setURL('http://localhost:3000/');
    dispatchEvent(new PopStateEvent('popstate'));
    await settled();
    expect(paths()).toEqual(['/about', '/']);
  });

  it('a change of the query counts when pushed, not when replaced; a change of the fragment never counts', async () => {
    start();
    history.pushState(null, '', '/?q=1');
    history.replaceState(null, '', '/?q=2');
    history.pushState(null, '', '/?q=2#top');
    history.pushState(null, '', '/?q=2');
    await settled();
    expect(sent.map(({ body }) => body.page_view?.href)).toEqual([
      'http://localhost:3000/',
      'http://localhost:3000/?q=1',
    ]);
  });

  it('after the clean-up nothing is reported and the history is the page’s own again', async () => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- only compared
    const { pushState } = history;
    start();
    await settled();
    stop?.();
    history.pushState(null, '', '/later');
    await settled();
    expect(paths()).toEqual(['/']);
    // eslint-disable-next-line @typescript-eslint/unbound-method -- only compared
    expect(history.pushState).toBe(pushState);
    await expect(trackPageViewAsync()).rejects.toThrow('Call initOrbiter before tracking.');
  });
});

describe('the session', () => {
  it('has one id for all entries of a visit, kept in sessionStorage', async () => {
    start();
    trackEvent({ name: 'signup' });
    history.pushState(null, '', '/next');
    await settled();
    const ids = sent.map(({ body }) => (body.page_view ?? body.track_event)?.session_id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids)).toEqual(new Set([sessionStorage.getItem('orbiter:session')]));
  });
});

describe('events', () => {
  it('carry a name and metadata', async () => {
    start();
    await settled();
    await expect(trackEventAsync({ name: 'signup', metadata: { plan: 'pro' } })).resolves.toBe(true);
    const last = sent.at(-1);
    expect(last?.url).toBe('http://orb-id.localhost:8000/event');
    expect(last?.body.track_event).toMatchObject({ name: 'signup', metadata: { plan: 'pro' } });
  });
});

describe('failed sends', () => {
  it('are repeated with the same body until the orbiter answers', async () => {
    let calls = 0;
    answer = () => {
      calls += 1;
      if (calls === 1) throw new TypeError('network down');
      return calls === 2 ? refusal(503, 'later') : ok();
    };
    start();
    await settled();
    await vi.advanceTimersByTimeAsync(BACK_OFF[0] ?? 0);
    await vi.advanceTimersByTimeAsync(BACK_OFF[1] ?? 0);
    expect(sent).toHaveLength(3);
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[2]).toEqual(sent[0]);
  });

  it('are given up after the last attempt, with an error that says what happened', async () => {
    start();
    await settled();
    answer = () => {
      throw new TypeError('network down');
    };
    sent = [];
    const outcome = trackEventAsync({ name: 'e' }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(BACK_OFF.reduce((sum, wait) => sum + wait));
    const error = (await outcome) as OrbiterError;
    expect(error).toBeInstanceOf(OrbiterError);
    expect(error.status).toBe(0);
    expect(error.message).toBe('No answer from http://orb-id.localhost:8000/event: TypeError: network down');
    expect(sent).toHaveLength(1 + BACK_OFF.length);
  });

  it('that the orbiter refused for good are not repeated', async () => {
    start();
    await settled();
    answer = () => refusal(403, 'error_track_events_feature_disabled');
    sent = [];
    await expect(trackEventAsync({ name: 'e' })).rejects.toMatchObject({
      status: 403,
      message: 'error_track_events_feature_disabled',
    });
    expect(sent).toHaveLength(1);
  });

  it('whose answer alone was lost count as stored', async () => {
    start();
    await settled();
    const answers = [() => refusal(502, 'lost'), () => refusal(403, 'juno.error.no_version_provided')];
    answer = () => (answers.shift() ?? ok)();
    const outcome = trackEventAsync({ name: 'e' });
    await vi.advanceTimersByTimeAsync(BACK_OFF[0] ?? 0);
    await expect(outcome).resolves.toBe(true);
  });
});

describe('a visitor who asks not to be tracked', () => {
  it.each([
    ['Global Privacy Control', { globalPrivacyControl: true }],
    ['Do Not Track', { doNotTrack: '1' }],
  ])('by %s is not', async (_, signal) => {
    stubNavigator(signal);
    start();
    await expect(trackEventAsync({ name: 'e' })).resolves.toBe(false);
    expect(sent).toEqual([]);
  });

  it('is tracked only where the site has turned the signals off', async () => {
    stubNavigator({ globalPrivacyControl: true });
    start({ honorPrivacySignals: false });
    await settled();
    expect(sent).toHaveLength(1);
  });
});

describe('the orbiter’s address', () => {
  it.each([
    [undefined, 'https://orb-id.icp0.io/view'],
    [false, 'https://orb-id.icp0.io/view'],
    [true, 'http://orb-id.localhost:8000/view'],
    ['https://gateway.test/ignored', 'https://orb-id.gateway.test/view'],
  ])('with container %s', async (container, url) => {
    const { satelliteId, orbiterId } = environment;
    stop = initOrbiter({ satelliteId, orbiterId, ...(container !== undefined && { container }) });
    await settled();
    expect(sent[0]?.url).toBe(url);
  });
});
