// An operator for one kind that ends with the suite which started it.

import { after } from "node:test";
import type { Kind } from "./kind.ts";
import { type Operator, type OperatorOptions, startOperator } from "./operator.ts";

/** Starts the operator on the kind's watches file; both end with the test or suite that is running. */
export async function startFor(kind: Kind, options: OperatorOptions): Promise<Operator> {
  const operator = await startOperator({ ...kind.run, ...options });
  after(async () => {
    await operator.kill();
    kind.close();
  });
  return operator;
}
