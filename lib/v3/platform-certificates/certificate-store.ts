import type { VerifyInput } from '../../crypto/verifier.js';
import { safeCause } from '../../errors/safe-cause.js';
import { WxPayConfigError } from '../../errors/wxpay-config-error.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import { WxPaySignatureError } from '../../errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../../errors/wxpay-transport-error.js';
import { certificatesChannel } from '../../telemetry/channels.js';
import type { CertificatesEvent } from '../../telemetry/events.js';
import { PlatformCertificates } from './platform-certificates.js';
import { unlessAborted } from './unless-aborted.js';

export interface CertificateStoreOptions {
  readonly mchid: string;
  readonly download: (held: PlatformCertificates) => Promise<PlatformCertificates>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const MINUTE_MS = 60_000;
/** WeChat Pay asks for less than 12 hours; the other two leave time for downloads that fail. */
const REFRESH_AFTER_MS = 10 * 60 * MINUTE_MS;
/** Minimum pause after a download that failed or found nothing new. */
const MIN_INTERVAL_MS = MINUTE_MS / 2;
/** Minimum pause after a refused first download: most refusals are unsigned, and one does not predict the next. */
const REFUSED_PAUSE_MS = 1_000;
/** Time during which a serial number that WeChat Pay does not list is not looked up again. */
const UNKNOWN_FOR_MS = 5 * MINUTE_MS;
const MAX_UNKNOWN = 1_000;

/**
 * Stores the certificates of one merchant and refreshes them on use; it has no timer.
 *
 * All waiting callers share one download. Serial numbers of replies and notifications can be forged, so they cause at most
 * one download per half minute; notifications of all merchants together cause at most as many as `maySeek` allows.
 */
export class CertificateStore {
  readonly #options: CertificateStoreOptions;
  /** Time of the last lookup of each serial number that WeChat Pay does not list; the oldest first. */
  readonly #unknown = new Map<string, number>();
  #held: PlatformCertificates;
  #running: Promise<void> | undefined;
  #failure: Error | undefined;
  #loadedAt: number | undefined;
  #failedAt: number | undefined;
  #lookedUpAt: number | undefined;

  constructor(options: CertificateStoreOptions) {
    this.#options = options;
    this.#held = new PlatformCertificates([], options.now);
  }

  get size(): number {
    return this.#held.serialNos.length;
  }

  /** Latest expiry of the loaded certificates; undefined before the first download. */
  get expiresAt(): Date | undefined {
    return this.#held.expiresAt();
  }

  /** Returns the certificates for one of our own calls. */
  async current(signal?: AbortSignal): Promise<PlatformCertificates> {
    if (this.size === 0) {
      this.#throwIfTooEarly();
      await unlessAborted(() => this.#refresh(), signal);
    } else this.#refreshIfDue();
    return this.#held;
  }

  /**
   * Returns the certificates, including the one with the given serial number if WeChat Pay has it.
   *
   * @throws {WxPaySignatureError} `unknown-serial` if it is not held and could not be looked up
   * @throws {WxPayTransportError} if it is not held and `maySeek` does not allow a download
   * @throws {WxPayError} the failure of the last download, if no certificate is held
   */
  async including(
    serialNo: string,
    { signal, maySeek = () => true }: Pick<VerifyInput, 'signal' | 'maySeek'> = {},
  ): Promise<PlatformCertificates> {
    if (this.#held.has(serialNo)) {
      this.#refreshIfDue();
      return this.#held;
    }
    // A running download may have started before WeChat Pay listed this certificate.
    if (this.#running !== undefined) await this.#settled(signal);
    // A download that started since then, for another reply, also includes this certificate.
    if (!this.#held.has(serialNo) && (this.#running !== undefined || this.#mayLookUp(serialNo, maySeek))) {
      await this.#settled(signal);
      if (!this.#held.has(serialNo) && this.#failure === undefined) this.#remember(serialNo);
    }
    if (this.#failure !== undefined && !this.#held.has(serialNo)) {
      throw this.size === 0 ? this.#failure : unknownWhile(this.#failure);
    }
    return this.#held;
  }

  /** Throws the last failure while it is too early for another download. */
  #throwIfTooEarly(): void {
    const failure = this.#failure;
    if (failure !== undefined && !this.#hasPassed(pauseAfter(failure), this.#failedAt)) throw failure;
  }

  /** Waits until a download succeeds or fails. */
  async #settled(signal?: AbortSignal): Promise<void> {
    await unlessAborted(() => this.#refresh().catch(() => undefined), signal);
  }

  /**
   * Decides whether an unknown serial number is looked up; it may belong to a new certificate.
   *
   * @throws {WxPayTransportError} if a download is due but not allowed
   */
  #mayLookUp(serialNo: string, isAllowed: () => boolean): boolean {
    const isDue =
      this.#hasPassed(MIN_INTERVAL_MS, this.#lookedUpAt) &&
      this.#hasPassed(UNKNOWN_FOR_MS, this.#unknown.get(serialNo));
    if (!isDue) return false;
    if (!isAllowed()) throw lookupNotAllowed(this.#options.mchid);
    this.#lookedUpAt = this.#options.now();
    return true;
  }

  #remember(serialNo: string): void {
    for (const oldest of this.#unknown.keys()) {
      if (this.#unknown.size < MAX_UNKNOWN) break;
      this.#unknown.delete(oldest);
    }
    this.#unknown.set(serialNo, this.#options.now());
  }

  /** Refreshes in the background: held certificates are valid until they expire, so no call waits for newer ones. */
  #refreshIfDue(): void {
    const isDue =
      this.#hasPassed(REFRESH_AFTER_MS, this.#loadedAt) && this.#hasPassed(MIN_INTERVAL_MS, this.#failedAt);
    // The failure is published to the telemetry and thrown to the callers that wait for this download.
    if (isDue) this.#refresh().catch(() => undefined);
  }

  /** Tells whether a time has passed since an event; true if the event never happened. */
  #hasPassed(ms: number, since: number | undefined): boolean {
    if (since === undefined) return true;
    const elapsed = this.#options.now() - since;
    // Negative if the clock was set back; the time of the event is then useless.
    return elapsed < 0 || elapsed >= ms;
  }

  #refresh(): Promise<void> {
    this.#running ??= this.#load().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #load(): Promise<void> {
    const { download, now } = this.#options;
    try {
      this.#held = await download(this.#held);
      this.#loadedAt = now();
      this.#failure = undefined;
      this.#publish('refreshed');
    } catch (thrown) {
      // Errors of this package are safe to publish; other errors are made safe.
      const error = thrown instanceof WxPayError ? thrown : safeCause(thrown);
      this.#failedAt = now();
      this.#failure = error;
      this.#publish(this.size > 0 ? 'stale' : 'failed', error);
      throw error;
    }
  }

  #publish(outcome: CertificatesEvent['outcome'], error?: Error): void {
    if (!certificatesChannel.hasSubscribers) return;
    const { mchid } = this.#options;
    certificatesChannel.publish({
      outcome,
      mchid,
      serialNos: this.#held.serialNos,
      expiresAt: this.#held.expiresAt(),
      error,
    } satisfies CertificatesEvent);
  }
}

/** Returns the time in which calls get the failure of the first download without another one, in milliseconds. */
function pauseAfter(failure: Error): number {
  if (failure instanceof WxPayConfigError) return MIN_INTERVAL_MS;
  return failure instanceof WxPayError && !failure.retryable ? REFUSED_PAUSE_MS : 0;
}

function lookupNotAllowed(mchid: string): WxPayTransportError {
  return new WxPayTransportError(
    `The platform certificate of a notification to mchid ${mchid} is not held, and was not looked up: notifications with unknown serial numbers have caused enough downloads for now. WeChat Pay sends it again.`,
  );
}

function unknownWhile(failure: Error): WxPaySignatureError {
  return new WxPaySignatureError(
    'unknown-serial',
    `No platform certificate that is held has this serial number, and the list could not be refreshed: ${failure.message}`,
    { cause: failure },
  );
}
