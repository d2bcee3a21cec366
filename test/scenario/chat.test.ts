import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cards } from '../channels/cards.ts';
import type { TestApp } from '../fakes/app.ts';
import { type FakeDingtalk, startOnDingtalk } from '../fakes/dingtalk.ts';
import { type FakeFeishu, startOnFeishu } from '../fakes/feishu.ts';

const soon = { timeout: 15_000, interval: 20 };

describe('DingTalk, by its real SDK', () => {
  let gateway: FakeDingtalk;
  let app: TestApp;
  beforeAll(async () => {
    ({ gateway, app } = await startOnDingtalk());
  });
  afterAll(async () => {
    await app.end();
    await gateway.stop();
  });
  afterEach(() => {
    gateway.said.length = 0;
  });
  const shown = () =>
    gateway.said
      .filter(({ path }) => path.startsWith('/v1.0/card'))
      .map(
        ({ body }): Record<string, string> => ({
          outTrackId: String(body.outTrackId),
          ...(body.cardData as { cardParamMap: Record<string, string> }).cardParamMap,
        }),
      );
  const titles = () => shown().map(({ title }) => title);

  test('the conversation: a sentence, a card, a press, and the same card to the end', async () => {
    gateway.say('同步昨天的订单');
    await expect.poll(() => titles()[0], soon).toBe('要把这些出库单写进金蝶吗？');
    const asked = shown()[0];
    expect(JSON.parse(asked?.buttons ?? '[]')[0]).toMatchObject({ text: '确认同步', id: 'b0' });
    gateway.press(asked?.outTrackId ?? '', 0, 'staff2'); // somebody else
    await expect
      .poll(() => gateway.said.some(({ body }) => JSON.stringify(body).includes('没有等你确认')), soon)
      .toBe(true);
    gateway.press(asked?.outTrackId ?? '', 0);
    await expect.poll(() => titles().at(-1), soon).toMatch(/同步完成，有失败/);
    const run = shown().filter(({ title }) => /同步/.test(title ?? '') && !/吗/.test(title ?? ''));
    expect(new Set(run.map(({ outTrackId }) => outTrackId)).size).toBe(1);
  });

  test('a form: what is filled in joins its button, and nothing else does', async () => {
    await app.conversations.outbox.put('dingtalk:cid1', { reply: { text: '', card: cards.form } });
    await app.conversations.outbox.flush();
    expect(titles().at(-1)).toBe(cards.form.title);
    const filled = { target: 'NOPE', map: { index: 0, value: 'shop_to_customer' }, source: '1', evil: 'x' };
    gateway.press(shown().at(-1)?.outTrackId ?? '', 'submit', 'staff1', filled);
    await expect.poll(() => JSON.stringify(gateway.said), soon).toContain('金蝶里没有 NOPE');
  });

  test('the doctor’s questions: is the key taken, is the link open, which permission is missing', async () => {
    const findings = async () => (await app.conversations.check())[0]?.findings.map(({ message }) => message);
    expect(await findings()).toEqual([]);
    gateway.refuseTokens = true;
    expect((await findings())?.[0]).toContain('500');
    gateway.refuseTokens = false;
    gateway.refuseOpen = true;
    for (const scope of ['qyapi_robot_sendmsg', 'Card.Instance.Write', 'Card.Streaming.Write'])
      gateway.lacks.add(scope);
    const [open, ...permissions] = (await findings()) ?? [];
    expect(open).toContain('open refused: 401');
    expect(permissions.join()).toMatch(/qyapi_robot_sendmsg.*Card\.Instance\.Write.*Card\.Streaming\.Write/);
    gateway.lacks.clear();
    gateway.refuseOpen = false;
  });

  test('delivered four times, answered once', async () => {
    for (let n = 0; n < 4; n++) gateway.say('有哪些失败', { id: 'same' });
    await expect.poll(() => shown().length, soon).toBeGreaterThan(0);
    gateway.say('帮助', { id: 'after' });
    await expect.poll(() => JSON.stringify(gateway.said), soon).toContain('我是小青');
    expect(titles().filter((title) => /没进金蝶/.test(title ?? ''))).toHaveLength(1);
  });

  test('without card permission the answer comes as text that can be replied to', async () => {
    gateway.refuseCards = { status: 403, code: 'Forbidden.AccessDenied' };
    gateway.say('同步前天的订单');
    await expect.poll(() => JSON.stringify(gateway.said), soon).toContain('回复「确认」');
    gateway.refuseCards = null;
    gateway.say('取消');
    await expect.poll(() => JSON.stringify(gateway.said), soon).toContain('好，不做了');
  });

  test('an expired session goes to the OpenAPI, an expired token is renewed', async () => {
    gateway.sessionError = 300001;
    gateway.expireToken();
    gateway.say('你好');
    await expect.poll(() => gateway.said.map(({ path }) => path), soon).toContain('/v1.0/robot/groupMessages/send');
    gateway.sessionError = 0;
  });

  test('too fast: it is said again later, and arrives', async () => {
    gateway.sessionError = 130101;
    gateway.say('你好');
    await expect.poll(() => gateway.refused.length, soon).toBeGreaterThan(0);
    gateway.sessionError = 0;
    const later = () => {
      app.clock.now += 1000;
      return JSON.stringify(gateway.said);
    };
    await expect.poll(later, soon).toContain('我是小青');
  });

  test('what is under way when the link is rotated is answered, without being delivered again', async () => {
    gateway.rotate(10_000);
    gateway.say('帮助');
    await expect.poll(() => JSON.stringify(gateway.said), soon).toContain('我是小青');
    await expect.poll(() => gateway.sockets.size, soon).toBe(1);
  });

  test('a link that is rotated, dropped or refused comes back, alone', async () => {
    const before = gateway.opens;
    gateway.system('disconnect', { reason: 'persistent connection is timeout' });
    await expect.poll(() => gateway.opens, soon).toBe(before + 1);
    await expect.poll(() => gateway.sockets.size, soon).toBe(1);
    gateway.refuseUpgrade = true;
    for (const socket of gateway.sockets) socket.terminate();
    await new Promise((resolve) => setTimeout(resolve, 3200));
    expect(gateway.opens - before).toBeLessThanOrEqual(5); // the SDK alone would have made dozens
    gateway.refuseUpgrade = false;
    await expect.poll(() => gateway.sockets.size, soon).toBe(1);
    gateway.say('帮助');
    await expect.poll(() => JSON.stringify(gateway.said), soon).toContain('我是小青');
  });

  test('a card that wants somebody’s attention mentions them', async () => {
    const card = { id: 'alert-1', title: '🔴', tone: 'bad' as const, blocks: [], buttons: [] };
    await app.conversations.outbox.put('dingtalk:cidG1', { reply: { text: '', card }, at: 'dingtalk:boss' });
    const model = () =>
      gateway.said.find(({ path }) => path.endsWith('createAndDeliver'))?.body.imGroupOpenDeliverModel;
    await expect.poll(model, soon).toMatchObject({ atUserIds: { boss: 'boss' } });
  });

  test('a sign of life first, on the message itself', async () => {
    gateway.say('帮助', { id: 'msgAlive' });
    await expect.poll(() => JSON.stringify(gateway.said), soon).toContain('我是小青');
    const alive = gateway.said.find(({ path }) => path === '/v1.0/robot/emotion/reply');
    expect(alive?.body).toMatchObject({ openMsgId: 'msgAlive', openConversationId: 'cidG1' });
  });

  test('in private: cards and notices go to the person, buttons work', async () => {
    const until = Date.now(); // no session to answer in
    gateway.say('同步前天的订单', { group: 'cidP1', until, more: { conversationType: '1' } });
    await expect.poll(() => titles()[0], soon).toBe('要把这些出库单写进金蝶吗？');
    expect(gateway.said.find(({ path }) => path.endsWith('createAndDeliver'))?.body.openSpaceId).toBe(
      'dtv1.card//IM_ROBOT.staff1',
    );
    const sent = () => gateway.said.find(({ path }) => path === '/v1.0/robot/oToMessages/batchSend')?.body;
    gateway.press(shown()[0]?.outTrackId ?? '', 2);
    await expect.poll(() => String(sent()?.msgParam), soon).toContain('好，不做了');
    expect(sent()?.userIds).toEqual(['staff1']);
    gateway.said.length = 0;
    await app.conversations.outbox.put('dingtalk:cidP1', { reply: { text: '通知' } });
    await expect.poll(() => String(sent()?.msgParam), soon).toContain('通知');
  });

  test('somebody outside the organisation is answered in their session', async () => {
    const stranger = { conversationType: '1', senderStaffId: '', senderId: '$:stranger' };
    gateway.say('有哪些失败', { group: 'cidX', more: stranger });
    const session = () => gateway.said.filter(({ path }) => path === '/robot/sendBySession');
    await expect.poll(() => session().length, soon).toBe(1);
    expect(shown()).toEqual([]);
  });

  test('pictures are answered, frames that are no JSON survived', async () => {
    for (const socket of gateway.sockets) socket.send('not json');
    gateway.say('', { more: { msgtype: 'picture', content: { downloadCode: 'x' } } });
    await expect.poll(() => JSON.stringify(gateway.said), soon).toContain('图片我看不了');
  });
});

describe('Feishu, by its real SDK', () => {
  let gateway: FakeFeishu;
  let app: TestApp;
  beforeAll(async () => {
    ({ gateway, app } = await startOnFeishu());
  });
  afterAll(async () => {
    await app.end();
    await gateway.stop();
  });
  afterEach(() => {
    gateway.said.length = 0;
  });
  const sent = () =>
    gateway.said
      .filter(({ path, body }) => path.includes('/messages') && body.content)
      .map(({ method, path, body }) => ({
        method,
        path,
        type: body.msg_type,
        content: JSON.parse(String(body.content)),
      }));
  const title = (content: { header?: { title: { content: string } } }) => content.header?.title.content ?? '';

  test('the conversation in its thread: a sentence, a card, a press, and the same card to the end', async () => {
    gateway.say('同步昨天的订单', { id: 'om_asked' });
    await expect.poll(() => sent().length, soon).toBeGreaterThan(0);
    expect(gateway.said[0]?.path).toContain('/reactions'); // a sign of life first
    const [asked] = sent();
    if (!asked) throw new Error('nothing was sent');
    expect(asked.path).toBe('/open-apis/im/v1/messages/om_asked/reply');
    expect(title(asked.content)).toBe('要把这些出库单写进金蝶吗？');
    const [button] = asked.content.body.elements.find(({ tag }: { tag: string }) => tag === 'column_set').columns[0]
      .elements;
    gateway.press(button.behaviors[0].value);
    await expect.poll(() => title(sent().at(-1)?.content), soon).toMatch(/同步完成，有失败/);
    expect(gateway.said.filter(({ path }) => path.endsWith('/reactions'))).toHaveLength(1); // none to a press
    const moves = sent().filter(({ method }) => method === 'PATCH');
    expect(new Set(moves.map(({ path }) => path)).size).toBe(1);
  });

  test('a form: what is filled in joins its button, and nothing else does', async () => {
    await app.conversations.outbox.put('feishu:oc_1', { reply: { text: '', card: cards.form } });
    await app.conversations.outbox.flush();
    const filled = { target: 'NOPE', map: 'shop_to_customer', source: '1', evil: 'x' };
    gateway.press({ card: cards.form.id, button: 'submit' }, { form: filled });
    await expect.poll(() => JSON.stringify(sent()), soon).toContain('金蝶里没有 NOPE');
  });

  test('a button that is there no more says so', async () => {
    gateway.press({ card: 'long-gone', button: '0' });
    await expect.poll(() => JSON.stringify(sent()), soon).toContain('这个按钮用不了了');
  });

  test('in a thread the answer stays in it', async () => {
    const { sender, message } = gateway.message('帮助', { id: 'om_thread' }) as { sender: object; message: object };
    gateway.push('im.message.receive_v1', { sender, message: { ...message, thread_id: 'omt_1' } });
    await expect.poll(() => sent().length, soon).toBe(1);
    expect(gateway.said.at(-1)).toMatchObject({
      path: '/open-apis/im/v1/messages/om_thread/reply',
      body: { reply_in_thread: true },
    });
  });

  test('in private nobody has to be mentioned; a notice goes there, too', async () => {
    const { sender, message } = gateway.message('帮助', { chat: 'oc_p', mention: '' }) as {
      sender: object;
      message: object;
    };
    gateway.push('im.message.receive_v1', { sender, message: { ...message, chat_type: 'p2p' } });
    await expect.poll(() => sent().length, soon).toBe(1);
    await app.conversations.outbox.put('feishu:oc_p', { reply: { text: '通知' } });
    await expect.poll(() => gateway.said.at(-1)?.body.receive_id, soon).toBe('oc_p');
  });

  test('a card that wants somebody’s attention mentions them', async () => {
    const card = { id: 'alert-1', title: '🔴', tone: 'bad' as const, blocks: [], buttons: [] };
    await app.conversations.outbox.put('feishu:oc_1', { reply: { text: '', card }, at: 'feishu:ou_boss' });
    await expect.poll(() => JSON.stringify(sent()), soon).toContain('<at id=ou_boss></at>');
  });

  test('what is not for us is left alone; other people’s mentions stay', async () => {
    gateway.say('昨天的货发了吗', { mention: '' });
    gateway.say('帮我看看', { mention: 'ou_other' });
    gateway.push('im.message.receive_v1', {
      ...gateway.message('同步昨天的订单'),
      sender: { sender_id: { open_id: 'ou_app' }, sender_type: 'app' },
    });
    gateway.say('帮助');
    await expect.poll(() => sent().length, soon).toBe(1);
    expect(JSON.stringify(sent())).toContain('我是小青');
  });

  test('delivered four times, answered once', async () => {
    const message = gateway.message('有哪些失败', { id: 'om_same' });
    for (let n = 0; n < 4; n++) gateway.push('im.message.receive_v1', message);
    await expect.poll(() => sent().length, soon).toBe(1);
    gateway.say('帮助');
    await expect.poll(() => sent().length, soon).toBe(2);
  });

  test.each([
    ['a limit said in HTTP 200', { code: 230020, times: 2 }],
    ['429', { code: 99991400, times: 2, status: 429 }],
  ])('%s: said again, and arrives once', async (_what, refuse) => {
    gateway.refuse = refuse;
    gateway.say('帮助');
    await expect.poll(() => gateway.refuse?.times, soon).toBe(0);
    const later = () => {
      app.clock.now += 1000;
      return sent().length;
    };
    await expect.poll(later, soon).toBe(1);
  });

  test('a card it will not have arrives as text', async () => {
    gateway.say('有哪些失败');
    gateway.refuse = { code: 230099, times: 2 };
    await expect.poll(() => sent().some(({ type }) => type === 'text'), soon).toBe(true);
  });

  test('a token that died is asked for again', async () => {
    gateway.expireToken();
    gateway.say('你好');
    await expect.poll(() => sent().length, soon).toBe(1);
  });

  test('added to a group: a welcome with three things to try', async () => {
    gateway.push('im.chat.member.bot.added_v1', { chat_id: 'oc_new', operator_id: { open_id: 'ou_1' } });
    await expect.poll(() => JSON.stringify(sent()), soon).toContain('含税单价怎么来的');
  });
});
