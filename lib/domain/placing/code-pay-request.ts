import { InputReader } from './input-reader.js';
import { readNewOrder, type NewOrder } from './order-content.js';
import { missing, type PlacingTerms } from './prepay-request.js';
import { readAddress } from './scene-info.js';

/** Payment by the payment code (付款码) that the customer shows. Use each `outTradeNo` for one purchase only. */
export interface CodePayRequest extends NewOrder {
  /**
   * The scanned code, 18 digits. It is a secret: it charges the customer for about a minute. Errors, logs and events do not show
   * it.
   */
  readonly authCode: string;
  /** Shop in which the customer pays. APIv3 requires it. */
  readonly storeInfo?: CodePayStoreInfo | undefined;
  /** The merchant's number of the device, at most 32 characters. */
  readonly deviceId?: string | undefined;
  /** IPv4 or IPv6 address of the device; over APIv2 by default the address of this machine. */
  readonly deviceIp?: string | undefined;
}

/** Shop in which a customer pays by code. Name it by at least one of the two numbers. */
export interface CodePayStoreInfo {
  /** WeChat Pay's number of the shop, at most 32 characters. */
  readonly id?: string | undefined;
  /** The merchant's number of the shop, at most 32 characters. */
  readonly outId?: string | undefined;
}

/** Checked request with the merchant's defaults. */
export interface CheckedCodePay extends CodePayRequest {
  readonly appid: string;
}

/** Defaults of the merchant that charges a customer. */
export type CodePayTerms = Pick<PlacingTerms, 'merchant' | 'appid'>;

// WeChat Pay documents the prefixes 10 to 15. Codes of other wallets begin with 2 or 3.
const AUTH_CODE = {
  min: 18,
  max: 18,
  pattern: /^1\d{17}$/,
  expected: 'a payment code of WeChat Pay (付款码), 18 digits that begin with 1',
};

/**
 * Checks a payment that the app requests, and fills in the merchant's defaults.
 *
 * @returns a copy of the checked members only
 * @throws {WxPayInputError} naming the invalid member
 * @throws {WxPayConfigError} if neither the request nor the merchant has an appid
 */
export function checkCodePayRequest(request: CodePayRequest, terms: CodePayTerms): CheckedCodePay {
  const order = new InputReader(request, 'request');
  const content = readNewOrder(order);
  return {
    ...content,
    appid: content.appid ?? terms.appid ?? missing('appid', 'WXPAY_APPID', terms),
    authCode: order.requiredText('authCode', AUTH_CODE),
    storeInfo: readStore(order),
    deviceId: order.text('deviceId', { max: 32 }),
    deviceIp: readAddress(order, 'deviceIp'),
  };
}

function readStore(order: InputReader): CodePayStoreInfo | undefined {
  return order.object('storeInfo', (store) => {
    const [id, outId] = [store.text('id', { max: 32 }), store.text('outId', { max: 32 })];
    if (id === undefined && outId === undefined) {
      throw order.fault('storeInfo', 'needs id, WeChat Pay’s number of the shop, or outId, your own.');
    }
    return { id, outId };
  });
}
