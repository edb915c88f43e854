import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { OrderView } from '../orders/dto/order-view.js';

/** WeChat Pay has no list of orders; the demo has, so that there is something to begin with. */
@ApiTags('demo')
@Controller('orders')
export class DemoOrdersController {
  constructor(private readonly gateway: MockWxPayGateway) {}

  @Get()
  @ApiOperation({ summary: 'The orders of the demo gateway, without those of sub-merchants' })
  @ApiOkResponse({ type: [OrderView] })
  list(): OrderView[] {
    const own = this.gateway.orders.list().filter(({ subMchid }) => subMchid === undefined);
    return own.map((order) => new OrderView(order));
  }
}
