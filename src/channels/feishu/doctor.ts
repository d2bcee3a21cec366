import type * as lark from '@larksuiteoapi/node-sdk';
import { phrase } from '../../phrases.ts';
import type { Finding } from '../channel.ts';
import { type FeishuApi, FeishuError } from './api.ts';

const nowhere = 'om_xiaoqing_doctor';

/** What 小青 does on Feishu, each to a message or chat that does not exist: permissions are looked at first, and nothing comes of it. */
const probes: Record<string, (client: lark.Client) => Promise<unknown>> = {
  send: (client) =>
    client.im.message.create({
      params: { receive_id_type: 'chat_id' },
      data: { receive_id: 'oc_xiaoqing_doctor', msg_type: 'text', content: '{}' },
    }),
  move: (client) => client.im.message.patch({ path: { message_id: nowhere }, data: { content: '{}' } }),
  react: (client) =>
    client.im.messageReaction.create({
      path: { message_id: nowhere },
      data: { reaction_type: { emoji_type: 'Get' } },
    }),
  write: (client) => client.cardkit.v1.card.create({ data: { type: 'card_json', data: '{}' } }),
  quote: (client) => client.im.message.get({ path: { message_id: nowhere } }),
  upload: (client) =>
    client.request({
      method: 'POST',
      url: '/open-apis/im/v1/files',
      headers: { 'content-type': 'multipart/form-data' },
      data: { file_type: 'stream' },
    }),
};

/** What is wrong with key, robot and permissions. Events cannot be asked for: they are told of on the way. */
export async function examine(api: FeishuApi): Promise<Finding[]> {
  try {
    await api.identity();
  } catch (error) {
    return [finding('feishu_token', error)];
  }
  if (api.bot === null) await api.warm();
  if (api.bot === null) return [finding('feishu_robot', new Error('bot/v3/info'))];
  const findings: Finding[] = [];
  for (const [name, probe] of Object.entries(probes)) {
    const error: unknown = await api.call({ api: `doctor.${name}` }, probe).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof FeishuError) || error.scopes.length === 0) continue;
    const names = error.scopes.join(' / ');
    const what = phrase(`doctor.feishu.${name}`);
    findings.push({
      message: phrase('doctor.no_permission_for', { what, names }),
      next: phrase('doctor.feishu_permission', { names }),
    });
  }
  return findings;
}

function finding(what: string, error: unknown): Finding {
  const reason = error instanceof Error ? error.message : String(error);
  return { message: phrase('doctor.refused', { reason }), next: phrase(`doctor.${what}`) };
}
