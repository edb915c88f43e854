import { describe, expect, it } from '@jest/globals';
import { WxPayProtocolError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { PAID_FIELDS, signV2Notification } from '../../support/signing/signed-notification.js';
import { KEY, readerWith } from '../../support/fixtures/v2-notifications.js';

const read = (body: Buffer) => readerWith().read({ headers: {}, body });

// Whatever else the same key signs, requests and replies, must not pass for a payment.
describe('V2NotificationReader, reading a signed message that is no notification of a payment', () => {
  it.each<[string, Readonly<Record<string, string | undefined>>, string]>([
    ['without a merchant', { mch_id: undefined }, '$.mch_id'],
    ['without a result, like a request', { result_code: undefined }, '$.result_code'],
    ['that was not processed', { return_code: 'FAIL' }, '$.return_code'],
    ['that is the reply to a query of an unpaid order', { trade_state: 'NOTPAY' }, '$.trade_state'],
    ['without a number of WeChat Pay', { transaction_id: undefined }, '$.transaction_id'],
    ['without a number of the merchant', { out_trade_no: undefined }, '$.out_trade_no'],
    ['without an amount', { total_fee: undefined }, '$.total_fee'],
    ['with an amount in words', { total_fee: 'one' }, '$.total_fee'],
    ['without a time', { time_end: undefined }, '$.time_end'],
  ])('throws a protocol error for one %s', async (_, fields, path) => {
    const error = await failureOf(WxPayProtocolError, read(signV2Notification(KEY, fields)));

    expect(error).toMatchObject({ path, merchant: 'shop', raw: { openid: PAID_FIELDS.openid } });
    expect(error.message).toMatch(/signed with the APIv2 key, yet is not what .* promises: \$\./);
  });
});

describe('V2NotificationReader, wording the error of such a message', () => {
  const about = (order: string, problem: string) =>
    `A notification to merchant "shop"${order} is signed with the APIv2 key, yet is not what WeChat Pay's documentation promises: ${problem} Query the order; if it persists, update this package or report it.`;

  it.each([
    [{ return_code: 'FAIL' }, about(' about order T1', '$.return_code is not SUCCESS.')],
    [{ trade_state: 'REFUND' }, about(' about order T1', '$.trade_state is not SUCCESS.')],
    [{ total_fee: '' }, about(' about order T1', '$.total_fee is missing.')],
    [{ out_trade_no: '', mch_id: '' }, about('', '$.mch_id is missing.')],
  ])('names the order, if it is known, and the field: %j', async (fields, message) => {
    const error = await failureOf(WxPayProtocolError, read(signV2Notification(KEY, fields)));

    expect(error.message).toBe(message);
  });

  it('tells what to check if the merchant is another', async () => {
    const error = await failureOf(
      WxPayProtocolError,
      read(signV2Notification(KEY, { mch_id: '1900000002' })),
    );

    expect(error).toMatchObject({ path: '$.mch_id', merchant: 'shop' });
    expect(error.message).toBe(
      'A notification to merchant "shop" about order T1 is signed with the APIv2 key, yet belongs to another merchant: $.mch_id is not 1900000001. Check the notify_url of its orders, and mchid of merchant "shop".',
    );
  });
});
