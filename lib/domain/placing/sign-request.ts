import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import type { CallOptions } from '../options.js';
import { InputReader } from './input-reader.js';
import { readAppid } from './order-content.js';
import type { PayKind, PaySource } from './pay-parameters.js';
import { missing, readPartnerId, type PlacingTerms } from './prepay-request.js';

/** Options of signing pay parameters for an order that was placed before. */
export interface SignPayOptions extends CallOptions {
  /**
   * Appid of the page, mini program or app in which the customer pays; default: the merchant's `appid`. For a customer who has a
   * `subOpenid`, and for an app of the sub-merchant, it is the `subAppid`.
   */
  readonly appid?: string | undefined;
  /** Only for apps: value of `partnerid`; default: the merchant's number, for a service provider the provider's own. */
  readonly partnerId?: string | undefined;
}

const KINDS: readonly unknown[] = ['jsapi', 'miniProgram', 'app'] satisfies PayKind[];
const PREPAY_ID = { max: 64, pattern: /^[\w-]+$/, expected: 'the prepayId that placing the order returned' };

/** @throws {WxPayInputError} naming the invalid argument */
export function checkPaySource(
  kind: PayKind,
  prepayId: string,
  options: SignPayOptions,
  terms: PlacingTerms,
): PaySource {
  if (!KINDS.includes(kind)) {
    throw new WxPayInputError('kind', `must be one of ${KINDS.join(', ')}; other orders need no signature.`);
  }
  const reader = new InputReader({ ...options, prepayId }, 'options');
  return {
    prepayId: reader.requiredText('prepayId', PREPAY_ID),
    appid: readAppid(reader) ?? terms.appid ?? missing('appid', 'WXPAY_APPID', terms),
    partnerId: readPartnerId(reader),
  };
}
