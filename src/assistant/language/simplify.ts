import { Converter } from 'opencc-js/t2cn';

/** Every traditional character as its simplified one. */
const simplified = new Map<string, string>();
const ideographs = Array.from({ length: 0x9fa6 - 0x4e00 }, (_, index) => String.fromCharCode(0x4e00 + index));
const converted = Converter({ from: 'hk', to: 'cn' })(ideographs.join('\n')).split('\n');
for (const [index, char] of ideographs.entries())
  if (converted[index] !== char && converted[index]?.length === 1) simplified.set(char, converted[index]);

export const simplify = (text: string): string =>
  text.replace(/[\u4e00-\u9fa5]/g, (char) => simplified.get(char) ?? char);
