import type { CombineOrder, Order, WxPayNotification } from 'nestjs-wxpay';

declare const notification: WxPayNotification;

/** Parameters that are taken apart narrow as well. */
export function paid({ originalType, resource }: WxPayNotification): string | undefined {
  // @ts-expect-error a resource of which nobody knows what it is
  if (resource.tradeState === 'SUCCESS') return undefined;
  if (originalType !== 'transaction') return undefined;
  const order: Order | CombineOrder = resource;
  return 'combineOutTradeNo' in order ? order.combineOutTradeNo : order.outTradeNo;
}

/** Any other name may be asked for, also one that WeChat Pay has yet to invent. */
export function kindOf({ originalType, resource }: WxPayNotification): string {
  switch (originalType) {
    case 'transaction':
      return resource.raw === undefined ? 'order' : 'order with raw';
    case 'refund':
      return resource.outRefundNo;
    case 'profitsharing':
      // @ts-expect-error a share of the profit is no order
      return resource.outTradeNo;
    case 'other-transaction':
      // @ts-expect-error a payment for parking is no order
      return resource.outTradeNo;
    case 'recharge':
      // @ts-expect-error a recharge is no order
      return resource.outTradeNo;
    case 'transfer':
    case 'rights':
    case 'ticket':
      return 'neither a transaction nor a refund';
    default:
      return originalType;
  }
}

export const json: unknown = notification.originalType === 'transaction' ? undefined : notification.resource;
// @ts-expect-error an order is known by its originalType only
export const order: Order = notification.resource;
