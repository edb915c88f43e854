import { describe, expect, it } from '@jest/globals';
import { HmacSha256Signer, WxPayProtocolError, type WxPayNotification } from 'nestjs-wxpay';
import { V2NotificationReader } from '../../../lib/v2/notification-reader.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { signatureByHand, xmlByHand } from '../../support/signing/hand-signed-v2.js';
import { PAID_FIELDS, signV2Notification } from '../../support/signing/signed-notification.js';

const KEY = '192006250b4c09247ec02edce69f6a2d';

const reader = new V2NotificationReader({
  merchant: 'shop',
  mchid: '1900000001',
  signer: new HmacSha256Signer({ key: KEY }),
  now: () => 0,
  limits: { timeoutMs: 4_500, maxBytes: 1_048_576 },
});
const read = (body: string | Uint8Array): Promise<WxPayNotification> =>
  reader.read({ headers: {}, body: Buffer.from(body) });

describe('V2NotificationReader, reading a notification that was split anew', () => {
  // What is signed joins names and values as they are, so a customer who fills `attach` writes a part of it.
  const cheap = {
    ...PAID_FIELDS,
    attach:
      'x&mch_id=1900000001&out_trade_no=T2&result_code=SUCCESS&return_code=SUCCESS&time_end=20260601200000&total_fee=999900&transaction_id=1',
  };
  const dear = {
    appid: PAID_FIELDS.appid,
    attach: 'x',
    mch_id: '1900000001',
    out_trade_no: 'T2',
    result_code: 'SUCCESS',
    return_code: 'SUCCESS',
    time_end: '20260601200000',
    total_fee: '999900',
  };
  const { appid: _, attach: __, ...others } = cheap;
  const rest = Object.entries(others)
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join('&');

  it.each<[string, object]>([
    ['the last one of the payment', { transaction_id: `1&${rest}` }],
    ['one of its own', { transaction_id: '1', zz: `&${rest}` }],
  ])(
    'refuses a payment of another order with a valid signature and the rest of the message in %s',
    async (_case, tail) => {
      const names = 'zz' in tail ? { attach: `${cheap.attach}&zz=` } : {};
      const genuine = { ...cheap, ...names };
      const sign = signatureByHand(genuine, 'HMAC-SHA256', KEY);
      const forged = { ...dear, ...tail };
      expect(signatureByHand(forged, 'HMAC-SHA256', KEY)).toBe(sign);

      const error = await failureOf(WxPayProtocolError, read(xmlByHand({ ...forged, sign })));

      expect(error.message).toMatch(
        /\$\.(transaction_id|zz) holds text that could be read as separate fields\./,
      );
    },
  );

  it('refuses the original notification, too, as it cannot be told apart', async () => {
    const error = await failureOf(
      WxPayProtocolError,
      read(signV2Notification(KEY, { attach: cheap.attach })),
    );

    expect(error.path).toBe('$.attach');
  });

  it('refuses another currency with the true one hidden in a text of the customer', async () => {
    const genuine = { ...PAID_FIELDS, attach: 'x', fee_type: 'USD' };
    const { bank_type, cash_fee, fee_type, ...shown } = genuine;
    const attach = `x&bank_type=${bank_type}&cash_fee=${cash_fee}&fee_type=${fee_type}`;
    const sign = signatureByHand(genuine, 'HMAC-SHA256', KEY);
    expect(signatureByHand({ ...shown, attach }, 'HMAC-SHA256', KEY)).toBe(sign);

    const error = await failureOf(WxPayProtocolError, read(xmlByHand({ ...shown, attach, sign })));

    expect(error.path).toBe('$.attach');
  });
});

describe('V2NotificationReader, reading a genuine notification with a text that looks like fields', () => {
  it.each([
    'a=1&b=2',
    'e_id||||1&sub_notify_url||||https://shop.example/?a=1&b=2',
    'Tom & Jerry = fun',
    '&&b==',
  ])('accepts a name that no page documents: %s', async (attach) => {
    const { resource } = await read(signV2Notification(KEY, { attach }));

    expect(resource).toMatchObject({ outTradeNo: 'T1', attach });
  });

  it.each(['fee_type', 'openid', 'coupon_id_0', 'coupon_refund_id_0_1', 'device_info', 'return_msg'])(
    'refuses a name that is documented: %s',
    async (name) => {
      const error = await failureOf(
        WxPayProtocolError,
        read(signV2Notification(KEY, { attach: `x&${name}=1` })),
      );

      expect(error.message).toContain('$.attach holds text that could be read as separate fields.');
    },
  );

  it('does not return the beginning of a text as the whole', async () => {
    // The genuine one has the text "a=1&b=2"; what is signed is the same.
    const { resource } = await read(signV2Notification(KEY, { attach: 'a=1', b: '2' }));

    expect(resource).not.toHaveProperty('attach');
    expect(resource).toMatchObject({ outTradeNo: 'T1', amount: { total: 100 } });
  });
});
