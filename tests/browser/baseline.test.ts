/** Sites that use the npm package `@junobuild/analytics`, unmodified, must work against our orbiter. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { figures, launch, rows, SOON, visit } from './browser';
import { startProduct, type Product } from './product';
import { startSite } from './site';

let product: Product;
let browser: Browser;
let site: Awaited<ReturnType<typeof startSite>>;

beforeAll(async () => {
  [product, browser, site] = await Promise.all([startProduct(), launch(), startSite('baseline')]);
});

afterAll(async () => {
  await Promise.all([browser.close(), site.stop()]);
  await product.stop();
});

it('its page views and events arrive, and the dashboard shows exactly them', async () => {
  const { orbiterId, satelliteId, gateway } = product;
  const { page, complaints } = await visit(browser);
  const query = new URLSearchParams({ orbiter: orbiterId, satellite: satelliteId, container: gateway });
  const answers: string[] = [];
  page.on('response', (response) => {
    const request = response.request();
    if (request.method() === 'POST') answers.push(`${new URL(request.url()).pathname} ${response.status()}`);
  });
  await page.goto(`${site.origin}/?${query.toString()}`);
  await expect.poll(() => answers, SOON).toEqual(['/views 200']);
  await page.click('#push');
  await expect.poll(() => answers, SOON).toHaveLength(2);
  await page.click('#push');
  await expect.poll(() => answers, SOON).toHaveLength(3);
  await page.click('#track');
  await expect.poll(() => page.locator('#done').textContent(), SOON).toBe('stored');
  expect(answers).toEqual(['/views 200', '/views 200', '/views 200', '/events 200']);
  expect(complaints).toEqual([]);
  await page.context().close();

  const dashboard = await visit(browser);
  await dashboard.page.goto(product.dashboardUrl);
  await expect
    .poll(() => figures(dashboard.page), SOON)
    .toEqual({ Views: '3', Sessions: '1', 'Bounce rate': '0%', 'Views per session': '3.0' });
  expect(await rows(dashboard.page, 'pages')).toEqual([
    ['/', '1'],
    ['/page-1', '1'],
    ['/page-2', '1'],
  ]);
  await expect.poll(() => rows(dashboard.page, 'events'), SOON).toEqual([['baseline_event', '1']]);
  await dashboard.page.context().close();
});

it('the orbiter itself has exactly the same', async () => {
  const { orbiter, everything } = product;
  const metrics = await orbiter.get_page_views_analytics_metrics(everything);
  expect(metrics.daily_total_page_views.map(([, views]) => views).reduce((sum, views) => sum + views)).toBe(
    3,
  );
  expect(metrics).toMatchObject({
    total_page_views: 3,
    unique_sessions: 1n,
    unique_page_views: 3n,
    average_page_views_per_session: 3,
    bounce_rate: 0,
  });
  const top10 = await orbiter.get_page_views_analytics_top_10(everything);
  expect(top10.pages).toEqual([
    ['/', 1],
    ['/page-1', 1],
    ['/page-2', 1],
  ]);
  expect(await orbiter.get_track_events_analytics(everything)).toEqual({ total: [['baseline_event', 1]] });
});
