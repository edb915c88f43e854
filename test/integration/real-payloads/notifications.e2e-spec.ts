import { afterAll, expect } from '@jest/globals';
import { PublicKeyVerifier, RsaSigner, WxPayMerchants, type WxPayMerchant } from 'nestjs-wxpay';
import {
  PAYLOAD_KINDS,
  testPayloads,
  type Ask,
  type RealPayload,
} from '../../support/fixtures/real-payloads.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';
import { seal, signNotification } from '../../support/signing/signed-notification.js';
import { useV2PayloadServer } from '../../support/servers/v2-payload-server.js';

const API_V3_KEY = '0123456789abcdef0123456789abcdef';
const SERIAL = 'PUB_KEY_ID_0119000000012026';
const keys = rsaKeys();
const merchants = new WxPayMerchants();
afterAll(() => merchants.onModuleDestroy());
const server = useV2PayloadServer();
let registered = 0;

/** The merchant that a notification names, or that it came to all the same. */
function receiverOf({ payload, options }: RealPayload): WxPayMerchant {
  const named: Readonly<Record<string, string | undefined>> = JSON.parse(payload);
  return merchants.register(`shop-${++registered}`, {
    mchid: options?.mchid ?? named.combine_mchid ?? named.sp_mchid ?? named.mchid ?? '1900000001',
    signer: new RsaSigner({
      privateKey: keys.privatePem,
      serialNo: '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
    }),
    verifier: new PublicKeyVerifier({ publicKey: keys.publicPem, publicKeyId: SERIAL }),
    apiV3Key: API_V3_KEY,
    sharedMchid: true,
  });
}

/** The notification as it is sent: the payload encrypted within its envelope, the whole signed. */
function sent({ payload, options }: RealPayload): ReturnType<typeof signNotification> {
  const resource = options?.envelope?.resource ?? {};
  const { ciphertext, nonce } = seal(API_V3_KEY, payload, resource.associated_data ?? '');
  const envelope = { ...options?.envelope, resource: { ...resource, ciphertext, nonce } };
  const signed = signNotification(
    { platformPrivateKey: keys.privatePem, serialNo: SERIAL, apiV3Key: API_V3_KEY },
    { body: JSON.stringify(envelope) },
  );
  if (options?.signature === undefined) return signed;
  const { 'Wechatpay-Signature': _genuine, ...others } = signed.headers;
  const headers = options.signature === '' ? others : { ...others, 'Wechatpay-Signature': options.signature };
  return { ...signed, headers };
}

const asks: Readonly<Record<(typeof PAYLOAD_KINDS.notifications)[number], Ask>> = {
  'v3.notify': async (payload) => {
    const notification = await receiverOf(payload).readNotification(sent(payload));
    const whole: unknown = JSON.parse(payload.payload);
    if (payload.want === 'accept') {
      expect(notification.originalType).toBe(
        payload.options?.envelope?.resource.original_type ?? 'transaction',
      );
    }
    if (notification.originalType === 'transaction' || notification.originalType === 'refund') {
      expect(notification.resource.raw).toEqual(whole);
      return notification.resource;
    }
    expect(notification.resource).toEqual(whole);
    return undefined;
  },
  'v2.notify': async (payload) => {
    const { merchant, text, fields } = server.prepare(payload);
    const { resource } = await merchant.readNotification({
      headers: { 'content-type': 'text/xml' },
      body: Buffer.from(text),
    });
    expect(resource).toHaveProperty('raw', fields);
    return resource;
  },
};

testPayloads(asks);
