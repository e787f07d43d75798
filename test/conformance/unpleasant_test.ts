/** Charts that go to the edges of what Helm does, each of one thing, rendered by Helmwright and by Helm. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ensureTools } from "../cluster/tools.ts";
import { findCases } from "./cases.ts";
import { compare } from "./compare.ts";

describe("unpleasant charts are rendered, or refused, as Helm does", () => {
  for (const one of findCases(join(import.meta.dirname!, "charts"))) {
    it(one.name, async () => {
      const { helm } = await ensureTools(["helm"]);
      const { verdict, details } = await compare(one, helm);
      assert.ok(verdict === "equal" || verdict === "refused alike", `${verdict}\n${details}`);
    });
  }
});
