import { orderSubject } from '../../domain/order-ref.js';
import type { PrepayDetail } from '../../domain/placing/order-detail.js';
import {
  REPEAT_THE_SAME_ORDER,
  type CheckedPrepay,
  type PrepayForm,
} from '../../domain/placing/prepay-request.js';
import { FieldReader, UnexpectedField } from '../fields.js';
import { expectEcho, type V2Operation } from '../operation.js';
import type { V2Fields } from '../xml.js';
import { expectNoOtherReply } from './order-fields.js';
import { sceneText } from './prepay-scene.js';

export interface PrepayOrderInput {
  readonly order: CheckedPrepay;
  /** Address of this machine, for an order that names none. */
  readonly ownAddress: string;
}

const TRADE_TYPES: Readonly<Record<PrepayForm, string>> = {
  jsapi: 'JSAPI',
  miniProgram: 'JSAPI',
  app: 'APP',
  h5: 'MWEB',
  native: 'NATIVE',
};

const OWN_FIELDS = ['trade_type', 'prepay_id', 'code_url', 'mweb_url', 'promotion_detail'];

/** Member of the reply that the customer of each form pays with, and its form. */
const TICKETS: Readonly<Record<PrepayForm, readonly [name: string, pattern: RegExp]>> = {
  jsapi: ['prepay_id', /^[\w-]{1,64}$/],
  miniProgram: ['prepay_id', /^[\w-]{1,64}$/],
  app: ['prepay_id', /^[\w-]{1,64}$/],
  h5: ['mweb_url', /^https:\/\/[\x21-\x7e]{1,504}$/],
  native: ['code_url', /^(weixin|https):\/\/[\x21-\x7e]{1,504}$/],
};

/**
 * Places an order (统一下单). WeChat Pay replies to the same content again with a `prepay_id`, and refuses different content under
 * the same number. So no field depends on the time of the call.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_1
 */
export const prepayOrder: V2Operation<PrepayOrderInput, string> = {
  name: 'order.prepay',
  path: '/pay/unifiedorder',
  effect: 'idempotent',
  advice: REPEAT_THE_SAME_ORDER,
  subject: ({ order }) => orderSubject(order),
  outTradeNo: ({ order }) => order.outTradeNo,
  fields: ({ order, ownAddress }) => ({
    appid: order.appid,
    sub_mch_id: order.subMchid,
    sub_appid: order.subAppid,
    device_info: order.sceneInfo?.deviceId,
    body: order.description,
    ...detailFields(order.detail),
    attach: order.attach,
    out_trade_no: order.outTradeNo,
    fee_type: order.amount.currency,
    total_fee: String(order.amount.total),
    spbill_create_ip: order.sceneInfo?.payerClientIp ?? ownAddress,
    time_expire: order.expiresAt && timeOf(order.expiresAt),
    goods_tag: order.goodsTag,
    notify_url: order.notifyUrl,
    trade_type: TRADE_TYPES[order.form],
    product_id: order.productId,
    limit_pay: order.limitPay?.[0],
    openid: order.payer?.openid,
    sub_openid: order.payer?.subOpenid,
    receipt: order.supportFapiao === true ? 'Y' : undefined,
    profit_sharing: yesOrNo(order.settleInfo?.profitSharing),
    scene_info: sceneText(order.sceneInfo),
  }),
  decode(fields, { order }) {
    const [name, pattern] = TICKETS[order.form];
    expectNoOtherReply(fields, order, OWN_FIELDS);
    expectEcho(fields.trade_type, TRADE_TYPES[order.form], 'trade_type');
    return ticketIn(fields, name, pattern);
  },
  // Every reply has a prepay_id, and the same content placed again gets the same one.
  namesNoOrder: ({ prepay_id, code_url, mweb_url }, { order }) => ({
    order,
    identifiedBy: prepay_id || code_url || mweb_url,
  }),
};

function ticketIn(fields: V2Fields, name: string, pattern: RegExp): string {
  const ticket = new FieldReader(fields).requiredText(name);
  if (pattern.test(ticket)) return ticket;
  throw new UnexpectedField(
    `$.${name}`,
    `is a string of ${ticket.length} characters that no customer can pay with.`,
  );
}

/** Formats a time as `yyyyMMddHHmmss` in China's time zone. */
function timeOf(date: Date): string {
  return new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replaceAll(/\D/g, '');
}

export function yesOrNo(flag: boolean | undefined): string | undefined {
  if (flag === undefined) return undefined;
  return flag ? 'Y' : 'N';
}

/** Returns the goods as JSON. Only with the version do coupons for single goods apply, and notifications name them. */
export function detailFields(detail: PrepayDetail | undefined): Readonly<Record<string, string>> {
  if (detail === undefined) return {};
  const { costPrice, invoiceId, goodsDetail } = detail;
  const text = JSON.stringify({
    cost_price: costPrice,
    receipt_id: invoiceId,
    goods_detail: goodsDetail?.map((goods) => ({
      goods_id: goods.merchantGoodsId,
      wxpay_goods_id: goods.wechatpayGoodsId,
      goods_name: goods.goodsName,
      quantity: goods.quantity,
      price: goods.unitPrice,
    })),
  });
  return { version: '1.0', detail: text };
}
