/** What the dashboard shows of a report. */
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { decodeAccess } from '../src/access';
import { beginning, PERIODS } from '../src/period';
import type { Report } from '../src/reader';
import { isLocalHost } from '../src/reader';
import { gatewayOf } from '../src/gateway';
import { snippet } from '../src/snippet';
import { showProblem, showReport, showStatus, showSubject } from '../src/view';

const page = readFileSync(`${import.meta.dirname}/../index.html`, 'utf8');
const body = /<body>([^]*)<\/body>/.exec(page)?.[1] ?? '';
const access = decodeAccess(
  `orbiter=rdmx6-jaaaa-aaaaa-aaadq-cai&satellite=lxzze-o7777-77777-aaaaa-cai&key=${'07'.repeat(32)}`,
);
const text = (id: string) => document.getElementById(id)?.textContent;
const rows = (id: string) =>
  [...document.querySelectorAll(`#${id} tbody tr`)].map((row) =>
    [...row.children].map((cell) => cell.textContent),
  );

const report = (change: Partial<Report['metrics']> = {}): Report => ({
  metrics: {
    daily_total_page_views: [[{ year: 2025, month: 6, day: 15 }, 4]],
    unique_sessions: 3n,
    unique_page_views: 4n,
    total_page_views: 4,
    average_page_views_per_session: 4 / 3,
    bounce_rate: 2 / 3,
    ...change,
  },
  top10: {
    pages: [
      ['/', 3],
      ['/about', 1],
    ],
    referrers: [],
    time_zones: [],
    utm_sources: [],
    utm_campaigns: [],
  },
  events: { total: [['signup', 2]] },
});

beforeEach(() => {
  document.body.innerHTML = body;
});

describe('a report', () => {
  it('shows the figures as the orbiter gave them', () => {
    showSubject(access);
    showReport(report());
    expect([text('views'), text('sessions'), text('bounce'), text('average')]).toEqual([
      '4',
      '3',
      '66.7%',
      '1.33',
    ]);
    expect(rows('pages')).toEqual([
      ['/', '3'],
      ['/about', '1'],
    ]);
    expect(rows('events')).toEqual([['signup', '2']]);
    expect(text('referrers')).toBe('Nobody came from another site.');
    expect(document.getElementById('empty')?.hidden).toBe(true);
  });

  it('without any entry shows how to get one', () => {
    showSubject(access);
    showReport({
      ...report({ total_page_views: 0, unique_sessions: 0n }),
      events: { total: [] },
    });
    expect(document.getElementById('empty')?.hidden).toBe(false);
    expect(document.getElementById('lists')?.hidden).toBe(true);
    expect(text('snippet')).toContain('data-satellite-id="lxzze-o7777-77777-aaaaa-cai"');
  });

  it('that has not changed leaves its tables alone', () => {
    showReport(report());
    const before = document.querySelector('#pages table');
    showReport(report());
    expect(document.querySelector('#pages table')).toBe(before);
  });

  it('shows a name that looks like markup as text', () => {
    const strange = report();
    strange.top10.pages = [['<img src=x onerror=alert(1)>', 1]];
    showReport(strange);
    expect(document.querySelector('#pages img')).toBeNull();
    expect(rows('pages')).toEqual([['<img src=x onerror=alert(1)>', '1']]);
  });
});

it('a problem appears above figures that are marked as old, and goes again', () => {
  showProblem({ title: 'Oh.', advice: 'Do this.' });
  showStatus('stale');
  expect(document.getElementById('problem')?.hidden).toBe(false);
  expect(text('problem-title')).toBe('Oh.');
  expect(document.getElementById('report')?.classList.contains('stale')).toBe(true);
  showProblem(null);
  showStatus('live');
  expect(document.getElementById('problem')?.hidden).toBe(true);
  expect(document.getElementById('report')?.classList.contains('stale')).toBe(false);
});

it('today begins at the last midnight of the reader, in nanoseconds', () => {
  const noon = new Date(2025, 5, 15, 12, 30, 15, 250);
  const midnight = new Date(2025, 5, 15);
  expect(beginning(PERIODS[0], noon.getTime())).toBe(BigInt(midnight.getTime()) * 1_000_000n);
  expect(beginning(PERIODS[0], midnight.getTime())).toBe(BigInt(midnight.getTime()) * 1_000_000n);
});

it('any other period begins its length before now, in nanoseconds', () => {
  const now = 1_750_000_000_000;
  const others = PERIODS.slice(1).map((period) => beginning(period, now));
  expect(others).toEqual([
    1_749_913_600_000_000_000n,
    1_749_395_200_000_000_000n,
    1_747_408_000_000_000_000n,
  ]);
});

it('only a network on this machine is asked for its own root key', () => {
  for (const host of ['localhost', 'lxzze-o7777-77777-aaaaa-cai.localhost', '127.0.0.1', '[::1]']) {
    expect(isLocalHost(host), host).toBe(true);
  }
  for (const host of ['icp0.io', 'localhost.evil.test', 'evillocalhost', '127.0.0.1.evil.test']) {
    expect(isLocalHost(host), host).toBe(false);
  }
});

describe('the snippet', () => {
  const at = (href: string) => new URL(href) as unknown as Location;
  const satellite = access.satellite.toText();

  it('names a local gateway, and leaves the public one out', () => {
    expect(gatewayOf(satellite, at(`http://${satellite}.localhost:8000/console/`))).toBe(
      'http://localhost:8000',
    );
    expect(gatewayOf(satellite, at('https://stats.example.org/console/'))).toBeUndefined();
    expect(snippet(access, at(`http://${satellite}.localhost:8000/console/`))).toContain('data-container');
    for (const origin of [`https://${satellite}.icp0.io`, 'https://stats.example.org']) {
      expect(snippet(access, at(`${origin}/console/`))).not.toContain('data-container');
    }
  });

  it('is a script tag with the ids', () => {
    expect(snippet(access, at(`http://${satellite}.localhost:8000/console/`))).toBe(
      `<script
  src="http://${satellite}.localhost:8000/tracker.js"
  data-satellite-id="${satellite}"
  data-orbiter-id="rdmx6-jaaaa-aaaaa-aaadq-cai"
  data-container="http://localhost:8000"
  defer
></script>`,
    );
  });
});
