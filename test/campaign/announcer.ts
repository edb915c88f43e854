import { HttpException } from '@nestjs/common';
import type { CombineOrder, Order, WxPayMerchant, WxPayNotification } from 'nestjs-wxpay';
import type { MockNotificationReply, MockNotifiedOrder } from 'nestjs-wxpay/testing';
import { payIfOpen, stranger } from './customer.js';
import type { OrderName } from './history.js';
import { troublesOf, type Trouble } from './notification-troubles.js';
import type { Inbox } from './shop-app.js';
import type { Stage } from './stage.js';
import type { Offence } from './tally.js';

/** The share of the genuine notifications that tell details which nobody can read. */
const DECORATED = 0.2;
/** The share of the notifications whose handler fails. */
const FAILING = 0.1;
/** How long the app may take, in milliseconds: two seconds longer than WeChat Pay waits, as this machine may be busy. */
const PATIENCE_MS = 7_000;
/** How often a genuine one comes again: the machine may be too busy to verify it in time. */
const TRIES = 3;

/** A payment that a shop is to be told of. */
interface Announcement {
  readonly operation: string;
  readonly order: MockNotifiedOrder;
  /** @returns what is wrong with what the shop was told */
  readonly judge: (resource: WxPayNotification['resource']) => Offence | undefined;
}

/** Has a shop told of payments, genuinely or not, and looks at what it makes of that. */
export class Announcer {
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** @param merchant whose order it is */
  async payment(merchant: WxPayMerchant, name: OrderName): Promise<void> {
    const { world, tally } = this.#stage;
    payIfOpen(world.gateway, name);
    if (world.gateway.orders.find({ ...name })?.transactionId === undefined) {
      return tally.called('notify', 'nothing to tell');
    }
    await this.#announce(merchant, {
      operation: 'notify',
      order: { ...name },
      judge: (resource) => world.judge.payment(resource as Order, name),
    });
  }

  /** @param combineOutTradeNo of an order that is paid */
  combinePayment(merchant: WxPayMerchant, combineOutTradeNo: string): Promise<void> {
    const { judge } = this.#stage.world;
    return this.#announce(merchant, {
      operation: 'combine.notify',
      order: { combineOutTradeNo },
      judge: (resource) => judge.combinePayment(resource as CombineOrder, combineOutTradeNo),
    });
  }

  /** At first something may be wrong with it, or with the shop; then it comes again until it is taken. */
  async #announce(merchant: WxPayMerchant, { operation, order, judge }: Announcement): Promise<void> {
    const { world, tally, chance } = this.#stage;
    const what = `${operation} of ${JSON.stringify(order)} to ${merchant.name}`;
    const terms = {
      api: merchant.api,
      signType: world.signTypeOf(merchant.name),
      timeoutMs: PATIENCE_MS,
    };
    const trouble = this.#trouble(merchant);
    const inbox = world.app.inboxOf(merchant.name);
    const address = trouble?.to === undefined ? inbox : world.app.inboxOf(trouble.to);
    if (trouble === undefined && chance.happens(FAILING)) address.fail = this.#failure();

    const details = chance.happens(DECORATED) ? ({ fault: 'decorated' } as const) : undefined;

    const first = await world.gateway.notify(order, address.url, {
      ...terms,
      ...trouble?.told,
      ...(trouble === undefined ? details : trouble.fault),
    });
    tally.called(operation, first.accepted ? 'taken' : 'to come again');
    this.#look(first, what);
    if (trouble === undefined) this.#lookAtGenuine(first, address, what);
    else if (trouble.kind === 'other-product') this.#lookAtOther(first, address, what);
    else this.#lookAtForged(first, address, { what, trouble });

    inbox.fail = undefined;
    const handed = inbox.received.length;
    const isSameEvent = address === inbox && trouble?.told === undefined;
    let last = isSameEvent
      ? await first.resend(details)
      : await world.gateway.notify(order, inbox.url, { ...terms, ...details });
    for (let tries = 1; tries < TRIES && mayPass(last); tries++) last = await last.resend(details);
    this.#look(last, what);
    if (!last.accepted) tally.offended(['payments dropped', `${what}: ${last.problem}`]);
    else if (inbox.received.length === handed) {
      tally.offended(['payments dropped', `${what}: taken, and not handed to the shop`]);
    }
    this.#judge(inbox, merchant, what);
    for (const { resource } of inbox.received) tally.offended(judge(resource));
  }

  #trouble(merchant: WxPayMerchant): Trouble | undefined {
    const { plan, world, chance } = this.#stage;
    if (!chance.happens(plan.rate)) return undefined;
    const { notificationKinds: kinds } = plan;
    const troubles = troublesOf(merchant.name, world).filter(({ kind }) => kinds?.includes(kind) ?? true);
    if (troubles.length === 0) {
      throw new Error(`${merchant.name} knows no notification that is ${(kinds ?? []).join(', ')}.`);
    }
    const trouble = chance.one(troubles);
    this.#stage.tally.struck({ [`notified ${trouble.kind}`]: 1 });
    return trouble;
  }

  /** How the handler of a shop fails. */
  #failure(): () => never {
    const { world, chance } = this.#stage;
    const thrown = chance.one([
      new Error('The database of the shop is gone.'),
      new HttpException('All is well.', 200),
      new HttpException('It is elsewhere.', 302),
      new HttpException({ payer: stranger(world) }, 503),
      'not even an error',
    ]);
    return () => {
      throw thrown;
    };
  }

  #look({ status, problem, body }: MockNotificationReply, what: string): void {
    const { world, tally } = this.#stage;
    if (status === undefined) {
      const isSilence = problem?.includes(`${PATIENCE_MS} ms`);
      tally.offended([isSilence ? 'hangs' : 'unanswered', `${what}: ${problem}`]);
    }
    const told = world.secrets.in(body);
    if (told !== undefined) tally.offended(['secrets told', `${told} in the answer to ${what}`]);
  }

  #lookAtGenuine({ accepted }: MockNotificationReply, { received, fail }: Inbox, what: string): void {
    const { tally } = this.#stage;
    if (accepted && fail !== undefined) {
      tally.offended(['payments dropped', `${what}: taken, though the handler failed`]);
    }
    if (accepted && received.length === 0) {
      tally.offended(['payments dropped', `${what}: taken, and not handed to the shop`]);
    }
  }

  #lookAtForged(
    { accepted }: MockNotificationReply,
    { received }: Inbox,
    { what, trouble }: { readonly what: string; readonly trouble: Trouble },
  ): void {
    const { tally } = this.#stage;
    if (received.length > 0) tally.offended(['wrong results', `${what}: believed though ${trouble.kind}`]);
    if (accepted) tally.offended(['payments dropped', `${what}: taken though ${trouble.kind}`]);
  }

  /** What is no order is for the shop, too, but never as one. */
  #lookAtOther(reply: MockNotificationReply, address: Inbox, what: string): void {
    this.#lookAtGenuine(reply, address, what);
    if (address.received.some(({ originalType }) => originalType !== 'other-transaction')) {
      this.#stage.tally.offended(['wrong results', `${what}: the payment of another product as an order`]);
    }
  }

  /** All that was received is the same event, of a payment to this merchant. */
  #judge({ received }: Inbox, { name }: WxPayMerchant, what: string): void {
    const isPayment = received.every(
      ({ merchant, eventType, originalType }) =>
        merchant === name && eventType === 'TRANSACTION.SUCCESS' && originalType === 'transaction',
    );
    const ids = new Set(received.map(({ id }) => id));
    if (!isPayment || ids.size > 1) {
      this.#stage.tally.offended(['wrong results', `${what}: told as something else`]);
    }
  }
}

/** Whether the app may take it when it comes again: it had no time, or no connection. */
function mayPass({ accepted, status }: MockNotificationReply): boolean {
  return !accepted && (status === undefined || status === 503);
}
