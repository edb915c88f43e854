import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Formatter, Rsa } from 'wechatpay-axios-plugin';
import { RsaSigner } from '../../../lib/crypto/rsa-signer.js';
import type { WxPaySigner } from '../../../lib/crypto/signer.js';
import type { PayKind } from '../../../lib/domain/placing/pay-parameters.js';
import { SigningSemaphore } from '../../../lib/transport/signing-semaphore.js';
import { V3PaySigner } from '../../../lib/v3/pay-signer.js';
import { readPaySamples } from '../../support/fixtures/pay-samples.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

const keys = rsaKeys();
const rsa = new RsaSigner({
  privateKey: keys.privatePem,
  serialNo: '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
});
const KINDS: readonly PayKind[] = ['jsapi', 'miniProgram', 'app'];

const signerAt = (signer: WxPaySigner, timestamp: number, nonce: string) =>
  new V3PaySigner({
    merchant: 'default',
    mchid: '1900000001',
    signer,
    signing: { semaphore: new SigningSemaphore(), permits: 4 },
    timeoutMs: 5_000,
    now: () => timestamp * 1_000 + 999,
    nonce: () => nonce,
  });

/** Keeps what it signs. */
class Recorder extends RsaSigner {
  readonly messages: string[] = [];

  constructor() {
    super({ privateKey: keys.privatePem, serialNo: rsa.serialNo });
  }

  override sign(input: { readonly message: string }): Promise<string> {
    this.messages.push(input.message);
    return super.sign(input);
  }
}

describe('V3PaySigner', () => {
  it.each(readPaySamples().v3.samples)('signs the text that $page shows for $kind', async (sample) => {
    const recorder = new Recorder();
    const { kind, appid, prepayId, nonce, timestamp, message } = sample;

    await signerAt(recorder, Number(timestamp), nonce).signPay(
      kind,
      { appid, prepayId },
      { subject: 'order T1' },
    );

    expect(recorder.messages).toEqual([message]);
  });

  it('makes the signature that another client makes, whatever the values', async () => {
    const word = fc.stringMatching(/^[\w-]{1,32}$/);

    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...KINDS),
        word,
        word,
        word,
        fc.integer({ min: 0, max: 4_102_444_800 }),
        async (kind, appid, prepayId, nonce, timestamp) => {
          const source = { appid, prepayId };

          const pay = await signerAt(rsa, timestamp, nonce).signPay(kind, source, { subject: 'order T1' });

          const last = kind === 'app' ? prepayId : `prepay_id=${prepayId}`;
          const text = Formatter.joinedByLineFeed(appid, String(timestamp), nonce, last);
          const signature = 'sign' in pay ? pay.sign : pay.paySign;
          expect(signature).toBe(Rsa.sign(text, keys.privatePem));
          expect(Rsa.verify(text, signature, keys.publicPem)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
