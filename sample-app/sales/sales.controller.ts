import { Controller, Get, HttpCode, NotFoundException, Param, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ErrorBody } from '../http/error-body.js';
import { ERROR_EXAMPLES } from '../http/error-examples.js';
import { OutTradeNoParams } from '../orders/dto/out-trade-no.params.js';
import { SaleView } from './sale-view.js';
import { SalesService } from './sales.service.js';

const NO_SUCH_SALE = new ErrorBody({
  statusCode: 404,
  error: 'Not Found',
  code: 'SALE_NOT_FOUND',
  message: 'The shop knows no such sale.',
});

@ApiTags('sales')
@Controller('sales')
export class SalesController {
  constructor(private readonly sales: SalesService) {}

  @Get(':outTradeNo')
  @ApiOperation({ summary: 'What the shop knows of a sale, without asking WeChat Pay' })
  @ApiOkResponse({ type: SaleView })
  @ApiBadRequestResponse({ type: ErrorBody, example: ERROR_EXAMPLES[400] })
  @ApiNotFoundResponse({ type: ErrorBody, example: NO_SUCH_SALE })
  async find(@Param() { outTradeNo }: OutTradeNoParams): Promise<SaleView> {
    const sale = await this.sales.find(outTradeNo);
    if (sale === undefined) throw new NotFoundException(NO_SUCH_SALE);
    return new SaleView(sale);
  }

  /** A route, so that it can be tried; a shop calls the service from a job. */
  @Post('reconcile')
  @HttpCode(200)
  @ApiOperation({ summary: 'Asks WeChat Pay about the sales that nobody has told to be paid' })
  @ApiOkResponse({ description: 'The order numbers of those that were paid.', type: [String] })
  reconcile(): Promise<string[]> {
    return this.sales.reconcile();
  }
}
