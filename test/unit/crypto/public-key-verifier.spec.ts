import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sign } from 'node:crypto';
import { PublicKeyVerifier } from '../../../lib/crypto/public-key-verifier.js';
import { RsaSigner } from '../../../lib/crypto/rsa-signer.js';
import { WxPayConfigError } from '../../../lib/errors/wxpay-config-error.js';
import { WxPaySignatureError } from '../../../lib/errors/wxpay-signature-error.js';
import { replyMessage } from '../../../lib/v3/canonical-message.js';
import { certificateFor } from '../../support/fixtures/certificates.js';
import { flip } from '../../support/signing/flip.js';
import { readSignatureSamples } from '../../support/fixtures/official-samples.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

const { reply } = readSignatureSamples();
const keys = rsaKeys();
const serialNo = 'PUB_KEY_ID_0119000072912024';
const verifier = new PublicKeyVerifier({ publicKey: keys.publicPem, publicKeyId: serialNo });

function signatureOf(message: string | Uint8Array): string {
  return sign('sha256', Buffer.from(message), keys.privateKey).toString('base64');
}

describe('PublicKeyVerifier', () => {
  it('requests replies signed with its key', async () => {
    await expect(verifier.acceptedSerialNo()).resolves.toBe(serialNo);
  });

  describe('with the reply of the official page', () => {
    const official = new PublicKeyVerifier({ publicKey: reply.publicKey, publicKeyId: serialNo });
    const { timestamp, nonce, body, signature } = reply;

    it('accepts the signature', async () => {
      const message = replyMessage(timestamp, nonce, Buffer.from(body));

      await expect(official.verify({ message, signature, serialNo })).resolves.toBe(true);
    });

    it.each([
      ['another time', replyMessage('1722850422', nonce, Buffer.from(body))],
      ['another nonce', replyMessage(timestamp, nonce.toUpperCase(), Buffer.from(body))],
      ['another body', replyMessage(timestamp, nonce, Buffer.from(body.replace('JyC91EIz1', 'JyC91EIz2')))],
      ['a space in the body', replyMessage(timestamp, nonce, Buffer.from(body.replace(':', ': ')))],
      ['no body', replyMessage(timestamp, nonce, new Uint8Array())],
    ])('rejects %s', async (_change, message) => {
      await expect(official.verify({ message, signature, serialNo })).resolves.toBe(false);
    });
  });

  it.each([
    ['an empty body', new Uint8Array()],
    ['a body that is no UTF-8', Uint8Array.from([0xff, 0xfe, 0xc3, 0x28])],
  ])('accepts the signature of %s', async (_kind, body) => {
    const message = replyMessage('1722850421', 'nonce', body);

    await expect(verifier.verify({ message, signature: signatureOf(message), serialNo })).resolves.toBe(true);
  });

  it('distinguishes bodies that are not UTF-8', async () => {
    const signed = replyMessage('1722850421', 'nonce', Uint8Array.from([0xff]));
    const received = replyMessage('1722850421', 'nonce', Uint8Array.from([0xfe]));

    await expect(
      verifier.verify({ message: received, signature: signatureOf(signed), serialNo }),
    ).resolves.toBe(false);
  });

  it.each([
    ['an empty signature', ''],
    ['what is no base64', '!!! not base64 !!!'],
    ['a signature that is cut off', signatureOf('message').slice(0, 200)],
    ['a probe', `WECHATPAY/SIGNTEST/${signatureOf('message')}`],
    ['the signature of another message', signatureOf('another message')],
    [
      'the signature of another key',
      sign('sha256', Buffer.from('message'), rsaKeys().privateKey).toString('base64'),
    ],
    [
      'a signature over another digest',
      sign('sha1', Buffer.from('message'), keys.privateKey).toString('base64'),
    ],
  ])('rejects %s', async (_kind, signature) => {
    await expect(verifier.verify({ message: 'message', signature, serialNo })).resolves.toBe(false);
  });

  it.each([
    ['another serial number', '7132D72A03E93CDDF8C03BBD1F37EEDF'],
    ['the same in lower case', serialNo.toLowerCase()],
    ['the same with a space', `${serialNo} `],
    ['the beginning of it', serialNo.slice(0, -1)],
    ['an empty one', ''],
  ])('rejects a signature under %s as unknown-serial', async (_kind, other) => {
    const judging = verifier.verify({
      message: 'message',
      signature: signatureOf('message'),
      serialNo: other,
    });

    await expect(judging).rejects.toThrow(WxPaySignatureError);
    await expect(judging).rejects.toMatchObject({ reason: 'unknown-serial', retryable: true });
  });

  it.each([
    '408b07e79b8269fec3d5d3e6ab8ed163a6a380db',
    'serial=408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
    '40:8B:07:E7:9B:82:69:FE:C3:D5:D3:E6:AB:8E:D1:63:A6:A3:80:DB',
  ])('matches %s with the serial number that WeChat Pay sends', async (publicKeyId) => {
    const withCertificate = new PublicKeyVerifier({ publicKey: keys.publicPem, publicKeyId });

    await expect(withCertificate.acceptedSerialNo()).resolves.toBe(
      '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
    );
  });

  it('verifies with a platform certificate', async () => {
    const withCertificate = new PublicKeyVerifier({
      publicKey: await certificateFor(keys),
      publicKeyId: '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
    });

    const judging = withCertificate.verify({
      message: 'message',
      signature: signatureOf('message'),
      serialNo: '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
    });

    await expect(judging).resolves.toBe(true);
  });

  it.each([
    'PUB_KEY_ID_1',
    '7132D72A03E93CDDF8C03BBD1F37EEDF',
    // Leading zeros are often left out.
    '8B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
    '4008070798826900030503060808016306038000',
  ])('takes %s as the identifier of its key', async (publicKeyId) => {
    const taken = new PublicKeyVerifier({ publicKey: keys.publicPem, publicKeyId });

    await expect(taken.acceptedSerialNo()).resolves.toBe(publicKeyId);
  });

  it.each([
    '',
    'two words',
    'PUB_KEY_ID_two words',
    '微信支付',
    'PUB_KEY_ID_',
    `PUB_KEY_ID_${'x'.repeat(118)}`,
    // Without its prefix, in short and in full.
    '0119000072912024',
    '0116504212902024101700388700000600',
    'pub_key_id_0119000072912024',
    'AB12',
    `A${'0'.repeat(40)}`,
    12_345,
  ])('refuses %j as the identifier of its key', (publicKeyId) => {
    const construct = () =>
      new PublicKeyVerifier({ publicKey: keys.publicPem, publicKeyId: publicKeyId as string });

    expect(construct).toThrow(
      new WxPayConfigError([
        'publicKeyId must be the identifier shown beside the WeChat Pay public key in the merchant console, PUB_KEY_ID_ included, or, for a platform certificate, its serial number of 40 hexadecimal characters.',
      ]),
    );
  });

  it.each([undefined, null])('names both if its options are %s', (options) => {
    expect(() => new PublicKeyVerifier(options as never)).toThrow(WxPayConfigError);
    expect(() => new PublicKeyVerifier(options as never)).toThrow(/publicKey .*publicKeyId must be/s);
  });

  it('names the faults of key and identifier together', () => {
    expect(() => new PublicKeyVerifier({ publicKey: keys.privatePem, publicKeyId: '' })).toThrow(
      expect.objectContaining({
        code: 'WXPAY_CONFIG',
        faults: [
          'publicKey starts with a private key header. Use pub_key.pem, the WeChat Pay public key (BEGIN PUBLIC KEY), or a platform certificate (BEGIN CERTIFICATE).',
          'publicKeyId must be the identifier shown beside the WeChat Pay public key in the merchant console, PUB_KEY_ID_ included, or, for a platform certificate, its serial number of 40 hexadecimal characters.',
        ],
      }),
    );
  });

  describe('together with RsaSigner', () => {
    const signer = new RsaSigner({ privateKey: keys.privatePem, serialNo: '01' });
    const anyText = fc.string({ unit: 'binary', maxLength: 200 });

    it('accepts every signed message, as a string and as bytes', async () => {
      await fc.assert(
        fc.asyncProperty(anyText, async (message) => {
          const signature = await signer.sign({ message });

          expect(await verifier.verify({ message, signature, serialNo })).toBe(true);
          expect(await verifier.verify({ message: Buffer.from(message), signature, serialNo })).toBe(true);
        }),
      );
    });

    it('rejects a message with any bit flipped', async () => {
      await fc.assert(
        fc.asyncProperty(anyText, fc.nat(), async (text, bit) => {
          const message = `${text}\n`;
          const signature = await signer.sign({ message });

          const tampered = flip(Buffer.from(message), bit);

          expect(await verifier.verify({ message: tampered, signature, serialNo })).toBe(false);
        }),
      );
    });

    it('rejects a signature with any bit flipped', async () => {
      const signature = Buffer.from(await signer.sign({ message: 'message' }), 'base64');
      const bits = Array.from({ length: signature.length * 8 }, (_, bit) => bit);

      const verdicts = await Promise.all(
        bits.map((bit) =>
          verifier.verify({
            message: 'message',
            signature: flip(signature, bit).toString('base64'),
            serialNo,
          }),
        ),
      );

      expect(verdicts).toHaveLength(2048);
      expect(verdicts).not.toContain(true);
    });
  });
});
