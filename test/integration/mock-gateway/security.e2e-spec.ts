import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Rsa } from 'wechatpay-axios-plugin';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { unrelatedClient } from '../../support/signing/unrelated-client.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

let gateway: MockWxPayGateway;

beforeAll(async () => {
  gateway = await startGateway({ signErrors: true });
});
afterAll(() => gateway.stop());

const ask = async (body: object, serialNo?: string) => {
  const headers = serialNo === undefined ? {} : { 'Wechatpay-Serial': serialNo };
  const { status, data } = await unrelatedClient(gateway)
    .chain('v3/security/echo')
    .post(body, { headers, validateStatus: () => true });
  return { status, data: data as Record<string, unknown> };
};

describe('MockWxPayGateway, asked by an unrelated client to test its keys', () => {
  it('repeats the message, and the other one encrypted for the merchant', async () => {
    const { platformPublicKey, merchantPrivateKey, publicKeyId } = gateway.keys;
    const encrypted = Rsa.encrypt('张三', platformPublicKey);

    const { status, data } = await ask(
      { echo_message: 'hello', encrypted_echo_message: encrypted },
      publicKeyId,
    );

    expect([status, data.echo_message]).toEqual([200, 'hello']);
    expect(data.encrypted_echo_message).not.toBe(encrypted);
    expect(Rsa.decrypt(String(data.encrypted_echo_message), merchantPrivateKey)).toBe('张三');
    expect(gateway.requests.at(-1)?.operation).toBe('security.echo');
  });

  it('repeats a message that comes alone, with an address for the notification', async () => {
    const body = { echo_message: 'hello', notify_url: 'https://shop.example/pay' };

    const { status, data } = await ask(body, gateway.keys.publicKeyId);

    expect([status, data]).toEqual([200, { echo_message: 'hello' }]);
  });

  it.each([
    ['no key is named', { echo_message: 'hello' }, undefined],
    ['an unknown key is named', { echo_message: 'hello' }, 'PUB_KEY_ID_9'],
    ['there is no message', {}, 'own'],
    ['there is an unknown field', { echo_message: 'hello', other: 1 }, 'own'],
    [
      'the message was encrypted with another key',
      { echo_message: 'a', encrypted_echo_message: 'AAAA' },
      'own',
    ],
    ['WeChat Pay cannot reach the address', { echo_message: 'a', notify_url: 'http://localhost/pay' }, 'own'],
  ])('refuses it if %s', async (_, body, serialNo) => {
    const { status, data } = await ask(body, serialNo === 'own' ? gateway.keys.publicKeyId : serialNo);

    expect([status, data.code]).toEqual([400, 'PARAM_ERROR']);
  });
});
