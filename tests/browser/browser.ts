/** A real browser, set up like a person's. */
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { CHROMIUM } from './artefacts';

/** The headless browser names itself in its user agent, and an orbiter refuses robots: this is the ordinary one. */
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** How long a test waits for what should happen soon, and how often it looks; ms. */
export const SOON = { timeout: 20_000, interval: 250 };

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      `--user-agent=${USER_AGENT}`,
    ],
  });

/** A new visitor on a page of their own, with what the page complained about. */
export interface Visitor {
  page: Page;
  /** Errors of scripts and on the console, e.g. what the content security policy refused. */
  complaints: string[];
}

/** A visitor with a profile of their own: nothing is shared with those before. */
export const visit = async (browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { page, complaints };
};

/** The figures that the dashboard shows, as text. */
export const figures = (page: Page): Promise<Record<string, string>> =>
  page.$$eval('.figures > div', (boxes) =>
    Object.fromEntries(
      boxes.map((box) => [
        box.querySelector('dt')?.textContent ?? '',
        box.querySelector('dd')?.textContent ?? '',
      ]),
    ),
  );

/** The rows of one of the dashboard's tables, by the id of its place. */
export const rows = (page: Page, id: string): Promise<string[][]> =>
  page.$$eval(`#${id} tbody tr`, (lines) =>
    lines.map((line) => [...line.children].map((cell) => cell.textContent)),
  );
