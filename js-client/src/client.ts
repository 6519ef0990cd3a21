/**
 * Classes of the visitor's browser, system and device. The browser's own client hints are asked first;
 * where there are none (Firefox, Safari), a few words of the user agent decide. The user agent itself is
 * never sent: a class is shared by millions, the whole string is nearly a name.
 */
import type { PageViewClient } from './wire';

/** What is read of the browser's `navigator`. */
export interface NavigatorLike {
  userAgent: string;
  maxTouchPoints: number;
  /** Low-entropy client hints (https://wicg.github.io/ua-client-hints/), not yet in TypeScript's DOM types. */
  userAgentData?: { brands: { brand: string }[]; mobile: boolean; platform: string };
}

/** A class and the text that gives it away. */
type Rule = [name: string, pattern: RegExp];

/** First match wins: every Chromium also calls itself Chrome, and every Chrome calls itself Safari. */
const BROWSERS: Rule[] = [
  ['Edge', /Edg/],
  ['Opera', /Opera|OPR|OPiOS/],
  ['Firefox', /Firefox|FxiOS/],
  ['Chrome', /Chrom|CriOS/],
  ['Safari', /Safari/],
];

/** First match wins: Android calls itself Linux, iOS calls itself "like Mac OS X". */
const SYSTEMS: Rule[] = [
  ['iOS', /iP(hone|ad|od)/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['ChromeOS', /CrOS|Chrome ?OS/],
  ['macOS', /mac/i],
  ['Linux', /Linux/],
];

const find = (rules: Rule[], text: string): string | undefined =>
  rules.find(([, pattern]) => pattern.test(text))?.[0];

/**
 * The visitor's classes, or nothing when browser or system is not one we know. Phones are called by their
 * family, `iPhone` and `Android`, because an orbiter's device rules look for these words.
 */
export const classify = (navigator: NavigatorLike): PageViewClient | undefined => {
  const { userAgent, userAgentData: hints, maxTouchPoints } = navigator;
  const browser = find(BROWSERS, hints ? hints.brands.map(({ brand }) => brand).join() : userAgent);
  let os = find(SYSTEMS, hints?.platform ?? userAgent);
  if (!browser || !os) return undefined;
  let device = 'desktop';
  // An iPad asks for desktop pages by calling itself a Mac; no Mac has a touch screen.
  if (userAgent.includes('iPad') || (os === 'macOS' && maxTouchPoints > 1)) {
    os = 'iOS';
    device = 'iPad';
  } else if (os === 'iOS') {
    device = 'iPhone';
  } else if (os === 'Android') {
    device = (hints?.mobile ?? userAgent.includes('Mobile')) ? os : 'tablet';
  }
  return { browser, os, device };
};
