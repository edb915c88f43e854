import { expect } from '@jest/globals';
import type { MiniProgramPay } from 'nestjs-wxpay';
import { Formatter, Rsa } from 'wechatpay-axios-plugin';
import type { Sandbox } from './sandbox.js';

/** The appid of the gateway's merchant. */
export const APPID = 'wx8888888888888888';
export const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
/** The sub-merchant that a service provider places orders for. */
export const SUB_MERCHANT = { subMchid: '1900000109', subAppid: 'wxd678efh567hg6999' };

let serial = 0;

/** An order to place, with a number that no other has. */
export function newOrder<Changes extends object>(changes?: Changes) {
  return {
    outTradeNo: `PREPAY-${++serial}`,
    description: 'Tea',
    amount: { total: 1999 },
    ...(changes as Changes),
  };
}

/** The request that the gateway received last. */
export function lastRequest({ gateway }: Sandbox) {
  const { path = '', body = '{}' } = gateway.requests.at(-1) ?? {};
  return { path, body: JSON.parse(body) as Record<string, unknown> };
}

/** Checks a signature over lines with the code of another client. */
export function expectSigned({ gateway }: Sandbox, lines: readonly string[], signature: string): void {
  expect(Rsa.sign(Formatter.joinedByLineFeed(...lines), gateway.keys.merchantPrivateKey)).toBe(signature);
}

/** Checks the signature of the parameters for a page or a mini program. */
export function expectPaySign(sandbox: Sandbox, pay: MiniProgramPay, appid: string): void {
  expectSigned(sandbox, [appid, pay.timeStamp, pay.nonceStr, pay.package], pay.paySign);
}
