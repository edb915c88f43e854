import { inspect } from 'node:util';
import { expectWired } from '../domain/expect-wired.js';
import type { IncomingNotification, WxPayNotification } from '../domain/notification.js';
import type { WxPayMerchantHealth } from '../domain/merchant-health.js';
import { checkCallOptions, type SelfTestOptions } from '../domain/options.js';
import { checkMchid } from '../domain/order-ref.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import { redact } from '../errors/redact.js';
import type { WxPayConfigError } from '../errors/wxpay-config-error.js';
import type { MerchantApis } from './apis.js';
import { toReceived } from './to-received.js';
import { createServices, type WxPayMerchantServices } from './services.js';

/** Parts of a merchant that its options are turned into, for this package only. `replace` creates new ones. */
export interface MerchantInternals extends MerchantApis, MerchantAccess {
  readonly mchid: string;
  readonly api: 'v3' | 'v2';
  /** Origins of WeChat Pay, the preferred one first. */
  readonly hosts: readonly string[];
  /** Returns the origin that calls begin on now. */
  readonly currentHost: () => string;
  /** Waits for the calls of the merchant, then closes its connections. */
  readonly close: () => Promise<void>;
}

/** Name of a merchant, and its place in the registry. */
export interface WxPayMerchantInit {
  readonly name: string;
  /** Returns the current internals; undefined after `unregister`. */
  readonly find: () => MerchantInternals | undefined;
  /** Creates the error for a name that is no longer registered. */
  readonly notRegistered: () => WxPayConfigError;
}

const INIT = Symbol('nestjs-wxpay/merchant');

/**
 * A registered merchant and its services, which are the injected ones. The object stands for the name: after `replace` its next
 * call uses the new options, and after `unregister` it throws a WxPayConfigError.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- createServices creates every member, and its type lists them
export class WxPayMerchant {
  readonly name: string;
  /** @internal */
  declare readonly [INIT]: WxPayMerchantInit;

  /** @internal */
  constructor(init: WxPayMerchantInit) {
    // Nest passes no argument if an app lists this class in providers.
    expectWired('WxPayMerchant', init);
    this.name = init.name;
    Object.defineProperty(this, INIT, { value: init });
    Object.assign(this, createServices(accessTo(this)));
  }

  /**
   * Merchant number (商户号).
   *
   * @throws {WxPayConfigError} if the merchant is no longer registered
   */
  get mchid(): string {
    return internalsOf(this).mchid;
  }

  /**
   * The API that the merchant uses.
   *
   * @throws {WxPayConfigError} if the merchant is no longer registered
   */
  get api(): 'v3' | 'v2' {
    return internalsOf(this).api;
  }

  /**
   * Verifies, decrypts and decodes a notification that no controller received, for example in a cloud function. In a
   * controller, use `@VerifyNotification()`. The app has to send the answer.
   *
   * @throws {WxPayInputError} if `body` is neither bytes nor a string, or if `headers` is not an object with headers
   * @throws {WxPayError} if the notification cannot be verified, decrypted or decoded: answer it with a status of 400 or more
   */
  async readNotification(incoming: IncomingNotification): Promise<WxPayNotification> {
    return internalsOf(this).notifications().read(toReceived(incoming));
  }

  /**
   * Tests the credentials of the merchant with a signed call that changes nothing, for health checks and before a new key is
   * taken into use. It resolves if a verified reply shows that WeChat Pay accepts the signatures of this merchant, and that
   * this merchant can verify those of WeChat Pay.
   *
   * Over APIv3 WeChat Pay repeats a random message. Over APIv2 a random order number is queried, and the reply has to be a
   * signed "does not exist"; a service provider passes `subMchid` there. Not tested are the APIv3 key, the client certificate of
   * APIv2, the appid over APIv3, and which products are enabled.
   *
   * @param options `timeoutMs` bounds the whole call, retries included (default: the merchant's, 10 000)
   * @throws {WxPayInputError} if an option is invalid
   * @throws {WxPayApiError} kind `credentials` or `permission` if WeChat Pay refuses the merchant
   * @throws {WxPayApiError} kind `permission` with `detail.field` `sub_mch_id` for a service provider over APIv2 without
   * `subMchid`: its key was not tested
   * @throws {WxPaySignatureError} if the reply could not be verified
   * @throws {WxPayTransportError} if no usable reply arrived in time
   * @throws {WxPayConfigError} if the merchant is no longer registered
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4014551946
   */
  async selfTest(options: SelfTestOptions = {}): Promise<void> {
    checkCallOptions(options);
    if (options.subMchid !== undefined) checkMchid(options.subMchid, 'subMchid');
    await internalsOf(this).selfTest().selfTest(options);
  }

  /**
   * Returns what the calls so far have shown of hosts, certificates and clock, without a call.
   *
   * @throws {WxPayConfigError} if the merchant is no longer registered
   */
  health(): WxPayMerchantHealth {
    const { hosts, currentHost, ...internals } = internalsOf(this);
    const host = currentHost();
    const certificateExpiresAt = internals.certificateExpiresAt();
    const clockOffsetMs = internals.clockOffsetMs();
    return {
      host,
      isOnBackupHost: host !== hosts[0],
      ...(certificateExpiresAt !== undefined && { certificateExpiresAt }),
      ...(clockOffsetMs !== undefined && { clockOffsetMs }),
    };
  }

  toString(): string {
    const internals = this[INIT].find();
    const about =
      internals === undefined ? 'not registered' : `mchid ${internals.mchid}, API ${internals.api}`;
    return `WxPayMerchant "${redact(this.name)}" (${about})`;
  }

  /** Returns only name, number and API, because other members contain keys. */
  toJSON(): Record<string, unknown> {
    const { mchid, api } = this[INIT].find() ?? {};
    return { name: redact(this.name), mchid, api };
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

// The constructor creates a member for every row of SERVICES.
export interface WxPayMerchant extends WxPayMerchantServices {}

/**
 * Returns the current parts of a merchant, which apps have no access to.
 *
 * @throws {WxPayConfigError} if the merchant is no longer registered
 */
export function internalsOf(merchant: WxPayMerchant): MerchantInternals {
  const { find, notRegistered } = merchant[INIT];
  const internals = find();
  if (internals === undefined) throw notRegistered();
  return internals;
}

/** Creates the access of the services. Each call looks up the current internals, so that `replace` takes effect. */
function accessTo(merchant: WxPayMerchant): MerchantAccess {
  const current = (): MerchantInternals => internalsOf(merchant);
  return {
    orders: () => current().orders(),
    sharedOrders: () => current().sharedOrders(),
    combine: () => current().combine(),
    reversal: () => current().reversal(),
    refunds: () => current().refunds(),
    codePay: () => current().codePay(),
    requests: () => current().requests(),
    bills: () => current().bills(),
    files: () => current().files(),
    sensitiveFields: () => current().sensitiveFields(),
    prepay: () => current().prepay(),
    now: () => current().now(),
    closing: () => current().closing(),
  };
}
