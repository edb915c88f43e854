import { HmacSha256Signer, PublicKeyVerifier, RsaSigner, WxPayMerchants } from '../../dist/esm/index.js';

/** As an app uses it: every default, failover and telemetry included. */
export function createClient(world, url, options = {}) {
  const { mchid, appid, serialNo, publicKeyId, merchant, platform, apiV2Key } = world;
  const merchants = new WxPayMerchants();
  const { orderQuery, orderClose } = merchants.register('default', {
    mchid,
    hosts: [url, url.replace('127.0.0.1', 'localhost')],
    signer: new RsaSigner({ privateKey: merchant.privateKey, serialNo }),
    verifier: new PublicKeyVerifier({ publicKey: platform.publicKey, publicKeyId }),
    ...options,
  });
  const v2 = merchants.register('v2', {
    api: 'v2',
    mchid,
    sharedMchid: true,
    appid,
    hosts: [url],
    signer: new HmacSha256Signer({ key: apiV2Key }),
    ...options,
  });
  return {
    query: (outTradeNo) => orderQuery.query({ outTradeNo }),
    close: (outTradeNo) => orderClose.close({ outTradeNo }),
    queryV2: (outTradeNo) => v2.orderQuery.query({ outTradeNo }),
    queryMany: (refs, manyOptions) => orderQuery.queryMany(refs, manyOptions),
  };
}
