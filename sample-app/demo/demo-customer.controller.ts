import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
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
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  @Post(':outTradeNo/pay')
  @HttpCode(200)
  @ApiOperation({ summary: 'Pays an order; WeChat Pay notifies the shop once, twice or not at all' })
  @ApiOkResponse({ description: 'What the shop answered to each notification.', type: [Number] })
  @ApiBadRequestResponse({ type: ErrorBody, example: ERROR_EXAMPLES[400] })
  @ApiConflictResponse({ type: ErrorBody, example: notPayable().getResponse() })
  async pay(
    @Param() { outTradeNo }: OutTradeNoParams,
    @Query() { notification }: PayQuery,
  ): Promise<(number | undefined)[]> {
    const sale = await this.sales.find(outTradeNo);
    const order = this.gateway.orders.get(outTradeNo);
    const isPayable = order !== undefined && this.gateway.orders.isPayable(order);
    if (sale === undefined || !isPayable) throw notPayable();
    const { api } = this.merchants.get(sale.merchant);
    this.gateway.orders.pay(outTradeNo);
    if (notification === 'lost') return [];
    const first = await this.gateway.notify(outTradeNo, this.notifyUrl(api), { api });
    if (notification === 'sent') return [first.status];
    const second = await first.resend();
    return [first.status, second.status];
  }

  private notifyUrl(api: 'v3' | 'v2'): string {
    const server = this.adapterHost.httpAdapter.getHttpServer() as Server;
    // Sound: the app listens, or nobody could have called.
    const { port } = server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/${api === 'v2' ? 'legacy/' : ''}wxpay/notifications`;
  }
}
