import type { Guard } from './guard.js';
import type { Plan } from './plan.js';

const BOOKS: Partial<Plan> = { apis: ['v3'], operations: ['books'], rate: 0 };
const TENANTS: Partial<Plan> = { operations: ['register'], rate: 0 };
const POSTS: Partial<Plan> = { apis: ['v3'], operations: ['post'], kinds: ['lost-answer'] };

/** What tells whose an order is, who may speak for a merchant, and what is known of a request that failed. */
export const IDENTITY_GUARDS: readonly Guard[] = [
  {
    name: 'key of an order with its sub-merchant',
    file: 'lib/domain/order-key.ts',
    find: "optional(subMchid, 'subMchid'),",
    replace: '',
    plan: BOOKS,
    expects: 'wrong results',
  },
  {
    name: 'key of an order with the merchant of a part',
    file: 'lib/domain/order-key.ts',
    find: "optional(partMchid, 'partMchid'),",
    replace: '',
    plan: BOOKS,
    expects: 'wrong results',
  },
  {
    name: 'number of another registration',
    file: 'lib/merchants/merchants.ts',
    find: 'const resolved = this.#resolveNew(name, options, TAKEN);\n    this.#holders.check(name, resolved);',
    replace: 'const resolved = this.#resolveNew(name, options, TAKEN);',
    plan: TENANTS,
    expects: 'wrong results',
  },
  {
    name: 'number of another registration in a replacement',
    file: 'lib/merchants/merchants.ts',
    find: 'if (!this.#ofModules.has(name)) this.#holders.check(name, resolved);',
    replace: '',
    plan: TENANTS,
    expects: 'wrong results',
  },
  {
    name: 'number of another registration with its serial number',
    file: 'lib/merchants/mchid-holders.ts',
    find: 'isSame(held.verifier, given.verifier)',
    replace: 'true',
    plan: TENANTS,
    expects: 'wrong results',
  },
  {
    name: 'number of another registration with its verifier',
    file: 'lib/merchants/mchid-holders.ts',
    find: 'held.signer.serialNo === given.signer.serialNo &&',
    replace: '',
    plan: TENANTS,
    expects: 'wrong results',
  },
  {
    name: 'number of another registration with another APIv2 key',
    file: 'lib/merchants/mchid-holders.ts',
    find: 'isSame(held.signer, given.signer)',
    replace: 'true',
    plan: TENANTS,
    expects: 'wrong results',
  },
  {
    name: 'request that may have been carried out and is not to be repeated',
    file: 'lib/errors/unknown-outcome.ts',
    find: 'retryable: field(isIdempotent && (error.retryable || error instanceof WxPayApiError)),',
    replace: 'retryable: field(error.retryable),',
    plan: POSTS,
    expects: 'wrong results',
  },
  {
    name: 'request that may have been carried out',
    file: 'lib/transport/effect.ts',
    find: 'if (!(error instanceof WxPayApiError)) return true;',
    replace: 'if (!(error instanceof WxPayApiError)) return false;',
    plan: POSTS,
    expects: 'wrong results',
  },
  {
    name: 'request that is sent once',
    file: 'lib/v3/apis/v3-request-api.ts',
    find: "{ ...anyRequest, effect: 'once' }",
    replace: "{ ...anyRequest, effect: 'idempotent' }",
    plan: POSTS,
    expects: 'wrong results',
  },
  {
    name: 'v2 request that is sent once',
    file: 'lib/v2/apis/v2-request-api.ts',
    find: "effect: 'once',",
    replace: "effect: 'idempotent',",
    plan: { ...POSTS, apis: ['v2'] },
    expects: 'wrong results',
  },
  {
    name: 'settle leaves an order alone that may be being placed',
    file: 'lib/domain/flows/settle.ts',
    find: "if (retryAt !== undefined) return { settlement: { outcome: 'too-young', retryAt } };",
    replace: '',
    plan: { operations: ['settle.new'], rate: 0 },
    expects: 'payments dropped',
  },
];
