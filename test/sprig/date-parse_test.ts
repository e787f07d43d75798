import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseTime } from "../../src/sprig/time/parse.ts";
import { Time } from "../../src/sprig/time/time.ts";
import { utc } from "../../src/sprig/time/zone.ts";

/** Layout, text, and the time as Go prints it where the machine's zone is UTC. */
const parsed: readonly (readonly [string, string, string])[] = [
  ["2006-01-02T15:04:05.999999999Z07:00", "2020-02-29T10:00:00Z", "2020-02-29 10:00:00 +0000 UTC"],
  ["Mon, 02 Jan 2006 15:04:05 MST", "Tue, 10 Nov 2009 23:00:00 UTC", "2009-11-10 23:00:00 +0000 UTC"],
  ["Mon, 02 Jan 2006 15:04:05 MST", "Tue, 10 Nov 2009 23:00:00 GMT+3", "2009-11-11 02:00:00 +0300 GMT+3"],
];

/** Layout, text, and Go's words for what is wrong. */
const refused: readonly (readonly [string, string, string])[] = [
  ["03:04 pm", "2020-02-29T10:00:00+2:00", 'parsing time "2020-02-29T10:00:00+2:00": hour out of range'],
  ["01/02 03:04:05PM 06 -0700", "2020-1-1", 'parsing time "2020-1-1": month out of range'],
  ["__2", "13:00PM", 'parsing time "13:00PM": extra text: ":00PM"'],
  ["January Monday", "2021-366", 'parsing time "2021-366" as "January Monday": cannot parse "2021-366" as "January"'],
  [
    "Z07 Z0700 Z07:00 Z070000",
    "Tue, 10 Nov 2009 23:00:00 GMT+3",
    'parsing time "Tue, 10 Nov 2009 23:00:00 GMT+3" as "Z07 Z0700 Z07:00 Z070000": cannot parse "Tue, 10 Nov 2009 23:00:00 GMT+3" as "Z07"',
  ],
  ["03:04 pm", "3:04PM", 'parsing time "3:04PM" as "03:04 pm": cannot parse "3:04PM" as "03"'],
  ["3:04PM", "2020-02-29T10:00:00+2:00", 'parsing time "2020-02-29T10:00:00+2:00": hour out of range'],
  ["06/1/2", "2020-1-1", 'parsing time "2020-1-1" as "06/1/2": cannot parse "20-1-1" as "/"'],
  ["3:04PM", "2020-02-29T10:00:00,123Z", 'parsing time "2020-02-29T10:00:00,123Z": hour out of range'],
  [
    "06/1/2",
    "2020-02-29T10:00:00,123Z",
    'parsing time "2020-02-29T10:00:00,123Z" as "06/1/2": cannot parse "20-02-29T10:00:00,123Z" as "/"',
  ],
  ["2 Jan 06 3:4:5 PM", "2020-060", 'parsing time "2020-060" as "2 Jan 06 3:4:5 PM": cannot parse "20-060" as " "'],
  ["2006-002", "2020-1-1", 'parsing time "2020-1-1" as "2006-002": cannot parse "1-1" as "002"'],
  ["__2", "2020-060", 'parsing time "2020-060": extra text: "0-060"'],
  [
    "Jan _2 15:04:05.000",
    "2020-13-01",
    'parsing time "2020-13-01" as "Jan _2 15:04:05.000": cannot parse "2020-13-01" as "Jan"',
  ],
  ["__2", "2020-02-30", 'parsing time "2020-02-30": extra text: "0-02-30"'],
  ["__2", "3:04PM", 'parsing time "3:04PM": extra text: ":04PM"'],
  [
    "Jan _2 15:04:05.000",
    "2020-02-29T25:00:00Z",
    'parsing time "2020-02-29T25:00:00Z" as "Jan _2 15:04:05.000": cannot parse "2020-02-29T25:00:00Z" as "Jan"',
  ],
  ["15:04:05", "x", 'parsing time "x" as "15:04:05": cannot parse "x" as "15"'],
  [
    "Mon Jan _2 15:04:05 2006",
    "69/1/2",
    'parsing time "69/1/2" as "Mon Jan _2 15:04:05 2006": cannot parse "69/1/2" as "Mon"',
  ],
  ["15:04", "2020-13-01", 'parsing time "2020-13-01" as "15:04": cannot parse "20-13-01" as ":"'],
  ["01/02 03:04:05PM 06 -0700", "2020-366", 'parsing time "2020-366": month out of range'],
  [
    "January Monday",
    "2020-02-30",
    'parsing time "2020-02-30" as "January Monday": cannot parse "2020-02-30" as "January"',
  ],
  [
    "__2",
    "2020-02-29T10:00:00+02:00",
    'parsing time "2020-02-29T10:00:00+02:00": extra text: "0-02-29T10:00:00+02:00"',
  ],
  ["15:04:05", "12:00AM", 'parsing time "12:00AM" as "15:04:05": cannot parse "AM" as ":"'],
  ["03:04 pm", "99:99", 'parsing time "99:99": hour out of range'],
  [
    "01/02 03:04:05PM 06 -0700",
    "12:00AM",
    'parsing time "12:00AM" as "01/02 03:04:05PM 06 -0700": cannot parse ":00AM" as "/"',
  ],
  [
    "January Monday",
    "Mon Jan  2 15:04:05 2006",
    'parsing time "Mon Jan  2 15:04:05 2006" as "January Monday": cannot parse "Mon Jan  2 15:04:05 2006" as "January"',
  ],
  [
    "Mon Jan _2 15:04:05 2006",
    "2020-1-1",
    'parsing time "2020-1-1" as "Mon Jan _2 15:04:05 2006": cannot parse "2020-1-1" as "Mon"',
  ],
  [
    "Mon, 02 Jan 2006 15:04:05 MST",
    "10:00.5",
    'parsing time "10:00.5" as "Mon, 02 Jan 2006 15:04:05 MST": cannot parse "10:00.5" as "Mon"',
  ],
  [
    "2006-01-02T15:04:05.999999999Z07:00",
    "2020-02-29T10:00:00-25:00",
    'parsing time "2020-02-29T10:00:00-25:00": time zone offset hour out of range',
  ],
  [
    "January Monday",
    "Tue, 10 Nov 2009 23:00:00 XX",
    'parsing time "Tue, 10 Nov 2009 23:00:00 XX" as "January Monday": cannot parse "Tue, 10 Nov 2009 23:00:00 XX" as "January"',
  ],
  [
    "Mon, 02 Jan 2006 15:04:05 MST",
    "2020-02-29T10:00:00+2:00",
    'parsing time "2020-02-29T10:00:00+2:00" as "Mon, 02 Jan 2006 15:04:05 MST": cannot parse "2020-02-29T10:00:00+2:00" as "Mon"',
  ],
  [
    "06/1/2",
    "2020-02-29T10:00:00.5Z",
    'parsing time "2020-02-29T10:00:00.5Z" as "06/1/2": cannot parse "20-02-29T10:00:00.5Z" as "/"',
  ],
  ["3:04PM", "68/12/31", 'parsing time "68/12/31": hour out of range'],
  ["002", "2020-366", 'parsing time "2020-366": extra text: "0-366"'],
  [
    "Z07 Z0700 Z07:00 Z070000",
    "2020-02-29T10:00:00-25:00",
    'parsing time "2020-02-29T10:00:00-25:00" as "Z07 Z0700 Z07:00 Z070000": cannot parse "2020-02-29T10:00:00-25:00" as "Z07"',
  ],
  [
    "Z07 Z0700 Z07:00 Z070000",
    "10:00.5",
    'parsing time "10:00.5" as "Z07 Z0700 Z07:00 Z070000": cannot parse "10:00.5" as "Z07"',
  ],
  [
    "2006-002",
    "Tue, 10 Nov 2009 23:00:00 XX",
    'parsing time "Tue, 10 Nov 2009 23:00:00 XX" as "2006-002": cannot parse "Tue, 10 Nov 2009 23:00:00 XX" as "2006"',
  ],
  [
    "15:04",
    "2020-02-29T10:00:00.5Z",
    'parsing time "2020-02-29T10:00:00.5Z" as "15:04": cannot parse "20-02-29T10:00:00.5Z" as ":"',
  ],
  [
    "Mon, 02 Jan 2006 15:04:05 MST",
    "10 nov 09 3:4:5 AM",
    'parsing time "10 nov 09 3:4:5 AM" as "Mon, 02 Jan 2006 15:04:05 MST": cannot parse "10 nov 09 3:4:5 AM" as "Mon"',
  ],
  ["3:04PM", "69/1/2", 'parsing time "69/1/2": hour out of range'],
  [
    "January Monday",
    "2020-02-29",
    'parsing time "2020-02-29" as "January Monday": cannot parse "2020-02-29" as "January"',
  ],
  ["2006-01-02", "3:04PM", 'parsing time "3:04PM" as "2006-01-02": cannot parse "3:04PM" as "2006"'],
  [
    "2006-01-02T15:04:05Z07:00",
    "2021-02-29",
    'parsing time "2021-02-29" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"',
  ],
  ["01/02 03:04:05PM 06 -0700", "99:99", 'parsing time "99:99": month out of range'],
  [
    "2006-01-02T15:04:05Z0700",
    "2020-02-29 x",
    'parsing time "2020-02-29 x" as "2006-01-02T15:04:05Z0700": cannot parse " x" as "T"',
  ],
  [
    "2006-01-02T15:04:05Z0700",
    "Mon Jan  2 15:04:05 2006",
    'parsing time "Mon Jan  2 15:04:05 2006" as "2006-01-02T15:04:05Z0700": cannot parse "Mon Jan  2 15:04:05 2006" as "2006"',
  ],
  [
    "15:04",
    "Mon Jan  2 15:04:05 2006",
    'parsing time "Mon Jan  2 15:04:05 2006" as "15:04": cannot parse "Mon Jan  2 15:04:05 2006" as "15"',
  ],
  ["3:04PM", "x", 'parsing time "x" as "3:04PM": cannot parse "x" as "3"'],
  ["January Monday", "", 'parsing time "" as "January Monday": cannot parse "" as "January"'],
  [
    "2006-01-02",
    "Tue, 10 Nov 2009 23:00:00 +03",
    'parsing time "Tue, 10 Nov 2009 23:00:00 +03" as "2006-01-02": cannot parse "Tue, 10 Nov 2009 23:00:00 +03" as "2006"',
  ],
  ["002", "2020-02-29T25:00:00Z", 'parsing time "2020-02-29T25:00:00Z": extra text: "0-02-29T25:00:00Z"'],
  ["2006-01-02", "5 4 3 2 1", 'parsing time "5 4 3 2 1" as "2006-01-02": cannot parse "5 4 3 2 1" as "2006"'],
  [
    "2006-01-02T15:04:05Z0700",
    "68/12/31",
    'parsing time "68/12/31" as "2006-01-02T15:04:05Z0700": cannot parse "68/12/31" as "2006"',
  ],
  ["002", "20200229", 'parsing time "20200229": extra text: "00229"'],
  ["2006-002", "2020-02-29", 'parsing time "2020-02-29" as "2006-002": cannot parse "02-29" as "002"'],
  [
    "January Monday",
    "2020-02-29T10:00:00+02:00",
    'parsing time "2020-02-29T10:00:00+02:00" as "January Monday": cannot parse "2020-02-29T10:00:00+02:00" as "January"',
  ],
  [
    "01/02 03:04:05PM 06 -0700",
    "10 nov 09 3:4:5 AM",
    'parsing time "10 nov 09 3:4:5 AM" as "01/02 03:04:05PM 06 -0700": cannot parse " nov 09 3:4:5 AM" as "/"',
  ],
  [
    "Z07 Z0700 Z07:00 Z070000",
    "2020-02-29T10:00:00-24:60",
    'parsing time "2020-02-29T10:00:00-24:60" as "Z07 Z0700 Z07:00 Z070000": cannot parse "2020-02-29T10:00:00-24:60" as "Z07"',
  ],
  [
    "2006-002",
    "2020-02-29T10:00:00-25:00",
    'parsing time "2020-02-29T10:00:00-25:00" as "2006-002": cannot parse "02-29T10:00:00-25:00" as "002"',
  ],
  [
    "January Monday",
    "10 nov 09 3:4:5 AM",
    'parsing time "10 nov 09 3:4:5 AM" as "January Monday": cannot parse "10 nov 09 3:4:5 AM" as "January"',
  ],
  [
    "Z07 Z0700 Z07:00 Z070000",
    "Mon Jan  2 15:04:05 2006",
    'parsing time "Mon Jan  2 15:04:05 2006" as "Z07 Z0700 Z07:00 Z070000": cannot parse "Mon Jan  2 15:04:05 2006" as "Z07"',
  ],
  [
    "2 Jan 06 3:4:5 PM",
    "2020-02-29T10:00:00-25:00",
    'parsing time "2020-02-29T10:00:00-25:00" as "2 Jan 06 3:4:5 PM": cannot parse "20-02-29T10:00:00-25:00" as " "',
  ],
  ["2 Jan 06 3:4:5 PM", "3:04PM", 'parsing time "3:04PM" as "2 Jan 06 3:4:5 PM": cannot parse ":04PM" as " "'],
  [
    "Mon Jan _2 15:04:05 2006",
    "5 4 3 2 1",
    'parsing time "5 4 3 2 1" as "Mon Jan _2 15:04:05 2006": cannot parse "5 4 3 2 1" as "Mon"',
  ],
  ["2006-002", "2020-02-29 x", 'parsing time "2020-02-29 x" as "2006-002": cannot parse "02-29 x" as "002"'],
  [
    "2006-01-02T15:04:05.999999999Z07:00",
    "3:04PM",
    'parsing time "3:04PM" as "2006-01-02T15:04:05.999999999Z07:00": cannot parse "3:04PM" as "2006"',
  ],
  [
    "-07 -0700 -07:00 -070000 -07:00:00",
    "2020-02-29T10:00:00Z",
    'parsing time "2020-02-29T10:00:00Z" as "-07 -0700 -07:00 -070000 -07:00:00": cannot parse "2020-02-29T10:00:00Z" as "-07"',
  ],
  [
    "__2",
    "Tue, 10 Nov 2009 23:00:00 XX",
    'parsing time "Tue, 10 Nov 2009 23:00:00 XX" as "__2": cannot parse "Tue, 10 Nov 2009 23:00:00 XX" as "__2"',
  ],
  [
    "2006-01-02T15:04:05Z0700",
    "13:00PM",
    'parsing time "13:00PM" as "2006-01-02T15:04:05Z0700": cannot parse "13:00PM" as "2006"',
  ],
  [
    "2006-01-02",
    "Tue, 10 Nov 2009 23:00:00 GMT+3",
    'parsing time "Tue, 10 Nov 2009 23:00:00 GMT+3" as "2006-01-02": cannot parse "Tue, 10 Nov 2009 23:00:00 GMT+3" as "2006"',
  ],
  [
    "2006-002",
    "2020-02-29T25:00:00Z",
    'parsing time "2020-02-29T25:00:00Z" as "2006-002": cannot parse "02-29T25:00:00Z" as "002"',
  ],
  ["03:04 pm", "2021-02-29", 'parsing time "2021-02-29": hour out of range'],
  ["06/1/2", "3:04PM", 'parsing time "3:04PM" as "06/1/2": cannot parse "3:04PM" as "06"'],
  ["06/1/2", "", 'parsing time "" as "06/1/2": cannot parse "" as "06"'],
  [
    "Mon, 02 Jan 2006 15:04:05 MST",
    "2020-02-29T25:00:00Z",
    'parsing time "2020-02-29T25:00:00Z" as "Mon, 02 Jan 2006 15:04:05 MST": cannot parse "2020-02-29T25:00:00Z" as "Mon"',
  ],
  ["15:04", "2020-366", 'parsing time "2020-366" as "15:04": cannot parse "20-366" as ":"'],
  ["__2", "x", 'parsing time "x" as "__2": cannot parse "x" as "__2"'],
  ["2 Jan 06 3:4:5 PM", "99:99", 'parsing time "99:99" as "2 Jan 06 3:4:5 PM": cannot parse ":99" as " "'],
  [
    "-07 -0700 -07:00 -070000 -07:00:00",
    "2020-1-1",
    'parsing time "2020-1-1" as "-07 -0700 -07:00 -070000 -07:00:00": cannot parse "2020-1-1" as "-07"',
  ],
  ["06/1/2", "99:99", 'parsing time "99:99" as "06/1/2": cannot parse ":99" as "/"'],
  ["2006-01-02", "x", 'parsing time "x" as "2006-01-02": cannot parse "x" as "2006"'],
  ["06/1/2", "2021-02-29", 'parsing time "2021-02-29" as "06/1/2": cannot parse "21-02-29" as "/"'],
  ["03:04 pm", "2020-02-29T10:00:00,123Z", 'parsing time "2020-02-29T10:00:00,123Z": hour out of range'],
  [
    "Mon, 02 Jan 2006 15:04:05 MST",
    "2020-1-1",
    'parsing time "2020-1-1" as "Mon, 02 Jan 2006 15:04:05 MST": cannot parse "2020-1-1" as "Mon"',
  ],
  [
    "15:04:05",
    "2020-02-29T10:00:00Z",
    'parsing time "2020-02-29T10:00:00Z" as "15:04:05": cannot parse "20-02-29T10:00:00Z" as ":"',
  ],
  ["06/1/2", "5 4 3 2 1", 'parsing time "5 4 3 2 1" as "06/1/2": cannot parse "5 4 3 2 1" as "06"'],
];

describe("parseTime", () => {
  for (const [layout, text, expected] of parsed) {
    it(`reads ${JSON.stringify(text)} as ${JSON.stringify(layout)}`, () => {
      assert.equal(Time.from(parseTime(layout, text, utc)).toString(), expected);
    });
  }
  for (const [layout, text, message] of refused) {
    it(`refuses ${JSON.stringify(text)} as ${JSON.stringify(layout)}`, () => {
      assert.throws(() => parseTime(layout, text, utc), { message });
    });
  }
});
