import { AppError } from '../../errors.ts';

interface Refusal {
  code: string;
  message: string;
  subCode?: string;
}

/** `This ban will last for N more seconds` of the TOP gateway, and a second on top. */
function banMs(text: string): number {
  const seconds = /ban will last for (\d+)/i.exec(text)?.[1];
  return seconds ? (Number(seconds) + 1) * 1000 : 1100;
}

/** A refusal of the TOP gateway or of 聚水潭 behind it. Code 7 is waited out; 25 and its companions are settings. */
export function qimenError({ code, message, subCode = '' }: Refusal): AppError {
  const text = `${subCode} ${message}`;
  if (code === '7' || /limited-by/.test(subCode)) {
    return new AppError('jushuitan.too_fast', 'rate_limited', { category: 'rate_limited', retryAfterMs: banMs(text) });
  }
  if (['25', '24', '28', '29', '26', '27'].includes(code) || /sign-check/.test(subCode))
    return new AppError('jushuitan.signature', 'auth', { category: 'session', params: { code } });
  if (['30', '31'].includes(code)) return new AppError('jushuitan.clock', 'config', { category: 'session' });
  if (['11', '12', '13'].includes(code))
    return new AppError('jushuitan.permission', 'auth', { category: 'permission', params: { code } });
  if (['10', '15'].includes(code))
    return new AppError('jushuitan.unavailable', 'transient', { category: 'transport', params: { code } });
  return new AppError('jushuitan.refused', 'config', { category: 'unknown', params: { code } });
}

/** A refusal of Open Platform V2. Two generations of its error table exist, so code and message decide together. */
export function openError({ code, message }: Refusal): AppError {
  if (code === '199')
    return new AppError('jushuitan.too_fast', 'rate_limited', { category: 'rate_limited', retryAfterMs: 1100 });
  if (code === '200' && !/参数/.test(message))
    return new AppError('jushuitan.too_fast', 'rate_limited', { category: 'rate_limited', retryAfterMs: 15_000 });
  if (code === '100') return new AppError('jushuitan.token', 'auth', { category: 'session' });
  if (code === '10' || code === '120')
    return new AppError('jushuitan.signature', 'auth', { category: 'session', params: { code } });
  if (code === '180' || (code === '140' && /timestamp/i.test(message)))
    return new AppError('jushuitan.clock', 'config', { category: 'session' });
  if (code === '110') return new AppError('jushuitan.ip', 'config', { category: 'permission' });
  if (code === '190') return new AppError('jushuitan.permission', 'auth', { category: 'permission', params: { code } });
  if (code === '150' && /刷新/.test(message))
    return new AppError('jushuitan.reauthorise', 'auth', { category: 'session' });
  if (code === '150' || code === '160')
    return new AppError('jushuitan.unavailable', 'transient', { category: 'transport', params: { code } });
  return new AppError('jushuitan.refused', 'config', { category: 'unknown', params: { code } });
}
