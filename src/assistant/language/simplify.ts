import { Converter } from 'opencc-js/t2cn';

const [first, last] = [0x4e00, 0x9fa5];
/** The simplified character of each ideograph. */
const simplified = new Uint16Array(last - first + 1);
const ideographs = Array.from(simplified, (_, index) => String.fromCharCode(first + index));
const converted = Converter({ from: 'hk', to: 'cn' })(ideographs.join('\n')).split('\n');
for (const [index, char] of ideographs.entries()) {
  const one = converted[index];
  simplified[index] = (one?.length === 1 ? one : char).charCodeAt(0);
}

/** Traditional characters as simplified ones. */
export function simplify(text: string): string {
  let changed = '';
  let kept = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < first || code > last || simplified[code - first] === code) continue;
    changed += text.slice(kept, at) + String.fromCharCode(simplified[code - first] as number);
    kept = at + 1;
  }
  return kept === 0 ? text : changed + text.slice(kept);
}
