import { Controller, Get, Header, Param, Sse, type MessageEvent } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { toHttpException, WxPayError } from 'nestjs-wxpay';
import { catchError, map, throwError, type Observable } from 'rxjs';
import { OutTradeNoParams } from '../orders/dto/out-trade-no.params.js';
import { SaleView } from './dto/sale-view.js';
import { payPage } from './pay-page.js';
import { SalesService } from './sales.service.js';

/** A page for customers at a desktop: it shows the QR code of a sale as text, and tells when it is paid. */
@ApiExcludeController()
@Controller('sales/:outTradeNo')
export class PayPageController {
  constructor(private readonly sales: SalesService) {}

  @Get('page')
  @Header('Content-Type', 'text/html; charset=utf-8')
  async show(@Param() { outTradeNo }: OutTradeNoParams): Promise<string> {
    const sale = new SaleView(await this.sales.find(outTradeNo));
    const pay = sale.state === 'unpaid' ? await this.sales.pay(outTradeNo) : undefined;
    return payPage(sale, pay && 'codeUrl' in pay ? pay.codeUrl : undefined);
  }

  /** The states of the order at WeChat Pay, until it is final, as server-sent events. */
  @Sse('states')
  async states(@Param() { outTradeNo }: OutTradeNoParams): Promise<Observable<MessageEvent>> {
    const states = await this.sales.watch(outTradeNo);
    return states.pipe(
      map((data) => ({ data })),
      // The text of an error is for the log; clients get that of the answer it would have over HTTP.
      catchError((error: unknown) =>
        throwError(() => (error instanceof WxPayError ? toHttpException(error) : error)),
      ),
    );
  }
}
