import type { SaleView } from './dto/sale-view.js';

/**
 * Renders the page: no style, no framework, readable with a screen reader.
 *
 * @param codeUrl content of the QR code, while the sale can be paid
 */
export function payPage({ outTradeNo, description, total, state }: SaleView, codeUrl?: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Pay ${escape(description)}</title>
  </head>
  <body>
    <main>
      <h1>${escape(description)}</h1>
      <dl>
        <dt>Price</dt><dd>¥${(total / 100).toFixed(2)}</dd>
        <dt>Order number</dt><dd>${escape(outTradeNo)}</dd>
      </dl>
      <p role="status">${escape(state)}</p>
      ${codeUrl === undefined ? '' : payment(codeUrl)}
    </main>
  </body>
</html>
`;
}

/** The text that a QR code for WeChat contains, and a script that follows the order until it is final. */
function payment(codeUrl: string): string {
  return `<h2>Pay with WeChat</h2>
      <p>Content of the QR code to scan: <code>${escape(codeUrl)}</code></p>
      <script>
        const states = new EventSource('states');
        states.onmessage = ({ data }) => {
          document.querySelector('[role=status]').textContent = data;
          if (['SUCCESS', 'REFUND', 'CLOSED', 'REVOKED'].includes(data)) states.close();
        };
        // Without this, the browser would connect again when the stream ends.
        states.onerror = () => states.close();
      </script>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
