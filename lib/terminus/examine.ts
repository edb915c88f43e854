import { WxPayError, type WxPayMerchant } from '../index.js';
import { failureOf, warningsOf, type SelfTestFailure, type WxPayHealthReason } from './finding.js';
import type { HealthTerms } from './options.js';

/** Finding about one merchant, before it is decided whether it is up. */
export interface Finding {
  /** Reasons for which it is degraded, beside the failure. */
  readonly warnings: readonly WxPayHealthReason[];
  readonly failure?: SelfTestFailure | undefined;
  /** Sentences for the log about what failed. */
  readonly details: readonly string[];
}

/** Tests a merchant within the time limit. Never rejects. */
export async function examine(merchant: WxPayMerchant, terms: HealthTerms): Promise<Finding> {
  const [tested, own] = await Promise.all([selfTest(merchant, terms), ownReasons(terms)]);
  return {
    failure: tested.failure,
    warnings: [...tested.warnings, ...own.warnings],
    details: [...tested.details, ...own.details],
  };
}

/** Converts an error that prevents an examination. */
export function findingOf(error: unknown): Finding {
  return { failure: failureOf(error), warnings: [], details: [sentence(error)] };
}

async function selfTest(merchant: WxPayMerchant, { timeoutMs, subMchid }: HealthTerms): Promise<Finding> {
  try {
    const failure = await merchant.selfTest({ timeoutMs, subMchid }).then(
      () => undefined,
      (error: unknown) => findingOf(error),
    );
    return { details: [], ...failure, warnings: warningsOf(merchant.health(), Date.now()) };
  } catch (error) {
    return findingOf(error);
  }
}

async function ownReasons({ reasons, timeoutMs }: HealthTerms): Promise<Finding> {
  if (reasons === undefined) return { warnings: [], details: [] };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${timeoutMs} ms.`)), timeoutMs);
  });
  try {
    const own = await Promise.race([Promise.resolve().then(reasons), late]);
    return { warnings: [...own], details: [] };
  } catch (error) {
    return { warnings: ['reasons-failed'], details: [`The option reasons failed: ${sentence(error)}`] };
  } finally {
    clearTimeout(timer);
  }
}

function sentence(error: unknown): string {
  return error instanceof Error || error instanceof WxPayError ? error.message : String(error);
}
