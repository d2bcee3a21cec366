import type { QimenSettings } from '../../config.ts';
import { AppError } from '../../errors.ts';
import { toWall } from '../../shanghai.ts';
import { post } from '../http.ts';
import { qimenError } from './errors.ts';
import { topSign } from './signature.ts';
import { type Answer, parseBody, readAnswer, type Wire } from './wire.ts';

/**
 * The Qimen custom scene of the TOP gateway: form POST to /router/qm, everything signed, the answer under `response`, refusals
 * with HTTP 200 under the same wrapper (or under `error_response` when the gateway itself refuses).
 */
export function createQimenClient(
  settings: QimenSettings,
  wire: Wire,
): (method: string, business: Record<string, string>) => Promise<Answer> {
  return async (method, business) => {
    await wire.pace();
    const params: Record<string, string> = {
      method,
      app_key: settings.appKey,
      target_app_key: settings.targetAppKey,
      customer_id: settings.customerId,
      timestamp: toWall(wire.now()),
      format: 'json',
      v: '2.0',
      sign_method: settings.signMethod,
      ...business,
    };
    params.sign = topSign(params, settings.appSecret, settings.signMethod);
    const answer = await post({
      url: `${settings.baseUrl}/router/qm`,
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' },
      body: new URLSearchParams(params).toString(),
      timeoutMs: wire.timeoutMs,
      effect: false,
    });
    const body = parseBody(answer.text);
    const refused = body.error_response as Record<string, unknown> | undefined;
    const response = (body.response ?? refused) as Record<string, unknown> | undefined;
    if (!response) throw new AppError('jushuitan.malformed', 'transient', { category: 'transport' });
    const code = String(response.code ?? '0');
    if (refused || response.flag === 'failure' || code !== '0') {
      const text = [response.message, response.msg, response.sub_message, response.sub_msg].filter(Boolean).join(' ');
      throw qimenError({ code, message: text, subCode: String(response.sub_code ?? '') });
    }
    return readAnswer(response);
  };
}
