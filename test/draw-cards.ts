import { join } from 'node:path';
import { cardParams } from '../src/channels/dingtalk/card.ts';
import { feishuCard } from '../src/channels/feishu/card.ts';
import type { Card } from '../src/channels/message.ts';
import { projectRoot } from '../src/root.ts';
import { cards } from './channels/cards.ts';
import { ofDingtalk, ofFeishu } from './channels/views.ts';
import { drawCards, openCardView, openChromium } from './fakes/chromium.ts';

/** Draws every kind of card as the page, Feishu and DingTalk get it, with the page's card view, into docs/. */
const views: Readonly<Record<string, (card: Card) => Card>> = {
  page: (card) => card,
  feishu: (card) => ofFeishu(feishuCard(card)),
  dingtalk: (card) => ofDingtalk(cardParams(card)),
};

const browser = await openChromium();
for (const [name, view] of Object.entries(views)) {
  const page = await openCardView(browser, 1240);
  await drawCards(page, Object.values(cards).map(view));
  await page.evaluate(`{
    const main = document.querySelector('main');
    Object.assign(main.style, { display: 'block', columns: 3, columnGap: '16px', maxWidth: 'none', flex: 'none' });
    for (const card of main.children) Object.assign(card.style, { breakInside: 'avoid', marginBottom: '16px' });
  }`);
  await page.locator('main').screenshot({ path: join(projectRoot, 'docs', `cards-${name}.png`) });
}
await browser.close();
