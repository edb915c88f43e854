import { gzipSync } from 'node:zlib';
import type { WxPayMerchant } from 'nestjs-wxpay';
import { Calls } from './calls.js';
import { stranger } from './customer.js';
import type { Stage } from './stage.js';
import type { Offence } from './tally.js';

const DAY_MS = 86_400_000;
const BEIJING_MS = 8 * 3_600_000;
const TIMEOUT_MS = 6_000;
/** Days ago whose bills are as the orders say; of those before, up to 85, each has one bill that does not add up. */
const TRUE_DAYS = [3, 40] as const;
const FALSE_DAYS = 45;
const FIRST_SUB_MERCHANT = 1_910_000_000;

let shops = 0;

/** Sub-merchants whose bills are downloaded, each with payments of its own. */
export class Archive {
  readonly #stage: Stage;
  readonly #merchant: WxPayMerchant;

  constructor(stage: Stage, merchant: WxPayMerchant) {
    this.#stage = stage;
    this.#merchant = merchant;
  }

  /** Downloads the bill of a day, which may be altered on the way, lie elsewhere, or not add up. */
  async download(number: string): Promise<void> {
    const { world, chance } = this.#stage;
    const shop = ++shops;
    const trouble = chance.one(['nothing', 'altered', 'elsewhere', 'contradictory'] as const);
    const isFalse = trouble === 'contradictory' && shop < FALSE_DAYS;
    const daysAgo = isFalse ? TRUE_DAYS[1] + shop : chance.between(...TRUE_DAYS);
    const paidAt = new Date(Date.now() - daysAgo * DAY_MS);
    const date = new Date(paidAt.getTime() + BEIJING_MS).toISOString().slice(0, 10);
    const subMchid = String(FIRST_SUB_MERCHANT + 2 * shop);
    const sold = this.#sell(number, subMchid, paidAt);
    if (trouble === 'altered') this.#alter(number, { date, paidAt });
    if (trouble === 'elsewhere') this.#lureAway(world.foreignHost?.url ?? '');
    if (isFalse) {
      const lines = world.gateway.bills.text({ date, subMchid }).split('\r\n');
      world.gateway.bills.replace({ date }, lines.toSpliced(1, 1).join('\r\n'));
    }
    await new Calls(this.#stage).run({
      operation: 'bill',
      name: { outTradeNo: number },
      timeoutMs: TIMEOUT_MS,
      make: async (signal) => {
        const request = { date, subMchid };
        await using bill = await this.#merchant.bills.trade(request, { signal, timeoutMs: TIMEOUT_MS });
        const rows: string[] = [];
        for await (const { outTradeNo, total } of bill) rows.push(`${outTradeNo} ${total}`);
        return rows;
      },
      end: () => 'read',
      judge: (rows) => believed(number, rows, sold),
      blame: () => undefined,
    });
  }

  /** @returns the rows that a true bill has */
  #sell(number: string, subMchid: string, at: Date): readonly string[] {
    const { world, chance } = this.#stage;
    const { orders } = world.gateway;
    return Array.from({ length: chance.between(2, 5) }, (_, index) => {
      const name = { outTradeNo: `${number}-bill-${index}`, subMchid };
      const total = chance.between(1, 100_000);
      orders.create({ ...name, amount: { total }, description: 'Tea, black', createdAt: at });
      orders.pay(name, { openid: stranger(world), at });
      return `${name.outTradeNo} ${total}`;
    });
  }

  /** Something on the way hands out the bill of another shop: it adds up, but it is not the one that was promised. */
  #alter(number: string, { date, paidAt }: { readonly date: string; readonly paidAt: Date }): void {
    const { gateway } = this.#stage.world;
    const subMchid = String(FIRST_SUB_MERCHANT + 2 * shops + 1);
    this.#sell(`${number}-x`, subMchid, paidAt);
    const body = gzipSync(`\uFEFF${gateway.bills.text({ date, subMchid })}`);
    gateway.next({ when: { operation: 'bill.download' }, reply: { status: 200, body } });
  }

  /** A signed reply has the file lie on a host that is none of WeChat Pay's. */
  #lureAway(url: string): void {
    const body = { hash_type: 'SHA1', hash_value: 'a'.repeat(40), download_url: `${url}/bill?token=1` };
    this.#stage.world.gateway.next({ when: { operation: 'bill.trade' }, reply: { status: 200, body } });
  }
}

function believed(number: string, rows: readonly string[], sold: readonly string[]): Offence | undefined {
  const isTrue = rows.length === sold.length && sold.every((row) => rows.includes(row));
  return isTrue
    ? undefined
    : ['bill rows believed', `${number}: ${rows.length} rows, not its ${sold.length}`];
}
