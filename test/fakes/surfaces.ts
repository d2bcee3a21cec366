import type { Page } from 'playwright-core';
import type { FakeDingtalk } from './dingtalk.ts';
import type { FakeFeishu } from './feishu.ts';

/** A card as a person sees it, whatever draws it. */
export interface SeenCard {
  title: string;
  tone: 'good' | 'warn' | 'bad' | 'neutral';
  text: string;
}

/** Where a person talks with 小青: says something, sees cards, presses their buttons. */
export interface Surface {
  say(text: string): Promise<void>;
  /** The newest card with this title, as it stands now. */
  card(title: RegExp): Promise<SeenCard | undefined>;
  press(title: RegExp, label: RegExp): Promise<void>;
  /** Fills the card's form in and hands it in. */
  fill(title: RegExp, values: Record<string, string>): Promise<void>;
  /** How many messages with such a card there are; a card that moves is one. */
  messages(title: RegExp): Promise<number>;
}

interface DrawnButton {
  label: string;
  value: object;
  submits: boolean;
}
type Tag = { tag?: string; [key: string]: unknown };
const tones: Readonly<Record<string, SeenCard['tone']>> = {
  green: 'good',
  orange: 'warn',
  red: 'bad',
  blue: 'neutral',
};

export function onFeishu(gateway: FakeFeishu): Surface {
  const drawn = () =>
    gateway.said.flatMap(({ method, body }) => {
      const text = String(body.content ?? '');
      const card = (text.startsWith('{') ? JSON.parse(text) : {}) as {
        header?: { title: { content: string }; template: string };
        body?: Tag;
      };
      if (!card.header) return [];
      const { title, template } = card.header;
      const tone = tones[template] ?? 'neutral';
      return [{ method, title: title.content, tone, text, buttons: buttonsIn(card.body) }];
    });
  const newest = (title: RegExp) => drawn().findLast((card) => title.test(card.title));
  return {
    say: async (text) => gateway.say(text),
    card: async (title) => newest(title),
    async press(title, label) {
      const button = newest(title)?.buttons.find((one) => label.test(one.label));
      if (!button) throw new Error(`no button ${label} on ${title}`);
      gateway.press(button.value);
    },
    async fill(title, values) {
      const button = newest(title)?.buttons.find(({ submits }) => submits);
      if (!button) throw new Error(`no form on ${title}`);
      gateway.press(button.value, { form: values });
    },
    messages: async (title) => drawn().filter((card) => card.method === 'POST' && title.test(card.title)).length,
  };
}

function buttonsIn(node: unknown): DrawnButton[] {
  if (Array.isArray(node)) return node.flatMap(buttonsIn);
  if (node === null || typeof node !== 'object') return [];
  const { tag, text, behaviors, form_action_type: submit } = node as Tag;
  if (tag !== 'button') return Object.values(node).flatMap(buttonsIn);
  const [behavior] = (behaviors ?? []) as { value: object }[];
  return [
    {
      label: (text as { content: string }).content,
      value: behavior?.value ?? {},
      submits: submit === 'submit',
    },
  ];
}

export function onDingtalk(gateway: FakeDingtalk): Surface {
  const drawn = () =>
    gateway.said
      .filter(({ path }) => path.startsWith('/v1.0/card'))
      .map(({ method, body }) => ({
        method,
        track: String(body.outTrackId),
        ...(body.cardData as { cardParamMap: { title: string; tone: string; markdown: string; buttons: string } })
          .cardParamMap,
      }));
  const newest = (title: RegExp) => drawn().findLast((card) => title.test(card.title));
  return {
    say: async (text) => void gateway.say(text),
    async card(title) {
      const card = newest(title);
      return card && { title: card.title, tone: card.tone as SeenCard['tone'], text: card.markdown };
    },
    async press(title, label) {
      const card = newest(title);
      const buttons = JSON.parse(card?.buttons ?? '[]') as { text: string }[];
      const index = buttons.findIndex(({ text }) => label.test(text));
      if (!card || index < 0) throw new Error(`no button ${label} on ${title}`);
      gateway.press(card.track, index);
    },
    async fill(title, values) {
      gateway.press(newest(title)?.track ?? '', 'submit', 'staff1', values);
    },
    messages: async (title) => new Set(drawn().flatMap((card) => (title.test(card.title) ? [card.track] : []))).size,
  };
}

export function onPage(page: Page): Surface {
  const cards = (title: RegExp) => page.locator('section.card').filter({ has: page.locator('h2', { hasText: title }) });
  return {
    async say(text) {
      await page.fill('#text', text);
      await page.click('#send');
    },
    async card(title) {
      const found = cards(title).last();
      if ((await found.count()) === 0) return undefined;
      const [, tone = 'neutral'] = ((await found.getAttribute('class')) ?? '').split(' ');
      return {
        title: (await found.locator('h2').textContent()) ?? '',
        tone: tone as SeenCard['tone'],
        text: (await found.textContent()) ?? '',
      };
    },
    press: async (title, label) => await cards(title).last().getByRole('button', { name: label }).click(),
    async fill(title, values) {
      const card = cards(title).last();
      for (const [name, value] of Object.entries(values)) await card.locator(`[name="${name}"]`).fill(value);
      await card.locator('form button').click();
    },
    messages: async (title) => await cards(title).count(),
  };
}
