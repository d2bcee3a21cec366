import { expect, test } from 'vitest';
import type { KingdeeSettings, SignMethod } from '../../src/config.ts';
import { openSign, topSign } from '../../src/connectors/jushuitan/signature.ts';
import { loginSign, sign, signedHeaders } from '../../src/connectors/kingdee/signature.ts';

const top = {
  app_key: '12345678',
  target_app_key: '23060081',
  customer_id: '10000001',
  method: 'jushuitan.saleout.list.query',
  timestamp: '2026-01-02 03:04:05',
  format: 'json',
  v: '2.0',
  session: '',
  page_index: '1',
  page_size: '50',
  start_time: '2026-01-01 00:00:00',
  end_time: '2026-01-02 00:00:00',
  status: 'Confirmed',
};

test.each<[SignMethod, string]>([
  ['md5', '46294DC5AEF371B097DCBB82812E73FB'],
  ['hmac', 'BD652758DDE199B47EFBCC7CA632A4B1'],
  ['hmac-sha256', 'FF7DD8D6CE8FF2DA5970E884291657A3486A9B042AA51D7F7207F3D07C685448'],
])('the TOP signature by %s', (method, expected) => {
  expect(topSign({ ...top, sign_method: method }, 'demo-top-secret', method)).toBe(expected);
});

test('the signature of Open Platform V2', () => {
  const biz =
    '{"modified_begin":"2026-01-01 00:00:00","modified_end":"2026-01-02 00:00:00","page_index":1,"page_size":50,"status":"Confirmed"}';
  const params = {
    app_key: 'demo-app-key',
    access_token: 'demo-access-token',
    timestamp: '1700000000',
    charset: 'utf-8',
    version: '2',
    biz,
  };
  expect(openSign(params, 'demo-app-secret')).toBe('fda0638077652a0d93f81f0f01c271e6');
});

const kingdee: KingdeeSettings = {
  baseUrl: 'https://erp.example.com/K3Cloud',
  auth: 'signature',
  acctId: 'dcid-1',
  username: 'user-1',
  appId: '123456_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4',
  appSecret: 'test-app-secret-value',
  lcid: 2052,
  orgNum: '100',
};

test.each([
  ['ExecuteBillQuery', 'MjNhMzg5MmZiMWE1MTQ1ZGE5NWFkYmZiZWYxYzhlY2NjNzcwM2ZjNDJlZTczMzBhNzkxOTk1ODhjNDZkMTEzYw=='],
  ['BatchSave', 'NDhmZTA3MzFkYTVmOGZiYjQ5ZThlY2MyM2E0NWYxNTkzNWVhZWQ1MDY4ZTFiOWZjYjQ4NGVlZWQyZWFkNjRlZQ=='],
])('the signed headers of %s', (operation, expected) => {
  const url = `${kingdee.baseUrl}/Kingdee.BOS.WebApi.ServicesStub.DynamicFormService.${operation}.common.kdsvc`;
  const headers = signedHeaders(kingdee, url, '1700000000');
  expect(headers['X-Api-Signature']).toBe(expected);
  expect(headers['X-Kd-Appdata']).toBe('ZGNpZC0xLHVzZXItMSwyMDUyLDEwMA==');
  expect(headers['X-Kd-Signature']).toBe(
    'NjI5MzRiZGVhNGJhOWY2N2Y2YzQ2MzQ5ODA3N2JiZTRiMDRmOTUwNjI3YWIzODU1ODBkZDdhNzgwMzdmMDgxMg==',
  );
});

test('the sign of LoginBySign and of a bare text', () => {
  const values = ['dcid-1', 'user-1', '123456_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4', 'test-app-secret-value', '1700000000'];
  expect(loginSign(values)).toBe('ca8f46720929abb92e54aab9dc72e409d45024c1c5ce71ea8e4f2bd71822ea79');
  expect(sign('POST\n%2Ftest\n\nx-api-nonce:1\nx-api-timestamp:1\n', 'key123')).toBe(
    'MThmZGFiM2U5MGZhNmU0MDQ0MWI1NTNkNmNmMjY2MDY0YzEzZTllNTA0OTBmM2M0NDI2NzFiMTI3NTFkZmU1ZQ==',
  );
});
