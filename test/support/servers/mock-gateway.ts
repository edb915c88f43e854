import { MockWxPayGateway, type MockWxPayGatewayOptions } from 'nestjs-wxpay/testing';
import { rsaKeys } from '../fixtures/rsa-keys.js';

/** Starts a mock gateway with RSA keys of the fixtures, which saves half a second. Given keys are used instead. */
export async function startGateway(options: MockWxPayGatewayOptions = {}): Promise<MockWxPayGateway> {
  const { merchantPrivateKey, platformPrivateKey } = options.keys ?? {};
  return MockWxPayGateway.start({
    ...options,
    keys: {
      ...options.keys,
      merchantPrivateKey: merchantPrivateKey ?? rsaKeys().privatePem,
      platformPrivateKey: platformPrivateKey ?? rsaKeys().privatePem,
    },
  });
}
