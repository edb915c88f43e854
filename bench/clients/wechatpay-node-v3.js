import Pay from 'wechatpay-node-v3';
import { connectTo } from './connect-to.js';

/** It leaves verifying to the app, and opens a connection for each call. */
export function createClient({ mchid, appid, serialNo, merchant }, url) {
  connectTo(url);
  const pay = new Pay({
    appid,
    mchid,
    serial_no: serialNo,
    publicKey: Buffer.from(merchant.publicKey),
    privateKey: Buffer.from(merchant.privateKey),
  });
  const checked = async (answer) => {
    const { status, error } = await answer;
    if (status >= 300 || status === undefined) throw new Error(`HTTP ${status}: ${error}`);
  };
  return {
    query: (out_trade_no) => checked(pay.query({ out_trade_no })),
    close: (out_trade_no) => checked(pay.close(out_trade_no)),
  };
}
