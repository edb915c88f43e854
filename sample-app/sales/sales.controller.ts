import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiCreatedResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ErrorBody } from '../http/error-body.js';
import { ERROR_EXAMPLES } from '../http/error-examples.js';
import { OutTradeNoParams } from '../orders/dto/out-trade-no.params.js';
import { PayBody } from './dto/pay.body.js';
import { PayView } from './dto/pay-view.js';
import { PlaceSaleBody } from './dto/place-sale.body.js';
import { SaleView } from './dto/sale-view.js';
import { SalesService } from './sales.service.js';

/** The routes of customers. Who may see which sale is up to your app. */
@ApiTags('sales')
@Controller('sales')
export class SalesController {
  constructor(private readonly sales: SalesService) {}

  @Post()
  @ApiOperation({ summary: 'Places an order in the shop' })
  @ApiCreatedResponse({ type: SaleView })
  @ApiBadRequestResponse({ type: ErrorBody, example: ERROR_EXAMPLES[400] })
  async place(@Body() { article, quantity }: PlaceSaleBody): Promise<SaleView> {
    return new SaleView(await this.sales.place(article, quantity));
  }

  @Get(':outTradeNo')
  @ApiOperation({ summary: 'What the shop knows of a sale, without asking WeChat Pay' })
  @ApiOkResponse({ type: SaleView })
  @ApiBadRequestResponse({ type: ErrorBody, example: ERROR_EXAMPLES[400] })
  @ApiNotFoundResponse({ type: ErrorBody, example: ERROR_EXAMPLES[404] })
  async find(@Param() { outTradeNo }: OutTradeNoParams): Promise<SaleView> {
    return new SaleView(await this.sales.find(outTradeNo));
  }

  @Post(':outTradeNo/pay-parameters')
  @HttpCode(200)
  @ApiOperation({ summary: 'Returns what the client needs to pay; repeat it after an error' })
  @ApiOkResponse({ type: PayView })
  @ApiErrors(400, 404, 409)
  async pay(@Param() { outTradeNo }: OutTradeNoParams, @Body() { openid }: PayBody): Promise<PayView> {
    return new PayView(await this.sales.pay(outTradeNo, openid));
  }
}
