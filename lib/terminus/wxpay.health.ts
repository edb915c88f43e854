import { Injectable, Logger } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { oneLine } from '../errors/one-line.js';
import { redact } from '../errors/redact.js';
import { WxPayMerchants, type WxPayMerchant } from '../index.js';
import { examine, failedFinding, type Finding } from './examine.js';
import type { WxPayHealthReason } from './finding.js';
import { withDefaults, type WxPayHealthOptions } from './options.js';
import { SharedResults } from './shared-results.js';

/**
 * Health indicator of `@nestjs/terminus`: tests the credentials of a merchant with a signed call that changes nothing.
 *
 * List it in `providers` of a module that imports `TerminusModule`, and use it for readiness only: in an outage of WeChat Pay,
 * a liveness probe that asks them would have all pods restarted.
 *
 * @example
 * ```ts
 * @Get('ready')
 * @HealthCheck()
 * ready() {
 *   return this.health.check([() => this.wxpay.check('wxpay')]);
 * }
 * ```
 */
@Injectable()
export class WxPayHealthIndicator {
  readonly #indicators: HealthIndicatorService;
  readonly #merchants: WxPayMerchants;
  readonly #logger = new Logger(WxPayHealthIndicator.name);
  /** Findings of each merchant by key; they go with the merchant. */
  readonly #findings = new WeakMap<WxPayMerchant, SharedResults<Finding>>();
  /** Reasons that were logged last, of each merchant by key. */
  readonly #logged = new WeakMap<WxPayMerchant, Map<string, string>>();

  /** Faults that were logged last and prevent a check, by key. */
  readonly #faults = new Map<string, string>();

  constructor(indicators: HealthIndicatorService, merchants: WxPayMerchants) {
    this.#indicators = indicators;
    this.#merchants = merchants;
  }

  /**
   * Checks one merchant. Never throws.
   *
   * - `up`: WeChat Pay accepts this merchant, and its replies can be verified
   * - `up` with `degraded: true` and `reasons`: something is wrong that redeploying the app would not fix, such as an outage of
   *   WeChat Pay. Payments may still work
   * - `down` with `reasons`: the configuration is at fault ({@link WxPayHealthReason} `configuration`, `credentials`, `permission`
   *   or `wrong-key`); with `strict`, any failure of the self-test
   *
   * The log says more about each reason, once.
   *
   * @param key name of the result in the report; each key has results of its own, for each merchant
   */
  async check<const Key extends string>(
    key: Key,
    options: WxPayHealthOptions = {},
  ): Promise<HealthIndicatorResult<Key>> {
    const indicator = this.#indicators.check(key);
    const { warnings, failure } = await this.#find(key, options);
    const reasons = reasonsOf({ warnings, failure });
    if (reasons.length === 0) return indicator.up();
    const isDown = failure !== undefined && (failure.isConfigurationFault || options.strict === true);
    return isDown ? indicator.down({ reasons }) : indicator.up({ degraded: true, reasons });
  }

  async #find(key: string, options: WxPayHealthOptions): Promise<Finding> {
    try {
      const terms = withDefaults(options);
      const merchant = this.#merchants.get(terms.merchant);
      this.#faults.delete(key);
      const findings = entryOf(this.#findings, merchant, () => new SharedResults<Finding>());
      return await findings.get(key, terms.cacheMs, async () => {
        const finding = await examine(merchant, terms);
        this.#logChange(key, merchant, finding);
        return finding;
      });
    } catch (error) {
      const finding = failedFinding(error);
      this.#logFault(key, finding.details.join(' '));
      return finding;
    }
  }

  /** Logs a fault that prevents a check, unless it is the one that was logged last. */
  #logFault(key: string, fault: string): void {
    if (this.#faults.get(key) === fault) return;
    this.#faults.set(key, fault);
    this.#logger.error(oneLine(fault));
  }

  /** Logs reasons that differ from those of the last result. */
  #logChange(key: string, merchant: WxPayMerchant, finding: Finding): void {
    const logged = entryOf(this.#logged, merchant, () => new Map<string, string>());
    const reasons = reasonsOf(finding).join(', ');
    if ((logged.get(key) ?? '') === reasons) return;
    logged.set(key, reasons);
    const name = `The health check of WeChat Pay merchant "${redact(merchant.name)}"`;
    const level = finding.failure?.isConfigurationFault === true ? 'error' : 'warn';
    if (reasons === '') this.#logger.log(`${name} passes again.`);
    else this.#logger[level](oneLine([`${name} found: ${reasons}.`, ...finding.details].join(' ')));
  }
}

function reasonsOf({ failure, warnings }: Omit<Finding, 'details'>): readonly WxPayHealthReason[] {
  return [...new Set(failure === undefined ? warnings : [failure.reason, ...warnings])];
}

function entryOf<T>(of: WeakMap<WxPayMerchant, T>, merchant: WxPayMerchant, create: () => T): T {
  const known = of.get(merchant);
  if (known !== undefined) return known;
  const created = create();
  of.set(merchant, created);
  return created;
}
