/** What an answer's sentence may not carry on: ids of sessions, keys, and what tells who somebody is. */
const unsayable: readonly RegExp[] = [
  /(?<=\b(?:password|pwd|secret|appsec|token|session(?:id)?|sid|sign(?:ature)?)["']?\s*[=:：]\s*["']?)[^\s"',;，；。]+/gi,
  /(?<=(?:密码|密钥|口令)["”」]?\s*[=:：]\s*["“「]?)[\w!@#$%^&*.+/=-]+/g,
  /\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi,
  /(?<![\w-])(?=\w*\d)(?=\w*[a-z])\w{24,}(?![\w-])/g,
  /[\w.+-]+@[\w-]+\.[\w.]+/g,
  /https?:\/\/[^\s"'<>()，。；]+/g,
  /(?<![\w-])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?![\w-])/g,
  /(?<![\w-])0\d{2,3}-\d{7,8}(?![\w-])/g,
  /(?<=(?:收货人|收件人|寄件人|联系人|买家|姓名)[\s:：]*["“【[]?)(?!不|没|未|信息|电话|地址|姓名|字段|格式|长度|必|是|为|的)[\u4e00-\u9fa5·]{2,4}/g,
  /[\u4e00-\u9fa5]{2,7}(?:省|市|自治区)[^，。；,;[\]“”"【】]*?(?:\d+\s*(?:号|室|栋|幢|弄)|路|街|巷|村|镇)[^，。；,;[\]“”"【】\s]*(?:\s*\d+\s*[号室栋幢弄]+)?/g,
];
const longest = 120;
const shortestSecret = 4;

/** A text without our own secrets, wherever they stand in it. */
export function withoutSecrets(text: string, secrets: readonly (string | undefined)[]): string {
  return secrets
    .filter((secret) => secret !== undefined)
    .filter((secret) => secret.length >= shortestSecret)
    .reduce((left, secret) => left.replaceAll(secret, '***'), text);
}

/** A text of the server without what only it and we may know, and without what tells who somebody is. */
export const redacted = (text: string): string =>
  unsayable.reduce((left, pattern) => left.replace(pattern, '***'), text);

/** 金蝶's own sentence as people read it: one line without mark-up, stack, secrets and numbers of people, and never long. */
export function saidIn(message: string): string {
  const line = redacted((message.split(/\n\s*(?:在|at) /)[0] ?? '').replace(/<[^<>]*>/g, ' '))
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029\s]+/gu, ' ')
    .trim()
    .replace(/。$/, '');
  const signs = [...line];
  return signs.length > longest ? `${signs.slice(0, longest - 1).join('')}…` : line;
}
