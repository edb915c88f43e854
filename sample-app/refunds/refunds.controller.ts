import { Body, Controller, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { RefundView } from './dto/refund-view.js';
import { RefundBody } from './dto/refund.body.js';
import { RefundParams } from './dto/refund.params.js';
import { RefundsService } from './refunds.service.js';

/** For the staff of the shop: put a guard of your own in front. */
@ApiTags('refunds')
@Controller('sales/:outTradeNo/refunds')
export class RefundsController {
  constructor(private readonly refunds: RefundsService) {}

  @Put(':number')
  @ApiOperation({ summary: 'Refunds a sale; the same request again is the same refund' })
  @ApiOkResponse({ type: RefundView })
  @ApiErrors(400, 404, 409)
  async refund(
    @Param() { outTradeNo, number }: RefundParams,
    @Body() { amount, reason }: RefundBody,
  ): Promise<RefundView> {
    return new RefundView(await this.refunds.refund(outTradeNo, { number, amount, reason }));
  }
}
