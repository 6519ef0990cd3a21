/** The classes of browser, system and device that the tracker sends. */
import { describe, expect, it } from 'vitest';
import { classify, type NavigatorLike } from '../src/client';

const byUserAgent = (userAgent: string, maxTouchPoints = 0) => classify({ userAgent, maxTouchPoints });
const byHints = (brand: string, platform: string, mobile = false) => {
  const navigator: NavigatorLike = {
    userAgent: 'nothing of use',
    maxTouchPoints: 0,
    userAgentData: { brands: [{ brand: 'Not;A=Brand' }, { brand: 'Chromium' }, { brand }], mobile, platform },
  };
  return classify(navigator);
};

describe('classes of the visitor', () => {
  it.each([
    ['Google Chrome', 'Windows', false, { browser: 'Chrome', os: 'Windows', device: 'desktop' }],
    ['Microsoft Edge', 'macOS', false, { browser: 'Edge', os: 'macOS', device: 'desktop' }],
    ['Opera', 'Linux', false, { browser: 'Opera', os: 'Linux', device: 'desktop' }],
    ['Google Chrome', 'Android', true, { browser: 'Chrome', os: 'Android', device: 'Android' }],
    ['Google Chrome', 'Android', false, { browser: 'Chrome', os: 'Android', device: 'tablet' }],
    ['Google Chrome', 'Chrome OS', false, { browser: 'Chrome', os: 'ChromeOS', device: 'desktop' }],
  ])('come from the client hints of %s on %s (mobile: %s)', (brand, platform, mobile, expected) => {
    expect(byHints(brand, platform, mobile)).toEqual(expected);
  });

  it.each([
    [
      'Firefox on Linux',
      'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      { browser: 'Firefox', os: 'Linux', device: 'desktop' },
    ],
    [
      'Firefox on an Android phone',
      'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0',
      { browser: 'Firefox', os: 'Android', device: 'Android' },
    ],
    [
      'Safari on an iPhone',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      { browser: 'Safari', os: 'iOS', device: 'iPhone' },
    ],
    [
      'Chrome on an iPhone',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/137.0 Mobile/15E148 Safari/604.1',
      { browser: 'Chrome', os: 'iOS', device: 'iPhone' },
    ],
    [
      'Safari on a Mac',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
      { browser: 'Safari', os: 'macOS', device: 'desktop' },
    ],
  ])('come from the user agent of %s', (_, userAgent, expected) => {
    expect(byUserAgent(userAgent)).toEqual(expected);
  });

  it('call a Mac with a touch screen an iPad', () => {
    const userAgent =
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15';
    expect(byUserAgent(userAgent, 5)).toEqual({ browser: 'Safari', os: 'iOS', device: 'iPad' });
  });

  it('are left out when the browser is unknown', () => {
    expect(byUserAgent('curl/8.5.0')).toBeUndefined();
    expect(byUserAgent('')).toBeUndefined();
  });
});
