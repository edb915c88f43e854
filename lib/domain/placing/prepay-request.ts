import { WxPayConfigError } from '../../errors/wxpay-config-error.js';
import { areLoopback, isNotifyUrl, MAX_NOTIFY_URL, notifyUrlFault } from '../../rules/notify-url.js';
import { readExpiresAt } from './expiry.js';
import { InputReader } from './input-reader.js';
import { readNewOrder, type NewOrder } from './order-content.js';
import { readPayer, type PrepayPayer } from './payer.js';
import { readH5SceneInfo, readSceneInfo, type H5SceneInfo, type PrepaySceneInfo } from './scene-info.js';

/** Way in which the customer of an order pays. */
export type PrepayForm = 'jsapi' | 'miniProgram' | 'app' | 'h5' | 'native';

/** Kind of payment that an order excludes or requires. */
export type LimitPay = 'no_balance' | 'no_credit' | 'no_debit' | 'balance_only';

/** Order to place. Placing it again with the same content is safe. */
export interface PrepayRequest extends NewOrder {
  /** Address for the notification of the payment; default: the merchant's `notifyUrl`. */
  readonly notifyUrl?: string | undefined;
  /**
   * Last moment at which the order can be paid, in whole seconds, at most 90 days ahead; default: seven days after it was placed.
   * It cannot be changed later. WeChat Pay moves an earlier moment to one minute after the order was placed.
   */
  readonly expiresAt?: Date | undefined;
  readonly sceneInfo?: PrepaySceneInfo | undefined;
  /** Over APIv2 only `['no_credit']` exists. */
  readonly limitPay?: readonly LimitPay[] | undefined;
  /** The merchant's number of the product, at most 32 characters. APIv2 only, where `native` requires it. */
  readonly productId?: string | undefined;
}

/** Order that a known customer pays in WeChat. */
export interface PayerPrepayRequest extends PrepayRequest {
  readonly payer: PrepayPayer;
}

/** Order that is paid in an app. */
export interface AppPrepayRequest extends PrepayRequest {
  /** Value of `partnerid` in the pay parameters; default: the merchant's number, for a service provider the provider's own. */
  readonly partnerId?: string | undefined;
}

/** Order that is paid from a browser outside of WeChat. */
export interface H5PrepayRequest extends PrepayRequest {
  readonly sceneInfo: H5SceneInfo;
}

/** Checked order with the merchant's defaults. */
export interface CheckedPrepay extends PrepayRequest {
  readonly form: PrepayForm;
  readonly appid: string;
  readonly notifyUrl: string;
  readonly payer?: PrepayPayer | undefined;
  readonly sceneInfo?: (PrepaySceneInfo & Partial<H5SceneInfo>) | undefined;
  readonly partnerId?: string | undefined;
}

/** Defaults and rules of the merchant that places an order. */
export interface PlacingTerms {
  /** The registered name of the merchant. */
  readonly merchant: string;
  readonly hosts: readonly string[];
  readonly appid?: string | undefined;
  readonly notifyUrl?: string | undefined;
}

/** Advice for a request whose reply was lost: WeChat Pay replies again to the same content, and refuses any other. */
export const REPEAT_THE_SAME_ORDER =
  'It may have been placed: repeat the call with exactly the same content, and the order is placed once.';

const LIMIT_PAY: readonly unknown[] = ['no_balance', 'no_credit', 'no_debit', 'balance_only'];

/**
 * Checks an order that the app places, and fills in the merchant's defaults.
 *
 * @param now milliseconds since the epoch
 * @returns a copy of the checked members only
 * @throws {WxPayInputError} naming the invalid member
 * @throws {WxPayConfigError} if neither the request nor the merchant has an appid or a notify address
 */
export function checkPrepayRequest(
  form: PrepayForm,
  request: PrepayRequest,
  terms: PlacingTerms,
  now: number,
): CheckedPrepay {
  const order = new InputReader(request, 'request');
  const content = readNewOrder(order);
  const hasPayer = form === 'jsapi' || form === 'miniProgram';
  return {
    form,
    ...content,
    appid: content.appid ?? terms.appid ?? missing('appid', 'WXPAY_APPID', terms),
    notifyUrl: readNotifyUrl(order, terms),
    expiresAt: readExpiresAt(order, now),
    payer: hasPayer ? readPayer(order, content) : undefined,
    sceneInfo: form === 'h5' ? readH5SceneInfo(order) : readSceneInfo(order),
    limitPay: readLimitPay(order),
    productId: order.text('productId', { max: 32 }),
    partnerId: form === 'app' ? readPartnerId(order) : undefined,
  };
}

/** Reads the address for the notification of a payment. */
export function readNotifyUrl(order: InputReader, terms: PlacingTerms): string {
  const url = order.value('notifyUrl') ?? terms.notifyUrl ?? missing('notifyUrl', 'WXPAY_NOTIFY_URL', terms);
  if (isNotifyUrl(url, { max: MAX_NOTIFY_URL, isLocalAllowed: areLoopback(terms.hosts) })) return url;
  throw order.fault('notifyUrl', notifyUrlFault(MAX_NOTIFY_URL));
}

/** @throws {WxPayConfigError} naming the option: only the operator of the app can set it */
export function missing(
  option: string,
  variable: string,
  { merchant }: Pick<PlacingTerms, 'merchant'>,
): never {
  throw new WxPayConfigError(
    [`${option} is missing: set the option ${option} (${variable}), or pass ${option} with the order.`],
    { merchant },
  );
}

/** Reads the kinds of payment that an order excludes or requires. */
export function readLimitPay(order: InputReader): readonly LimitPay[] | undefined {
  const value = order.value('limitPay');
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length === 0 || !value.every((each) => LIMIT_PAY.includes(each))) {
    throw order.fault('limitPay', `must list at least one of ${LIMIT_PAY.join(', ')}.`);
  }
  // Sound: each element is one of them.
  return [...(value as readonly LimitPay[])];
}

/** Reads the number that an app sends as `partnerid`. */
export function readPartnerId(order: InputReader): string | undefined {
  return order.text('partnerId', {
    max: 32,
    pattern: /^\d+$/,
    expected: 'a merchant number, 1 to 32 digits',
  });
}

/** Returns the appid in which the customer pays: the one under which the customer has the openid, or that of the app. */
export function payingAppid({ form, payer, appid, subAppid = appid }: CheckedPrepay): string {
  return form === 'app' || payer?.subOpenid !== undefined ? subAppid : appid;
}
