import type { DingtalkSettings } from '../../config.ts';
import { phrase } from '../../phrases.ts';
import { type Finding, SendError } from '../channel.ts';
import { type DingtalkApi, PermissionError } from './api.ts';
import { openLink } from './stream.ts';

const nowhere = 'xiaoqing-doctor';
const nobody = 'cid-xiaoqing-doctor';

/**
 * What is wrong with key, stream mode, permissions and template. The calls name a card and a group that do not exist: the platform
 * looks at permissions first, and nothing comes of them.
 */
export async function examine(api: DingtalkApi, settings: DingtalkSettings): Promise<Finding[]> {
  const { robotCode, cardTemplateId } = settings;
  try {
    await api.renewToken();
  } catch (error) {
    return [finding('dingtalk_token', error)];
  }
  const findings: Finding[] = [];
  await openLink(settings).catch((error: unknown) => findings.push(finding('dingtalk_stream', error)));
  const message = { robotCode, msgKey: 'sampleText', msgParam: '{}', openConversationId: nobody };
  const card = {
    cardTemplateId,
    outTrackId: nowhere,
    callbackType: 'STREAM',
    cardData: { cardParamMap: {} },
    imGroupOpenSpaceModel: { supportForward: false },
    openSpaceId: `dtv1.card//IM_GROUP.${nobody}`,
    imGroupOpenDeliverModel: { robotCode },
  };
  const stream = { outTrackId: nowhere, guid: nowhere, key: 'markdown', content: '', isFull: true, isFinalize: true };
  const probes: (() => Promise<unknown>)[] = [
    () => api.call('POST', '/v1.0/robot/groupMessages/send', message),
    ...(cardTemplateId
      ? [
          () => api.call('POST', '/v1.0/card/instances/createAndDeliver', card),
          () => api.call('PUT', '/v1.0/card/streaming', stream),
        ]
      : []),
  ];
  for (const probe of probes) {
    const error: unknown = await probe().then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (error instanceof PermissionError) findings.push(missing(error.scopes));
    else if (error instanceof SendError && /template/i.test(error.message))
      findings.push(finding('dingtalk_template', error));
  }
  return findings;
}

function missing(scopes: readonly string[]): Finding {
  const names = scopes.join('、') || '?';
  return { message: phrase('doctor.no_permission', { names }), next: phrase('doctor.dingtalk_permission', { names }) };
}

function finding(what: string, error: unknown): Finding {
  const reason = error instanceof Error ? error.message : String(error);
  return { message: phrase('doctor.refused', { reason }), next: phrase(`doctor.${what}`) };
}
