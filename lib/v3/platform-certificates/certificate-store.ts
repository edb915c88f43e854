import type { VerifyInput } from '../../crypto/verifier.js';
import { safeCause } from '../../errors/safe-cause.js';
import { WxPayConfigError } from '../../errors/wxpay-config-error.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import { WxPaySignatureError } from '../../errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../../errors/wxpay-transport-error.js';
import { certificatesChannel, type CertificatesEvent } from '../../telemetry/channels.js';
import { PlatformCertificates } from './platform-certificates.js';
import { unlessAborted } from './unless-aborted.js';

export interface CertificateStoreOptions {
  readonly mchid: string;
  readonly download: (held: PlatformCertificates) => Promise<PlatformCertificates>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const MINUTE_MS = 60_000;
/** WeChat Pay asks for less than 12 hours; the two between leave time for downloads that fail. */
const REFRESH_AFTER_MS = 10 * 60 * MINUTE_MS;
/** The pause before a download that failed, or that found nothing new, is repeated. */
const MIN_INTERVAL_MS = MINUTE_MS / 2;
/** The same for a first download that was refused: most refusals are unsigned, and one says little about the next. */
const REFUSED_PAUSE_MS = 1_000;
/** How long a serial number that WeChat Pay does not list is not asked for again. */
const UNKNOWN_FOR_MS = 5 * MINUTE_MS;
const MAX_UNKNOWN = 1_000;

/**
 * Keeps the certificates of one merchant fresh, when they are used: it has no timer.
 *
 * One download at a time serves all who wait. What may be forged, the serial numbers of replies and callbacks, cannot
 * cause more than one in half a minute; callbacks of all merchants together no more than `maySeek` allows.
 */
export class CertificateStore {
  readonly #options: CertificateStoreOptions;
  /** When WeChat Pay was asked about a serial number that it does not list; the oldest first. */
  readonly #unknown = new Map<string, number>();
  #held: PlatformCertificates;
  #running: Promise<void> | undefined;
  #failure: Error | undefined;
  #loadedAt: number | undefined;
  #failedAt: number | undefined;
  #soughtAt: number | undefined;

  constructor(options: CertificateStoreOptions) {
    this.#options = options;
    this.#held = new PlatformCertificates([], options.now);
  }

  get size(): number {
    return this.#held.serialNos.length;
  }

  /** The certificates for a call of our own. */
  async current(signal?: AbortSignal): Promise<PlatformCertificates> {
    if (this.size === 0) {
      this.#throwIfTooEarly();
      await unlessAborted(() => this.#refresh(), signal);
    } else this.#refreshIfDue();
    return this.#held;
  }

  /**
   * The certificates, with the one of that serial number if WeChat Pay has it.
   *
   * @throws {WxPaySignatureError} `unknown-serial` if it is not held and could not be asked for
   * @throws {WxPayTransportError} if it is not held and `maySeek` does not allow a download
   * @throws {WxPayError} what the last download failed with, if none is held
   */
  async including(
    serialNo: string,
    { signal, maySeek = () => true }: Pick<VerifyInput, 'signal' | 'maySeek'> = {},
  ): Promise<PlatformCertificates> {
    if (this.#held.has(serialNo)) {
      this.#refreshIfDue();
      return this.#held;
    }
    // A download that is under way may have begun before WeChat Pay listed this one.
    if (this.#running !== undefined) await this.#settled(signal);
    // One that began since, for another reply, has what this one needs.
    if (!this.#held.has(serialNo) && (this.#running !== undefined || this.#maySeek(serialNo, maySeek))) {
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

  /** Waits for a download, whether it fails or not. */
  async #settled(signal?: AbortSignal): Promise<void> {
    await unlessAborted(() => this.#refresh().catch(() => undefined), signal);
  }

  /** @throws {WxPayTransportError} if a download is due, and not allowed: the serial number may be a new certificate's */
  #maySeek(serialNo: string, isAllowed: () => boolean): boolean {
    const isDue =
      this.#hasPassed(MIN_INTERVAL_MS, this.#soughtAt) &&
      this.#hasPassed(UNKNOWN_FOR_MS, this.#unknown.get(serialNo));
    if (!isDue) return false;
    if (!isAllowed()) throw notSought(this.#options.mchid);
    this.#soughtAt = this.#options.now();
    return true;
  }

  #remember(serialNo: string): void {
    for (const oldest of this.#unknown.keys()) {
      if (this.#unknown.size < MAX_UNKNOWN) break;
      this.#unknown.delete(oldest);
    }
    this.#unknown.set(serialNo, this.#options.now());
  }

  /** In the background: the certificates held are good until they expire, so no call waits for better ones. */
  #refreshIfDue(): void {
    const isDue =
      this.#hasPassed(REFRESH_AFTER_MS, this.#loadedAt) && this.#hasPassed(MIN_INTERVAL_MS, this.#failedAt);
    // A failure is told to the telemetry and to those who wait for this very download.
    if (isDue) this.#refresh().catch(() => undefined);
  }

  /** What never was has passed. */
  #hasPassed(ms: number, since: number | undefined): boolean {
    if (since === undefined) return true;
    const elapsed = this.#options.now() - since;
    // Less than nothing: the clock was set back, and says no more about when that was.
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
      // An error of this package is safe to publish; a foreign one is made so.
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
      error,
    } satisfies CertificatesEvent);
  }
}

/** How long calls get a failure of the first download without another one, in milliseconds. */
function pauseAfter(failure: Error): number {
  if (failure instanceof WxPayConfigError) return MIN_INTERVAL_MS;
  return failure instanceof WxPayError && !failure.retryable ? REFUSED_PAUSE_MS : 0;
}

function notSought(mchid: string): WxPayTransportError {
  return new WxPayTransportError(
    `The platform certificate of a notification to mchid ${mchid} is not held, and was not looked for: notifications with unknown serial numbers have caused enough downloads for now. WeChat Pay sends it again.`,
  );
}

function unknownWhile(failure: Error): WxPaySignatureError {
  return new WxPaySignatureError(
    'unknown-serial',
    `No platform certificate that is held has this serial number, and the list could not be refreshed: ${failure.message}`,
    { cause: failure },
  );
}
