import { WxPayConfigError } from '../errors/wxpay-config-error.js';

/**
 * Refuses a service that Nest made by itself, because an app lists its class in `providers`: nothing is passed to it then,
 * and its first call would fail with a TypeError.
 *
 * @param service the name of the class
 * @param received what the module passes to its constructor
 * @throws {WxPayConfigError} that says which module provides it
 */
export function expectWired(service: string, received: unknown): void {
  if (typeof received === 'function') return;
  throw new WxPayConfigError([
    `${service} is provided by WxPayModule: remove it from providers. If WxPayModule is registered already, add isGlobal: true there, or export WxPayModule from that module and import the module here; if not, import WxPayModule.forRoot({ … }) or WxPayModule.forRootAsync({ … }).`,
  ]);
}
