import { ApiProperty } from '@nestjs/swagger';
import type { Cart } from '../carts.service.js';
import { SaleView } from './sale-view.js';

/** Cart as its customer sees it. */
export class CartView {
  @ApiProperty({ description: 'The number with which the cart is paid.' })
  readonly outTradeNo: string;

  @ApiProperty({ type: [SaleView] })
  readonly sales: readonly SaleView[];

  constructor({ combineOutTradeNo, sales }: Cart) {
    this.outTradeNo = combineOutTradeNo;
    this.sales = sales.map((sale) => new SaleView(sale));
  }
}
