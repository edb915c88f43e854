import { describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { getWxPayToken, OrderQueryService, WxPayModule, WxPaySigner, WxPayVerifier } from 'nestjs-wxpay';
import { useContainers } from '../../support/harness/containers.js';

const containers = useContainers();

describe('WxPayModule, with another signer and verifier', () => {
  class CountingSigner extends WxPaySigner {
    calls = 0;
    readonly #inner = containers.gateway.options().signer;
    readonly algorithm = this.#inner.algorithm;
    readonly serialNo = this.#inner.serialNo;

    override sign(input: { readonly message: string; readonly signal?: AbortSignal }): Promise<string> {
      this.calls++;
      return this.#inner.sign(input);
    }
  }

  it('uses those that a test overrides by class, for the default merchant', async () => {
    const signer = new CountingSigner();
    const module = await Test.createTestingModule({
      imports: [WxPayModule.forRoot(containers.gateway.options())],
    })
      .overrideProvider(WxPaySigner)
      .useValue(signer)
      .compile();
    containers.closeLater(module);

    await module.get(OrderQueryService).query({ outTradeNo: 'T1' });

    expect(signer.calls).toBe(1);
  });

  it('uses those that a test overrides by token, for a named merchant', async () => {
    class DistrustfulVerifier extends WxPayVerifier {
      override acceptedSerialNo = () => Promise.resolve(containers.gateway.keys.publicKeyId);
      override verify = () => Promise.resolve(false);
    }
    const module = await Test.createTestingModule({
      imports: [WxPayModule.forRoot({ ...containers.gateway.options(), name: 'eu' })],
    })
      .overrideProvider(getWxPayToken(WxPayVerifier, 'eu'))
      .useValue(new DistrustfulVerifier())
      .compile();
    containers.closeLater(module);

    const query = module.get<OrderQueryService>(getWxPayToken(OrderQueryService, 'eu'));

    await expect(query.query({ outTradeNo: 'T1' })).rejects.toMatchObject({
      reason: 'mismatch',
      merchant: 'eu',
    });
  });

  it('uses those in the options', async () => {
    const signer = new CountingSigner();
    const app = await containers.start(WxPayModule.forRoot(containers.gateway.options({ signer })));

    await app.get(OrderQueryService).query({ outTradeNo: 'T1' });

    expect(signer.calls).toBe(1);
  });
});
