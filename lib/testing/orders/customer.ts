import { randomInt } from 'node:crypto';
import type { CodePayRefusal, MockCodePayRefusal } from './code-pay-refusals.js';
import type { MockCombineOrders } from './combine-orders.js';
import type { MockCombineOrder } from './mock-combine-order.js';
import type { MockOrder, MockPayment } from './mock-order.js';
import type { MockOrders, PlacedOrder } from './orders.js';
import type { Tickets } from './tickets.js';

/**
 * Reaction to the scan of a payment code; by default, the order is paid at once.
 *
 * - `password`: WeChat asks the customer for the password. `right` pays after `afterMs`; `wrong` closes the dialog then, and the
 *   payment has failed, as it has with `right` after the order's `time_expire`; `never`: the customer walks away
 * - `refusal`: WeChat Pay refuses the payment
 */
export type MockCodePayment =
  | { readonly password?: undefined; readonly refusal?: undefined }
  | { readonly password: 'right' | 'wrong'; readonly afterMs: number; readonly refusal?: undefined }
  | { readonly password: 'never'; readonly refusal?: undefined }
  | { readonly refusal: MockCodePayRefusal; readonly password?: undefined };

const FIRST_CODE = 130_000_000_000;
const LAST_CODE = 159_999_999_999;
const OF_STATES: Readonly<Record<string, CodePayRefusal>> = {
  SUCCESS: 'paid',
  REFUND: 'paid',
  CLOSED: 'closed',
  REVOKED: 'reversed',
};

/** Books that a customer's payment changes. */
export interface MockCustomerStores {
  readonly orders: MockOrders;
  readonly combineOrders: MockCombineOrders;
  readonly tickets: Tickets;
}

/** Customer of the shop: pays placed orders; at the counter, shows payment codes (付款码) and enters passwords. */
export class MockCustomer {
  readonly #orders: MockOrders;
  readonly #combineOrders: MockCombineOrders;
  readonly #tickets: Tickets;
  readonly #codes = new Map<string, MockCodePayment>();
  readonly #used = new Set<string>();

  /** @internal */
  constructor({ orders, combineOrders, tickets }: MockCustomerStores) {
    this.#orders = orders;
    this.#combineOrders = combineOrders;
    this.#tickets = tickets;
  }

  /**
   * Pays the order that was placed with a `prepayId`, `codeUrl` or `h5Url`, as the customer's phone would.
   *
   * @throws {Error} if the gateway did not issue it, if it has expired (`h5Url` after five minutes, the others after two hours),
   * or if the order is paid or closed
   */
  pay(
    ticket: string,
    payment: Pick<MockPayment, 'openid' | 'bankType' | 'at'> = {},
  ): MockOrder | MockCombineOrder {
    const order = this.#tickets.orderOf(ticket);
    return order.combineOutTradeNo === undefined
      ? this.#orders.pay(order, payment)
      : this.#combineOrders.pay(order.combineOutTradeNo, payment);
  }

  /**
   * Returns a payment code for one payment, to be scanned.
   *
   * The gateway takes any other code of 18 digits as well, any number of times; such a code pays at once.
   */
  showCode(payment: MockCodePayment = {}): string {
    const code = `${randomInt(FIRST_CODE, LAST_CODE)}${randomInt(100_000, 1_000_000)}`;
    this.#codes.set(code, payment);
    return code;
  }

  /**
   * Charges the customer who shows a code.
   *
   * @returns the order, paid or with the customer at the password; or the refusal
   * @internal
   */
  charge(authCode: string, order: PlacedOrder): MockOrder | CodePayRefusal {
    const existing = this.#orders.find(order);
    if (existing !== undefined) return OF_STATES[existing.tradeState] ?? 'number-used';
    if (this.#used.has(authCode)) return 'used';
    const payment = this.#codes.get(authCode);
    if (payment !== undefined) this.#used.add(authCode);
    if (payment?.refusal !== undefined) return payment.refusal;
    const placed = this.#orders.create({ ...order, tradeType: 'MICROPAY' });
    if (payment?.password === undefined) return this.#orders.pay(placed);
    if (payment.password !== 'never') this.#enterPassword(placed, payment);
    return this.#orders.setState(placed, 'USERPAYING');
  }

  #enterPassword(
    order: MockOrder,
    { password, afterMs }: { readonly password: 'right' | 'wrong'; readonly afterMs: number },
  ): void {
    const end = (): void => {
      // Closed or reversed meanwhile: the dialog says so.
      if (this.#orders.find(order)?.tradeState !== 'USERPAYING') return;
      if (password === 'right' && this.#orders.isPayable(order)) this.#orders.pay(order);
      else this.#orders.setState(order, 'PAYERROR');
    };
    setTimeout(end, afterMs).unref();
  }
}
