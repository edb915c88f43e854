import { describe, expect, it } from '@jest/globals';
import { V2PaySigner } from '../../../lib/v2/pay-signer.js';
import { HmacSha256Signer } from '../../../lib/v2/signing/hmac-sha256-signer.js';
import { Md5Signer } from '../../../lib/v2/signing/md5-signer.js';
import { readPaySamples } from '../../support/fixtures/pay-samples.js';

const { key, samples } = readPaySamples().v2;

describe('V2PaySigner', () => {
  it.each(samples)('signs the parameters of $page with $signType as the page does', async (sample) => {
    const { signType, appid, prepayId, nonce, timestamp, paySign } = sample;
    const payer = new V2PaySigner({
      merchant: 'default',
      mchid: '1900000001',
      signer: signType === 'MD5' ? new Md5Signer({ key }) : new HmacSha256Signer({ key }),
      timeoutMs: 1_000,
      now: () => Number(timestamp) * 1_000 + 999,
      nonce: () => nonce,
    });

    const pay = await payer.signPay('jsapi', { appid, prepayId }, { subject: 'order T1' });

    expect(pay).toEqual({
      appId: appid,
      timeStamp: timestamp,
      nonceStr: nonce,
      package: `prepay_id=${prepayId}`,
      signType,
      paySign,
    });
  });
});
