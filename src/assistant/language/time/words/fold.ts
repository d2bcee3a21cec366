/** One character for another of the same length, so that places in the text stay what they are. */
const table = new Uint16Array(65536);
for (let code = 0; code < 65536; code += 1) table[code] = code;
for (let code = 0xff01; code <= 0xff5e; code += 1) table[code] = code - 0xfee0;
for (let code = 65; code <= 90; code += 1) {
  table[code] = code + 32;
  table[code + 0xfee0] = code + 32;
}
const pairs =
  '後后個个週周號号點点時时間间禮礼聽听尋寻鐘钟鍾钟從从過过這这現现與与節节慶庆陽阳農农曆历舊旧內内開开結结對对說说錯错單单訂订雙双聖圣誕诞員员當当來来幾几兩两連连終终陰阴臘腊頭头晝昼黃黄長长還还會会數数噚寻拝拜臺台' +
  '\u3000 \u00a0 \t \n \r ' +
  '–-—-−-‐-‑-―-－-～~〜~∼~〰~﹣-';
for (let index = 0; index + 1 < pairs.length; index += 2) table[pairs.charCodeAt(index)] = pairs.charCodeAt(index + 1);

export const fold = (code: number): number => table[code] as number;
export const space = 32;
export const isDigit = (code: number): boolean => code >= 48 && code <= 57;
export const isLatin = (code: number): boolean => code >= 97 && code <= 122;
