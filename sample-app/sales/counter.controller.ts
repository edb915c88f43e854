import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { OutTradeNoParams } from '../orders/dto/out-trade-no.params.js';
import { CounterService } from './counter.service.js';
import { ChargeBody } from './dto/charge.body.js';
import { SaleView } from './dto/sale-view.js';

/** For the staff of the shop: put a guard of your own in front. */
@ApiTags('counter')
@Controller('sales')
export class CounterController {
  constructor(private readonly counter: CounterService) {}

  @Post(':outTradeNo/charge')
  @HttpCode(200)
  @ApiOperation({ summary: 'Charges the customer who shows a payment code; waits for the password' })
  @ApiOkResponse({ type: SaleView, description: 'Hand the goods over if `state` is `paid`.' })
  @ApiErrors(400, 404, 409)
  async charge(
    @Param() { outTradeNo }: OutTradeNoParams,
    @Body() { authCode }: ChargeBody,
  ): Promise<SaleView> {
    return new SaleView(await this.counter.charge(outTradeNo, authCode));
  }
}
