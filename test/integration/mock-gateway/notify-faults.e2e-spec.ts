import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway, type MockNotificationFault } from 'nestjs-wxpay/testing';
import {
  decrypted,
  decryptedUnproven,
  fieldsOf,
  isGenuineV2Notification,
  isGenuineV3,
  useNotifiedApp,
  type ReceivedNotification,
} from '../../support/harness/notified-app.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const app = useNotifiedApp();
let gateway: MockWxPayGateway;

beforeAll(async () => {
  gateway = await startGateway();
  gateway.orders.create({ outTradeNo: 'A1', amount: { total: 100 } });
  gateway.orders.pay('A1');
});
afterAll(() => gateway.stop());

const genuine = () => isGenuineV3(gateway, app.last);
const told = () => decrypted(gateway, app.last);
const idOf = ({ body }: ReceivedNotification) => (JSON.parse(body) as { id: string }).id;
const secondsOff = () => Number(app.last.headers['wechatpay-timestamp']) - Date.now() / 1000;
const notify = (fault: MockNotificationFault) => gateway.notify('A1', app.url, fault);
const notifyV2 = (options: MockNotificationFault | object = {}) =>
  gateway.notify('A1', app.url, { api: 'v2', ...options });

describe('MockWxPayGateway.notify with a fault', () => {
  it.each<[MockNotificationFault['fault'], isWrong: () => boolean]>([
    ['unsigned', () => !('wechatpay-signature' in app.last.headers)],
    ['wrong-signature', () => !genuine()],
    ['wrong-nonce', () => !genuine()],
    ['tampered-body', () => !genuine() && told()['out_trade_no'] === 'A1'],
    ['unknown-serial', () => app.last.headers['wechatpay-serial'] !== gateway.keys.publicKeyId],
    ['probe', () => String(app.last.headers['wechatpay-signature']).startsWith('WECHATPAY/SIGNTEST/')],
    ['other-merchant', () => genuine() && told()['mchid'] === '1999999999'],
    ['wrong-types', () => genuine() && told()['trade_state'] === 0],
    ['decorated', () => genuine() && JSON.stringify(told()['scene_info']) === '[]'],
    ['wrong-content-type', () => genuine() && app.last.headers['content-type'] === 'text/plain'],
    ['malformed', () => genuine() && !app.last.body.endsWith('}')],
  ])('sends a notification with the fault %s', async (fault, isWrong) => {
    // Each is a fault that takes no more than its name.
    await notify({ fault } as MockNotificationFault);

    expect(isWrong()).toBe(true);
  });

  it.each(['tampered-ciphertext', 'wrong-key'] as const)(
    'is validly signed, and cannot be decrypted: %s',
    async (fault) => {
      await notify({ fault });

      expect(genuine()).toBe(true);
      expect(told).toThrow(/unable to authenticate/i);
    },
  );

  it('sends another amount in the ciphertext, which only the authentication tag shows', async () => {
    await notify({ fault: 'tampered-ciphertext' });

    expect(decryptedUnproven(gateway, app.last)).toMatchObject({
      out_trade_no: 'A1',
      amount: { total: 100, payer_total: 101 },
    });
  });

  it('rejects when the resource has no digit to tamper with', async () => {
    const notifying = gateway.notify('A1', app.url, { fault: 'tampered-ciphertext', resource: {} });

    await expect(notifying).rejects.toThrow('There is no digit to tamper with in the resource.');
  });

  it.each([-301, 301])('signs a notification whose timestamp is %i seconds off', async (off) => {
    await notify({ fault: 'timestamp', secondsOff: off });

    expect(genuine()).toBe(true);
    expect(Math.abs(secondsOff() - off)).toBeLessThan(5);
  });

  it('leaves out the header named', async () => {
    await notify({ fault: 'missing-header', header: 'Wechatpay-Nonce' });

    expect(app.last.headers).not.toHaveProperty('wechatpay-nonce');
    expect(app.last.headers).toHaveProperty('wechatpay-signature');
  });

  it.each<MockNotificationFault>([
    { fault: 'doctype' },
    { fault: 'downgraded' },
    { fault: 'duplicate-tag' },
    { fault: 'recut' },
  ])('explains that APIv3 does not have the fault %j', async (fault) => {
    await expect(notify(fault)).rejects.toThrow(`APIv3 has no fault "${fault.fault}".`);
  });
});

describe('MockWxPayGateway.notify and resend', () => {
  it('sends the same notification again, right this time', async () => {
    const first = await notify({ fault: 'wrong-key' });
    const wrong = app.last;
    const second = await first.resend();

    expect(second.accepted).toBe(true);
    expect(genuine()).toBe(true);
    expect(told()).toMatchObject({ out_trade_no: 'A1' });
    expect(idOf(app.last)).toBe(idOf(wrong));
    expect(app.last.headers['wechatpay-nonce']).not.toBe(wrong.headers['wechatpay-nonce']);
  });

  it('sends it again with another fault, and as often as asked', async () => {
    const first = await gateway.notify('A1', app.url);
    const again = await first.resend({ fault: 'probe' });
    const isProbe = !genuine();
    await Promise.all([again.resend(), again.resend()]);

    expect(isProbe).toBe(true);
    expect(new Set(app.received.map(idOf)).size).toBe(1);
    expect(app.received).toHaveLength(4);
  });
});

describe('MockWxPayGateway.notify and what the app answers', () => {
  it.each([
    [200, true],
    [204, true],
    [201, false],
    [302, false],
    [401, false],
    [500, false],
  ])('resolves, whatever it is: %i', async (status, accepted) => {
    app.answerWith({
      status,
      body: status === 204 ? undefined : 'text',
      headers: { Location: '/elsewhere' },
    });

    const reply = await gateway.notify('A1', app.url);

    expect(reply).toMatchObject({ status, accepted, body: status === 204 ? '' : 'text' });
    expect(reply.problem).toBe(accepted ? undefined : `The app answered ${status}, not 200 or 204.`);
    expect(app.received).toHaveLength(1);
  });

  it('resolves when there is none in time', async () => {
    app.answerWith(undefined);

    expect(await gateway.notify('A1', app.url, { timeoutMs: 50 })).toMatchObject({
      accepted: false,
      body: '',
      problem: 'There was no answer within 50 ms.',
    });
  });

  it('resolves when nobody listens', async () => {
    const reply = await gateway.notify('A1', 'http://127.0.0.1:1/notify');

    expect(reply.accepted).toBe(false);
    expect(reply.problem).toContain('ECONNREFUSED');
    expect(reply).not.toHaveProperty('status');
  });
});

describe('MockWxPayGateway.notify over APIv2', () => {
  it.each([
    [undefined, 'HMAC-SHA256'],
    ['HMAC-SHA256', 'HMAC-SHA256'],
    ['MD5', 'MD5'],
  ] as const)('posts the payment as XML, signed: %s', async (signType, used) => {
    await notifyV2({ signType });

    expect(app.last.headers['content-type']).toBe('text/xml');
    expect(isGenuineV2Notification(gateway, app.last, used)).toBe(true);
    expect(fieldsOf(app.last)).toMatchObject({
      return_code: 'SUCCESS',
      result_code: 'SUCCESS',
      mch_id: '1900000001',
      appid: 'wx8888888888888888',
      out_trade_no: 'A1',
      transaction_id: gateway.orders.get('A1')?.transactionId,
      total_fee: '100',
    });
    expect(fieldsOf(app.last)).not.toHaveProperty('trade_state');
  });

  it.each<[MockNotificationFault['fault'], isWrong: () => boolean]>([
    ['unsigned', () => !('sign' in fieldsOf(app.last))],
    ['wrong-signature', () => !isGenuineV2Notification(gateway, app.last, 'HMAC-SHA256')],
    ['tampered-body', () => !isGenuineV2Notification(gateway, app.last, 'HMAC-SHA256')],
    ['downgraded', () => isGenuineV2Notification(gateway, app.last, 'MD5')],
    ['other-merchant', () => fieldsOf(app.last)['mch_id'] === '1999999999'],
    ['wrong-types', () => fieldsOf(app.last)['total_fee'] === 'much'],
    ['decorated', () => fieldsOf(app.last)['coupon_id_0'] === '10000'],
    ['wrong-content-type', () => app.last.headers['content-type'] === 'text/html'],
    ['malformed', () => !app.last.body.endsWith('</xml>')],
    ['doctype', () => app.last.body.startsWith('<!DOCTYPE')],
    ['duplicate-tag', () => app.last.body.split('<nonce_str>').length === 3],
    [
      'recut',
      () =>
        isGenuineV2Notification(gateway, app.last, 'HMAC-SHA256') && fieldsOf(app.last)['total_fee'] === '1',
    ],
  ])('sends a notification with the fault %s', async (fault, isWrong) => {
    await notifyV2({ fault });

    expect(isWrong()).toBe(true);
  });

  it.each(['probe', 'tampered-ciphertext', 'wrong-key'])(
    'explains that APIv2 does not have the fault %s',
    async (fault) => {
      await expect(notifyV2({ fault })).rejects.toThrow(`APIv2 has no fault "${fault}".`);
    },
  );

  const OK =
    '<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>';
  it.each<[status: number, body: string, problem: string | undefined]>([
    [200, OK, undefined],
    [200, '<xml><return_code>FAIL</return_code></xml>', 'The app answered return_code FAIL, not SUCCESS.'],
    [200, '', "The app's answer is no message of APIv2: it does not begin with <xml>."],
    [500, OK, 'The app answered 500, not 200.'],
  ])('reads the answer: %i %s', async (status, body, problem) => {
    app.answerWith({ status, body });

    const reply = await notifyV2();

    expect(reply).toMatchObject({ status, body, accepted: problem === undefined });
    expect(reply.problem).toBe(problem);
  });
});
