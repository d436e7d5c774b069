const cart = `import { formatPrice } from "./format.ts";

/** One line of a cart; prices are in cents. */
export interface Item {
  readonly name: string;
  readonly price: number;
  readonly quantity: number;
}

/** What one line of the cart costs. */
export function lineTotal(item: Item): number {
  return item.price * item.quantity;
}

/** What the whole cart costs. */
export function total(items: readonly Item[]): number {

}

/** The cart as it is printed on a receipt. */
export function receipt(items: readonly Item[]): string {
  const lines = items.map((item) => \`\${item.name} \${formatPrice(lineTotal(item))}\`);
  return [...lines, \`Total \${formatPrice(total(items))}\`].join("\\n");
}
`;

const format = `/** A price in cents as it is written on a receipt. */
export function formatPrice(cents: number): string {
  return \`\${(cents / 100).toFixed(2)} €\`;
}
`;

const orders = `import { total, type Item } from "./cart.ts";

export interface Order {
  readonly id: number;
  readonly customer: string;
  readonly items: readonly Item[];
  readonly paid: boolean;
}

/** The customers who still owe something, with what they owe. */
export function unpaidByCustomer(orders: readonly Order[]): Map<string, number> {
  var result = new Map<string, number>();
  for (var i = 0; i < orders.length; i++) {
    var order = orders[i];
    if (order.paid == false) {
      if (result.has(order.customer)) {
        result.set(order.customer, result.get(order.customer)! + total(order.items));
      } else {
        result.set(order.customer, total(order.items));
      }
    }
  }
  return result;
}

/** The dearest order. */
export function dearest(orders: readonly Order[]): Order | undefined {
  return orders.toSorted((a, b) => total(b.items) - total(a.items))[0];
}
`;

/** The project in the pictures: small, and such as somebody might have. */
export const bakery = {
  "README.md": "# Bakery\n\nCarts, orders and receipts of a small bakery.\n\n    npm test\n",
  "package.json": `${JSON.stringify({ name: "bakery", private: true, type: "module", scripts: { test: "node --test" } }, null, 2)}\n`,
  "src/cart.ts": cart,
  "src/format.ts": format,
  "src/orders.ts": orders,
  "test/cart.test.ts": `import assert from "node:assert";
import { test } from "node:test";
import { total } from "../src/cart.ts";

test("a cart costs what its lines cost", () => {
  assert.equal(total([{ name: "Rye bread", price: 420, quantity: 2 }]), 840);
});
`,
};

/** The first and the last line of a file's passage, counted from 1. */
export function linesOf(file, from, to) {
  const lines = bakery[file].split("\n");
  const first = lines.findIndex((line) => line.includes(from));
  return { first: first + 1, last: lines.findIndex((line, index) => index >= first && line === to) + 1 };
}
