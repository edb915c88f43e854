import { WxPayTransportError } from '../../errors/wxpay-transport-error.js';

/**
 * What ends work without an end of its own when the app is closed. An error: to complete would say that the order has ended.
 *
 * @param what such as `The watch of order T1`
 */
export function appClosed(what: string): WxPayTransportError {
  return new WxPayTransportError(
    `${what} was stopped, because the app was closed. This says nothing about the order: query it again when the app has started.`,
  );
}
