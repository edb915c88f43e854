import type { CombineOrder, Order, WxPayMerchant, WxPayNotification } from 'nestjs-wxpay';
import type { MockNotificationFault, MockNotificationReply, MockNotifiedOrder } from 'nestjs-wxpay/testing';
import { payIfOpen } from './customer.js';
import type { OrderName } from './history.js';
import type { Stage } from './stage.js';
import type { Offence } from './tally.js';

/** The share of the notifications whose handler fails. */
const BROKEN = 0.1;
/** Well beyond what a clock may be off. */
const SECONDS_OFF = 400;
const BOTH: readonly MockNotificationFault[] = [
  { fault: 'unsigned' },
  { fault: 'wrong-signature' },
  { fault: 'tampered-body' },
  { fault: 'other-merchant' },
  { fault: 'malformed' },
  { fault: 'wrong-types' },
];
/** What can be wrong with a notification; none of these may be believed. */
const FAULTS: Readonly<Record<'v3' | 'v2', readonly MockNotificationFault[]>> = {
  v3: [
    ...BOTH,
    { fault: 'wrong-nonce' },
    { fault: 'unknown-serial' },
    { fault: 'probe' },
    { fault: 'tampered-ciphertext' },
    { fault: 'wrong-key' },
    { fault: 'timestamp', secondsOff: -SECONDS_OFF },
    { fault: 'timestamp', secondsOff: SECONDS_OFF },
    ...['Timestamp', 'Nonce', 'Serial', 'Signature'].map(
      (name) => ({ fault: 'missing-header', header: `Wechatpay-${name}` }) as const,
    ),
  ],
  v2: [...BOTH, { fault: 'downgraded' }, { fault: 'doctype' }, { fault: 'duplicate-tag' }],
};

/** A payment that a shop is to be told of. */
interface Announcement {
  readonly operation: string;
  readonly order: MockNotifiedOrder;
  /** @returns what is wrong with what the shop was told */
  readonly judge: (resource: WxPayNotification['resource']) => Offence | undefined;
}

/** Has WeChat Pay tell a shop of payments, and somebody else of others, and looks at what the shop makes of it. */
export class Announcer {
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** @param merchant whose order it is */
  async payment(merchant: WxPayMerchant, name: OrderName): Promise<void> {
    const { world, tally } = this.#stage;
    payIfOpen(world.gateway, name);
    if (world.gateway.orders.find({ ...name })?.transactionId === undefined)
      return tally.called('notify', 'nothing to tell');
    await this.#announce(merchant, {
      operation: 'notify',
      order: { ...name },
      judge: (resource) => world.judge.payment(resource as Order, name),
    });
  }

  /** @param combineOutTradeNo of an order that is paid */
  combinePayment(merchant: WxPayMerchant, combineOutTradeNo: string): Promise<void> {
    return this.#announce(merchant, {
      operation: 'combine.notify',
      order: { combineOutTradeNo },
      judge: (resource) =>
        this.#stage.world.judge.combinePayment(resource as CombineOrder, combineOutTradeNo),
    });
  }

  /** Twice, as happens: at first something may be wrong with it, or with the shop. */
  async #announce(merchant: WxPayMerchant, { operation, order, judge }: Announcement): Promise<void> {
    const { world, tally, chance } = this.#stage;
    const { api } = merchant;
    const signType = merchant.name === 'v2-md5' ? 'MD5' : 'HMAC-SHA256';
    const fault = this.#fault(api, signType);
    const inbox = world.app.inboxOf(merchant.name);
    inbox.isBroken = chance.happens(BROKEN);
    const isTaken = fault === undefined && !inbox.isBroken;
    const first = await world.gateway.notify(order, inbox.url, { api, signType, ...fault });
    inbox.isBroken = false;
    const second = await first.resend();

    tally.called(operation, isTaken ? 'taken' : 'to come again');
    if (fault !== undefined) tally.struck({ [fault.fault]: 1 });
    const what = `${operation} of ${JSON.stringify(order)}`;
    for (const reply of [first, second]) {
      tally.offended(unlessAnswered(reply, reply === second || isTaken, what));
      const told = world.secrets.in(reply.body);
      if (told !== undefined) tally.offended(['secrets told', `${told} in the answer to ${what}`]);
    }
    const genuine = fault === undefined ? 2 : 1;
    if (inbox.received.length > genuine)
      tally.offended(['wrong results', `${what}: ${fault?.fault} was believed`]);
    if (inbox.received.length < genuine)
      tally.offended(['payments dropped', `${what}: not handed to the shop`]);
    for (const { resource } of inbox.received) tally.offended(judge(resource));
  }

  #fault(api: 'v3' | 'v2', signType: string): MockNotificationFault | undefined {
    const { plan, chance } = this.#stage;
    if (!chance.happens(plan.rate)) return undefined;
    const faults = FAULTS[api]
      .filter(({ fault }) => plan.notificationKinds?.includes(fault) ?? true)
      // Where MD5 was asked for, MD5 is right.
      .filter(({ fault }) => fault !== 'downgraded' || signType !== 'MD5');
    return chance.one(faults);
  }
}

/** What a shop does not take comes again, what it takes never does. */
function unlessAnswered(reply: MockNotificationReply, isTaken: boolean, what: string): Offence | undefined {
  const { status, problem, accepted } = reply;
  if (status === undefined) return ['hangs', `${what}: ${problem}`];
  return accepted === isTaken
    ? undefined
    : ['payments dropped', `${what}: ${accepted ? 'taken, though it was not' : problem}`];
}
