import { WxPayInputError } from '../index.js';
import { MAX_TIMEOUT_MS } from '../rules/limits.js';

/** Options of one check. */
export interface WxPayHealthOptions {
  /** Name under which the merchant is registered; default: the merchant without a name. */
  readonly merchant?: string | undefined;
  /**
   * Number of any sub-merchant, for the self-test of a service provider (服务商) over APIv2. Without it the result is degraded
   * with the reason `no-sub-merchant`, because WeChat Pay refuses the test.
   */
  readonly subMchid?: string | undefined;
  /** Bounds the check, in milliseconds; default 3 000. Keep it below the timeout of the probe. */
  readonly timeoutMs?: number | undefined;
  /** Time for which a result is used again, in milliseconds; default 30 000. Checks at the same time always share one result. */
  readonly cacheMs?: number | undefined;
  /** Reports `down` whenever the self-test fails, in an outage of WeChat Pay as well; default false. */
  readonly strict?: boolean | undefined;
  /**
   * Adds reasons of the app for which the merchant is degraded, such as `tracking-lag`; an empty list adds none. It is called
   * once for each result, and shares the time limit of the check.
   */
  readonly reasons?: (() => readonly string[] | Promise<readonly string[]>) | undefined;
}

/** Options with their defaults. */
export interface ResolvedHealthOptions extends WxPayHealthOptions {
  readonly timeoutMs: number;
  readonly cacheMs: number;
}

/** Below the usual timeout of a probe, which is some seconds. */
const TIMEOUT_MS = 3_000;
const CACHE_MS = 30_000;

/**
 * Fills in the defaults.
 *
 * @throws {WxPayInputError} naming the invalid option
 */
export function withDefaults(options: WxPayHealthOptions): ResolvedHealthOptions {
  // Named one by one: a spread would lose the accessors of a class.
  const { merchant, subMchid, strict, reasons, timeoutMs = TIMEOUT_MS, cacheMs = CACHE_MS } = options;
  if (!(timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)) {
    throw new WxPayInputError('timeoutMs', `must be a number of milliseconds from 1 to ${MAX_TIMEOUT_MS}.`);
  }
  if (!(cacheMs >= 0)) throw new WxPayInputError('cacheMs', 'must be a number of milliseconds, 0 or more.');
  return { merchant, subMchid, strict, reasons, timeoutMs, cacheMs };
}
