import { brand } from './brand.js';
import { safeLine } from './redact.js';
import { WxPayError } from './wxpay-error.js';

/**
 * The module is set up wrongly. Thrown at start-up (or by `register` and `replace`) with every fault at once,
 * and by a service that the merchant's API lacks, with what to do instead.
 */
export class WxPayConfigError extends WxPayError {
  readonly code = 'WXPAY_CONFIG';
  /** Each fault names the option or variable and its remedy, in one sentence or two. */
  readonly faults: readonly string[];

  static {
    brand(this, 'WxPayConfigError');
  }

  constructor(faults: readonly string[], { merchant }: { readonly merchant?: string } = {}) {
    super(summarise(faults, merchant), { merchant });
    this.faults = faults.map(safeLine);
  }
}

function summarise(faults: readonly string[], merchant?: string): readonly string[] {
  const [first = 'The WeChat Pay configuration is faulty.', ...others] = faults;
  if (others.length === 0)
    return [merchant === undefined ? first : `WeChat Pay merchant "${merchant}": ${first}`];
  const of = merchant === undefined ? '' : ` of merchant "${merchant}"`;
  return [
    `${faults.length} faults in the WeChat Pay configuration${of}:`,
    ...faults.map((fault) => `  - ${fault}`),
  ];
}
