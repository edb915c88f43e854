import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { OrderView } from './dto/order-view.js';
import { SubMerchantOrderParams } from './dto/sub-merchant-order.params.js';
import { OrdersService } from './orders.service.js';

/** For a service provider (服务商): the orders of the merchants that it serves. Who may see whose is up to your app. */
@ApiTags('orders of sub-merchants')
@Controller('sub-merchants/:subMchid/orders')
export class SubMerchantOrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Get(':outTradeNo')
  @ApiOperation({ summary: "The state of a sub-merchant's order" })
  @ApiOkResponse({ type: OrderView })
  @ApiErrors(400, 404)
  async find(@Param() { subMchid, outTradeNo }: SubMerchantOrderParams): Promise<OrderView> {
    return new OrderView(await this.orders.find(outTradeNo, subMchid));
  }

  @Post(':outTradeNo/close')
  @HttpCode(204)
  @ApiOperation({ summary: "Closes a sub-merchant's unpaid order" })
  @ApiNoContentResponse({ description: 'The order can no longer be paid.' })
  @ApiErrors(400, 404, 409)
  close(@Param() { subMchid, outTradeNo }: SubMerchantOrderParams): Promise<void> {
    return this.orders.cancel(outTradeNo, subMchid);
  }
}
