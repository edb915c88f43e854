import { PublicKeyVerifier, WxPayError, WxPayMerchants } from 'nestjs-wxpay';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import type { Offence } from './tally.js';
import { TIMEOUT_MS, type World } from './world.js';

const OUT_TRADE_NO = 'IMPOSTOR-1';

/**
 * Shows a merchant that has no certificates yet a list by somebody who knows its APIv3 key, and nothing else of WeChat Pay:
 * the list vouches for itself. The merchant verifies lists with the public key, which did not sign this one.
 */
export async function impostor({ gateway }: World): Promise<readonly Offence[]> {
  const { merchantPrivateKey, merchantSerialNo, apiV3Key, platformPublicKey, publicKeyId } = gateway.keys;
  const stranger = await MockWxPayGateway.start({
    keys: { merchantPrivateKey, merchantSerialNo, apiV3Key },
    platformCertificates: 'only',
  });
  const merchants = new WxPayMerchants();
  try {
    stranger.orders.create({ outTradeNo: OUT_TRADE_NO, amount: { total: 100 } });
    stranger.orders.pay(OUT_TRADE_NO);
    const trust = new PublicKeyVerifier({ publicKey: platformPublicKey, publicKeyId });
    const hosts = [stranger.url];
    const verifier = gateway.verifier('certificates', { hosts, trust });
    const merchant = merchants.register(
      'trusting',
      gateway.options({ hosts, verifier, timeoutMs: TIMEOUT_MS, maxAttempts: 1 }),
    );
    const end = await merchant.orderQuery
      .query({ outTradeNo: OUT_TRADE_NO })
      .catch((error: unknown) => error);
    return end instanceof WxPayError
      ? []
      : [
          [
            'wrong results',
            `an order of a stranger, whose certificates vouch for themselves: ${String(end)}`,
          ],
        ];
  } finally {
    await merchants.onModuleDestroy();
    await stranger.stop();
  }
}
