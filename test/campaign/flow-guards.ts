import type { Guard } from './guard.js';
import type { Plan } from './plan.js';

const QUERIES: Partial<Plan> = { apis: ['v3'], operations: ['query'] };
const SETTLEMENTS: Partial<Plan> = { apis: ['v3'], operations: ['settle'] };

/** What holds whatever the API: deadlines, connections, settling, errors. */
export const FLOW_GUARDS: readonly Guard[] = [
  {
    name: 'size of an answer',
    file: 'lib/transport/transport.ts',
    find: 'maxContentLength: maxReplyBytes,',
    replace: 'maxContentLength: Infinity,',
    plan: { ...QUERIES, kinds: ['oversize'], calls: 30 },
    expects: 'wrong results',
  },
  {
    name: 'deadline of a call',
    file: 'lib/transport/deadline.ts',
    find: 'setTimeout(() => this.#endWith(new DeadlineExpired()), timeoutMs)',
    replace: 'setTimeout(() => undefined, timeoutMs)',
    plan: { ...QUERIES, kinds: ['hang'], calls: 4 },
    expects: 'hangs',
  },
  {
    name: 'end of a call that is given up',
    file: 'lib/transport/deadline.ts',
    find: 'else if (parent !== undefined) follow(parent, this.#followParent);',
    replace: '',
    plan: { ...QUERIES, kinds: ['hang'], calls: 30, leaving: 0.5 },
    expects: 'hangs',
  },
  {
    name: 'failover to the other host',
    file: 'lib/transport/failover.ts',
    find: 'return isSame ? last : health.next(hosts, last);',
    replace: 'return last;',
    plan: { ...QUERIES, rate: 0, calls: 20 },
    expects: 'unanswered',
  },
  {
    name: 'place of an attempt that has ended',
    file: 'lib/transport/failover.ts',
    find: 'gate.leave();',
    replace: '',
    plan: { ...QUERIES, rate: 0, calls: 20 },
    expects: 'unanswered',
  },
  {
    name: 'end of a call whose answer breaks off',
    file: 'lib/transport/lean-adapter.ts',
    find: 'answer(incoming, bytesOf(incoming, maxContentLength)).catch(fail);',
    replace: 'void answer(incoming, bytesOf(incoming, maxContentLength));',
    plan: { ...QUERIES, kinds: ['reset-mid-body'] },
    expects: 'unhandled rejections',
  },
  {
    name: 'end of the connections of a merchant',
    file: 'lib/transport/http-client.ts',
    find: 'agent.destroy();',
    replace: '',
    plan: { ...QUERIES, rate: 0 },
    expects: 'connections left',
  },
  {
    name: 'end of what follows the signal of a caller',
    file: 'lib/transport/deadline.ts',
    find: 'if (this.#parent !== undefined) unfollow(this.#parent, this.#followParent);',
    replace: '',
    plan: { ...QUERIES, rate: 0, calls: 1, enduranceCalls: 6_000 },
    expects: 'memory growth',
  },
  {
    name: 'settle looks after it closed',
    file: 'lib/domain/settle.ts',
    find: 'const after = await outcomeOf(budget, gateway.query(ref, budget.callOptions));',
    replace: "const after = { ...before, tradeState: 'CLOSED' };",
    plan: { ...SETTLEMENTS, kinds: ['pay-during-close'] },
    expects: 'wrong results',
  },
  {
    name: 'reverse looks after it reversed',
    file: 'lib/domain/reverse.ts',
    find: 'ENDED.includes(order.tradeState)',
    replace: 'true',
    plan: { apis: ['v3'], operations: ['reverse'], kinds: ['lost-request'], rate: 0.7 },
    expects: 'closes not done',
  },
  {
    name: 'settle asks every host before it takes an order for missing',
    file: 'lib/domain/settle.ts',
    find: 'for (const host of gateway.terms.hosts) {',
    replace: 'for (const host of [] as string[]) {',
    plan: { ...SETTLEMENTS, kinds: ['order-not-exist'], faultyHosts: 'main' },
    expects: 'payments dropped',
  },
  {
    name: 'settle asks each host by itself',
    file: 'lib/domain/settle.ts',
    find: '{ ...budget.callOptions, host }',
    replace: 'budget.callOptions',
    plan: { ...SETTLEMENTS, kinds: ['order-not-exist'], faultyHosts: 'main' },
    expects: 'payments dropped',
  },
  {
    name: 'redaction',
    file: 'lib/errors/redact.ts',
    find: 'export function removeSecrets(text: string): string {',
    replace: 'export function removeSecrets(text: string): string {\n return text;',
    plan: { ...QUERIES, rate: 0, calls: 150 },
    expects: 'secrets told',
  },
];
