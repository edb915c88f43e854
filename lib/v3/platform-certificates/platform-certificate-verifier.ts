import type { KeyObject } from 'node:crypto';
import type { Agent } from 'node:http';
import { inspect } from 'node:util';
import { isSame } from '../../crypto/is-same.js';
import { createNonce } from '../../crypto/nonce.js';
import type { WxPaySigner } from '../../crypto/signer.js';
import { WxPayVerifier, type EncryptInput, type KeyQuery, type VerifyInput } from '../../crypto/verifier.js';
import { WxPaySignatureError } from '../../errors/wxpay-signature-error.js';
import { DEFAULT_MAX_REPLY_BYTES } from '../../rules/limits.js';
import { createTransport } from '../../transport/create-transport.js';
import { DEFAULT_HOSTS, DEFAULT_MAX_IN_FLIGHT, failoverDefaults } from '../../transport/defaults.js';
import { HostHealth } from '../../transport/retry/host-health.js';
import type { WxPayHttpService } from '../../transport/http/axios-http-client.js';
import { userAgent } from '../../transport/http/user-agent.js';
import { CertificateDownload } from './certificate-download.js';
import { CertificateStore } from './certificate-store.js';
import { checkVerifierOptions } from './check-verifier-options.js';

export interface PlatformCertificateVerifierOptions {
  /** Merchant number, digits only. */
  readonly mchid: string;
  /** Signs the downloads; the signer of the merchant. */
  readonly signer: WxPaySigner;
  /** APIv3 key (APIv3密钥), 32 bytes; decrypts the certificates. */
  readonly apiV3Key: string;
  /** Origins of WeChat Pay, the preferred one first; default as for the merchant. Plain http for loopback only. */
  readonly hosts?: readonly string[] | undefined;
  /** `HttpService` of `@nestjs/axios`, for a custom proxy or agents. Default: `node:https`. */
  readonly httpService?: WxPayHttpService | undefined;
  /** Agent for the https connections to WeChat Pay, for example to a proxy; not for use with `httpService`. */
  readonly httpsAgent?: Pick<Agent, 'destroy' | 'maxSockets'> | undefined;
  /** Limits each download, in milliseconds; default 4 000. A call that waits for a download also has its own deadline. */
  readonly timeoutMs?: number | undefined;
  /**
   * Verifies downloads besides the held certificates, and alone while none is held. Pass the PublicKeyVerifier while both
   * keys are in use, so that WeChat Pay may sign the list with either.
   */
  readonly trust?: WxPayVerifier | undefined;
  /** Milliseconds since the epoch; for tests. */
  readonly now?: (() => number) | undefined;
}

/** Serial number of a certificate. The identifier of a public key, `PUB_KEY_ID_…`, does not cause a download. */
const CERTIFICATE_SERIAL = /^[0-9A-F]{1,64}$/i;

/**
 * Verifies with platform certificates (平台证书), which it downloads, decrypts and replaces by itself.
 *
 * Use one for each merchant; it shares no certificates with others. It downloads at the first use, then in the background
 * every ten hours if it is used, and when WeChat Pay signs with an unknown certificate. It has no timer and keeps no
 * connection, so there is nothing to close. While WeChat Pay does not reply, the held certificates stay in use until they
 * expire.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012551764
 */
export class PlatformCertificateVerifier extends WxPayVerifier {
  readonly #mchid: string;
  readonly #apiV3Key: KeyObject;
  readonly #trust: WxPayVerifier | undefined;
  readonly #store: CertificateStore;

  /** @throws {WxPayConfigError} naming every fault of the options */
  constructor(options: PlatformCertificateVerifierOptions) {
    super();
    const apiV3Key = checkVerifierOptions(options);
    this.#mchid = options.mchid;
    this.#apiV3Key = apiV3Key;
    this.#trust = options.trust;
    this.#store = createStore(options, apiV3Key);
  }

  /**
   * Returns the serial number of the newest certificate in effect.
   *
   * @throws {WxPayError} if there is no certificate and none can be downloaded; the next call tries again
   */
  override async acceptedSerialNo({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<
    string | undefined
  > {
    return (await this.#store.current(signal)).acceptedSerialNo();
  }

  override async verify(input: VerifyInput): Promise<boolean> {
    if (!CERTIFICATE_SERIAL.test(input.serialNo)) throw new WxPaySignatureError('unknown-serial');
    return (await this.#store.including(input.serialNo, input)).verify(input);
  }

  /**
   * Encrypts with the newest certificate in effect.
   *
   * @throws {WxPayError} if there is no certificate and none can be downloaded; the next call tries again
   */
  override async encrypt(input: EncryptInput): Promise<{ ciphertext: string; serialNo: string }> {
    return (await this.#store.current(input.signal)).encrypt(input);
  }

  override async hasKey(query: KeyQuery): Promise<boolean> {
    if (!CERTIFICATE_SERIAL.test(query.serialNo)) return false;
    return (await this.#store.current(query.signal)).hasKey(query);
  }

  /** Returns the latest expiry of the loaded certificates; undefined before the first download. */
  override expiresAt(): Date | undefined {
    return this.#store.expiresAt;
  }

  /** Compares the keys that verify a list of certificates: the APIv3 key, and the keys of `trust`. */
  override isSameAs(other: WxPayVerifier): boolean {
    return (
      other instanceof PlatformCertificateVerifier &&
      other.#mchid === this.#mchid &&
      other.#apiV3Key.equals(this.#apiV3Key) &&
      isSame(this.#trust, other.#trust)
    );
  }

  [inspect.custom](): string {
    return `PlatformCertificateVerifier (mchid ${this.#mchid}, ${this.#store.size} certificates)`;
  }
}

/** Less than the timeout of a call, so that another verifier gets its turn if a download hangs. */
const DOWNLOAD_TIMEOUT_MS = 4_000;

function createStore(
  {
    mchid,
    signer,
    hosts = DEFAULT_HOSTS,
    httpService,
    httpsAgent,
    timeoutMs = DOWNLOAD_TIMEOUT_MS,
    trust,
    now = () => Date.now(),
  }: PlatformCertificateVerifierOptions,
  apiV3Key: KeyObject,
): CertificateStore {
  const { transport, closeConnections } = createTransport({
    api: 'v3',
    httpService,
    httpsAgent,
    hosts: hosts.map((host) => new URL(host).origin),
    health: new HostHealth(),
    timeoutMs,
    ...failoverDefaults(timeoutMs),
    // One attempt per host: the store decides when the next download is due.
    maxAttempts: hosts.length,
    maxInFlight: DEFAULT_MAX_IN_FLIGHT,
    maxReplyBytes: DEFAULT_MAX_REPLY_BYTES,
    userAgent: userAgent(),
  });
  const download = new CertificateDownload({
    mchid,
    signer,
    apiV3Key,
    transport,
    trust,
    now,
    nonce: createNonce,
  });
  return new CertificateStore({
    mchid,
    now,
    // The next download is hours away, so connections are not kept.
    download: (held) => download.run(held).finally(closeConnections),
  });
}
