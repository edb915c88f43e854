import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ErrorBody } from '../http/error-body.js';
import { ERROR_EXAMPLES } from '../http/error-examples.js';
import { OutTradeNoParams } from '../orders/dto/out-trade-no.params.js';
import { CartsService } from './carts.service.js';
import { CartView } from './dto/cart-view.js';
import { PayView } from './dto/pay-view.js';
import { PlaceCartBody } from './dto/place-cart.body.js';

@ApiTags('carts')
@Controller('carts')
export class CartsController {
  constructor(private readonly carts: CartsService) {}

  @Post()
  @ApiOperation({ summary: 'Places several sales that are paid at once' })
  @ApiCreatedResponse({ type: CartView })
  @ApiBadRequestResponse({ type: ErrorBody, example: ERROR_EXAMPLES[400] })
  async place(@Body() { articles }: PlaceCartBody): Promise<CartView> {
    return new CartView(await this.carts.place(articles));
  }

  @Post(':outTradeNo/pay-parameters')
  @HttpCode(200)
  @ApiOperation({ summary: 'Returns the QR code with which a cart is paid; repeat it after an error' })
  @ApiOkResponse({ type: PayView })
  @ApiErrors(400, 404, 409)
  async pay(@Param() { outTradeNo }: OutTradeNoParams): Promise<PayView> {
    return new PayView({ codeUrl: await this.carts.pay(outTradeNo) });
  }
}
