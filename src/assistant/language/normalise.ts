import { traditional, typos } from './lexicon.ts';

/** What people mean the same by: width, letter case of scripts, spaces, the mention in front, and the small words around a request. */
const courtesy =
  /^(?:@\S+\s*|[「“"']?小青[」”"']?[,，、:：\s]*|麻烦(?:你)?|请(?:你)?|帮(?:我|忙|下)|你好[,，]\s*|那个[,，]?\s*)+|(?:[吧呗哈啊呀哦噢~～!！。.]|谢谢[啦了你您]?|谢啦|一下子?)+$/gu;
const simplified = new Map(traditional);
const anyTraditional = new RegExp(`[${[...simplified.keys()].join('')}]`, 'g');
/** 「别忘了」 asks for the thing, it does not refuse it. */
const reminder = /(?:千万)?(?:别|不要)(?:忘|漏|落)(?:记|下|掉|了)*[,，]?/g;
const digits: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};

export function normalise(text: string): string {
  let sentence = text
    .normalize('NFKC')
    .replace(/\p{Extended_Pictographic}|\u200d|\ufe0f|\[[\u4e00-\u9fa5]{1,3}\]/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/(?<=[\u4e00-\u9fa5]) (?=[\u4e00-\u9fa5])/g, '')
    .replace(/(?<![\d.])(\d{1,2}) (?=[月日号])/g, '$1')
    .trim();
  sentence = sentence.replace(anyTraditional, (from) => simplified.get(from) ?? from);
  for (const [slip, word] of typos) sentence = sentence.replace(slip, word);
  const plain = sentence.replace(reminder, '').replace(courtesy, '').replace(courtesy, '').trim();
  return plain === '' ? sentence : plain;
}

/** Chinese numerals of a sentence in digits, for counts: 「一个半小时」 → 「1个半小时」. */
export function inDigits(sentence: string): string {
  return sentence.replace(/[零〇一二两三四五六七八九十百廿]+/g, (text) => String(readNumber(text) ?? text));
}

/** 「二十三」 → 23, 「二〇二六」 → 2026, 「一百二十」 → 120, 「12」 → 12; null for anything else. */
export function readNumber(text: string): number | string | null {
  if (/^\d+$/.test(text)) return Number(text);
  if (/^[零〇一二两三四五六七八九]+$/.test(text)) return [...text].map((one) => digits[one]).join('');
  const match = /^(?:([一二两三四五六七八九])百零?)?(?:([一二三四五六七八九])?(十)|廿)?([一二三四五六七八九])?$/.exec(
    text,
  );
  if (!match || text === '') return null;
  const [, hundreds, tens, ten, ones] = match;
  const tensValue = text.includes('廿') ? 20 : ten ? (tens ? (digits[tens] ?? 0) : 1) * 10 : 0;
  return (hundreds ? (digits[hundreds] ?? 0) : 0) * 100 + tensValue + (ones ? (digits[ones] ?? 0) : 0);
}
