import { Inject, type InjectionToken } from '@nestjs/common';
import { WxPaySigner } from './crypto/signer.js';
import { WxPayVerifier } from './crypto/verifier.js';
import { WxPayConfigError } from './errors/wxpay-config-error.js';
import { WxPayMerchant } from './merchants/merchant.js';
import { SERVICES } from './merchants/services.js';
import { DEFAULT_MERCHANT } from './rules/default-merchant.js';
import { WxPayV2Signer } from './v2/signing/signer.js';

const TOKEN_IDS = new Map<abstract new (...args: never[]) => unknown, string>([
  ...Object.values(SERVICES).map(({ type, id }) => [type, id] as const),
  [WxPayMerchant, 'WxPayMerchant'],
  [WxPaySigner, 'WxPaySigner'],
  [WxPayVerifier, 'WxPayVerifier'],
  [WxPayV2Signer, 'WxPayV2Signer'],
]);

/**
 * Returns the injection token of a merchant's service, which is the class itself for the default merchant.
 *
 * Use it also to override a signer or a verifier in a test: `overrideProvider(getWxPayToken(WxPaySigner, 'eu'))`.
 *
 * @throws {WxPayConfigError} if WxPayModule does not provide the class
 */
export function getWxPayToken<T>(
  service: abstract new (...args: never[]) => T,
  merchant: string = DEFAULT_MERCHANT,
): InjectionToken<T> {
  const id = TOKEN_IDS.get(service);
  if (id === undefined) {
    throw new WxPayConfigError([
      `WxPayModule provides no ${service?.name}. It provides ${[...TOKEN_IDS.values()].join(', ')}.`,
    ]);
  }
  return merchant === DEFAULT_MERCHANT ? service : Symbol.for(`nestjs-wxpay/${id}/${merchant}`);
}

/**
 * Injects a service of a named merchant: `@InjectWxPay(OrderQueryService, 'eu') private readonly query: OrderQueryService`.
 * For the default merchant, the type alone is enough: no decorator is needed.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- same signature as getWxPayToken, whose T apps may pass explicitly
export function InjectWxPay<T>(
  service: abstract new (...args: never[]) => T,
  merchant?: string,
): PropertyDecorator & ParameterDecorator {
  return Inject(getWxPayToken(service, merchant));
}
