import { Controller, Get, HttpCode, NotFoundException, Param, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ErrorBody } from '../http/error-body.js';
import { OutTradeNoParams } from '../orders/dto/out-trade-no.params.js';
import { SaleView } from './sale-view.js';
import { SalesService } from './sales.service.js';

@ApiTags('sales')
@Controller('sales')
export class SalesController {
  constructor(private readonly sales: SalesService) {}

  @Get(':outTradeNo')
  @ApiOperation({ summary: 'What the shop knows of a sale, without asking WeChat Pay' })
  @ApiOkResponse({ type: SaleView })
  @ApiBadRequestResponse({ type: ErrorBody })
  @ApiNotFoundResponse({ type: ErrorBody })
  async find(@Param() { outTradeNo }: OutTradeNoParams): Promise<SaleView> {
    const sale = await this.sales.find(outTradeNo);
    if (sale !== undefined) return new SaleView(sale);
    const message = 'The shop knows no such sale.';
    throw new NotFoundException(
      new ErrorBody({ statusCode: 404, error: 'Not Found', code: 'SALE_NOT_FOUND', message }),
    );
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
