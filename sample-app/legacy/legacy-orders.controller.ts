import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { OrderView } from '../orders/dto/order-view.js';
import { OutTradeNoParams } from '../orders/dto/out-trade-no.params.js';
import { OrdersService } from '../orders/orders.service.js';

@ApiTags('orders of the APIv2 merchant')
@Controller('legacy/orders')
export class LegacyOrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Get(':outTradeNo')
  @ApiOperation({ summary: 'The state of an order, asked over APIv2' })
  @ApiOkResponse({ type: OrderView })
  @ApiErrors(400, 404)
  async find(@Param() { outTradeNo }: OutTradeNoParams): Promise<OrderView> {
    return new OrderView(await this.orders.find(outTradeNo));
  }

  @Post(':outTradeNo/close')
  @HttpCode(204)
  @ApiOperation({ summary: 'Closes an unpaid order over APIv2' })
  @ApiNoContentResponse({ description: 'The order can no longer be paid.' })
  @ApiErrors(400, 404, 409)
  close(@Param() { outTradeNo }: OutTradeNoParams): Promise<void> {
    return this.orders.cancel(outTradeNo);
  }
}
