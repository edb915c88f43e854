import type { Guard } from './guard.js';
import type { Plan } from './plan.js';

const REVERSALS: Partial<Plan> = { operations: ['reverse.v2'], rate: 0, calls: 30, concurrency: 4 };

/** What reversing over APIv2 is held to. */
export const REVERSE_GUARDS: readonly Guard[] = [
  {
    name: 'reverse looks after it was refused',
    file: 'lib/domain/flows/reverse.ts',
    find: '(allowsAnother(reply) || isOrderState(reply))',
    replace: '(allowsAnother(reply))',
    plan: REVERSALS,
    expects: 'wrong results',
  },
  {
    name: 'reverse takes no order for expired that is not paid',
    file: 'lib/domain/flows/reverse.ts',
    find: 'if (isExpired(attempt) && PAID.includes(order.tradeState))',
    replace: 'if (isExpired(attempt))',
    plan: REVERSALS,
    expects: 'wrong results',
  },
  {
    name: 'reverse says nothing of money that was not seen',
    file: 'lib/domain/flows/reverse.ts',
    find: "const isUnpaid = seen.at(-1)?.tradeState === 'CLOSED';",
    replace: 'const isUnpaid = true;',
    plan: REVERSALS,
    expects: 'payments dropped',
  },
  {
    name: 'reverse of an order that was paid by face',
    file: 'lib/v2/apis/v2-reverse-api.ts',
    find: "tradeType === 'FACEPAY' ? reverseFaceOrder : reverseOrder",
    replace: 'reverseOrder',
    plan: REVERSALS,
    expects: 'wrong results',
  },
  {
    name: 'reverse goes on after an answer that was lost',
    file: 'lib/domain/flows/reverse.ts',
    find: 'return retryable || outcomeUnknown === true;',
    replace: 'return retryable;',
    plan: { ...REVERSALS, kinds: ['lost-answer'], rate: 0.5 },
    expects: 'wrong results',
  },
];
