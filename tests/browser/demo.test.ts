/** From the demo page to the dashboard, with our tracker. */
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SCREENSHOTS } from './artefacts';
import { figures, launch, rows, SOON, visit } from './browser';
import { startProduct, type Product } from './product';

let product: Product;
let browser: Browser;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launch()]);
});

afterAll(async () => {
  await browser.close();
  await product.stop();
});

/** Waits until the demo's own list says that `count` reports are stored. */
const stored = (page: Page, count: number) =>
  expect.poll(() => page.locator('#log [data-outcome=stored]').count(), SOON).toBe(count);

const openDashboard = async () => {
  const visitor = await visit(browser);
  await visitor.page.goto(product.dashboardUrl);
  return visitor;
};

it('before the first visit the dashboard shows zeros and the snippet to paste', async () => {
  const { page, complaints } = await openDashboard();
  await expect
    .poll(() => figures(page), SOON)
    .toMatchObject({ Views: '0', Sessions: '0', 'Bounce rate': '0%' });
  expect(new URL(page.url()).hash).toBe('');
  const snippet = await page.locator('#snippet').textContent();
  expect(snippet).toContain(`data-satellite-id="${product.satelliteId}"`);
  expect(snippet).toContain(`data-orbiter-id="${product.orbiterId}"`);
  expect(snippet).toContain(`data-container="${product.gateway}"`);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('three pages and an event of one visitor, then one page of another, are shown as exactly that', async () => {
  const dashboard = await openDashboard();
  const first = await visit(browser);
  await first.page.goto(product.demoUrl);
  await stored(first.page, 1);
  await first.page.click('nav >> text=What is sent');
  await first.page.click('nav >> text=Your choice');
  await stored(first.page, 3);

  await expect
    .poll(() => figures(dashboard.page), SOON)
    .toEqual({ Views: '3', Sessions: '1', 'Bounce rate': '0%', 'Views per session': '3.0' });
  expect(await rows(dashboard.page, 'pages')).toEqual([
    ['/', '1'],
    ['/choice', '1'],
    ['/sent', '1'],
  ]);

  await first.page.goBack();
  await first.page.goBack();
  await stored(first.page, 5);
  await first.page.click('#event');
  await stored(first.page, 6);
  const second = await visit(browser);
  await second.page.goto(`${product.demoUrl}?utm_source=news`);
  await stored(second.page, 1);

  await expect
    .poll(() => figures(dashboard.page), SOON)
    .toEqual({ Views: '6', Sessions: '2', 'Bounce rate': '50%', 'Views per session': '3.0' });
  await expect.poll(() => rows(dashboard.page, 'events'), SOON).toEqual([['demo_button', '1']]);
  expect(await rows(dashboard.page, 'pages')).toEqual([
    ['/', '3'],
    ['/sent', '2'],
    ['/choice', '1'],
  ]);
  for (const { page, complaints } of [first, second, dashboard]) {
    expect(complaints).toEqual([]);
    await page.context().close();
  }
});

it('the orbiter itself has the same figures, and the campaign that led one visitor here', async () => {
  const metrics = await product.orbiter.get_page_views_analytics_metrics(product.everything);
  expect(metrics.total_page_views).toBe(6);
  expect(metrics.unique_sessions).toBe(2n);
  expect(metrics.unique_page_views).toBe(4n);
  expect(metrics.bounce_rate).toBe(0.5);
  expect(metrics.average_page_views_per_session).toBe(3);
  const top10 = await product.orbiter.get_page_views_analytics_top_10(product.everything);
  expect(top10.utm_sources).toEqual([[['news', 1]]]);
});

it('a visitor who asks for privacy leaves no trace', async () => {
  const { page } = await visit(browser);
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'globalPrivacyControl', { value: true });
  });
  await page.goto(product.demoUrl);
  await expect
    .poll(() => page.locator('#notice').textContent(), SOON)
    .toBe('Your browser asks not to be tracked, so nothing is reported.');
  await page.click('nav >> text=What is sent');
  await page.click('nav >> text=Start');
  await page.click('#event');
  expect(await page.locator('#log li').count()).toBe(0);
  await page.context().close();
  const metrics = await product.orbiter.get_page_views_analytics_metrics(product.everything);
  expect(metrics.total_page_views).toBe(6);
});

it('a page that does not exist is answered with 404, certified, and pages by their own address', async () => {
  const { page } = await visit(browser);
  const missing = await page.goto(`${product.demoUrl}no/such/page`);
  expect(missing?.status()).toBe(404);
  expect(await page.locator('h1').textContent()).toBe('There is no page here');
  const sent = await page.goto(`${product.demoUrl}sent`);
  expect(sent?.status()).toBe(200);
  expect(await page.locator('h1:visible').textContent()).toBe('What is sent');
  await page.context().close();
});

it('pictures of the pages, to be looked at', async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [390, 1280]) {
      const { page } = await visit(browser, { colorScheme, viewport: { width, height: 844 } });
      const picture = (name: string) =>
        page.screenshot({ path: `${SCREENSHOTS}/${name}-${colorScheme}-${width}.png`, fullPage: true });
      await page.goto(product.demoUrl);
      await stored(page, 1);
      await picture('demo');
      await page.goto(product.dashboardUrl);
      await page.locator('#pages tbody tr').first().waitFor();
      // Nothing may stick out to the side, whatever the width.
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      await picture('dashboard');
      await page.context().close();
    }
  }
});
