import { WxPayTransportError } from '../../errors/wxpay-transport-error.js';

/**
 * Creates the error that ends watches and queries of many orders when the app is closed. If they completed instead, callers
 * would take the orders for final.
 *
 * @param what subject of the message, such as `The watch of order T1`
 * @param kind kind of what was watched
 */
export function appClosed(what: string, kind: 'order' | 'refund' = 'order'): WxPayTransportError {
  return new WxPayTransportError(
    `${what} was stopped, because the app was closed. This says nothing about the ${kind}: query it again when the app has started.`,
  );
}
