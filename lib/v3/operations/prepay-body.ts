import type { PrepayDetail } from '../../domain/placing/order-detail.js';
import type { PrepayPayer } from '../../domain/placing/payer.js';
import type { CheckedPrepay } from '../../domain/placing/prepay-request.js';
import type { H5SceneInfo, PrepaySceneInfo } from '../../domain/placing/scene-info.js';

/**
 * Returns the body of a request that places an order. JSON leaves out undefined members. Equal orders have equal bytes, so that an
 * order can be placed again.
 */
export function prepayBody(order: CheckedPrepay, mchid: string): Record<string, unknown> {
  const { description, outTradeNo, expiresAt, attach, notifyUrl, goodsTag, supportFapiao } = order;
  return {
    ...ownerOf(order, mchid),
    description,
    out_trade_no: outTradeNo,
    time_expire: timeOf(expiresAt),
    attach,
    notify_url: notifyUrl,
    goods_tag: goodsTag,
    limit_pay: order.limitPay,
    support_fapiao: supportFapiao,
    amount: { total: order.amount.total, currency: order.amount.currency },
    payer: order.payer && payerOf(order.payer, order),
    detail: order.detail && detailOf(order.detail),
    scene_info: order.sceneInfo && sceneOf(order.sceneInfo),
    settle_info: order.settleInfo && { profit_sharing: order.settleInfo.profitSharing },
  };
}

/** Formats a time in RFC 3339, China Standard Time. */
export function timeOf(date: Date | undefined): string | undefined {
  if (date === undefined) return undefined;
  return new Date(date.getTime() + 8 * 3_600_000).toISOString().replace(/\.\d+Z$/, '+08:00');
}

/** Returns the members of a scene that all orders have, and those of an H5 order. */
export function sceneOf(scene: PrepaySceneInfo & Partial<H5SceneInfo>): Record<string, unknown> {
  const { payerClientIp, deviceId, storeInfo, h5Info } = scene;
  return {
    payer_client_ip: payerClientIp,
    device_id: deviceId,
    store_info: storeInfo && {
      id: storeInfo.id,
      name: storeInfo.name,
      area_code: storeInfo.areaCode,
      address: storeInfo.address,
    },
    h5_info: h5Info && {
      type: h5Info.type,
      app_name: h5Info.appName,
      app_url: h5Info.appUrl,
      bundle_id: h5Info.bundleId,
      package_name: h5Info.packageName,
    },
  };
}

/** Returns the members that name the merchants of an order. */
export function ownerOf(
  { appid, subMchid, subAppid }: Pick<CheckedPrepay, 'appid' | 'subMchid' | 'subAppid'>,
  mchid: string,
): Record<string, unknown> {
  return subMchid === undefined
    ? { appid, mchid }
    : { sp_appid: appid, sp_mchid: mchid, sub_appid: subAppid, sub_mchid: subMchid };
}

function payerOf(
  { openid, subOpenid }: PrepayPayer,
  { subMchid }: Pick<CheckedPrepay, 'subMchid'>,
): Record<string, unknown> {
  return subMchid === undefined ? { openid } : { sp_openid: openid, sub_openid: subOpenid };
}

/** Returns the goods of an order. */
export function detailOf({ costPrice, invoiceId, goodsDetail }: PrepayDetail): Record<string, unknown> {
  return {
    cost_price: costPrice,
    invoice_id: invoiceId,
    goods_detail: goodsDetail?.map((goods) => ({
      merchant_goods_id: goods.merchantGoodsId,
      wechatpay_goods_id: goods.wechatpayGoodsId,
      goods_name: goods.goodsName,
      quantity: goods.quantity,
      unit_price: goods.unitPrice,
    })),
  };
}
