import type { MockNotificationFault, MockNotificationOptions } from 'nestjs-wxpay/testing';
import { stranger } from './customer.js';
import type { World } from './world.js';

/** What can be wrong with a notification: a fault of the message, or its address. */
export type NotificationKind =
  MockNotificationFault['fault'] | 'misdirected' | 'unknown-merchant' | 'foreign-kind' | 'other-product';

/** Something because of which a notification may not be believed, or not be taken for an order. */
export interface Trouble {
  readonly kind: NotificationKind;
  readonly fault?: MockNotificationFault;
  /** What it tells in place of the payment. */
  readonly told?: Pick<MockNotificationOptions, 'eventType' | 'resource'>;
  /** To whom it is sent in place of the merchant whose order it is. */
  readonly to?: string;
}

/** Well beyond what a clock may be off. */
const SECONDS_OFF = 400;
const HEADERS = ['Timestamp', 'Nonce', 'Serial', 'Signature'].map((name) => `Wechatpay-${name}`);

const BOTH: readonly MockNotificationFault[] = [
  { fault: 'unsigned' },
  { fault: 'wrong-signature' },
  { fault: 'tampered-body' },
  { fault: 'other-merchant' },
  { fault: 'malformed' },
  { fault: 'wrong-types' },
];
const V3: readonly MockNotificationFault[] = [
  ...BOTH,
  { fault: 'wrong-nonce' },
  { fault: 'unknown-serial' },
  { fault: 'probe' },
  { fault: 'tampered-ciphertext' },
  { fault: 'wrong-key' },
  { fault: 'timestamp', secondsOff: -SECONDS_OFF },
  { fault: 'timestamp', secondsOff: SECONDS_OFF },
  ...HEADERS.map((header) => ({ fault: 'missing-header', header }) as const),
];
const V2: readonly MockNotificationFault[] = [
  ...BOTH,
  { fault: 'doctype' },
  { fault: 'duplicate-tag' },
  { fault: 'recut' },
];
/** By merchant. Content types are missing: they prove nothing, so that either verdict on a wrong one is right. */
const FAULTS: Readonly<Record<string, readonly MockNotificationFault[]>> = {
  v3: V3,
  v2: [...V2, { fault: 'downgraded' }],
  // Where MD5 was asked for, MD5 is right.
  'v2-md5': V2,
};

/** A refund to another merchant, in each of the ways in which one is named. */
const FOREIGN = ['mchid', 'sp_mchid', 'combine_mchid'].map((name): Trouble => ({
  kind: 'foreign-kind',
  told: {
    eventType: 'REFUND.SUCCESS',
    resource: { [name]: '1999999999', out_trade_no: 'FOREIGN-1', refund_status: 'SUCCESS' },
  },
}));

/** Payments for parking and for a school, which are no orders, though they are announced and look as such. */
function otherProducts(mchid: string): readonly object[] {
  const payment = {
    appid: 'wx8888888888888888',
    sub_mchid: '1900000109',
    out_trade_no: 'OTHER-1',
    trade_state: 'SUCCESS',
    success_time: '2026-01-01T10:43:39+08:00',
    amount: { total: 1, payer_total: 1, currency: 'CNY' },
  };
  return [
    { ...payment, sp_mchid: mchid, trade_state_description: '扣款成功', trade_scene: 'PARKING' },
    { ...payment, mchid, trade_type: 'AUTH' },
  ];
}

/** It is genuine, and arrives at an address of its own. */
function toldAsOrder(resource: object): Trouble {
  return { kind: 'other-product', told: { eventType: 'TRANSACTION.SUCCESS', resource }, to: 'v3' };
}

/** All that can be wrong with the notifications of a merchant. */
export function troublesOf(merchant: string, world: World): readonly Trouble[] {
  const { mchid } = world.merchants.get(merchant);
  const others = world.merchants.names().filter((name) => name !== merchant);
  return [
    ...(FAULTS[merchant] ?? []).map((fault) => ({ kind: fault.fault, fault })),
    ...(merchant === 'v3' ? [...FOREIGN, ...otherProducts(mchid).map(toldAsOrder)] : []),
    ...others.map((to) => ({ kind: 'misdirected', to }) as const),
    { kind: 'unknown-merchant', to: stranger(world) },
  ];
}
