import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiConflictResponse,
  ApiNoContentResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { ErrorBody } from '../http/error-body.js';
import { ERROR_EXAMPLES } from '../http/error-examples.js';
import { ShopError } from '../http/shop-error.js';
import { OutRefundNoParams } from './out-refund-no.params.js';

const notProcessing = (): ShopError =>
  new ShopError(409, 'NOT_PROCESSING', 'There is no such refund, or it has ended.');

/** Plays the bank of the customer. */
@ApiTags('demo')
@Controller('demo/refunds')
export class DemoBankController {
  constructor(private readonly gateway: MockWxPayGateway) {}

  @Post(':outRefundNo/settle')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Gives the customer the money of a refund; the shop learns of it within a minute',
  })
  @ApiNoContentResponse({ description: 'The refund has ended.' })
  @ApiBadRequestResponse({ type: ErrorBody, example: ERROR_EXAMPLES[400] })
  @ApiConflictResponse({ type: ErrorBody, example: notProcessing().getResponse() })
  settle(@Param() { outRefundNo }: OutRefundNoParams): void {
    if (this.gateway.refunds.get(outRefundNo)?.status !== 'PROCESSING') throw notProcessing();
    this.gateway.refunds.settle(outRefundNo);
  }
}
