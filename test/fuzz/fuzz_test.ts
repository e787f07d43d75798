/** A short fuzz run with a fixed seed; `deno task fuzz` is the long one. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Campaign } from "./campaign.ts";
import { groups } from "./groups.ts";
import { describe as report } from "./report.ts";

const seed = 20_260_301;

/** How long each group is asked, in milliseconds. */
const time = 2500;

describe(`random questions from seed ${seed} on have the same answers in Go`, () => {
  let campaign: Campaign;
  before(() => {
    campaign = new Campaign();
  });
  after(() => campaign[Symbol.asyncDispose]());

  for (const group of groups) {
    it(group.name, async () => {
      const end = Date.now() + time;
      for (let batch = seed; batch === seed || Date.now() < end; batch++) {
        const found = await campaign.batch(group, batch);
        assert.equal(found && report(found), undefined);
      }
    });
  }
});
