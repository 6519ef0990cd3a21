/** What was tampered with is never shown: neither a page nor a figure. */
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SATELLITE_WASM } from './artefacts';
import { figures, launch, SOON, visit } from './browser';
import { startFaulty } from './pocketic';
import { startProduct, type Product } from './product';

describe('a page from the satellite', () => {
  it('is passed on by the gateway when its certificate holds, and so is every refusal', async () => {
    const network = await startFaulty('', readFileSync(SATELLITE_WASM));
    try {
      const answer = await network.fetch('/');
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('This page counts itself');
      const refusals: [path: string, method: string, status: number][] = [
        ['/sent', 'HEAD', 200],
        ['/no/such/page', 'GET', 404],
        ['/', 'POST', 405],
        ['/no/such/page', 'PUT', 405],
      ];
      for (const [path, method, status] of refusals) {
        expect((await network.fetch(path, { method })).status, `${method} ${path}`).toBe(status);
      }
    } finally {
      await network.stop();
    }
  });

  it('is refused with 503 when one byte of its certificate was changed', async () => {
    const network = await startFaulty('flip-certificate-byte', readFileSync(SATELLITE_WASM));
    try {
      for (const path of ['/', '/console/', '/tracker.js', '/no/such/page']) {
        const answer = await network.fetch(path);
        expect(answer.status, path).toBe(503);
        expect(await answer.text(), path).not.toContain('This page counts itself');
      }
    } finally {
      await network.stop();
    }
  });
});

/** Where the first node signature begins in a query's answer: CBOR text "signature", then 64 bytes. */
const signatureIn = (answer: Buffer): number => {
  const head = Buffer.concat([Buffer.from([0x69]), Buffer.from('signature'), Buffer.from([0x58, 0x40])]);
  const at = answer.indexOf(head);
  if (at < 0) throw new Error('the answer has no signature to change');
  return at + head.length;
};

describe('the dashboard', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), launch()]);
  });

  afterAll(async () => {
    await browser.close();
    await product.stop();
  });

  it('shows words instead of figures while one byte of a query signature is changed, and recovers', async () => {
    const { page } = await visit(browser);
    let tampered = 0;
    await page.route('**/api/v3/canister/*/query', async (route) => {
      // Node does not resolve names below localhost; the API is the same at the address.
      const response = await route.fetch({
        url: route
          .request()
          .url()
          .replace(/\/\/[^/:]+/, '//127.0.0.1'),
      });
      const body = await response.body();
      const at = signatureIn(body);
      body.writeUInt8(body.readUInt8(at) ^ 1, at);
      tampered += 1;
      await route.fulfill({ response, body });
    });
    await page.goto(product.dashboardUrl);
    await expect
      .poll(() => page.locator('#problem-title').textContent(), SOON)
      .toBe('An answer had no valid signature, so it is not shown.');
    expect(tampered).toBeGreaterThan(0);
    expect(await page.locator('#problem-advice').textContent()).toContain('do not trust this gateway');
    expect(Object.values(await figures(page))).toEqual(['–', '–', '–', '–']);

    await page.unroute('**/api/v3/canister/*/query');
    await expect.poll(() => figures(page), SOON).toMatchObject({ Views: '0' });
    expect(await page.locator('#problem').isVisible()).toBe(false);
    await page.context().close();
  });

  it('says so when its key may not read', async () => {
    const { page } = await visit(browser);
    await page.goto(product.dashboardUrl.replace(/key=.*/, `key=${'ab'.repeat(32)}`));
    await expect
      .poll(() => page.locator('#problem-title').textContent(), SOON)
      .toBe('This key may not read the orbiter.');
    await page.context().close();
  });

  it('says so when the network is gone', async () => {
    const { page } = await visit(browser);
    await page.goto(product.dashboardUrl);
    await expect.poll(() => figures(page), SOON).toMatchObject({ Views: '0' });
    await page.route('**/api/**', (route) => route.abort());
    await expect
      .poll(() => page.locator('#problem-title').textContent(), SOON)
      .toBe('The network cannot be reached.');
    expect(await figures(page)).toMatchObject({ Views: '0' });
    await page.context().close();
  });
});
