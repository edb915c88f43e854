import type { Guard } from './guard.js';
import type { Plan } from './plan.js';

const QUERIES: Partial<Plan> = { apis: ['v2'], operations: ['query'] };
const TOLD: Partial<Plan> = { apis: ['v2'], operations: ['notify'] };

/** What APIv2 is held to. */
export const V2_GUARDS: readonly Guard[] = [
  {
    name: 'v2 signature',
    file: 'lib/v2/signed-fields.ts',
    find: 'if (!isSameSignature(expected, fields.sign)) {',
    replace: 'if (false) {',
    plan: { ...QUERIES, kinds: ['wrong-signature', 'tampered-body'] },
    expects: 'wrong results',
  },
  {
    name: 'v2 weaker signature',
    file: 'lib/v2/signed-fields.ts',
    find: 'if (!isSameSignature(expected, fields.sign)) {',
    replace: 'if (fields.sign.length === expected.length && !isSameSignature(expected, fields.sign)) {',
    plan: { ...QUERIES, kinds: ['downgraded'] },
    expects: 'wrong results',
  },
  {
    name: 'v2 answer without a signature',
    file: 'lib/v2/signed-fields.ts',
    find: "if (!fields.sign) throw refused('missing',",
    replace: "if (!fields.sign) return;\n if (!fields.sign) throw refused('missing',",
    plan: { ...QUERIES, kinds: ['unsigned'] },
    expects: 'wrong results',
  },
  {
    name: 'v2 echo of the order number',
    file: 'lib/v2/operations/query-order.ts',
    find: "expectEcho(order.outTradeNo, ref.outTradeNo, 'out_trade_no')",
    replace: 'undefined',
    plan: { ...QUERIES, kinds: ['swapped'] },
    expects: 'wrong results',
  },
  {
    name: 'v2 echo of the merchant',
    file: 'lib/v2/v2.client.ts',
    find: "for (const name of ['mch_id', 'sub_mch_id'])",
    replace: 'for (const name of [] as string[])',
    plan: { ...QUERIES, kinds: ['other-merchant'] },
    expects: 'wrong results',
  },
  {
    name: 'v2 proof that an order is closed already',
    file: 'lib/v2/v2-order.gateway.ts',
    find: 'isProof: () => false,',
    replace: 'isProof: () => true,',
    plan: { apis: ['v2'], operations: ['close'], kinds: ['order-closed'] },
    expects: 'closes not done',
  },
  {
    name: 'v2 fields that come twice',
    file: 'lib/v2/xml.ts',
    find: "if (name in fields) throw new UnreadableXml('it has a field twice');",
    replace: '',
    plan: { ...QUERIES, kinds: ['duplicate-tag'] },
    expects: 'wrong results',
  },
  {
    name: 'v2 result of the business',
    file: 'lib/v2/v2.client.ts',
    find: "if (resultOf(fields, unsignedReply) === 'FAIL')",
    replace: 'if (false)',
    plan: { apis: ['v2'], operations: ['close'], kinds: ['system-error'] },
    expects: 'closes not done',
  },
  {
    name: 'v2 types',
    file: 'lib/v2/decode-order.ts',
    find: 'amount: isPaid(state) ? amount(reader) : reader.decoration(amount),',
    replace: "amount: { total: reader.text('total_fee') },",
    plan: { ...QUERIES, kinds: ['wrong-types'] },
    expects: 'wrong results',
  },
  {
    name: 'v2 signature of a notification',
    file: 'lib/v2/notification-reader.ts',
    find: 'await verifyFields(fields, signer, NOTIFICATION, exchange);',
    replace: '',
    plan: { ...TOLD, notificationKinds: ['wrong-signature', 'tampered-body'] },
    expects: 'wrong results',
  },
  {
    name: 'v2 notification without a signature',
    file: 'lib/v2/signed-fields.ts',
    find: "if (!fields.sign) throw refused('missing',",
    replace: "if (!fields.sign) return;\n if (!fields.sign) throw refused('missing',",
    plan: { ...TOLD, notificationKinds: ['unsigned'] },
    expects: 'wrong results',
  },
  {
    name: 'v2 weaker signature of a notification',
    file: 'lib/v2/signed-fields.ts',
    find: 'if (!isSameSignature(expected, fields.sign)) {',
    replace: 'if (fields.sign.length === expected.length && !isSameSignature(expected, fields.sign)) {',
    plan: { ...TOLD, notificationKinds: ['misdirected'] },
    expects: 'wrong results',
  },
  {
    name: 'v2 merchant of a notification',
    file: 'lib/v2/notification-reader.ts',
    find: "expectOwn(fields, 'mch_id', this.#options.mchid);",
    replace: '',
    plan: { ...TOLD, notificationKinds: ['other-merchant'] },
    expects: 'wrong results',
  },
];
