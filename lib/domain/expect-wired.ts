import { WxPayConfigError } from '../errors/wxpay-config-error.js';

/**
 * Refuses a service that Nest instantiated because the app lists its class in `providers`. Nest passes it no argument, so that
 * its first call would fail with a TypeError.
 *
 * @param service name of the class
 * @param received argument of its constructor, which only the module passes
 * @throws {WxPayConfigError} naming the module that provides the service
 */
export function expectWired(service: string, received: unknown): void {
  if (received !== undefined) return;
  throw new WxPayConfigError([
    `${service} is provided by WxPayModule: remove it from providers. If WxPayModule is registered already, add isGlobal: true there, or export WxPayModule from that module and import the module here; if not, import WxPayModule.forRoot({ … }) or WxPayModule.forRootAsync({ … }).`,
  ]);
}
