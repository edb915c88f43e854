import { describe, expect, it, jest } from '@jest/globals';
import { text } from 'node:stream/consumers';
import { createProbe, keeps } from '../../../../lib/notifications/start-up/parser-probe.js';

describe('createProbe', () => {
  it.each([
    ['application/json', '{}'],
    ['text/xml', '<xml></xml>'],
  ] as const)('looks like a notification of type %s', async (type, body) => {
    const probe = createProbe(type);

    expect(probe).toMatchObject({
      method: 'POST',
      readableObjectMode: false,
      headers: {
        'content-type': type,
        'content-length': String(body.length),
        'wechatpay-timestamp': '0',
        'wechatpay-nonce': '0',
        'wechatpay-serial': '0',
        'wechatpay-signature': '0',
      },
    });
    expect(await text(probe)).toBe(body);
  });

  it.each(['url', 'originalUrl', 'baseUrl', 'path', 'query', 'params'])('fails if its %s is read', (name) => {
    const probe = createProbe('application/json');

    expect(() => Reflect.get(probe, name) as unknown).toThrow('A probe has no address.');
  });
});

describe('keeps', () => {
  it('returns undefined for a parser that does not end within a second', async () => {
    jest.useFakeTimers();
    try {
      const kept = keeps(createProbe('application/json'), () => new Promise<void>(() => {}));
      await jest.advanceTimersByTimeAsync(1_000);

      expect(await kept).toBeUndefined();
    } finally {
      jest.useRealTimers();
    }
  });

  it('returns undefined for a parser that fails', async () => {
    const fail = () => Promise.reject(new Error('A probe has no address.'));

    expect(await keeps(createProbe('application/json'), fail)).toBeUndefined();
  });

  it('finds the bytes that a parser keeps', async () => {
    const probe = createProbe('application/json');
    const keep = async () => void Object.assign(probe, { rawBody: Buffer.from('{}') });

    expect(await keeps(probe, keep)).toBe(true);
    expect(await keeps(createProbe('application/json'), async () => {})).toBe(false);
  });
});
