import { WxPayError, type WxPayMerchant } from '../index.js';
import { failureOf, warningsOf, type SelfTestFailure, type WxPayHealthReason } from './finding.js';
import type { ResolvedHealthOptions } from './options.js';

/** Finding about one merchant, before it is decided whether it is up. */
export interface Finding {
  /** Reasons for which it is degraded, beside the failure. */
  readonly warnings: readonly WxPayHealthReason[];
  readonly failure?: SelfTestFailure | undefined;
  /** Sentences for the log about what failed. */
  readonly details: readonly string[];
}

/** Tests a merchant within the time limit. Never rejects. */
export async function examine(merchant: WxPayMerchant, options: ResolvedHealthOptions): Promise<Finding> {
  const [tested, ofApp] = await Promise.all([selfTest(merchant, options), appReasons(options)]);
  return {
    failure: tested.failure,
    warnings: [...tested.warnings, ...ofApp.warnings],
    details: [...tested.details, ...ofApp.details],
  };
}

/**
 * The finding if the self-test fails with this error.
 *
 * @param clockOffsetMs WeChat Pay's clock minus this machine's, in milliseconds
 */
export function failedFinding(error: unknown, clockOffsetMs?: number): Finding {
  return { failure: failureOf(error, clockOffsetMs), warnings: [], details: [sentence(error)] };
}

async function selfTest(
  merchant: WxPayMerchant,
  { timeoutMs, subMchid }: ResolvedHealthOptions,
): Promise<Finding> {
  try {
    const failed = await merchant.selfTest({ timeoutMs, subMchid }).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const health = merchant.health();
    const failure = failed && failedFinding(failed.error, health.clockOffsetMs);
    return { details: [], ...failure, warnings: warningsOf(health, Date.now()) };
  } catch (error) {
    return failedFinding(error);
  }
}

async function appReasons({ reasons, timeoutMs }: ResolvedHealthOptions): Promise<Finding> {
  if (reasons === undefined) return { warnings: [], details: [] };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${timeoutMs} ms.`)), timeoutMs);
  });
  try {
    const ofApp = await Promise.race([Promise.resolve().then(reasons), late]);
    return { warnings: [...ofApp], details: [] };
  } catch (error) {
    return { warnings: ['reasons-failed'], details: [`The option reasons failed: ${sentence(error)}`] };
  } finally {
    clearTimeout(timer);
  }
}

/** Error of the app. Its `cause` is redacted, as in every error of this package. */
class ForeignError extends WxPayError {
  readonly code = 'FOREIGN';
}

/** Describes an error for the log. */
function sentence(error: unknown): string {
  if (error instanceof WxPayError) return error.message;
  const { cause } = new ForeignError('The app failed.', { cause: error });
  return cause instanceof Error ? cause.message : 'unknown';
}
