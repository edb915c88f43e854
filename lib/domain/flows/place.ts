import { checkCloseOrderRef, orderSubject } from '../order-ref.js';
import type { CallOptions } from '../options.js';
import { defaultExpiry } from '../placing/expiry.js';
import type { PayKind, PayParameters, PaySource } from '../placing/pay-parameters.js';
import type { PlacedOrder } from '../placing/placed-order.js';
import type { CheckedPrepay } from '../placing/prepay-request.js';
import type { PaySigning, PrepayApi } from '../ports/prepay-api.js';
import { Budget } from './budget.js';

/** `prepay_id` of a placed order, with the parameters with which the client pays. */
export interface Prepay<Pay> {
  /** Valid for two hours. For a fresh one, place the order again with the same content. */
  readonly prepayId: string;
  /** To be sent to the client as JSON. */
  readonly pay: Pay;
}

/** Order to place, and the time at which the call began, in milliseconds since the epoch. */
export interface Placing {
  readonly order: CheckedPrepay;
  readonly now: number;
}

/** Places an order and signs the pay parameters for its client. */
export async function placeForClient<Kind extends PayKind>(
  api: PrepayApi,
  { kind, order, now }: Placing & { readonly kind: Kind },
  { signal, timeoutMs = api.terms.timeoutMs }: CallOptions,
): Promise<PlacedOrder & Prepay<PayParameters[Kind]>> {
  const budget = new Budget(timeoutMs, signal);
  const prepayId = await api.place(order, budget.callOptions);
  const source = { appid: payingAppid(order), prepayId, partnerId: order.partnerId };
  const prepay = await signPrepay(api, { kind, source, subject: orderSubject(order) }, budget);
  return { ...placedOrder(order, now), ...prepay };
}

/** Places an order whose customer pays at an address: that of a QR code or of a page. */
export async function placeForAddress(
  api: PrepayApi,
  { order, now }: Placing,
  options: CallOptions,
): Promise<PlacedOrder & { readonly address: string }> {
  const address = await api.place(order, options);
  return { ...placedOrder(order, now), address };
}

/** Pay parameters to sign; `subject` names the order in error messages. */
interface Signing<Kind> {
  readonly kind: Kind;
  readonly source: PaySource;
  readonly subject: string;
}

/** Signs pay parameters in the rest of the time. */
export async function signPrepay<Kind extends PayKind>(
  api: PaySigning,
  { kind, source, subject }: Signing<Kind>,
  budget: Budget,
): Promise<Prepay<PayParameters[Kind]>> {
  const pay = await api.signPay(kind, source, { ...budget.callOptions, subject });
  return { prepayId: source.prepayId, pay };
}

/** Returns the appid in which the customer pays: the one under which the customer has the openid. */
function payingAppid({ payer, appid, subAppid = appid }: CheckedPrepay): string {
  return payer?.subOpenid === undefined ? appid : subAppid;
}

function placedOrder(order: CheckedPrepay, now: number): PlacedOrder {
  return { ref: checkCloseOrderRef(order), ...lifetime(order, now) };
}

/** Returns the times of an order that is placed now. */
export function lifetime(
  { expiresAt }: Pick<CheckedPrepay, 'expiresAt'>,
  now: number,
): Pick<PlacedOrder, 'createdAt' | 'expiresAt'> {
  const createdAt = new Date(now);
  return { createdAt, expiresAt: expiresAt ?? defaultExpiry(createdAt) };
}
