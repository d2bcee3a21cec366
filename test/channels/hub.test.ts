import { expect, test } from 'vitest';
import { WebHub } from '../../src/channels/web/hub.ts';

test('of many conversations the latest are kept: anybody may name a new one', () => {
  const hub = new WebHub();
  const said = { from: 'me', at: '2026-11-24T07:00:00Z', text: '在吗' } as const;
  for (let n = 0; n < 1000; n++) hub.remember(`web:${n}`, said);
  hub.remember('web:0', said);
  hub.remember('web:new', said);
  expect(hub.messages('web:0')).toHaveLength(2);
  expect(hub.messages('web:new')).toHaveLength(1);
  expect(hub.messages('web:1')).toEqual([]);
});
