import { createRequire } from 'node:module';
import { connectTo } from './connect-to.js';

/** It leaves verifying to the app. */
export function createClient({ mchid, serialNo, merchant }, url) {
  connectTo(url);
  // The root of the package names the module only.
  const { WePayService } = createRequire(import.meta.url)('nest-wechat/dist/wepay.service.js');
  const pay = new WePayService();
  const key = Buffer.from(merchant.privateKey);
  return {
    query: (no) => pay.getTransactionByOutTradeNo(no, mchid, serialNo, key),
    close: (no) => pay.close(no, mchid, serialNo, key),
  };
}
