import { describe, expect, test } from 'vitest';
import { fromCard, fromRobot, trackId } from '../../src/channels/dingtalk/messages.ts';
import { type FeishuEvent, fromEvent } from '../../src/channels/feishu/messages.ts';

const wordless = (name: string) => ({ text: '', action: { name, args: {} } });

describe('DingTalk', () => {
  const robot = (more: object) =>
    fromRobot(
      JSON.stringify({
        msgId: 'm1',
        conversationId: 'cid1',
        conversationType: '2',
        senderId: '$:person',
        senderStaffId: 'staff1',
        chatbotUserId: '$:bot',
        msgtype: 'text',
        ...more,
      }),
    );

  test.each([
    ['text', { text: { content: ' 同步昨天的 ' } }, { text: '同步昨天的' }],
    [
      'text with its moment',
      { text: { content: '在吗' }, createAt: 1_790_000_000_000 },
      { text: '在吗', saidAt: new Date(1_790_000_000_000) },
    ],
    ['a moment that is none', { text: { content: '在吗' }, createAt: 'soon' }, { text: '在吗' }],
    ['text without words', { text: { content: ' ' } }, { text: '' }],
    [
      'rich text',
      { msgtype: 'richText', content: { richText: [{ text: '同步' }, { text: '昨天的' }] } },
      { text: '同步昨天的' },
    ],
    [
      'rich text of pictures',
      { msgtype: 'richText', content: { richText: [{ type: 'picture' }] } },
      wordless('picture'),
    ],
    [
      'a voice that was understood',
      { msgtype: 'audio', content: { recognition: '有哪些失败' } },
      { text: '有哪些失败' },
    ],
    ['a voice that was not', { msgtype: 'audio', content: {} }, wordless('audio')],
    ['a picture', { msgtype: 'picture', content: {} }, wordless('picture')],
    ['a file', { msgtype: 'file', content: {} }, wordless('file')],
    ['what is new to us', { msgtype: 'hologram' }, wordless('only_text')],
  ])('%s', (_what, more, said) => {
    expect(robot(more)?.message).toEqual({ person: 'dingtalk:staff1', conversation: 'dingtalk:cid1', ...said });
  });

  test('a conversation that nobody else reads is said to be one', () => {
    expect(robot({ conversationType: '1', text: { content: '在吗' } })?.message.private).toBe(true);
    expect(robot({ text: { content: '在吗' } })?.message).not.toHaveProperty('private');
  });

  test('people outside the organisation go by their encrypted id', () => {
    expect(robot({ senderStaffId: undefined })).toMatchObject({
      message: { person: 'dingtalk:$:person' },
      handle: { staffId: '', group: true },
    });
  });

  test.each([
    ['ourselves', { senderId: '$:bot' }],
    ['nobody', { senderId: '', senderStaffId: '' }],
    ['nothing that can be told from another', { msgId: '' }],
  ])('%s is not answered', (_what, more) => {
    expect(robot(more)).toBeNull();
  });

  test.each([
    ['a card goes by its own id', 'xq-12-mwvgk0gn', 'run-1', 'run-1'],
    [
      'one that an answer has grown into by its name',
      'xq-in-3-mwvgk0gn',
      'answer',
      expect.stringMatching(/^xq_.*_answer$/),
    ],
  ])('%s', (_what, key, id, card) => {
    const outTrackId = trackId('dingtalk:cid_1/x==', key, id);
    const content = JSON.stringify({ cardPrivateData: { actionIds: ['b2'], params: {} } });
    expect(fromCard(JSON.stringify({ outTrackId, userId: 'staff1', content }), 'f1')?.message).toEqual({
      person: 'dingtalk:staff1',
      conversation: 'dingtalk:cid_1/x==',
      text: '',
      action: { name: 'press', args: { card, button: '2' } },
    });
  });
});

describe('Feishu', () => {
  const mention = (key: string, open_id: string, name: string) => ({ key, id: { open_id }, name });
  const us = mention('@_user_1', 'ou_bot', '小青');
  const event = (message: object, more: object = {}): FeishuEvent => ({
    sender: { sender_id: { open_id: 'ou_1' }, sender_type: 'user' },
    message: {
      message_id: 'om_1',
      chat_id: 'oc_1',
      chat_type: 'group',
      message_type: 'text',
      mentions: [us],
      ...message,
    },
    ...more,
  });
  const text = (words: string) => ({ content: JSON.stringify({ text: words }) });

  test.each([
    ['our own mention goes', text('@_user_1 有哪些失败'), { text: '有哪些失败' }],
    [
      'those of others stay, the tenth is not the first',
      {
        ...text('@_user_1 问 @_user_10 和 @_user_2'),
        mentions: [us, mention('@_user_2', 'ou_2', '老王'), mention('@_user_10', 'ou_10', '小李')],
      },
      { text: '问 @小李 和 @老王' },
    ],
    [
      'its moment',
      { ...text('@_user_1 进度'), create_time: '1790000000000' },
      { text: '进度', saidAt: new Date(1_790_000_000_000) },
    ],
    ['all is nobody', { ...text('@_all @_user_1 进度') }, { text: '进度' }],
    [
      'a post',
      {
        message_type: 'post',
        content: JSON.stringify({
          title: '',
          content: [
            [
              { tag: 'at', user_id: '@_user_1' },
              { tag: 'text', text: ' 同步' },
            ],
            [{ tag: 'text', text: '昨天的' }],
          ],
        }),
      },
      { text: '同步\n昨天的' },
    ],
    [
      'a post of pictures',
      { message_type: 'post', content: JSON.stringify({ content: [[{ tag: 'img' }]] }) },
      wordless('picture'),
    ],
    ['a picture', { message_type: 'image', content: '{}' }, wordless('picture')],
    ['a file', { message_type: 'file', content: '{}' }, wordless('file')],
    ['a voice', { message_type: 'audio', content: '{}' }, wordless('audio')],
    ['what is new to us', { message_type: 'hologram', content: '{}' }, wordless('only_text')],
    ['what cannot be read', { message_type: 'post', content: '{' }, wordless('picture')],
  ])('%s', (_what, message, said) => {
    expect(fromEvent(event(message), 'ou_bot')?.message).toEqual({
      person: 'feishu:ou_1',
      conversation: 'feishu:oc_1',
      ...said,
    });
  });

  test.each([
    ['an app', event(text('进度'), { sender: { sender_id: { open_id: 'ou_app' }, sender_type: 'app' } })],
    ['somebody else is asked', event({ ...text('@_user_1'), mentions: [mention('@_user_1', 'ou_2', '老王')] })],
    ['everybody is asked', event({ ...text('@_all'), mentions: [{ key: '@_all', id: {}, name: '所有人' }] })],
    ['nobody is asked', event({ ...text('货到了'), mentions: [] })],
  ])('%s: left alone', (_what, said) => {
    expect(fromEvent(said, 'ou_bot')).toBeNull();
  });

  test('in private nobody has to be asked', () => {
    const said = fromEvent(event({ ...text('进度'), chat_type: 'p2p', mentions: [] }), 'ou_bot');
    expect(said?.message).toMatchObject({ text: '进度', private: true });
  });

  test('a thread is known by its message', () => {
    expect(fromEvent(event({ ...text('进度'), thread_id: 'omt_1' }), 'ou_bot')?.handle).toEqual({
      messageId: 'om_1',
      thread: 'omt_1',
    });
  });
});
