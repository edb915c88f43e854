import { WxPayApiError } from 'nestjs-wxpay';

/** True if WeChat Pay knows no order of a sale: the customer has not begun to pay. */
export function isNotPlaced(error: unknown): boolean {
  return error instanceof WxPayApiError && error.kind === 'order-not-found';
}
