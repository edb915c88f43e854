import { withUnknownOutcome } from '../../errors/unknown-outcome.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import type { CallOptions } from '../options.js';
import { defaultExpiry } from '../placing/expiry.js';
import type { PayKind, PayParameters, PaySource } from '../placing/pay-parameters.js';
import type { PlacedOrder } from '../placing/placed-order.js';
import { REPEAT_THE_SAME_ORDER } from '../placing/prepay-request.js';
import type { PaySigning } from '../ports/prepay-api.js';
import { Budget } from './budget.js';

/** `prepay_id` of a placed order, with the parameters with which the client pays. */
export interface Prepay<Pay> {
  /** Valid for two hours. For a fresh one, place the order again with the same content. */
  readonly prepayId: string;
  /** To be sent to the client as JSON. */
  readonly pay: Pay;
}

/** A single or a combine order to place. */
export interface Placing<Ref> {
  /** Places the order and returns its `prepay_id`, `code_url` or `h5_url`. */
  readonly place: (options: CallOptions) => Promise<string>;
  readonly ref: Ref;
  /** Name of the order, for error messages. */
  readonly subject: string;
  readonly expiresAt: Date | undefined;
  /** Time at which the call began, in milliseconds since the epoch. */
  readonly now: number;
}

/** The client that pays. */
export interface PayingClient<Kind> extends Omit<PaySource, 'prepayId'> {
  readonly kind: Kind;
}

/**
 * Places an order and signs the pay parameters for its client.
 *
 * @param api signs, and has the time limit of a call whose options set none
 */
export async function placeForClient<Ref, Kind extends PayKind>(
  api: { readonly paySigner: PaySigning; readonly terms: { readonly timeoutMs: number } },
  placing: Placing<Ref> & { readonly client: PayingClient<Kind> },
  { signal, timeoutMs = api.terms.timeoutMs }: CallOptions,
): Promise<PlacedOrder<Ref> & Prepay<PayParameters[Kind]>> {
  const budget = new Budget(timeoutMs, signal);
  const prepayId = await placing.place(budget.callOptions);
  const { kind, appid, partnerId } = placing.client;
  const { subject } = placing;
  const source = { appid, partnerId, prepayId };
  const signing = api.paySigner.signPay(kind, source, { ...budget.callOptions, subject });
  const pay = await signing.catch((error: unknown) => Promise.reject(afterPlacing(error)));
  return { ...placed(placing), prepayId, pay };
}

/** Marks an error that occurred after the order was placed: the caller does not know that it exists. */
function afterPlacing(error: unknown): unknown {
  if (!(error instanceof WxPayError)) return error;
  return withUnknownOutcome(error, { isIdempotent: true, advice: REPEAT_THE_SAME_ORDER });
}

/** Places an order whose customer pays at the address in a QR code, or of a page. */
export async function placeForAddress<Ref>(
  placing: Placing<Ref>,
  options: CallOptions,
): Promise<PlacedOrder<Ref> & { readonly address: string }> {
  const address = await placing.place(options);
  return { ...placed(placing), address };
}

function placed<Ref>({ ref, expiresAt, now }: Placing<Ref>): PlacedOrder<Ref> {
  const createdAt = new Date(now);
  return { ref, createdAt, expiresAt: expiresAt ?? defaultExpiry(createdAt) };
}
