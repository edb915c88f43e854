import { randomBytes } from 'node:crypto';

/** Single or combine order that a ticket pays. */
export type TicketOrder =
  | {
      readonly outTradeNo: string;
      readonly subMchid?: string | undefined;
      readonly combineOutTradeNo?: never;
    }
  | { readonly combineOutTradeNo: string };

/** Kind of ticket: `prepay_id`, content of a QR code, or address for a browser. */
export type TicketKind = 'prepayId' | 'codeUrl' | 'h5Url';

const TWO_HOURS_MS = 7_200_000;
const FIVE_MINUTES_MS = 300_000;

const prepayId = (): string => `wx${random()}${random()}`;

const KINDS: Readonly<Record<TicketKind, { readonly create: () => string; readonly validMs: number }>> = {
  prepayId: { create: prepayId, validMs: TWO_HOURS_MS },
  codeUrl: { create: () => `weixin://wxpay/bizpayurl?pr=${random()}`, validMs: TWO_HOURS_MS },
  h5Url: {
    create: () =>
      `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${prepayId()}&package=${randomBytes(4).readUInt32BE()}`,
    validMs: FIVE_MINUTES_MS,
  },
};

/** Tickets with which customers pay: a new one for each request that places an order. Earlier ones stay valid. */
export class Tickets {
  readonly #tickets = new Map<string, { readonly order: TicketOrder; readonly expiresAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Creates a ticket for an order. */
  issue(kind: TicketKind, order: TicketOrder): string {
    const { create, validMs } = KINDS[kind];
    const ticket = create();
    this.#tickets.set(ticket, { order, expiresAt: this.#now() + validMs });
    return ticket;
  }

  /** Returns the order that a ticket pays. @throws {Error} if the ticket is unknown or has expired */
  orderOf(ticket: string): TicketOrder {
    // The shop may append where the browser goes after the payment.
    const known = this.#tickets.get(ticket.replace(/&redirect_url=.*$/, ''));
    if (known === undefined) {
      throw new Error('The gateway issued no such prepay_id, code_url or h5_url. Place the order first.');
    }
    if (known.expiresAt < this.#now()) {
      throw new Error('The prepay_id, code_url or h5_url has expired. Place the order again for a new one.');
    }
    return known.order;
  }
}

function random(): string {
  return randomBytes(8).toString('hex');
}
