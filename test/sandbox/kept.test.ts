import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { base, type Row, wireUp } from './wire.ts';

const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-kept-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('what was accepted and changed is there after a restart, also from before there were other forms', async () => {
  const old = {
    id: 100_007,
    number: 'JST7',
    status: 'C',
    model: { FBillNo: 'JST7', FDate: '2026-11-20', FEntity: [{ FRealQty: 1 }] },
  };
  const lines = [
    { kind: 'bill', bill: old },
    { kind: 'bill', bill: { ...old, id: 100_008, number: 'JST8', status: 'A' } },
  ];
  const gone = { kind: 'delete', number: 'JST8' };
  writeFileSync(join(dir, 'kingdee.jsonl'), [...lines, gone].map((event) => `${JSON.stringify(event)}\n`).join(''));
  const before = await wireUp({ dir });
  const [refund] = (await before.door('jushuitan', 'refunds?day=2026-11-20')) as Row[];
  await before.door('jushuitan', `refunds/${refund?.as_id}`, { status: 'Cancelled' });
  await before.door('kingdee', 'rules', { ownNumbers: true });
  await before.end();

  const after = await wireUp({ dir });
  try {
    expect(await after.door('kingdee', 'bills')).toEqual([{ ...old, form: 'SAL_OUTSTOCK' }]);
    const late = { modified_begin: '2026-11-24 14:59:00', modified_end: '2026-11-24 15:01:00' };
    const found = [
      ...(await after.open('/open/refund/single/query', late)).rows,
      ...(
        await after.qimen('jushuitan.refund.list.query', {
          start_time: late.modified_begin,
          end_time: late.modified_end,
        })
      ).rows,
    ];
    expect(found).toMatchObject([{ as_id: refund?.as_id, status: 'Cancelled' }]);
    const model = {
      FBillTypeID: base('QTCKD01_SYS'),
      FBillNo: 'N1',
      FDate: '2026-11-23',
      FStockOrgId: base('100'),
      FPickOrgId: base('100'),
      FDeptId: base('BM001'),
      FOwnerTypeIdHead: 'BD_OwnerOrg',
      FEntity: [
        {
          FMaterialId: base('QH-CUP-01'),
          FUnitID: base('Pcs'),
          FQty: 1,
          FStockId: base('CK001'),
          FOwnerId: base('100'),
        },
      ],
    };
    const [saved] = (await after.act('STK_MisDelivery', 'Save', { Model: model })).SuccessEntitys;
    expect(saved?.Number).toBe('QTCK000009');
  } finally {
    await after.end();
  }
});
