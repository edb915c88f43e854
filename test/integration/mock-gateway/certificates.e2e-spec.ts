import { afterEach, describe, expect, it } from '@jest/globals';
import { X509Certificate, verify } from 'node:crypto';
import { Aes } from 'wechatpay-axios-plugin';
import { MockWxPayGateway, type MockWxPayGatewayOptions } from 'nestjs-wxpay/testing';
import { WxPayMerchants } from 'nestjs-wxpay';
import { handSign, QUERY_A1, send, type RawReply } from '../../support/signing/hand-signed-request.js';
import { unrelatedClient } from '../../support/signing/unrelated-client.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const merchants = new WxPayMerchants();
const started: MockWxPayGateway[] = [];

const start = async (options: MockWxPayGatewayOptions) => {
  const gateway = await startGateway(options);
  started.push(gateway);
  gateway.orders.create({ outTradeNo: 'A1', amount: { total: 100 } });
  return gateway;
};
const ask = (gateway: MockWxPayGateway, serial?: string, path = QUERY_A1) => {
  const request = handSign(gateway, { path });
  const naming = serial === undefined ? {} : { 'Wechatpay-Serial': serial };
  return send(gateway, { ...request, headers: { ...request.headers, ...naming } });
};
const signerOf = ({ headers }: RawReply) => headers['wechatpay-serial'];

afterEach(async () => {
  for (const name of merchants.names()) merchants.unregister(name);
  await Promise.all(started.splice(0).map((gateway) => gateway.stop()));
});

describe('MockWxPayGateway with platform certificates', () => {
  it('lists them, encrypted with the APIv3 key, for an unrelated client', async () => {
    const gateway = await start({ platformCertificates: 'only' });
    const [listed] = gateway.platformCertificates;
    const { serialNo = '', certificate = '' } = listed ?? {};

    const { data } = await unrelatedClient(gateway, { [serialNo]: certificate })
      .chain('v3/certificates')
      .get();

    expect(data).toEqual({
      data: [
        {
          serial_no: serialNo,
          effective_time: expect.stringMatching(/^[-\d]{10}T[:\d]{8}\+08:00$/),
          expire_time: expect.any(String),
          encrypt_certificate: {
            algorithm: 'AEAD_AES_256_GCM',
            nonce: expect.stringMatching(/^\w{12}$/),
            associated_data: 'certificate',
            ciphertext: expect.any(String),
          },
        },
      ],
    });
    const [{ encrypt_certificate: sealed, effective_time: since }] = data.data;
    const { apiV3Key } = gateway.keys;
    const opened = Aes.AesGcm.decrypt(sealed.ciphertext, apiV3Key, sealed.nonce, sealed.associated_data);
    expect(opened).toBe(certificate);
    expect(new X509Certificate(opened).serialNumber).toBe(serialNo);
    expect(new Date(since)).toEqual(new Date(new X509Certificate(opened).validFrom));
  });

  it('has none unless asked to, as new merchants do', async () => {
    const gateway = await start({});

    const reply = await ask(gateway, undefined, '/v3/certificates');

    expect(reply.status).toBe(404);
    expect(JSON.parse(reply.body)).toMatchObject({ code: 'RESOURCE_NOT_EXISTS' });
    expect(gateway.platformCertificates).toEqual([]);
    await expect(gateway.rotateCertificate()).rejects.toThrow(
      'There is no certificate to rotate. Start the gateway with platformCertificates: true.',
    );
  });

  it('signs with the key that the request names', async () => {
    const gateway = await start({ platformCertificates: true });
    const { publicKeyId, platformPublicKey } = gateway.keys;
    const [{ serialNo, certificate } = { serialNo: '', certificate: '' }] = gateway.platformCertificates;

    const replies = [await ask(gateway, publicKeyId), await ask(gateway, serialNo), await ask(gateway)];

    expect(replies.map(signerOf)).toEqual([publicKeyId, serialNo, serialNo]);
    const keys = [platformPublicKey, certificate, certificate];
    expect(replies.map((reply, i) => isSignedWith(keys[i] ?? '', reply))).toEqual([true, true, true]);
  });

  it('signs with the public key where no key is named, if told to', async () => {
    const gateway = await start({ platformCertificates: true, signWith: 'public-key' });

    expect(signerOf(await ask(gateway))).toBe(gateway.keys.publicKeyId);
  });

  it('knows no public key if it has certificates only', async () => {
    const gateway = await start({ platformCertificates: 'only' });

    const reply = await ask(gateway, gateway.keys.publicKeyId);

    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body)).toMatchObject({ message: '平台证书序列号Wechatpay-Serial错误' });
  });

  it('signs with a new certificate after a rotation, whichever is named, and lists the old one until it is removed', async () => {
    const gateway = await start({ platformCertificates: true });
    const [{ serialNo: old } = { serialNo: '' }] = gateway.platformCertificates;

    const { serialNo: fresh } = await gateway.rotateCertificate();
    const rotated = await ask(gateway, old);
    const list = await ask(gateway, old, '/v3/certificates');
    const listed = gateway.platformCertificates.map(({ serialNo }) => serialNo);
    gateway.removeCertificate(old);
    const refused = await ask(gateway, old);

    // Who holds the old one has to be able to believe the list.
    expect([signerOf(rotated), signerOf(list)]).toEqual([fresh, old]);
    expect(listed).toEqual([old, fresh]);
    expect(refused.status).toBe(400);
    expect(gateway.platformCertificates.map(({ serialNo }) => serialNo)).toEqual([fresh]);
  });

  it.each(['RSA', 'ALL'])('takes the algorithm %s, and no unknown one', async (algorithm) => {
    const gateway = await start({ platformCertificates: true });

    const [known, unknown] = [
      await ask(gateway, undefined, `/v3/certificates?algorithm_type=${algorithm}`),
      await ask(gateway, undefined, '/v3/certificates?algorithm_type=SM2'),
    ];

    expect([known.status, unknown.status]).toEqual([200, 400]);
    expect(gateway.requests.at(-1)).toMatchObject({ operation: 'certificates.download' });
  });
});

describe('MockWxPayGateway.verifier', () => {
  it.each([
    ['public-key', true, 'PUB_KEY_ID'],
    ['certificates', true, '5'],
    ['both', true, 'PUB_KEY_ID'],
    ['certificates', 'only', '5'],
  ] as const)(
    'makes a merchant verify with %s (certificates: %s)',
    async (kind, platformCertificates, signer) => {
      const gateway = await start({ platformCertificates });
      const { orderQuery } = merchants.register('m', gateway.options({ verifier: gateway.verifier(kind) }));

      const order = await orderQuery.query({ outTradeNo: 'A1' });

      expect(order.tradeState).toBe('NOTPAY');
      const { headers } = gateway.requests.at(-1) ?? {};
      expect(String(headers?.['wechatpay-serial'])).toMatch(new RegExp(`^${signer}`));
    },
  );

  it('verifies with certificates by default if the gateway has no public key', async () => {
    const gateway = await start({ platformCertificates: 'only' });
    const { orderQuery } = merchants.register('m', gateway.options());

    const before = await orderQuery.query({ outTradeNo: 'A1' });
    await gateway.rotateCertificate();
    const after = await orderQuery.query({ outTradeNo: 'A1' });

    expect([before.tradeState, after.tradeState]).toEqual(['NOTPAY', 'NOTPAY']);
  });
});

function isSignedWith(key: string, { headers, body }: RawReply): boolean {
  const message = `${String(headers['wechatpay-timestamp'])}\n${String(headers['wechatpay-nonce'])}\n${body}\n`;
  const signature = Buffer.from(String(headers['wechatpay-signature']), 'base64');
  return verify('sha256', Buffer.from(message), key, signature);
}
