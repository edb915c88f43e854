import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import { checkCombineCloseRequest, type CombineCloseRequest } from '../combine-order.js';
import { checkMchid, type SubMerchantRef } from '../order-ref.js';
import { readExpiresAt } from './expiry.js';
import { InputReader } from './input-reader.js';
import {
  readAmount,
  readAppid,
  readDescription,
  readNewOutTradeNo,
  readSubMerchant,
  type PrepayAmount,
  type PrepaySettleInfo,
} from './order-content.js';
import { readPayer, type PrepayPayer } from './payer.js';
import {
  missing,
  readLimitPay,
  readNotifyUrl,
  type LimitPay,
  type PlacingTerms,
  type PrepayForm,
} from './prepay-request.js';
import {
  readCombineH5SceneInfo,
  readCombineSceneInfo,
  type H5SceneInfo,
  type PrepaySceneInfo,
} from './scene-info.js';

/** Combine order to place. Placing it again with the same content is safe. */
export interface CombinePrepayRequest {
  /** The merchant's number of the combine order: 6 to 32 characters of `0-9 A-Z a-z _ - | *`. */
  readonly combineOutTradeNo: string;
  /** Default: the merchant's `appid`. */
  readonly combineAppid?: string | undefined;
  /** 2 to 10 sub-orders; 1 to 50 if they are those of sub-merchants. */
  readonly subOrders: readonly CombinePrepaySubOrder[];
  /** The customer, if known. */
  readonly payer?: PrepayPayer | undefined;
  readonly sceneInfo?: CombineSceneInfo | undefined;
  /** Address for the notification of the payment; default: the merchant's `notifyUrl`. */
  readonly notifyUrl?: string | undefined;
  /** Last moment at which the order can be paid, as for single orders. */
  readonly expiresAt?: Date | undefined;
  readonly limitPay?: readonly LimitPay[] | undefined;
}

/** Sub-order of one merchant in a combine order to place. */
export interface CombinePrepaySubOrder extends SubMerchantRef {
  readonly mchid: string;
  /** The merchant's number of the sub-order: 6 to 32 characters of `0-9 A-Z a-z _ - | *`. */
  readonly outTradeNo: string;
  readonly amount: PrepayAmount;
  /** Returned with the order and in notifications; at most 128 characters. WeChat Pay requires it. */
  readonly attach: string;
  /** Shown to the customer; at most 127 characters. */
  readonly description: string;
  /** Description of the goods; at most 6 000 characters. */
  readonly detail?: string | undefined;
  /** Selects coupons (订单优惠标记); at most 32 characters. */
  readonly goodsTag?: string | undefined;
  readonly settleInfo?: CombineSettleInfo | undefined;
}

export interface CombineSettleInfo extends PrepaySettleInfo {
  /** Amount that the platform adds (补差), in fen. */
  readonly subsidyAmount?: number | undefined;
}

/** Scene in which a combine order is placed. */
export type CombineSceneInfo = Omit<PrepaySceneInfo, 'storeInfo'>;

/** Combine order that a known customer pays in WeChat. */
export interface PayerCombinePrepayRequest extends CombinePrepayRequest {
  readonly payer: PrepayPayer;
}

/** Combine order that is paid from a browser outside of WeChat. */
export interface H5CombinePrepayRequest extends CombinePrepayRequest {
  readonly sceneInfo: Omit<H5SceneInfo, 'storeInfo'>;
}

/** Checked combine order with the merchant's defaults. */
export interface CheckedCombinePrepay extends CombinePrepayRequest {
  readonly form: PrepayForm;
  readonly combineAppid: string;
  readonly notifyUrl: string;
  readonly sceneInfo?: (CombineSceneInfo & Partial<H5SceneInfo>) | undefined;
  /** Request that closes it. */
  readonly ref: CombineCloseRequest;
}

const MAX_SUB_ORDERS = 50;
/** Limit of merchants without sub-merchants. */
const MAX_DIRECT_SUB_ORDERS = 10;

/**
 * Checks a combine order that the app places, and fills in the merchant's defaults.
 *
 * @param now milliseconds since the epoch
 * @returns a copy of the checked members only
 * @throws {WxPayInputError} naming the invalid member
 * @throws {WxPayConfigError} if neither the request nor the merchant has an appid or a notify address
 */
export function checkCombinePrepayRequest(
  form: PrepayForm,
  request: CombinePrepayRequest,
  terms: PlacingTerms,
  now: number,
): CheckedCombinePrepay {
  const order = new InputReader(request, 'request');
  const combineOutTradeNo = readNewOutTradeNo(order, 'combineOutTradeNo');
  const combineAppid =
    readAppid(order, 'combineAppid') ?? terms.appid ?? missing('combineAppid', 'WXPAY_APPID', terms);
  const subOrders = order.list('subOrders', { max: MAX_SUB_ORDERS }, readSubOrder) ?? [];
  const ref = checkCombineCloseRequest({ combineOutTradeNo, combineAppid, subOrders });
  const partner = subOrders.find(({ subMchid }) => subMchid !== undefined);
  if (partner === undefined && subOrders.length > MAX_DIRECT_SUB_ORDERS) {
    throw new WxPayInputError('subOrders', `must be at most ${MAX_DIRECT_SUB_ORDERS} without sub-merchants.`);
  }
  return {
    form,
    ref,
    combineOutTradeNo,
    combineAppid,
    subOrders,
    notifyUrl: readNotifyUrl(order, terms),
    expiresAt: readExpiresAt(order, now),
    payer: readCombinePayer(form, order, subOrders),
    sceneInfo: form === 'h5' ? readCombineH5SceneInfo(order) : readCombineSceneInfo(order),
    limitPay: readLimitPay(order),
  };
}

/** Reads the customer, whom the forms within WeChat require. */
function readCombinePayer(
  form: PrepayForm,
  order: InputReader,
  subOrders: readonly CombinePrepaySubOrder[],
): PrepayPayer | undefined {
  const isRequired = form === 'jsapi' || form === 'miniProgram';
  if (!isRequired && order.value('payer') === undefined) return undefined;
  const payer = readPayer(order, subOrders.find(({ subAppid }) => subAppid) ?? {});
  if (payer.subOpenid !== undefined && new Set(subAppidsOf(subOrders)).size > 1) {
    throw order.fault(
      'payer',
      'has a subOpenid, and the sub-orders have several subAppids: pass the openid.',
    );
  }
  return payer;
}

/** Returns the appid in which the customer pays: the one under which the customer has the openid. */
export function payingCombineAppid({ payer, combineAppid, subOrders }: CheckedCombinePrepay): string {
  const [subAppid = combineAppid] = subAppidsOf(subOrders);
  return payer?.subOpenid === undefined ? combineAppid : subAppid;
}

function subAppidsOf(subOrders: readonly CombinePrepaySubOrder[]): string[] {
  return subOrders.flatMap(({ subAppid }) => subAppid ?? []);
}

function readSubOrder(subOrder: InputReader): CombinePrepaySubOrder {
  return {
    mchid: checkMchid(subOrder.value('mchid'), subOrder.pathOf('mchid')),
    outTradeNo: readNewOutTradeNo(subOrder),
    amount: readAmount(subOrder),
    attach: subOrder.requiredText('attach', { max: 128 }),
    description: readDescription(subOrder),
    ...readSubMerchant(subOrder),
    detail: subOrder.text('detail', { max: 6_000 }),
    goodsTag: subOrder.text('goodsTag', { max: 32 }),
    settleInfo: subOrder.object('settleInfo', (settle) => ({
      profitSharing: settle.flag('profitSharing'),
      subsidyAmount: settle.integer('subsidyAmount', { min: 0, unit: 'of fen' }),
    })),
  };
}
