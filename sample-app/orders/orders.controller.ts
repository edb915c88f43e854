import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { OrderView } from './dto/order-view.js';
import { OutTradeNoParams } from './dto/out-trade-no.params.js';
import { TransactionIdParams } from './dto/transaction-id.params.js';
import { OrdersService } from './orders.service.js';

@ApiTags('orders')
@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Get('by-transaction/:transactionId')
  @ApiOperation({ summary: "The state of an order, by WeChat's number" })
  @ApiOkResponse({ type: OrderView })
  @ApiErrors(400, 404)
  async findByTransaction(@Param() { transactionId }: TransactionIdParams): Promise<OrderView> {
    return new OrderView(await this.orders.findByTransaction(transactionId));
  }

  @Get(':outTradeNo')
  @ApiOperation({ summary: "The state of an order, by the shop's number" })
  @ApiOkResponse({ type: OrderView })
  @ApiErrors(400, 404)
  async find(@Param() { outTradeNo }: OutTradeNoParams): Promise<OrderView> {
    return new OrderView(await this.orders.find(outTradeNo));
  }

  @Post(':outTradeNo/close')
  @HttpCode(204)
  @ApiOperation({ summary: 'Closes an unpaid order; closing twice is fine' })
  @ApiNoContentResponse({ description: 'The order can no longer be paid.' })
  @ApiErrors(400, 404, 409)
  close(@Param() { outTradeNo }: OutTradeNoParams): Promise<void> {
    return this.orders.cancel(outTradeNo);
  }
}
