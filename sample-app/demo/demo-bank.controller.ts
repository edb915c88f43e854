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
import { DemoNotifier } from './demo-notifier.js';
import { OutRefundNoParams } from './out-refund-no.params.js';

const notProcessing = (): ShopError =>
  new ShopError(409, 'NOT_PROCESSING', 'There is no such refund, or it has ended.');

/** Plays the bank of the customer. */
@ApiTags('demo')
@Controller('demo/refunds')
export class DemoBankController {
  constructor(
    private readonly gateway: MockWxPayGateway,
    private readonly notifier: DemoNotifier,
  ) {}

  @Post(':outRefundNo/settle')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Gives the customer the money of a refund; WeChat Pay notifies the shop',
  })
  @ApiNoContentResponse({ description: 'The refund has ended.' })
  @ApiBadRequestResponse({ type: ErrorBody, example: ERROR_EXAMPLES[400] })
  @ApiConflictResponse({ type: ErrorBody, example: notProcessing().getResponse() })
  async settle(@Param() { outRefundNo }: OutRefundNoParams): Promise<void> {
    if (this.gateway.refunds.get(outRefundNo)?.status !== 'PROCESSING') throw notProcessing();
    this.gateway.refunds.settle(outRefundNo);
    await this.notifier.notify({ outRefundNo });
  }
}
