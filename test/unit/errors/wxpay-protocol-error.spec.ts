import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { WxPayProtocolError } from '../../../lib/errors/wxpay-protocol-error.js';

const raw = { out_trade_no: 'T1', payer: { openid: 'personal' } };
const error = new WxPayProtocolError('$.amount', 'The amount is missing.', { merchant: 'eu', raw });

describe('WxPayProtocolError', () => {
  it('has the verified message in raw', () => {
    expect(error.raw).toBe(raw);
  });

  it('has no raw message if none could be parsed', () => {
    expect(new WxPayProtocolError('$', 'The reply is not JSON.').raw).toBeUndefined();
  });

  it.each<[where: string, show: () => string]>([
    ['JSON', () => JSON.stringify(error)],
    ['toJSON', () => inspect(error.toJSON(), { depth: Infinity })],
    ['util.inspect', () => inspect(error, { depth: Infinity, showHidden: true })],
    ['its entries', () => inspect(Object.entries(error), { depth: Infinity })],
    [
      'an error that it caused',
      () => inspect(new Error('It failed.', { cause: error }), { depth: Infinity }),
    ],
  ])('hides the raw message from %s', (_, show) => {
    expect(show()).not.toContain('personal');
  });
});
