import { phrase } from '../../../phrases.ts';

/** Where a platform makes a link of a bare name by itself. */
const domain =
  /(?<![\w@/.-])(?:[a-z0-9-]{1,63}\.){1,5}(?:com|cn|net|org|io|top|xyz|info|cc|me|app|dev|site|vip|ru|tk|link|online|co|ai|store|club|shop|live|pro|icu|hk|tw|jp|kr|uk|us|eu|de|biz|mobi|work|ltd|tech|fun|cloud)(?![\w-])(?:[:/?#][!-~]*)?/gi;
const address = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[!-~]*|\b(?:mailto|tel|sms|javascript|data|file):[!-~]+|\bwww\.[!-~]+/gi;
/** Controls, marks that turn the direction of writing, and characters without a width. */
const unseen =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const rounds = 5;

/**
 * A model's words as plain text on every platform: nobody is mentioned, no picture is fetched, nothing can be clicked, no markup
 * is left. Words that tools or the person have said (`known`) keep their dots.
 */
export function neutral(text: string, known: (word: string) => boolean = () => false): string {
  let plain = text.replace(unseen, '').replace(/\r\n?/g, '\n');
  // What is taken out may leave new markup behind.
  for (let round = 0, before = ''; round < rounds && plain !== before; round++) {
    before = plain;
    plain = withoutMarkup(plain);
  }
  const omitted = phrase('model.link_omitted');
  return plain
    .replace(address, omitted)
    .replace(domain, (word) => (known(word) ? word : omitted))
    .replace(/&(?=#?\w{1,31};)/g, '＆')
    .replace(/[<>@]/g, (mark) => ({ '<': '＜', '>': '＞', '@': '＠' })[mark] ?? mark)
    .replace(/\]\(/g, '] (')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function withoutMarkup(text: string): string {
  return (
    text
      // Mentions with what they enclose; then every other tag, also one without an end.
      .replace(/<at\b[^<>]{0,300}>[^<>\n]{0,60}<\/at>/gi, '')
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/<[/!?]?[a-zA-Z][^<>]{0,1000}>|<[^<>\n]{0,60}[|｜][^<>\n]{0,60}>/g, '')
      // Pictures and links, written out or by reference.
      .replace(/!\[([^[\]\n]{0,300})\](?:\([^()\n]{0,1000}\)|\[[^[\]\n]{0,100}\])/g, '')
      .replace(/\[([^[\]\n]{0,300})\](?:\([^()\n]{0,1000}\)|\[[^[\]\n]{0,100}\])/g, '$1')
      .replace(/^[ \t]*\[[^[\]\n]{1,100}\]:[^\n]*$/gm, '')
      .replace(/^[ \t]*#{1,6}[ \t]+/gm, '')
      .replace(/`+/g, '')
      .replace(/(\*\*|~~)(?=\S)([^\n]{1,500}?)\1/g, '$2')
  );
}
