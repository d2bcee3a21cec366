import type { Button } from '../../channels/message.ts';
import { phrase } from '../../phrases.ts';

/** 「读错了」 on a card that asks which reading was meant; `sentence` is the id it is remembered by. */
export const misreadButton = (sentence: string): Button => ({
  label: phrase('misread.button'),
  style: 'default',
  action: { name: 'misread', args: { sentence } },
  say: phrase('misread.say'),
});
