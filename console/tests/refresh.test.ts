/** When the dashboard asks again. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startRefresh, type Refresh } from '../src/refresh';

const INTERVAL = 1_000;
let hidden = false;
let pending: { resolve: (answer: string) => void; reject: (error: Error) => void }[];
let log: string[];
let refresh: Refresh;

const start = () => {
  refresh = startRefresh({
    ask: () =>
      new Promise<string>((resolve, reject) => {
        log.push('ask');
        pending.push({ resolve, reject });
      }),
    onAnswer: (answer) => log.push(answer),
    onFailure: (error) => log.push(String(error)),
    onPause: () => log.push('pause'),
    interval: INTERVAL,
  });
};

const look = (isHidden: boolean) => {
  hidden = isHidden;
  document.dispatchEvent(new Event('visibilitychange'));
};

beforeEach(() => {
  vi.useFakeTimers();
  hidden = false;
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
  pending = [];
  log = [];
});

afterEach(() => {
  refresh.stop();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('the next question comes an interval after the answer or the failure, not before', async () => {
  start();
  await vi.advanceTimersByTimeAsync(10 * INTERVAL);
  expect(log).toEqual(['ask']);
  pending[0]?.resolve('one');
  await vi.advanceTimersByTimeAsync(INTERVAL - 1);
  expect(log).toEqual(['ask', 'one']);
  await vi.advanceTimersByTimeAsync(1);
  pending[1]?.reject(new Error('no'));
  await vi.advanceTimersByTimeAsync(INTERVAL);
  expect(log).toEqual(['ask', 'one', 'ask', 'Error: no', 'ask']);
});

it('an answer to a question that is no longer asked is dropped', async () => {
  start();
  refresh.now();
  pending[1]?.resolve('new');
  pending[0]?.resolve('old');
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toEqual(['ask', 'ask', 'new']);
});

it('nothing is asked while the page is hidden, and at once when it is seen again', async () => {
  start();
  pending[0]?.resolve('one');
  await vi.advanceTimersByTimeAsync(0);
  look(true);
  await vi.advanceTimersByTimeAsync(10 * INTERVAL);
  expect(log).toEqual(['ask', 'one', 'pause']);
  look(false);
  expect(log).toEqual(['ask', 'one', 'pause', 'ask']);
});

it('after the stop nothing is asked or told', async () => {
  start();
  refresh.stop();
  pending[0]?.resolve('late');
  look(true);
  look(false);
  await vi.advanceTimersByTimeAsync(10 * INTERVAL);
  expect(log).toEqual(['ask']);
});
