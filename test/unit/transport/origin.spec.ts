import { describe, expect, it } from '@jest/globals';
import { hostsFault, isOverseas, isSafeOrigin, OVERSEAS_FAULT } from '../../../lib/transport/origin.js';

const HOST = 'https://api.mch.weixin.qq.com';
const NO_LIST = 'must be a list of origins, such as ["https://api.mch.weixin.qq.com"].';
const unsafe = (number: number) =>
  `must be origins without a path, https or plain http to a loopback address; number ${number} is not.`;

describe('isSafeOrigin', () => {
  it.each([
    [true, HOST],
    [true, `${HOST}/`],
    [true, 'https://egress.internal:8443'],
    [true, 'http://127.0.0.1:3000'],
    [false, 'http://10.0.0.1'],
    [false, 'ftp://localhost'],
    [false, `${HOST}/v3`],
    [false, `${HOST}?x=1`],
    [false, 'https://user@api.mch.weixin.qq.com'],
    [false, 'api.mch.weixin.qq.com'],
    [false, new URL(HOST)],
    [false, undefined],
  ])('returns %j for %s', (expected, host) => {
    expect(isSafeOrigin(host)).toBe(expected);
  });
});

describe('isOverseas', () => {
  it.each([
    [true, 'https://apihk.mch.weixin.qq.com'],
    [true, 'https://apius.mch.weixin.qq.com'],
    [true, 'https://APIHK2.mch.weixin.qq.com:8443'],
    [true, 'https://apihk12.mch.weixin.qq.com'],
    [false, HOST],
    [false, 'https://apihkx.mch.weixin.qq.com'],
    [false, 'https://proxy-apihk.mch.weixin.qq.com'],
    [false, 'https://apihk.mch.weixin.qq.com.internal'],
    [false, 'apihk.mch.weixin.qq.com'],
    [false, new URL('https://apihk.mch.weixin.qq.com')],
    [false, undefined],
  ])('returns %j for %s', (expected, host) => {
    expect(isOverseas(host)).toBe(expected);
  });
});

describe('hostsFault', () => {
  it.each<[unknown, string | undefined]>([
    [undefined, undefined],
    [[HOST], undefined],
    [HOST, NO_LIST],
    [[], NO_LIST],
    [null, NO_LIST],
    [[HOST, 'https://apihk.mch.weixin.qq.com'], OVERSEAS_FAULT],
    [['http://10.0.0.1', HOST], unsafe(1)],
    [[HOST, 42], unsafe(2)],
  ])('finds the fault of %j', (hosts, fault) => {
    expect(hostsFault(hosts)).toBe(fault);
  });

  it('explains why a host of overseas merchants is refused', () => {
    expect(OVERSEAS_FAULT).toBe(
      'must not be a host of overseas merchants (境外商户), such as apihk.mch.weixin.qq.com: their API has other paths and replies, and is not supported.',
    );
  });
});
