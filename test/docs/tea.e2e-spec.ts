import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller, Injectable, Module, Post, type INestApplication } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import {
  BillService,
  Notification,
  orderKey,
  PrepayService,
  reconcile,
  RefundService,
  VerifyNotification,
  WxPayModule,
  type MiniProgramPay,
  type Order,
  type ShopOrder,
  type WxPayNotification,
} from 'nestjs-wxpay';
import { defineWxPayConfig } from 'nestjs-wxpay/config';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { lastValueFrom } from 'rxjs';

// A shop that sells a cup of tea, put together from the recipes of the README and nothing else.

const wxPayConfig = defineWxPayConfig();
const PRICE = 1999;

interface Sale extends ShopOrder {
  readonly paidOn?: string;
}

/** Sales, which a real shop keeps in its database. */
@Injectable()
class Sales {
  readonly fulfilled: string[] = [];
  readonly #sales = new Map<string, Sale>();

  save(sale: Sale): void {
    this.#sales.set(sale.outTradeNo, sale);
  }

  fulfil(key: string, { outTradeNo, successTime }: Order): void {
    if (this.fulfilled.includes(key)) return;
    this.fulfilled.push(key);
    this.#change(outTradeNo, { state: 'paid', paidOn: beijingDay(successTime) });
  }

  refund(outTradeNo: string, refunded: number): void {
    this.#change(outTradeNo, { refunded });
  }

  find(outTradeNos: readonly string[]): Promise<readonly Sale[]> {
    return Promise.resolve([...this.#sales.values()].filter((each) => outTradeNos.includes(each.outTradeNo)));
  }

  paidOn(date: string): readonly Sale[] {
    return [...this.#sales.values()].filter((each) => each.paidOn === date);
  }

  #change(outTradeNo: string, change: Partial<Sale>): void {
    const sale = this.#sales.get(outTradeNo);
    if (sale !== undefined) this.save({ ...sale, ...change });
  }
}

@Injectable()
class TeaShop {
  constructor(
    private readonly prepay: PrepayService,
    private readonly refunds: RefundService,
    private readonly bills: BillService,
    private readonly sales: Sales,
  ) {}

  async sell(outTradeNo: string, openid: string): Promise<MiniProgramPay> {
    this.sales.save({ outTradeNo, total: PRICE, state: 'unpaid' });
    const { pay } = await this.prepay.miniProgram({
      outTradeNo,
      description: '一杯茶',
      amount: { total: PRICE },
      payer: { openid },
    });
    return pay;
  }

  refund(outTradeNo: string, outRefundNo: string) {
    this.sales.refund(outTradeNo, PRICE);
    return this.refunds.refund({ outTradeNo, outRefundNo, amount: { refund: PRICE, total: PRICE } });
  }

  async endOfRefund(outRefundNo: string): Promise<string> {
    const { status } = await lastValueFrom(this.refunds.watch({ outRefundNo }));
    return status;
  }

  async differences(date: string): Promise<string[]> {
    const found: string[] = [];
    const bill = await this.bills.trade({ date });
    const shop = {
      find: (numbers: readonly string[]) => this.sales.find(numbers),
      paidOrders: this.sales.paidOn(date),
    };
    for await (const { kind, row, order } of reconcile(bill, shop)) {
      found.push(`${kind} ${row?.outTradeNo ?? order?.outTradeNo}`);
    }
    await bill[Symbol.asyncDispose]();
    return found;
  }
}

@Controller('wxpay/notifications')
class NotificationsController {
  constructor(private readonly sales: Sales) {}

  @Post()
  @VerifyNotification()
  receive(@Notification() { merchant, originalType, resource }: WxPayNotification): void {
    if (originalType !== 'transaction') return;
    if ('combineOutTradeNo' in resource) throw new Error('This shop places no combine orders.');
    if (resource.tradeState === 'SUCCESS') this.sales.fulfil(orderKey(merchant, resource), resource);
  }
}

@Module({
  imports: [ConfigModule.forRoot(), WxPayModule.forRootAsync(wxPayConfig.asProvider())],
  controllers: [NotificationsController],
  providers: [Sales, TeaShop],
})
class AppModule {}

function beijingDay(at = new Date(0)): string {
  return at.toLocaleDateString('sv', { timeZone: 'Asia/Shanghai' });
}

const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
const DAY = '2026-11-28';

describe('a shop written by the recipes of the README', () => {
  let clock: jest.SpiedFunction<typeof Date.now>;
  let gateway: MockWxPayGateway;
  let app: INestApplication;
  let shop: TeaShop;
  let notifyUrl: string;

  beforeAll(async () => {
    gateway = await MockWxPayGateway.start();
    // The day has begun in Beijing, and has not in UTC.
    clock = jest.spyOn(Date, 'now').mockReturnValue(Date.parse(`${DAY}T00:30:00+08:00`));
    const testing = Test.createTestingModule({ imports: [AppModule] });
    const built = await testing.overrideProvider(wxPayConfig.KEY).useValue(gateway.options()).compile();
    app = built.createNestApplication({ rawBody: true, logger: false });
    await app.listen(0, '127.0.0.1');
    notifyUrl = `${await app.getUrl()}/wxpay/notifications`;
    shop = app.get(TeaShop);
  }, 30_000);
  afterAll(async () => {
    clock?.mockRestore();
    await app?.close();
    await gateway?.stop();
  });

  it('sells a cup of tea in a mini program, and fulfils it once', async () => {
    const pay = await shop.sell('T20261128', OPENID);
    gateway.orders.pay('T20261128', { openid: OPENID });
    const first = await gateway.notify('T20261128', notifyUrl);
    const again = await first.resend();

    expect(pay).toMatchObject({ package: expect.stringMatching(/^prepay_id=wx/), signType: 'RSA' });
    expect([first.accepted, again.accepted]).toEqual([true, true]);
    expect(app.get(Sales).fulfilled).toHaveLength(1);
  });

  it('refunds it, and follows the refund until the customer has the money', async () => {
    const { status } = await shop.refund('T20261128', 'R20261128');
    gateway.refunds.settle('R20261128');

    expect(status).toBe('PROCESSING');
    await expect(shop.endOfRefund('R20261128')).resolves.toBe('SUCCESS');
  });

  it('finds the payment and the refund in the bill of the day, and no difference', async () => {
    clock.mockReturnValue(Date.parse('2026-11-29T10:00:00+08:00'));

    expect(gateway.bills.text({ date: DAY })).toContain('R20261128');
    await expect(shop.differences(DAY)).resolves.toEqual([]);
  });

  it('finds a payment whose notification was lost', async () => {
    clock.mockReturnValue(Date.parse('2026-11-29T12:00:00+08:00'));
    await shop.sell('T20261129', OPENID);
    gateway.orders.pay('T20261129', { openid: OPENID });
    clock.mockReturnValue(Date.parse('2026-11-30T10:00:00+08:00'));

    await expect(shop.differences('2026-11-29')).resolves.toEqual(['state T20261129']);
  });
});
