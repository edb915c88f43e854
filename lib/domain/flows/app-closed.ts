import { WxPayTransportError } from '../../errors/wxpay-transport-error.js';

/**
 * Error that ends watches and long queries when the app is closed. Completing instead would say that the order has ended.
 *
 * @param what such as `The watch of order T1`
 */
export function appClosed(what: string): WxPayTransportError {
  return new WxPayTransportError(
    `${what} was stopped, because the app was closed. This says nothing about the order: query it again when the app has started.`,
  );
}
