/** What people mean the same by: width, letter case of scripts, spaces, the mention in front, and the small words around a request. */
const courtesy =
  /^(?:@\S+\s*|小青[,，、:：\s]*|麻烦(?:你)?|请(?:你)?|帮(?:我|忙|下)|你?好[,，]\s*|那个[,，]?\s*)+|(?:[吧呗哈啊呀哦噢~～!！。.]|谢谢|谢啦|一下子?)+$/gu;
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
  return text.normalize('NFKC').replace(/\s+/g, ' ').trim().replace(courtesy, '').trim();
}

/** 「二十三」 → 23, 「12」 → 12; null for anything else. Up to 99. */
export function readNumber(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text);
  const match = /^([一二两三四五六七八九])?(十)?([一二三四五六七八九])?$/.exec(text);
  if (!match || text === '') return null;
  const [, first, ten, last] = match;
  if (!ten) return first && !last ? (digits[first] ?? null) : null;
  return (first ? (digits[first] ?? 0) : 1) * 10 + (last ? (digits[last] ?? 0) : 0);
}
