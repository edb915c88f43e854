import { Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiConflictResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { WxPayMerchants } from 'nestjs-wxpay';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { ErrorBody } from '../http/error-body.js';
import { ERROR_EXAMPLES } from '../http/error-examples.js';
import { ShopError } from '../http/shop-error.js';
import { OutTradeNoParams } from '../orders/dto/out-trade-no.params.js';
import { SalesStore } from '../sales/sales-store.js';
import { DemoNotifier } from './demo-notifier.js';
import { PayQuery } from './pay.query.js';

const notPayable = (): ShopError =>
  new ShopError(409, 'NOT_PAYABLE', 'There is no such order, or it cannot be paid.');

/** Plays the customer, and WeChat Pay, which then notifies this very app. */
@ApiTags('demo')
@Controller('demo/orders')
export class DemoCustomerController {
  constructor(
    private readonly gateway: MockWxPayGateway,
    private readonly sales: SalesStore,
    private readonly merchants: WxPayMerchants,
    private readonly notifier: DemoNotifier,
  ) {}

  @Post(':outTradeNo/pay')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Pays an order or a cart; WeChat Pay notifies the shop once, twice or not at all',
  })
  @ApiOkResponse({ description: 'What the shop answered to each notification.', type: [Number] })
  @ApiBadRequestResponse({ type: ErrorBody, example: ERROR_EXAMPLES[400] })
  @ApiConflictResponse({ type: ErrorBody, example: notPayable().getResponse() })
  async pay(
    @Param() { outTradeNo }: OutTradeNoParams,
    @Query() { notification }: PayQuery,
  ): Promise<(number | undefined)[]> {
    const api = await this.charge(outTradeNo);
    if (notification === 'lost') return [];
    const first = await this.notifier.notify(outTradeNo, api);
    if (notification === 'sent') return [first.status];
    const second = await first.resend();
    return [first.status, second.status];
  }

  /** Pays an order or a cart. @returns the API that the order was placed with */
  private async charge(outTradeNo: string): Promise<'v3' | 'v2'> {
    const { orders, combineOrders } = this.gateway;
    const sale = await this.sales.find(outTradeNo);
    try {
      if (sale === undefined) combineOrders.pay(outTradeNo);
      else orders.pay(outTradeNo);
    } catch {
      throw notPayable();
    }
    return this.merchants.get(sale?.merchant).api;
  }
}
