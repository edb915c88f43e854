import {
  HmacSha256Signer,
  type PlatformCertificateVerifierOptions,
  type WxPayV2Options,
  type WxPayV3Options,
  type WxPayVerifier,
} from '../index.js';
import { signerFor, verifierFor, type MockVerifierKind } from './keys/credentials.js';
import type { GatewayKeys } from './keys/gateway-keys.js';
import type { StartTerms } from './start-options.js';

/** Address for notifications that the gateway accepts. Nothing is sent to it; see `MockWxPayGateway.notify`. */
const NOTIFY_URL = 'https://shop.example/wxpay/notifications';

/** Creates the options of merchants that use a gateway. */
export class MerchantOptions {
  readonly #terms: StartTerms;
  readonly #keys: GatewayKeys;
  readonly #url: () => string;

  constructor(terms: StartTerms, keys: GatewayKeys, url: () => string) {
    this.#terms = terms;
    this.#keys = keys;
    this.#url = url;
  }

  /** Creates the options of an APIv3 merchant. */
  v3(overrides: Partial<WxPayV3Options>): WxPayV3Options {
    const { ring, platform } = this.#keys;
    const defaultKind = platform.has(ring.merchant.publicKeyId) ? 'public-key' : 'certificates';
    return {
      mchid: this.#terms.mchid,
      appid: this.#terms.appid,
      notifyUrl: NOTIFY_URL,
      signer: signerFor(ring.merchant),
      verifier: overrides.verifier ?? this.verifier(defaultKind, {}),
      apiV3Key: ring.merchant.apiV3Key,
      hosts: [this.#url()],
      ...overrides,
    };
  }

  verifier(kind: MockVerifierKind, overrides: Partial<PlatformCertificateVerifierOptions>): WxPayVerifier {
    const { mchid, now } = this.#terms;
    return verifierFor(kind, this.#keys.ring.merchant, { mchid, hosts: [this.#url()], now, ...overrides });
  }

  /** Creates the options of an APIv2 merchant, which signs with HMAC-SHA256. */
  v2(overrides: Partial<WxPayV2Options>): WxPayV2Options {
    const { mchid, appid } = this.#terms;
    const { ring, client, tls } = this.#keys;
    return {
      api: 'v2',
      mchid,
      appid,
      notifyUrl: NOTIFY_URL,
      signer: new HmacSha256Signer({ key: ring.merchant.apiV2Key }),
      // `ca` makes the merchant trust the gateway.
      ...(client === undefined ? {} : { clientCertificate: { ...client, ca: tls?.cert } }),
      hosts: [this.#url()],
      ...overrides,
    };
  }
}
