import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Card } from '../../src/channels/message.ts';
import { allPhrases } from '../../src/phrases.ts';
import { projectRoot } from '../../src/root.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));

/** Whether there is a browser here; where there should be one and is none, that is an error. */
export function hasChromium(what: string): boolean {
  if (!executablePath && process.env.CI) throw new Error('no Chromium in CI');
  if (!executablePath) process.stderr.write(`SKIPPED: ${what} needs /usr/bin/chromium\n`);
  return executablePath !== undefined;
}

export async function openChromium(): Promise<Browser> {
  return await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-lcd-text',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  });
}

const origin = 'http://cards.test';
const types: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css' };

/** A page with nothing but the page's own card view, under the page's own policy; no server behind it. */
export async function openCardView(browser: Browser, width = 390): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 844 } });
  await page.route(`${origin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/')
      return await route.fulfill({
        contentType: 'text/html',
        headers: { 'content-security-policy': "default-src 'self'" },
        body: '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/page/page.css"><link rel="stylesheet" href="/page/card.css"><main></main>',
      });
    await route.fulfill({
      contentType: types[pathname.split('.').at(-1) ?? ''] ?? 'text/plain',
      body: readFileSync(join(projectRoot, 'src/http', pathname), 'utf8'),
    });
  });
  await page.goto(`${origin}/`);
  return page;
}

/** Puts cards on such a page, drawn as the page draws them; what is pressed is kept in `window.pressed` and never answered. */
export async function drawCards(page: Page, cards: readonly Card[]): Promise<void> {
  const drawing = (given: { cards: readonly Card[]; words: Record<string, string> }): string =>
    `import('/page/card.js').then(({ drawCard }) => {
      const { cards, words } = ${JSON.stringify(given)};
      globalThis.pressed = [];
      document.querySelector('main').replaceChildren(...cards.map((card) => drawCard(card, (button) => { pressed.push(button); return new Promise(() => undefined); }, words)));
    })`;
  await page.evaluate(drawing({ cards, words: Object.fromEntries(allPhrases()) }));
}
