/**
 * The abbreviations of zones that have letters for them, as the IANA database (public domain) gives them since 2015:
 * `ABBREVIATION+HOURS`, and the zones that use them.
 */
const table: readonly (readonly [abbreviations: string, zones: string])[] = [
  ["ACDT+10.5 ACST+9.5", "Australia/Adelaide Australia/Broken_Hill Australia/South Australia/Yancowinna"],
  ["ACST+9.5", "Australia/Darwin Australia/North"],
  [
    "ADT-3 AST-4",
    "America/Glace_Bay America/Goose_Bay America/Halifax America/Moncton America/Thule Atlantic/Bermuda " +
    "Canada/Atlantic",
  ],
  [
    "AEDT+11 AEST+10",
    "Antarctica/Macquarie Australia/ACT Australia/Canberra Australia/Currie Australia/Hobart " +
    "Australia/Melbourne Australia/NSW Australia/Sydney Australia/Tasmania Australia/Victoria",
  ],
  ["AEST+10", "Australia/Brisbane Australia/Lindeman Australia/Queensland"],
  ["AKDT-8 AKST-9", "America/Anchorage America/Juneau America/Nome America/Sitka America/Yakutat US/Alaska"],
  ["AKDT-8 AKST-9 PST-8", "America/Metlakatla"],
  [
    "AST-4",
    "America/Anguilla America/Antigua America/Aruba America/Barbados America/Blanc-Sablon America/Curacao " +
    "America/Dominica America/Grenada America/Guadeloupe America/Kralendijk America/Lower_Princes " +
    "America/Marigot America/Martinique America/Montserrat America/Port_of_Spain America/Puerto_Rico " +
    "America/Santo_Domingo America/St_Barthelemy America/St_Kitts America/St_Lucia America/St_Thomas " +
    "America/St_Vincent America/Tortola America/Virgin",
  ],
  ["AST-4 EDT-4 EST-5", "America/Grand_Turk"],
  ["AWST+8", "Australia/Perth Australia/West"],
  ["BST+1 GMT+0", "Europe/Belfast Europe/Guernsey Europe/Isle_of_Man Europe/Jersey Europe/London GB GB-Eire"],
  [
    "CAT+2",
    "Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Harare Africa/Kigali Africa/Lubumbashi " +
    "Africa/Lusaka Africa/Maputo",
  ],
  ["CAT+2 EAT+3", "Africa/Juba Africa/Khartoum"],
  ["CAT+2 WAT+1", "Africa/Windhoek"],
  ["CDT-4 CST-5", "America/Havana Cuba"],
  [
    "CDT-5 CST-6",
    "America/Bahia_Banderas America/Chicago America/Indiana/Knox America/Indiana/Tell_City America/Knox_IN " +
    "America/Matamoros America/Menominee America/Merida America/Mexico_City America/Monterrey " +
    "America/North_Dakota/Beulah America/North_Dakota/Center America/North_Dakota/New_Salem " +
    "America/Rainy_River America/Rankin_Inlet America/Resolute America/Winnipeg CST6CDT Canada/Central " +
    "Mexico/General US/Central US/Indiana-Starke",
  ],
  ["CDT-5 CST-6 MDT-6 MST-7", "America/Ojinaga"],
  [
    "CEST+2 CET+1",
    "Africa/Ceuta Arctic/Longyearbyen Atlantic/Jan_Mayen CET Europe/Amsterdam Europe/Andorra Europe/Belgrade " +
    "Europe/Berlin Europe/Bratislava Europe/Brussels Europe/Budapest Europe/Busingen Europe/Copenhagen " +
    "Europe/Gibraltar Europe/Ljubljana Europe/Luxembourg Europe/Madrid Europe/Malta Europe/Monaco Europe/Oslo " +
    "Europe/Paris Europe/Podgorica Europe/Prague Europe/Rome Europe/San_Marino Europe/Sarajevo Europe/Skopje " +
    "Europe/Stockholm Europe/Tirane Europe/Vaduz Europe/Vatican Europe/Vienna Europe/Warsaw Europe/Zagreb " +
    "Europe/Zurich Poland",
  ],
  ["CET+1", "Africa/Algiers Africa/Tunis"],
  ["CST+8", "Asia/Chongqing Asia/Chungking Asia/Harbin Asia/Macao Asia/Macau Asia/Shanghai Asia/Taipei PRC ROC"],
  [
    "CST-6",
    "America/Belize America/Costa_Rica America/El_Salvador America/Guatemala America/Managua America/Regina " +
    "America/Swift_Current America/Tegucigalpa Canada/Saskatchewan",
  ],
  ["CST-6 EST-5", "America/Cancun"],
  ["CST-6 MDT-6 MST-7", "America/Chihuahua America/Ciudad_Juarez"],
  ["ChST+10", "Pacific/Guam Pacific/Saipan"],
  [
    "EAT+3",
    "Africa/Addis_Ababa Africa/Asmara Africa/Asmera Africa/Dar_es_Salaam Africa/Djibouti Africa/Kampala " +
    "Africa/Mogadishu Africa/Nairobi Indian/Antananarivo Indian/Comoro Indian/Mayotte",
  ],
  [
    "EDT-4 EST-5",
    "America/Detroit America/Fort_Wayne America/Indiana/Indianapolis America/Indiana/Marengo " +
    "America/Indiana/Petersburg America/Indiana/Vevay America/Indiana/Vincennes America/Indiana/Winamac " +
    "America/Indianapolis America/Iqaluit America/Kentucky/Louisville America/Kentucky/Monticello " +
    "America/Louisville America/Montreal America/Nassau America/New_York America/Nipigon America/Pangnirtung " +
    "America/Port-au-Prince America/Thunder_Bay America/Toronto Canada/Eastern EST5EDT US/East-Indiana " +
    "US/Eastern US/Michigan",
  ],
  [
    "EEST+3 EET+2",
    "Africa/Cairo Asia/Amman Asia/Beirut Asia/Damascus Asia/Famagusta Asia/Gaza Asia/Hebron Asia/Istanbul " +
    "Asia/Nicosia EET Egypt Europe/Athens Europe/Bucharest Europe/Chisinau Europe/Helsinki Europe/Istanbul " +
    "Europe/Kiev Europe/Kyiv Europe/Mariehamn Europe/Nicosia Europe/Riga Europe/Sofia Europe/Tallinn " +
    "Europe/Tiraspol Europe/Uzhgorod Europe/Vilnius Europe/Zaporozhye Turkey",
  ],
  ["EET+2", "Africa/Tripoli Europe/Kaliningrad Libya"],
  ["EST-5", "America/Atikokan America/Cayman America/Coral_Harbour America/Jamaica America/Panama EST Jamaica"],
  [
    "GMT+0",
    "Africa/Abidjan Africa/Accra Africa/Bamako Africa/Banjul Africa/Bissau Africa/Conakry Africa/Dakar " +
    "Africa/Freetown Africa/Lome Africa/Monrovia Africa/Nouakchott Africa/Ouagadougou Africa/Timbuktu " +
    "America/Danmarkshavn Atlantic/Reykjavik Atlantic/St_Helena Etc/GMT Etc/GMT+0 Etc/GMT-0 Etc/GMT0 " +
    "Etc/Greenwich GMT GMT+0 GMT-0 GMT0 Greenwich Iceland",
  ],
  ["GMT+0 IST+1", "Eire Europe/Dublin"],
  ["GMT+0 WAT+1", "Africa/Sao_Tome"],
  ["HDT-9 HST-10", "America/Adak America/Atka US/Aleutian"],
  ["HKT+8", "Asia/Hong_Kong Hongkong"],
  ["HST-10", "HST Pacific/Honolulu Pacific/Johnston US/Hawaii"],
  ["IDT+3 IST+2", "Asia/Jerusalem Asia/Tel_Aviv Israel"],
  ["IST+5.5", "Asia/Calcutta Asia/Kolkata"],
  ["JST+9", "Asia/Tokyo Japan"],
  ["KST+8.5 KST+9", "Asia/Pyongyang"],
  ["KST+9", "Asia/Seoul ROK"],
  [
    "MDT-6 MST-7",
    "America/Boise America/Cambridge_Bay America/Denver America/Edmonton America/Inuvik America/Mazatlan " +
    "America/Shiprock America/Yellowknife Canada/Mountain MST7MDT Mexico/BajaSur Navajo US/Mountain",
  ],
  ["MEST+2 MET+1", "MET"],
  ["MSK+3", "Europe/Kirov Europe/Moscow Europe/Simferopol Europe/Volgograd W-SU"],
  ["MST-7", "America/Creston America/Dawson_Creek America/Hermosillo America/Phoenix MST US/Arizona"],
  ["MST-7 PDT-7 PST-8", "America/Dawson America/Whitehorse Canada/Yukon"],
  ["MST-7 PST-8", "America/Fort_Nelson"],
  ["NDT-2.5 NST-3.5", "America/St_Johns Canada/Newfoundland"],
  ["NZDT+13 NZST+12", "Antarctica/McMurdo Antarctica/South_Pole NZ Pacific/Auckland"],
  [
    "PDT-7 PST-8",
    "America/Ensenada America/Los_Angeles America/Santa_Isabel America/Tijuana America/Vancouver " +
    "Canada/Pacific Mexico/BajaNorte PST8PDT US/Pacific",
  ],
  ["PKT+5", "Asia/Karachi"],
  ["PST+8", "Asia/Manila"],
  ["SAST+2", "Africa/Johannesburg Africa/Maseru Africa/Mbabane"],
  ["SST-11", "Pacific/Midway Pacific/Pago_Pago Pacific/Samoa US/Samoa"],
  ["UTC+0", "Etc/UCT Etc/UTC Etc/Universal Etc/Zulu UCT UTC Universal Zulu"],
  [
    "WAT+1",
    "Africa/Bangui Africa/Brazzaville Africa/Douala Africa/Kinshasa Africa/Lagos Africa/Libreville " +
    "Africa/Luanda Africa/Malabo Africa/Ndjamena Africa/Niamey Africa/Porto-Novo",
  ],
  ["WEST+1 WET+0", "Atlantic/Canary Atlantic/Faeroe Atlantic/Faroe Atlantic/Madeira Europe/Lisbon Portugal WET"],
  ["WIB+7", "Asia/Jakarta Asia/Pontianak"],
  ["WIT+9", "Asia/Jayapura"],
  ["WITA+8", "Asia/Makassar Asia/Ujung_Pandang"],
];

/** Letters by offset in seconds, of the zones that were asked for. */
const known = new Map<string, ReadonlyMap<number, string>>();

function lettersOf(zone: string): ReadonlyMap<number, string> {
  let byOffset = known.get(zone);
  if (byOffset === undefined) {
    const [abbreviations = ""] = table.find(([, zones]) => zones.split(" ").includes(zone)) ?? [];
    known.set(zone, byOffset = new Map(abbreviations.split(" ").filter((text) => text !== "").map(lettersAt)));
  }
  return byOffset;
}

function lettersAt(text: string): readonly [offset: number, letters: string] {
  const [, letters, hours] = /^([A-Za-z]+)(.*)$/.exec(text)!;
  return [Number(hours) * 3600, letters];
}

/** The abbreviation of a zone's offset where the zone has letters for it, else the offset itself: `+03`. */
export function abbreviation(zone: string, offset: number): string {
  const letters = lettersOf(zone).get(offset);
  if (letters !== undefined) return letters;
  // Before standard time each place kept the sun's, which is no whole number of minutes off.
  if (offset % 60 !== 0) return "LMT";
  const sign = offset < 0 ? "-" : "+";
  const minutes = Math.abs(Math.trunc(offset / 60));
  const two = (n: number) => n.toString().padStart(2, "0");
  return sign + two(Math.floor(minutes / 60)) + (minutes % 60 === 0 ? "" : two(minutes % 60));
}
