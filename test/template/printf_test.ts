/** printf: each template with what Go makes of it. */
import { strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Case, run } from "./fixture.ts";

const cases: Record<string, Case[]> = {
  "strings": [
    [
      `{{ printf "%s|%v|%q|%x|%X|% x|%#x" .s .s .s .s .s .s .s }}`,
      `hello|hello|"hello"|68656c6c6f|68656C6C6F|68 65 6c 6c 6f|0x68656c6c6f`,
    ],
    [
      `{{ printf "%8s|%-8s|%08s|%.2s|%8.2s|%-8.2s|" .s .s .s .s .s .s }}`,
      "   hello|hello   |000hello|he|      he|he      |",
    ],
    [`{{ printf "%6s|%-12s|%.3s|%x" .u .u .u .u }}`, "héllo ☃ 𝒳|héllo ☃ 𝒳   |hél|68c3a96c6c6f20e2988320f09d92b3"],
    ['{{ printf "%q %+q %#q %#q" "a\\"☃\\n" "☃" "a b" "a`b" }}', '"a\\"☃\\n" "\\u2603" `a b` "a`b"'],
    ['{{ printf "%q" "\\x00\\u200b\\u00a0\\ufeff𝒳" }}', '"\\x00\\u200b\\u00a0\\ufeff𝒳"'],
    [
      `{{ printf "%d %t %f %c %U" .s .s .s .s .s }}`,
      "%!d(string=hello) %!t(string=hello) %!f(string=hello) %!c(string=hello) %!U(string=hello)",
    ],
  ],
  "integers": [
    [
      `{{ printf "%d|%5d|%-5d|%05d|%+d|% d|%x|%X|%o|%O|%b" 42 42 42 42 42 42 42 42 42 42 42 }}`,
      "42|   42|42   |00042|+42| 42|2a|2A|52|0o52|101010",
    ],
    [
      `{{ printf "%#x|%#X|%#o|%#b|%.5d|%8.5d|%-8.3d|%.0d" 42 42 42 42 42 42 42 0 }}`,
      "0x2a|0X2A|052|0b101010|00042|   00042|042     |",
    ],
    [`{{ printf "%+d|%05d|%x|% d" -42 -42 -42 -42 }}`, "-42|-0042|-2a|-42"],
    [`{{ printf "%c %U %#U %q %+q" 9731 9731 9731 9731 9731 }}`, "☃ U+2603 U+2603 '☃' '☃' '\\u2603'"],
    [`{{ printf "%c %c %U" 128512 1114112 65 }}`, "😀 � U+0041"],
    [`{{ printf "%v %d %s %f %t" (int64 7) (int64 7) 7 7 7 }}`, "7 7 %!s(int=7) %!f(int=7) %!t(int=7)"],
    [`{{ printf "%d" .n }}`, "%!d(float64=5)"],
  ],
  "floats": [
    [
      `{{ printf "%f|%.2f|%8.3f|%-8.1f|%08.3f|%+.1f|% .1f" 3.14159 3.14159 3.14159 3.14159 3.14159 3.14159 3.14159 }}`,
      "3.141590|3.14|   3.142|3.1     |0003.142|+3.1| 3.1",
    ],
    [
      `{{ printf "%e %E %.3e %g %G %.3g %g %g" 1234.5678 1234.5678 1234.5678 1e-7 1e-7 1234.5678 100000.0 1e21 }}`,
      "1.234568e+03 1.234568E+03 1.235e+03 1e-07 1E-07 1.23e+03 100000 1e+21",
    ],
    [`{{ printf "%.0f %.0f %.0f %.1f %.1f" 0.5 1.5 2.5 0.25 0.35 }}`, "0 2 2 0.2 0.3"],
    [`{{ printf "%v %v %v %v %v" 1e6 1e5 1234567.0 1e-4 1e-5 }}`, "1e+06 100000 1.234567e+06 0.0001 1e-05"],
    [`{{ printf "%#g %#v %#.3g %x %b" 1.0 1.0 1.0 1.5 1.5 }}`, "1.00000 1 1.00 0x1.8p+00 6755399441055744p-52"],
    [`{{ printf "%6.2f%%|%3.0f" 12.3456 2.0 }}`, " 12.35%|  2"],
    [`{{ printf "%s %d %q" .f .f .f }}`, "%!s(float64=1.5) %!d(float64=1.5) %!q(float64=1.5)"],
    [`{{ printf "%.20f %.3f" 0.1 1e15 }}`, "0.10000000000000000555 1000000000000000.000"],
  ],
  "everything else": [
    [`{{ printf "%t %v %5t|%-6t|" true false true false }}`, "true false  true|false |"],
    [
      `{{ printf "%v %+v %#v" .m .m .m }}`,
      `map[a:x b:1 c:map[d:map[e:deep]]] map[a:x b:1 c:map[d:map[e:deep]]] map[string]interface {}{"a":"x", "b":1, "c":map[string]interface {}{"d":map[string]interface {}{"e":"deep"}}}`,
    ],
    [
      `{{ printf "%v %+v %#v" .l .l .l }}`,
      `[1 a <nil> map[x:1]] [1 a <nil> map[x:1]] []interface {}{1, "a", interface {}(nil), map[string]interface {}{"x":1}}`,
    ],
    [
      `{{ printf "%s %d %q %x" .l .l .l .l }}`,
      `[%!s(float64=1) a <nil> map[x:%!s(float64=1)]] [%!d(float64=1) %!d(string=a) <nil> map[%!d(string=x):%!d(float64=1)]] [%!q(float64=1) "a" <nil> map["x":%!q(float64=1)]] [0x1p+00 61 <nil> map[78:0x1p+00]]`,
    ],
    [`{{ printf "%5v|%-5d|%05d" (list 1 2) (list 1 2) (list 1 2) }}`, "[    1     2]|[1     2    ]|[00001 00002]"],
    [
      `{{ printf "%T %T %T %T %T %T %T" .m .l .n 1 .s .nil true }}`,
      "map[string]interface {} []interface {} float64 int string <nil> bool",
    ],
    [
      `{{ printf "%T %v %#v" (splitList "," "a,b") (splitList "," "a,b") (splitList "," "a,b") }}`,
      `[]string [a b] []string{"a", "b"}`,
    ],
    [`{{ printf "%v %s %d %t" .nil .nil .nil .nil }}`, "<nil> %!s(<nil>) %!d(<nil>) %!t(<nil>)"],
    [`{{ printf "%v %s" nil nil }}`, "<nil> %!s(<nil>)"],
  ],
  "argument indexes, widths and precisions from arguments": [
    [`{{ printf "%[2]d %[1]d" 1 2 }} {{ printf "%[1]s %[1]q" "a" }} {{ printf "%[2]*[1]d|" 1 5 }}`, `2 1 a "a"     1|`],
    [`{{ printf "%*d|%-*d|%.*f|%*.*f" 5 1 5 1 2 3.14159 8 3 3.14159 }}`, "    1|1    |3.14|   3.142"],
    [
      `{{ printf "%*d|" -5 1 }} {{ printf "%.*d" -1 1 }} {{ printf "%*d" "a" 1 }} {{ printf "%.*d" "a" 1 }}`,
      "1    | %!(BADPREC)1 %!(BADWIDTH)1 %!(BADPREC)1",
    ],
    [
      `{{ printf "%[3]d %[x]d %[" 1 2 }} {{ printf "%[0]d" 1 }} {{ printf "%[1]" 1 }}`,
      "%!d(BADINDEX) %!d(BADINDEX) %!(NOVERB) %!d(BADINDEX) %!(NOVERB)",
    ],
  ],
  "mistakes": [
    [
      `{{ printf "%d %d" 1 }} {{ printf "%d" 1 2 "x" nil }} {{ printf "%z" 1 }} {{ printf "%!" 1 }} {{ printf "%" }} {{ printf "x%" 1 }}`,
      "1 %!d(MISSING) 1%!(EXTRA int=2, string=x, <nil>) %!z(int=1) %!!(int=1) %!(NOVERB) x%!(NOVERB)%!(EXTRA int=1)",
    ],
    [
      `{{ printf "%d" "x" }} {{ printf "%5d" "x" }} {{ printf "%s" 1 }} {{ printf "%d" .m }} {{ printf "%w" 1 }}`,
      "%!d(string=x) %!d(string=    x) %!s(int=1) map[%!d(string=a):%!d(string=x) %!d(string=b):%!d(float64=1) %!d(string=c):map[%!d(string=d):map[%!d(string=e):%!d(string=deep)]]] %!w(int=1)",
    ],
    [`{{ printf "%-" 1 }} {{ printf "%.d" 7 }} {{ printf "%☃" 1 }}`, "%!(NOVERB)%!(EXTRA int=1) 7 %!☃(int=1)"],
    [`{{ printf "100%" }} {{ printf "%%" }} {{ printf "%5%" }}`, "100%!(NOVERB) % %"],
    [
      "{{ printf .n }}",
      `error: template: t:1:10: executing "t" at <.n>: wrong type for value; expected string; got float64`,
    ],
    ["{{ printf 5 }}", `error: template: t:1:10: executing "t" at <5>: expected string; found 5`],
    [
      "{{ printf .nil }}",
      `error: template: t:1:10: executing "t" at <.nil>: wrong type for value; expected string; got interface {}`,
    ],
    ["{{ printf nil }}", `error: template: t:1:10: executing "t" at <nil>: cannot assign nil to string`],
  ],
};

for (const [behaviour, list] of Object.entries(cases)) {
  describe(behaviour, () => {
    for (const [template, want] of list) it(template, () => strictEqual(run(template), want));
  });
}
