import { randomUUID } from 'node:crypto';
import type { DingtalkSettings } from '../../config.ts';
import { phrase } from '../../phrases.ts';
import { type Growing, type Handle, SendError } from '../channel.ts';
import type { Card } from '../message.ts';
import type { DingtalkApi } from './api.ts';
import { cardParams } from './card.ts';
import { type Place, placeOf } from './place.ts';

/** `flowStatus` of our template: being written, and done. */
const writing = '2';
const finished = '3';

/** Interactive cards: created where a conversation is, moved by our own `outTrackId`, written word by word. */
export class DingtalkCards {
  readonly #api: DingtalkApi;
  readonly #settings: DingtalkSettings;

  constructor(api: DingtalkApi, settings: DingtalkSettings) {
    this.#api = api;
    this.#settings = settings;
  }

  /** `at`: whose attention it wants, by staff id. */
  async create(
    place: Place,
    outTrackId: string,
    card: Card,
    { at, flowStatus = finished }: { at?: string; flowStatus?: string } = {},
  ): Promise<Handle> {
    const { robotCode, cardTemplateId } = this.#settings;
    const { result } = await this.#api.call('POST', '/v1.0/card/instances/createAndDeliver', {
      cardTemplateId,
      outTrackId,
      callbackType: 'STREAM',
      userIdType: 1,
      cardData: { cardParamMap: { ...cardParams(card), flowStatus } },
      imGroupOpenSpaceModel: { supportForward: true },
      imRobotOpenSpaceModel: { supportForward: true },
      ...(place.group
        ? {
            openSpaceId: `dtv1.card//IM_GROUP.${place.id}`,
            imGroupOpenDeliverModel: { robotCode, ...(at ? { atUserIds: { [at]: at } } : {}) },
          }
        : {
            openSpaceId: `dtv1.card//IM_ROBOT.${place.staffId}`,
            imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode },
          }),
    });
    // HTTP 200 says that the card exists, not that anybody sees it.
    const { deliverResults } = (result ?? {}) as { deliverResults?: { success?: boolean; carrierId?: string }[] };
    const delivered = Array.isArray(deliverResults) ? deliverResults : [];
    if (delivered.some(({ success }) => success === false))
      throw new SendError('card not delivered', { reason: 'client_error', recoverable: false });
    // By its carrier somebody who quotes it names it.
    const carrier = delivered.find(({ carrierId }) => carrierId)?.carrierId;
    return { id: outTrackId, ...(carrier ? { quotedAs: carrier } : {}) };
  }

  async move(outTrackId: string, card: Card): Promise<void> {
    const update = {
      outTrackId,
      cardData: { cardParamMap: { ...cardParams(card), flowStatus: finished } },
      cardUpdateOptions: { updateCardDataByKey: true },
    };
    await this.#api.call('PUT', '/v1.0/card/instances', update, { card: outTrackId });
  }

  /** An answer on a card of the same template: its `markdown` is what streams. */
  growing(newTrack: (conversation: string, key: string) => string): Growing {
    const opened = new Set<string>();
    const handles = new Map<string, Handle>();
    const stream = async (outTrackId: string, text: string, isFinalize: boolean): Promise<void> => {
      const content = cardParams(words(text)).markdown;
      const body = {
        outTrackId,
        guid: randomUUID(),
        key: 'markdown',
        content,
        isFull: true,
        isFinalize,
        isError: false,
      };
      await this.#api.call('PUT', '/v1.0/card/streaming', body, { card: outTrackId });
    };
    return {
      async open(conversation, { last, key }) {
        const id = newTrack(conversation, key);
        opened.add(id);
        return { id, place: { ...placeOf(conversation, last) } };
      },
      grow: async ({ id, place }, text) => {
        const outTrackId = String(id);
        // Never a second time, not even for a process that has died: it would be delivered twice.
        if (opened.delete(outTrackId))
          handles.set(outTrackId, await this.create(place as Place, outTrackId, words(''), { flowStatus: writing }));
        await stream(outTrackId, text, false);
      },
      end: async ({ id, shown }, { text, card }) => {
        const outTrackId = String(id);
        opened.delete(outTrackId);
        if (!shown) throw new SendError('the card is not there', { reason: 'client_error', recoverable: false });
        // It may be finished already: what counts is that the card shows it all.
        await stream(outTrackId, card ? '' : text, true).catch(() => undefined);
        await this.move(outTrackId, card ?? words(text));
        const handle = handles.get(outTrackId) ?? { id: outTrackId };
        handles.delete(outTrackId);
        return handle;
      },
    };
  }
}

/** Words as a card of the template. */
function words(text: string): Card {
  return {
    id: 'answer',
    title: phrase('channel.title'),
    tone: 'neutral',
    blocks: text === '' ? [] : [{ type: 'text', text: text.replaceAll('\n', '\n\n') }],
    buttons: [],
  };
}
