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

/** 金蝶's own sentence as people read it: one line without mark-up, stack, secrets and numbers of people, and never long. */
export function saidIn(message: string): string {
  const line = unsayable
    .reduce(
      (text, pattern) => text.replace(pattern, '***'),
      (message.split(/\n\s*(?:在|at) /)[0] ?? '').replace(/<[^<>]*>/g, ' '),
    )
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029\s]+/gu, ' ')
    .trim()
    .replace(/。$/, '');
  const signs = [...line];
  return signs.length > longest ? `${signs.slice(0, longest - 1).join('')}…` : line;
}
