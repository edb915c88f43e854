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

/** The options of merchants that talk to a gateway. */
export class MerchantOptions {
  readonly #terms: StartTerms;
  readonly #keys: GatewayKeys;
  readonly #url: () => string;

  constructor(terms: StartTerms, keys: GatewayKeys, url: () => string) {
    this.#terms = terms;
    this.#keys = keys;
    this.#url = url;
  }

  /** Of a merchant that uses APIv3. */
  v3(overrides: Partial<WxPayV3Options>): WxPayV3Options {
    const { ring, platform } = this.#keys;
    const usual = platform.knows(ring.merchant.publicKeyId) ? 'public-key' : 'certificates';
    return {
      mchid: this.#terms.mchid,
      signer: signerFor(ring.merchant),
      verifier: overrides.verifier ?? this.verifier(usual, {}),
      apiV3Key: ring.merchant.apiV3Key,
      hosts: [this.#url()],
      ...overrides,
    };
  }

  verifier(kind: MockVerifierKind, overrides: Partial<PlatformCertificateVerifierOptions>): WxPayVerifier {
    const { mchid, now } = this.#terms;
    return verifierFor(kind, this.#keys.ring.merchant, { mchid, hosts: [this.#url()], now, ...overrides });
  }

  /** Of a merchant that uses APIv2; signs with HMAC-SHA256. */
  v2(overrides: Partial<WxPayV2Options>): WxPayV2Options {
    const { mchid, appid } = this.#terms;
    const { ring, client, tls } = this.#keys;
    return {
      api: 'v2',
      mchid,
      appid,
      signer: new HmacSha256Signer({ key: ring.merchant.apiV2Key }),
      // With `ca`, so that the merchant trusts the gateway as well.
      ...(client === undefined ? {} : { clientCertificate: { ...client, ca: tls?.cert } }),
      hosts: [this.#url()],
      ...overrides,
    };
  }
}
