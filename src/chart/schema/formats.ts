/** The formats that drafts 4 to 7 assert, with the words of github.com/santhosh-tekuri/jsonschema. */
import { addressProblem } from "../../sprig/netip.ts";
import { parseTime } from "../../sprig/time/parse.ts";
import { utc } from "../../sprig/time/zone.ts";
import { hostname as hostnameOf, parseUrl } from "../../sprig/url-parse.ts";
import { fromBinary, toBinary } from "../../template/bytes.ts";
import { quote } from "../../template/format.ts";
import { compileRegex } from "./regex.ts";

/** What is wrong with a text of this format; undefined when nothing is, or the format is unknown. */
export function formatProblem(format: string, text: string): string | undefined {
  return Object.hasOwn(formats, format) ? formats[format](text) : undefined;
}

type Check = (text: string) => string | undefined;

/** In bytes, as Go counts. */
const size = (text: string): number => toBinary(text).length;

const formats: Readonly<Record<string, Check>> = {
  date,
  "date-time": dateTime,
  duration,
  email,
  hostname,
  ipv4,
  ipv6,
  iri: uri,
  "iri-reference": uriReference,
  "json-pointer": jsonPointer,
  period,
  regex,
  "relative-json-pointer": relativeJsonPointer,
  semver,
  time,
  uri,
  "uri-reference": uriReference,
  "uri-template": uriTemplate,
  uuid,
};

function regex(text: string): string | undefined {
  try {
    compileRegex(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function jsonPointer(text: string): string | undefined {
  if (text === "") return undefined;
  if (!text.startsWith("/")) return "not starting with /";
  return /~(?![01])/.test(text) ? "~ must be followed by 0 or 1" : undefined;
}

function relativeJsonPointer(text: string): string | undefined {
  const digits = /^\d*/.exec(text)![0];
  if (digits === "") return "must start with non-negative integer";
  if (digits.length > 1 && digits.startsWith("0")) return "starts with zero";
  const rest = text.slice(digits.length);
  return rest === "#" ? undefined : jsonPointer(rest);
}

function uuid(text: string): string | undefined {
  const lengths = [8, 4, 4, 4, 12];
  const groups = text.split("-");
  if (groups.length !== lengths.length) return `must have ${lengths.length} elements`;
  for (const [i, group] of groups.entries()) {
    if (size(group) !== lengths[i]) return `element ${i + 1} must be ${lengths[i]} characters long`;
    const other = /[^0-9a-fA-F]/u.exec(group);
    if (other !== null) return `non-hex character ${quoteChar(other[0])}`;
  }
  return undefined;
}

function duration(text: string): string | undefined {
  if (!text.startsWith("P")) return "must start with P";
  const rest = text.slice(1);
  if (rest === "") return "nothing after P";
  if (rest.endsWith("W")) {
    if (rest === "W") return "no number in week";
    return /^\d+W$/.test(rest) ? undefined : "invalid week";
  }
  for (const [i, part] of rest.split("T").entries()) {
    if (i > 0 && part === "") return "no time elements";
    if (i > 1) return "more than one T";
    const problem = durationPart(part, i === 0 ? "YMD" : "HMS");
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Go takes the unit for one byte. */
function durationPart(value: string, units: string): string | undefined {
  let next = 0;
  for (let rest = toBinary(value); rest !== "";) {
    const digits = /^\d*/.exec(rest)![0];
    if (digits === "") return "missing number";
    const unit = rest[digits.length];
    if (unit === undefined) return "missing unit";
    const at = units.indexOf(unit, next);
    if (at < 0) {
      return units.includes(unit) ? `unit ${quoteChar(unit)} out of order` : `invalid unit ${quoteChar(unit)}`;
    }
    next = at + 1;
    rest = rest.slice(digits.length + 1);
  }
  return undefined;
}

function ipv4(text: string): string | undefined {
  const groups = text.split(".");
  if (groups.length !== 4) return "expected four decimals";
  for (const group of groups) {
    if (group.length > 1 && group.startsWith("0")) return "leading zeros";
    if (!/^[+-]?\d+$/.test(group)) return `strconv.Atoi: parsing ${quote(group)}: invalid syntax`;
    if (Number(group) < 0 || Number(group) > 255) return "decimal must be between 0 and 255";
  }
  return undefined;
}

function ipv6(text: string): string | undefined {
  if (!text.includes(":")) return "missing colon";
  return addressProblem(text) ?? (text.includes("%") ? "zone id is not a part of ipv6 address" : undefined);
}

function hostname(text: string): string | undefined {
  const name = text.replace(/\.$/, "");
  if (size(name) > 253) return "more than 253 characters long";
  for (const label of name.split(".")) {
    if (label === "" || size(label) > 63) return "label must be 1 to 63 characters long";
    if (label.startsWith("-")) return "label starts with hyphen";
    if (label.endsWith("-")) return "label ends with hyphen";
    const other = /[^a-zA-Z0-9-]/u.exec(label);
    if (other !== null) return `invalid character ${quoteChar(other[0])}`;
  }
  return undefined;
}

function email(text: string): string | undefined {
  if (size(text) > 254) return "more than 255 characters long";
  const at = text.lastIndexOf("@");
  if (at < 0) return "missing @";
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  if (size(local) > 64) return "local part more than 64 characters long";
  const problem = emailName(local);
  if (problem !== undefined) return problem;
  if (domain.startsWith("[") && domain.endsWith("]")) {
    const address = domain.slice(1, -1);
    const six = address.startsWith("IPv6:");
    const wrong = six ? ipv6(address.slice(5)) : ipv4(address);
    return wrong === undefined ? undefined : `invalid ipv${six ? 6 : 4} address: ${wrong}`;
  }
  const wrong = hostname(domain);
  return wrong === undefined ? undefined : `invalid domain: ${wrong}`;
}

function emailName(local: string): string | undefined {
  if (local.length > 1 && local.startsWith('"') && local.endsWith('"')) {
    return /[\\"]/.test(local.slice(1, -1))
      ? "backslash and quote are not allowed within quoted local part"
      : undefined;
  }
  if (local.startsWith(".")) return "starts with dot";
  if (local.endsWith(".")) return "ends with dot";
  if (local.includes("..")) return "consecutive dots";
  const other = /[^a-zA-Z0-9.!#$%&'*+\-/=?^_`{|}~]/u.exec(local);
  return other === null ? undefined : `invalid character ${quoteChar(other[0])}`;
}

function date(text: string): string | undefined {
  try {
    parseTime("2006-01-02", text, utc);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function time(value: string): string | undefined {
  const text = toBinary(value);
  if (text.length < 9) return "less than 9 characters long";
  if (text[2] !== ":" || text[5] !== ":") return "missing colon in correct place";
  const clock = /^(\d{2}):(\d{2}):(\d{2})/.exec(text);
  if (clock === null) return "invalid hour/min/sec";
  const [hour, minute, second] = clock.slice(1).map(Number);
  if (hour > 23 || minute > 59 || second > 60) return "hour/min/sec out of range";
  let zone = text.slice(8);
  if (zone.startsWith(".")) {
    const digits = /^\.(\d*)/.exec(zone)![1];
    if (digits === "") return "no digits in second fraction";
    zone = zone.slice(digits.length + 1);
  }
  let minutes = hour * 60 + minute;
  if (zone !== "z" && zone !== "Z") {
    if (zone.length !== 6) return "offset must be 6 characters long";
    if (!/^[+-]/.test(zone)) return "offset must begin with plus/minus";
    if (zone[3] !== ":") return "missing colon in offset in correct place";
    const offset = /^.(\d{2}):(\d{2})$/.exec(zone);
    if (offset === null) return "invalid hour/min in offset";
    const [zoneHour, zoneMinute] = offset.slice(1).map(Number);
    if (zoneHour > 23 || zoneMinute > 59) return "hour/min in offset out of range";
    minutes += (zone[0] === "+" ? -1 : 1) * (zoneHour * 60 + zoneMinute);
    if (minutes < 0) minutes += 24 * 60;
  }
  return second >= 60 && minutes !== 23 * 60 + 59 ? "invalid leap second" : undefined;
}

function dateTime(value: string): string | undefined {
  const text = toBinary(value);
  if (text.length < 20) return "less than 20 characters long";
  if (text[10] !== "t" && text[10] !== "T") return "11th character must be t or T";
  const wrongDate = date(fromBinary(text.slice(0, 10)));
  if (wrongDate !== undefined) return `invalid date element: ${wrongDate}`;
  const wrongTime = time(fromBinary(text.slice(11)));
  return wrongTime === undefined ? undefined : `invalid time element: ${wrongTime}`;
}

function uri(text: string): string | undefined {
  return uriProblem(text) ?? (/^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text) ? undefined : "relative url");
}

/** Go does not look at an IPv6 address as a host. */
function uriProblem(text: string): string | undefined {
  try {
    const url = parseUrl(text);
    const host = hostnameOf(url);
    if (!host.includes(":")) return undefined;
    if (!url.host.includes("[") || !url.host.includes("]")) return "ipv6 address not enclosed in brackets";
    const wrong = ipv6(host);
    return wrong === undefined ? undefined : `invalid ipv6 address: ${wrong}`;
  } catch (error) {
    return (error as Error).message;
  }
}

function uriReference(text: string): string | undefined {
  return text.includes("\\") ? "contains \\" : uriProblem(text);
}

/** Braces may stand in a path, each pair closed before the next opens. */
function uriTemplate(text: string): string | undefined {
  const problem = uriProblem(text);
  if (problem !== undefined) return problem;
  for (const segment of parseUrl(text).rawPath.split("/")) {
    const braces = segment.replace(/%7b/gi, "{").replace(/%7d/gi, "}").replace(/[^{}]/g, "");
    if (/^(?:\{\})*\{$/.test(braces)) return "no matching closing brace";
    if (!/^(?:\{\})*$/.test(braces)) return "nested curly braces";
  }
  return undefined;
}

/** Two instants, or an instant and a duration on either side of it. */
function period(text: string): string | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return "missing slash";
  const start = text.slice(0, slash);
  const end = text.slice(slash + 1);
  const says = (side: string, what: string, problem: string | undefined) =>
    problem === undefined ? undefined : `invalid ${side} ${what}: ${problem}`;
  if (start.startsWith("P")) {
    return says("start", "duration", duration(start)) ?? says("end", "date-time", dateTime(end));
  }
  return says("start", "date-time", dateTime(start)) ??
    (end.startsWith("P") ? says("end", "duration", duration(end)) : says("end", "date-time", dateTime(end)));
}

function semver(text: string): string | undefined {
  const [, core, pre, build] = /^([^+-]*)(?:-([^+]*))?(?:\+(.*))?$/s.exec(text)!;
  for (const [part, what] of [[build, "build"], [pre, "pre-release"]] as const) {
    if (part === undefined) continue;
    for (const identifier of part.split(".")) {
      if (identifier === "") return `${what} identifier is empty`;
      const other = /[^0-9A-Za-z-]/u.exec(identifier);
      if (other !== null) return `invalid character ${quoteChar(other[0])} in ${what} identifier`;
      if (what === "pre-release" && /^0\d+$/.test(identifier)) return "pre-release numeric identifier starts with zero";
    }
  }
  const numbers = core.split(".");
  if (numbers.length !== 3) return "versionCore must have 3 numbers separated by dot";
  for (const [i, name] of ["major", "minor", "patch"].entries()) {
    if (numbers[i] === "") return `${name} is empty`;
    if (/^0./.test(numbers[i])) return `${name} starts with zero`;
    if (/\D/.test(numbers[i])) return `${name} contains non-digit`;
  }
  return undefined;
}

const quoteChar = (c: string) => c === '"' ? `'"'` : c === "'" ? "'\\''" : `'${quote(c).slice(1, -1)}'`;
