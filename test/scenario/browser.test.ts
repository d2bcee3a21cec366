import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HttpServer } from '../../src/http/server.ts';
import { startApp, startPage, type TestApp } from '../fakes/app.ts';
import { hasChromium, openChromium } from '../fakes/chromium.ts';

const here = hasChromium('the walk through the page');

let app: TestApp;
let http: HttpServer;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  if (!here) return;
  app = await startApp();
  http = await startPage(app, 'token');
  browser = await openChromium();
  page = await browser.newPage({ viewport: { width: 390, height: 844 } });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await http?.close();
  await app?.end();
});

const say = async (text: string): Promise<void> => {
  await page.fill('#text', text);
  await page.click('#send');
};
const card = (title: string) => page.locator('section.card', { hasText: title }).last();

test.skipIf(!here)(
  'an operator on a phone: sync, confirm, report, nothing twice, causes, a material made, retried',
  async () => {
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(http.url);
    await page.getByRole('button', { name: '同步昨天的订单' }).click();
    await page.locator('button.primary:not([disabled])', { hasText: '确认同步' }).click();
    await card('同步完成').waitFor({ timeout: 30_000 });
    expect(await card('同步完成').locator('.count b').allTextContents()).toEqual(['31', '0', '6', '0']);

    await say('同步昨天的订单');
    await page.locator('button.primary:not([disabled])', { hasText: '确认同步' }).click();
    await expect
      .poll(async () => await card('同步完成').locator('.count b').allTextContents(), { timeout: 20_000 })
      .toEqual(['0', '31', '6', '0']);

    await say('有哪些失败');
    const failures = card('单没进金蝶');
    await failures.waitFor();
    const words = await failures.textContent();
    for (const cause of ['物料不存在', '负库存', '没有分配', '没有对照']) expect(words).toContain(cause);

    await failures
      .getByRole('button', { name: /在沙箱金蝶新建物料/ })
      .first()
      .click();
    await page.getByText('已在沙箱金蝶新建物料').waitFor();
    await say('重试物料不存在的');
    await expect
      .poll(async () => await card('同步完成').locator('.count b').allTextContents(), { timeout: 20_000 })
      .toEqual(['1', '0', '0', '0']);

    const wide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
    expect(wide).toBe(false);
    expect(complaints).toEqual([]);
  },
  90_000,
);
